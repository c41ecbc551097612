//! Signing keys.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use crate::store::{PqcKey, PqcKeyAdded, PqcUse, PqcUsed, Undoing};
use aivalid_model::id::UserId;
use aivalid_pqc::KeyId;
use futures::future::join_all;

/// A key that is not added yet; bytes that are no text.
fn key(number: u8, user: UserId) -> PqcKey {
    PqcKey {
        id: id(number),
        user,
        public_key: [0, 0xFF, number].repeat(650),
        name: "Laptop Ani 💻".into(),
        created_at: at(number.into()),
        last_used_at: None,
    }
}

fn id(number: u8) -> KeyId {
    KeyId::from_bytes(&[number; 32]).unwrap()
}

fn signature(number: u8, second: i64) -> PqcUse {
    PqcUse { digest: [number; 32], expires_at: at(second + 600), now: at(second) }
}

async fn add(store: &dyn CoreStore, number: u8, user: UserId) -> PqcKey {
    let key = key(number, user);
    assert_eq!(store.pqc_key_add(&key, 5).await.unwrap(), PqcKeyAdded::Done);
    key
}

async fn ids(store: &dyn CoreStore, user: UserId) -> Vec<KeyId> {
    store.pqc_key_list(user).await.unwrap().into_iter().map(|key| key.id).collect()
}

/// Oldest first, each with every field.
pub async fn a_signing_key_is_stored_as_made(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert_eq!(store.pqc_key_list(ani).await.unwrap(), []);
    let second = add(store, 12, ani).await;
    let first = PqcKey { last_used_at: Some(at(50)), ..key(11, ani) };
    assert_eq!(store.pqc_key_add(&first, 5).await.unwrap(), PqcKeyAdded::Done);
    add(store, 21, budi).await;
    assert_eq!(store.pqc_key_list(ani).await.unwrap(), [first, second]);
}

/// Nobody adds it again, also not at the same time, also not once it was removed.
pub async fn a_signing_key_is_registered_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let copies: Vec<_> = (0..8).map(|turn| key(11, if turn % 2 == 0 { ani } else { budi })).collect();
    let outcomes = join_all(copies.iter().map(|copy| store.pqc_key_add(copy, 5))).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == PqcKeyAdded::Done).count(), 1);
    assert!(outcomes.iter().all(|outcome| *outcome != PqcKeyAdded::TooMany));
    let owner = if ids(store, ani).await.is_empty() { budi } else { ani };
    assert!(store.pqc_key_remove(owner, id(11), at(60)).await.unwrap().is_some());
    assert_eq!(store.pqc_key_add(&key(11, owner), 5).await.unwrap(), PqcKeyAdded::Taken);
    assert_eq!((ids(store, ani).await, ids(store, budi).await), (vec![], vec![]));
}

/// The limit is each user's own, and counts live keys.
pub async fn only_so_many_signing_keys_are_live(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let drafts: Vec<_> = (11..19).map(|number| key(number, ani)).collect();
    let outcomes = join_all(drafts.iter().map(|draft| store.pqc_key_add(draft, 3))).await;
    assert_eq!(outcomes.into_iter().filter(|outcome| *outcome.as_ref().unwrap() == PqcKeyAdded::Done).count(), 3);
    let live = ids(store, ani).await;
    assert_eq!(live.len(), 3);
    assert_eq!(store.pqc_key_add(&key(30, ani), 3).await.unwrap(), PqcKeyAdded::TooMany);
    assert_eq!(store.pqc_key_add(&key(31, budi), 3).await.unwrap(), PqcKeyAdded::Done);
    store.pqc_key_remove(ani, live[0], at(60)).await.unwrap().unwrap();
    assert_eq!(store.pqc_key_add(&key(30, ani), 3).await.unwrap(), PqcKeyAdded::Done, "there is room again");
}

