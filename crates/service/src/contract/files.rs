//! What is known of files, and pictures of people.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use crate::store::{AvatarSize, FileId, FilePurpose, NewAvatar, NewFile, WrittenFile};
use aivalid_model::{files::FileKind, id::UserId};
use futures::future::join_all;

/// A file in writing.
pub(super) async fn begin(store: &dyn CoreStore, owner: UserId, purpose: FilePurpose, name: &str, second: i64) -> WrittenFile {
    let id = FileId(name.to_owned());
    let new = NewFile { id: id.clone(), owner, purpose, data_key: vec![1, 0, 255], now: at(second) };
    store.file_begin(&new).await.unwrap();
    WrittenFile { id, kind: FileKind::Jpeg, size: 5_000_000_000, sha256: [9; 32] }
}

/// The names of what is to be deleted.
pub(super) async fn doomed(store: &dyn CoreStore, second: i64) -> Vec<String> {
    store.file_doomed(at(second), 100).await.unwrap().into_iter().map(|file| file.id.0).collect()
}

async fn avatar(store: &dyn CoreStore, owner: UserId, name: &str, second: i64) -> NewAvatar {
    let large = begin(store, owner, FilePurpose::Avatar, &format!("{name}-l"), second).await;
    let small = begin(store, owner, FilePurpose::Avatar, &format!("{name}-s"), second).await;
    NewAvatar { name: name.to_owned(), url: format!("/media/avatars/{name}"), large, small }
}

/// A file is not there before something refers to it.
pub async fn a_file_in_writing_is_not_there_yet(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let file = begin(store, ani, FilePurpose::Kyc, "a", 0).await;
    assert_eq!(store.file_get(&file.id).await.unwrap(), None);
    assert!(!store.file_forget(&file.id).await.unwrap(), "it may still be written");
    assert_eq!(doomed(store, 0).await, Vec::<String>::new());
}

/// What was in writing for too long is given up and can't be kept any more.
pub async fn what_takes_too_long_is_given_up(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let old = avatar(store, ani, "old", 10).await;
    let young = avatar(store, ani, "young", 30).await;
    assert_eq!(doomed(store, 20).await, ["old-l", "old-s"]);
    assert!(!store.avatar_set(ani, &old, at(31)).await.unwrap());
    assert!(store.avatar_set(ani, &young, at(31)).await.unwrap());
    assert_eq!(doomed(store, 100).await, ["old-l", "old-s"], "what is kept never takes too long");
    let first = store.file_doomed(at(20), 1).await.unwrap();
    assert_eq!((first.len(), first[0].id.0.as_str(), first[0].purpose), (1, "old-l", FilePurpose::Avatar));
}

/// Of racing jobs one forgets it.
pub async fn a_file_is_forgotten_once(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let file = begin(store, ani, FilePurpose::Kyc, "a", 0).await;
    store.file_give_up(&file.id).await.unwrap();
    store.file_give_up(&file.id).await.unwrap();
    assert_eq!(doomed(store, 0).await, ["a"]);
    let forgotten = join_all((0..6).map(|_| store.file_forget(&file.id))).await;
    assert_eq!(forgotten.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count(), 1);
    assert_eq!(doomed(store, 0).await, Vec::<String>::new());
}

/// With everything that is known of it, in both sizes.
pub async fn a_picture_is_found_by_its_name(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let picture = avatar(store, ani, "p1", 0).await;
    assert!(store.avatar_set(ani, &picture, at(1)).await.unwrap());
    let file = store.avatar_file("p1", AvatarSize::Large).await.unwrap().unwrap();
    assert_eq!((file.file, file.owner, file.purpose, file.data_key), (picture.large.clone(), ani, FilePurpose::Avatar, vec![1, 0, 255]));
    assert_eq!(store.avatar_file("p1", AvatarSize::Small).await.unwrap().unwrap().file, picture.small);
    assert_eq!(store.file_get(&picture.large.id).await.unwrap().unwrap().file, picture.large);
    assert_eq!(store.avatar_file("p", AvatarSize::Large).await.unwrap(), None);
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().card.avatar_url.as_deref(), Some("/media/avatars/p1"));
    store.file_give_up(&picture.large.id).await.unwrap();
    assert!(store.file_get(&picture.large.id).await.unwrap().is_some(), "only what refers to it gives it up");
}

/// And what was there before is given up.
pub async fn a_picture_replaces_the_one_before(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    for (name, second) in [("p1", 1), ("p2", 2)] {
        let picture = avatar(store, ani, name, second).await;
        assert!(store.avatar_set(ani, &picture, at(second)).await.unwrap());
    }
    let budis = avatar(store, budi, "b1", 3).await;
    assert!(store.avatar_set(budi, &budis, at(3)).await.unwrap());
    assert_eq!(doomed(store, 0).await, ["p1-l", "p1-s"]);
    assert_eq!(store.avatar_file("p1", AvatarSize::Large).await.unwrap(), None);
    assert!(store.avatar_clear(ani, at(4)).await.unwrap());
    assert!(!store.avatar_clear(ani, at(5)).await.unwrap());
    assert_eq!(doomed(store, 0).await, ["p1-l", "p1-s", "p2-l", "p2-s"]);
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().card.avatar_url, None);
    assert!(store.avatar_file("b1", AvatarSize::Small).await.unwrap().is_some(), "another's stays");
    // The same picture again has the same name.
    let large = begin(store, ani, FilePurpose::Avatar, "again-l", 6).await;
    let small = begin(store, ani, FilePurpose::Avatar, "again-s", 6).await;
    let again = NewAvatar { name: "p2".into(), url: "/media/avatars/p2".into(), large, small };
    assert!(store.avatar_set(ani, &again, at(6)).await.unwrap());
}

/// One is shown, and every other one's files are given up.
pub async fn racing_pictures_leave_one(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let mut pictures = vec![];
    for number in 0..6 {
        pictures.push(avatar(store, ani, &format!("p{number}"), number).await);
    }
    let set = join_all(pictures.iter().map(|picture| store.avatar_set(ani, picture, at(10)))).await;
    assert!(set.into_iter().all(|outcome| outcome.unwrap()));
    let shown = store.user_by_id(ani).await.unwrap().unwrap().card.avatar_url.unwrap();
    let mut found = 0;
    for picture in &pictures {
        let is_there = store.avatar_file(&picture.name, AvatarSize::Large).await.unwrap().is_some();
        assert_eq!(is_there, picture.url == shown);
        found += usize::from(is_there);
    }
    assert_eq!((found, doomed(store, 0).await.len()), (1, 10));
}

/// Nothing is shown for somebody who is not there, and nothing kept.
pub async fn a_picture_needs_somebody(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let picture = avatar(store, ani, "p1", 0).await;
    assert!(!store.avatar_set(UserId(404), &picture, at(1)).await.unwrap());
    assert!(!store.avatar_clear(UserId(404), at(1)).await.unwrap());
    assert_eq!(store.file_get(&picture.large.id).await.unwrap(), None);
}
