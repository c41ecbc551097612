//! What replies said before each edit.

use super::{CASE, THREAD, add, at};
use crate::store::{ReplyStore, VersionRecord};
use aivalid_model::{
    Timestamp,
    content::ContentType,
    id::{ReplyId, UserId},
    page::PageRequest,
};
use futures::future::join_all;

const ANI: UserId = UserId(1);
const BUDI: UserId = UserId(2);

async fn edit(store: &dyn ReplyStore, id: i64, content: &str, by: UserId, now: Timestamp) -> bool {
    store.reply_edit(ReplyId(id), content, &format!("<p>{content}</p>"), by, now).await.unwrap()
}

async fn versions(store: &dyn ReplyStore, id: i64) -> Vec<VersionRecord> {
    let list = store.reply_versions(ReplyId(id), PageRequest::new(None, Some(100))).await.unwrap();
    assert_eq!((list.total, list.next), (u64::try_from(list.items.len()).unwrap(), None));
    list.items
}

fn replaced(version: i64, content: &str, html: &str, by: UserId, at: Timestamp) -> VersionRecord {
    VersionRecord {
        version,
        title: None,
        content_type: ContentType::Markdown,
        content: content.into(),
        content_html: html.into(),
        replaced_at: at,
        replaced_by: by,
    }
}

/// Every text but the present one, newest first, with who replaced it and when; figures stay, refused edits leave none.
pub async fn a_reply_keeps_its_versions(store: &dyn ReplyStore) {
    let (first, _) = add(store, THREAD, 1, None).await;
    let (_, tally) = add(store, THREAD, 2, None).await;
    assert_eq!(versions(store, 1).await, []);
    assert!(edit(store, 1, "kedua 👩‍🔬", BUDI, at(9)).await);
    assert!(edit(store, 1, "ketiga", ANI, at(10)).await);
    let kept = [replaced(2, "kedua 👩‍🔬", "<p>kedua 👩‍🔬</p>", ANI, at(10)), replaced(1, &first.content, &first.content_html, BUDI, at(9))];
    assert_eq!(versions(store, 1).await, kept);
    assert_eq!((versions(store, 2).await, versions(store, 99).await), (vec![], vec![]));
    assert_eq!(store.tally(THREAD).await.unwrap(), tally);
    store.reply_delete(ReplyId(1), at(11)).await.unwrap().unwrap();
    assert!(!edit(store, 1, "terlambat", ANI, at(12)).await);
    assert!(!edit(store, 99, "tidak ada", ANI, at(12)).await);
    assert_eq!(versions(store, 1).await, kept);
    assert_eq!(versions(store, 99).await, []);
}

/// The same once more is no edit at all; another rendering of the same text replaces the rendering alone.
pub async fn a_reply_that_stays_the_same_keeps_no_version(store: &dyn ReplyStore) {
    let (mut reply, _) = add(store, CASE, 1, None).await;
    assert!(store.reply_edit(reply.id, &reply.content, &reply.content_html, BUDI, at(9)).await.unwrap());
    assert_eq!(store.reply_get(reply.id).await.unwrap().as_ref(), Some(&reply));
    assert!(store.reply_edit(reply.id, &reply.content, "<p>baru</p>", BUDI, at(10)).await.unwrap());
    (reply.content_html, reply.edited_at) = ("<p>baru</p>".into(), Some(at(10)));
    assert_eq!(store.reply_get(reply.id).await.unwrap().as_ref(), Some(&reply));
    assert_eq!(versions(store, 1).await, []);
}

/// Pages follow one another down to the first version; behind it there is nothing.
pub async fn a_replys_versions_go_by_pages(store: &dyn ReplyStore) {
    add(store, THREAD, 1, None).await;
    for second in 2..=6 {
        assert!(edit(store, 1, &format!("suntingan {second}"), ANI, at(second)).await);
    }
    for (page, numbers) in [(1, &[5, 4][..]), (2, &[3, 2]), (3, &[1]), (4, &[])] {
        let list = store.reply_versions(ReplyId(1), PageRequest { page, limit: 2 }).await.unwrap();
        assert_eq!(list.items.iter().map(|version| version.version).collect::<Vec<_>>(), numbers);
        assert_eq!(list.total, 5);
    }
}

/// Twenty edits at once: nothing that was ever there is lost, and numbers have no gaps.
pub async fn racing_edits_of_a_reply_keep_every_version(store: &dyn ReplyStore) {
    let (first, _) = add(store, THREAD, 1, None).await;
    let texts: Vec<_> = (0..20).map(|n| format!("suntingan {n}")).collect();
    assert!(join_all(texts.iter().map(|text| edit(store, 1, text, ANI, at(50)))).await.into_iter().all(|edited| edited));
    let kept = versions(store, 1).await;
    assert_eq!(kept.iter().map(|version| version.version).collect::<Vec<_>>(), (1..=20).rev().collect::<Vec<_>>());
    let present = store.reply_get(ReplyId(1)).await.unwrap().unwrap().content;
    let mut contents: Vec<_> = kept.into_iter().map(|version| version.content).chain([present]).collect();
    contents.sort_unstable();
    let mut every: Vec<_> = texts.into_iter().chain([first.content]).collect();
    every.sort_unstable();
    assert_eq!(contents, every);
}
