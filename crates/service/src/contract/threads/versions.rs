//! What threads said before each edit.

use crate::contract::{
    CoreStore,
    fixtures::{at, category, text, thread, user},
};
use crate::store::{PostText, VersionRecord};
use aivalid_model::{
    Timestamp,
    community::CategoryKind,
    content::ContentType,
    id::{ThreadId, UserId},
    page::PageRequest,
};
use futures::future::join_all;

async fn versions(store: &dyn CoreStore, id: ThreadId) -> Vec<VersionRecord> {
    let list = store.thread_versions(id, PageRequest::new(None, Some(100))).await.unwrap();
    assert_eq!((list.total, list.next), (u64::try_from(list.items.len()).unwrap(), None));
    list.items
}

fn replaced(version: i64, text: PostText, by: UserId, at: Timestamp) -> VersionRecord {
    VersionRecord {
        version,
        title: Some(text.title),
        content_type: text.content_type,
        content: text.content,
        content_html: text.content_html,
        replaced_at: at,
        replaced_by: by,
    }
}

/// Every text but the present one, newest first, with who replaced it and when; other threads' and refused edits leave none.
pub async fn a_thread_keeps_its_versions(store: &dyn CoreStore) {
    let (ani, budi, forum) = (user(store, 1).await, user(store, 2).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 1, &["a"]).await;
    let other = thread(store, forum, ani, 2, &[]).await;
    assert_eq!(versions(store, id).await, []);
    let first = store.thread_get(id).await.unwrap().unwrap().text;
    let table = PostText { content_type: ContentType::Table, content: "{\"rows\":[]}".into(), ..text("Tabel", &[]) };
    assert!(store.thread_edit(id, forum, &table, budi, at(9)).await.unwrap());
    assert!(store.thread_edit(id, forum, &text("Akhir", &[]), ani, at(10)).await.unwrap());
    let kept = [replaced(2, table, ani, at(10)), replaced(1, first, budi, at(9))];
    assert_eq!(versions(store, id).await, kept);
    assert_eq!((versions(store, other).await, versions(store, ThreadId(999)).await), (vec![], vec![]));
    assert!(store.thread_delete(id, ani, at(11)).await.unwrap());
    assert!(!store.thread_edit(id, forum, &text("Terlambat", &[]), ani, at(12)).await.unwrap());
    assert_eq!(versions(store, id).await, kept);
}

/// The same once more is no edit at all; tags, summary and category alone are one, but title and content did not change.
pub async fn an_edit_that_changes_nothing_keeps_no_version(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (one, two) = (category(store, "satu", CategoryKind::Forum).await, category(store, "dua", CategoryKind::Forum).await);
    let id = thread(store, one, ani, 1, &["a"]).await;
    let before = store.thread_get(id).await.unwrap().unwrap();
    assert!(store.thread_edit(id, one, &before.text, ani, at(9)).await.unwrap());
    assert_eq!(store.thread_get(id).await.unwrap().as_ref(), Some(&before));
    let retold = PostText { summary: "Lain".into(), tags: vec!["b".into()], ..before.text };
    assert!(store.thread_edit(id, two, &retold, ani, at(10)).await.unwrap());
    let after = store.thread_get(id).await.unwrap().unwrap();
    assert_eq!((after.text, after.category, after.edited_at), (retold, two, Some(at(10))));
    assert_eq!(versions(store, id).await, []);
}

/// Pages follow one another down to the first version; behind it there is nothing.
pub async fn versions_go_by_pages(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 1, &[]).await;
    for second in 2..=6 {
        assert!(store.thread_edit(id, forum, &text(&format!("Suntingan {second}"), &[]), ani, at(second)).await.unwrap());
    }
    for (page, numbers) in [(1, &[5, 4][..]), (2, &[3, 2]), (3, &[1]), (4, &[])] {
        let list = store.thread_versions(id, PageRequest { page, limit: 2 }).await.unwrap();
        assert_eq!(list.items.iter().map(|version| version.version).collect::<Vec<_>>(), numbers);
        assert_eq!(list.total, 5);
    }
}

/// Twenty edits at once: nothing that was ever there is lost, and numbers have no gaps.
pub async fn racing_edits_keep_every_version(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 1, &[]).await;
    let texts: Vec<_> = (2..22).map(|second| text(&format!("Utas {second}"), &[])).collect();
    for edited in join_all(texts.iter().map(|text| store.thread_edit(id, forum, text, ani, at(50)))).await {
        assert!(edited.unwrap());
    }
    let kept = versions(store, id).await;
    assert_eq!(kept.iter().map(|version| version.version).collect::<Vec<_>>(), (1..=20).rev().collect::<Vec<_>>());
    let present = store.thread_get(id).await.unwrap().unwrap().text.title;
    let mut titles: Vec<_> = kept.into_iter().filter_map(|version| version.title).chain([present]).collect();
    titles.sort_unstable();
    let mut every: Vec<_> = (1..22).map(|second| format!("Utas {second}")).collect();
    every.sort_unstable();
    assert_eq!(titles, every);
}