/// By its owner, once; afterwards it is nowhere and signs nothing.
pub async fn a_signing_key_is_removed_by_its_owner(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let key = add(store, 11, ani).await;
    assert_eq!(store.pqc_key_remove(budi, key.id, at(60)).await.unwrap(), None);
    assert_eq!(store.pqc_key_remove(ani, id(99), at(60)).await.unwrap(), None);
    assert_eq!(store.pqc_key_remove(ani, key.id, at(60)).await.unwrap(), Some(key.clone()));
    assert_eq!(store.pqc_key_remove(ani, key.id, at(61)).await.unwrap(), None);
    assert_eq!(store.pqc_use(ani, key.id, signature(1, 70)).await.unwrap(), PqcUsed::Gone);
    assert_eq!(ids(store, ani).await, []);
}

/// With the key of its owner; the time of use never runs backwards.
pub async fn a_signature_counts_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let key = add(store, 11, ani).await;
    assert_eq!(store.pqc_use(budi, key.id, signature(1, 70)).await.unwrap(), PqcUsed::Gone, "somebody else's key");
    assert_eq!(store.pqc_use(ani, id(99), signature(1, 70)).await.unwrap(), PqcUsed::Gone);
    assert_eq!(store.pqc_use(ani, key.id, signature(1, 70)).await.unwrap(), PqcUsed::Done, "what was refused used nothing up");
    assert_eq!(store.pqc_use(ani, key.id, signature(1, 80)).await.unwrap(), PqcUsed::Replayed);
    assert_eq!(store.pqc_key_list(ani).await.unwrap()[0].last_used_at, Some(at(70)), "a replay is no use");
    assert_eq!(store.pqc_use(ani, key.id, signature(2, 60)).await.unwrap(), PqcUsed::Done);
    assert_eq!(store.pqc_key_list(ani).await.unwrap()[0].last_used_at, Some(at(70)));
}

/// One signature, sent many times at once.
pub async fn of_racing_uses_of_a_signature_one_counts(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let key = add(store, 11, ani).await;
    for round in 0..5 {
        let uses = join_all((0..8).map(|_| store.pqc_use(ani, key.id, signature(round, 70)))).await;
        let uses: Vec<_> = uses.into_iter().map(Result::unwrap).collect();
        assert_eq!(uses.iter().filter(|used| **used == PqcUsed::Done).count(), 1);
        assert_eq!(uses.iter().filter(|used| **used == PqcUsed::Replayed).count(), 7);
    }
}

/// Only those whose time is over: they could not pass again anyway.
pub async fn old_signatures_are_swept(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let key = add(store, 11, ani).await;
    for (number, second) in [(1, 0), (2, 100)] {
        assert_eq!(store.pqc_use(ani, key.id, signature(number, second)).await.unwrap(), PqcUsed::Done);
    }
    assert_eq!(store.pqc_sweep(at(599)).await.unwrap(), 0);
    assert_eq!(store.pqc_sweep(at(600)).await.unwrap(), 1);
    assert_eq!(store.pqc_use(ani, key.id, signature(2, 600)).await.unwrap(), PqcUsed::Replayed);
    assert_eq!(store.pqc_sweep(at(5_000)).await.unwrap(), 1);
}

/// "This wasn't me" takes what was registered since; the account's end takes all.
pub async fn signing_keys_go_with_what_they_belong_to(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (old, new) = (add(store, 5, ani).await, add(store, 20, ani).await);
    let undoing = Undoing { email: "orang_1@contoh.id".into(), at: at(10), since: at(10), now: at(30) };
    store.account_undo(ani, &undoing).await.unwrap().unwrap();
    assert_eq!(ids(store, ani).await, [old.id]);
    assert_eq!(store.pqc_use(ani, new.id, signature(1, 31)).await.unwrap(), PqcUsed::Gone);
    store.account_delete(ani, at(40)).await.unwrap().unwrap();
    assert_eq!(ids(store, ani).await, []);
    assert_eq!(store.pqc_use(ani, old.id, signature(2, 41)).await.unwrap(), PqcUsed::Gone);
}
