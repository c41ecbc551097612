//! Editing, deleting, pinning and locking threads.

use crate::contract::{
    CoreStore,
    fixtures::{at, category, figures, post_counts, tags, text, thread, user},
};
use crate::store::NewThread;
use aivalid_model::{
    community::{CategoryKind, ThreadFilter},
    id::{ThreadId, UserId},
    page::PageRequest,
};
use futures::future::join_all;

async fn tagged(store: &dyn CoreStore, tag: &str) -> Vec<ThreadId> {
    let filter = ThreadFilter { tag: Some(tag.into()), ..ThreadFilter::default() };
    let list = store.thread_list(&filter, PageRequest::default(), None).await.unwrap();
    assert_eq!(list.total, u64::try_from(list.items.len()).unwrap());
    list.items.into_iter().map(|thread| thread.id).collect()
}

/// The text, the category and the tags; figures and lists follow.
pub async fn editing_moves_a_thread_and_its_tags(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (one, two) = (category(store, "satu", CategoryKind::Forum).await, category(store, "dua", CategoryKind::Forum).await);
    let id = thread(store, one, ani, 1, &["a", "b"]).await;
    let other = thread(store, one, ani, 2, &["b"]).await;
    let edited = text("Judul baru", &["c", "b"]);
    assert!(store.thread_edit(id, two, &edited, ani, at(9)).await.unwrap());
    let record = store.thread_get(id).await.unwrap().unwrap();
    assert_eq!((record.text, record.category, record.author), (edited.clone(), two, ani));
    assert_eq!((record.created_at, record.edited_at, record.last_activity_at), (at(1), Some(at(9)), at(9)));
    assert_eq!(tags(store).await, [("b".to_owned(), 2), ("c".to_owned(), 1)]);
    assert_eq!((tagged(store, "a").await, tagged(store, "b").await, tagged(store, "c").await), (vec![], vec![id, other], vec![id]));
    assert_eq!((figures(store, one).await.0, figures(store, two).await.0), (1, 1));
    assert!(!store.thread_edit(ThreadId(999), one, &edited, ani, at(10)).await.unwrap());
    assert!(store.thread_delete(id, ani, at(11)).await.unwrap());
    assert!(!store.thread_edit(id, one, &edited, ani, at(12)).await.unwrap());
    assert_eq!((figures(store, one).await.0, figures(store, two).await.0), (1, 0));
}

/// Lists, tags, categories, counts and the sitemap; not twice.
pub async fn a_deleted_thread_leaves_every_list(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 1, &["a"]).await;
    let kept = thread(store, forum, ani, 2, &["a"]).await;
    assert!(store.thread_delete(id, UserId(1), at(9)).await.unwrap());
    assert!(!store.thread_delete(id, UserId(1), at(9)).await.unwrap());
    assert!(!store.thread_delete(ThreadId(999), UserId(1), at(9)).await.unwrap());
    assert_eq!(store.thread_get(id).await.unwrap(), None);
    assert!(!store.thread_set_flags(id, true, true).await.unwrap());
    let list = store.thread_list(&ThreadFilter::default(), PageRequest::default(), None).await.unwrap();
    assert_eq!((list.items.len(), list.items[0].id, list.total), (1, kept, 1));
    assert_eq!(tagged(store, "a").await, [kept]);
    assert_eq!(tags(store).await, [("a".to_owned(), 1)]);
    assert_eq!(figures(store, forum).await, (1, Some(at(2))));
    assert_eq!(post_counts(store, ani).await, (1, 0));
    assert_eq!(store.thread_sitemap(ThreadId(0), 10).await.unwrap().len(), 1);
}

/// Both at once; nobody: false.
pub async fn flags_are_set_together(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 1, &[]).await;
    for (pinned, locked) in [(true, false), (false, true), (true, true), (false, false)] {
        assert!(store.thread_set_flags(id, pinned, locked).await.unwrap());
        let record = store.thread_get(id).await.unwrap().unwrap();
        assert_eq!((record.pinned, record.locked, record.last_activity_at), (pinned, locked, at(1)));
    }
    assert!(!store.thread_set_flags(ThreadId(999), true, true).await.unwrap());
}

/// In the order of ids, a stretch at a time.
pub async fn the_sitemap_goes_on_after_an_id(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let mut made = Vec::new();
    for second in 1..=3 {
        made.push((thread(store, forum, ani, second, &[]).await, format!("Utas {second}"), at(second)));
    }
    assert_eq!(store.thread_sitemap(ThreadId(0), 2).await.unwrap(), made[..2]);
    assert_eq!(store.thread_sitemap(made[1].0, 2).await.unwrap(), made[2..]);
    assert_eq!(store.thread_sitemap(made[2].0, 2).await.unwrap(), []);
}

/// Forty authors publish at once with tags in different orders: no count is lost, nobody waits for ever.
pub async fn racing_threads_are_all_counted(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let orders = [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"], ["c", "a", "b"]];
    let news: Vec<_> = (0..40)
        .zip(orders.iter().cycle())
        .map(|(n, tags)| NewThread { category: forum, author: ani, text: text("Serentak", tags), now: at(n) })
        .collect();
    for published in join_all(news.iter().map(|new| store.thread_publish(new))).await {
        published.unwrap();
    }
    assert_eq!(figures(store, forum).await, (40, Some(at(39))));
    assert_eq!(tags(store).await, ["a", "b", "c"].map(|tag| (tag.to_owned(), 40)));
}

/// Threads go to and fro between two categories while others are deleted.
pub async fn racing_moves_keep_the_counts(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (one, two) = (category(store, "satu", CategoryKind::Forum).await, category(store, "dua", CategoryKind::Forum).await);
    let mut made = Vec::new();
    for second in 0..16 {
        made.push(thread(store, if second % 2 == 0 { one } else { two }, ani, second, &["a", "b"]).await);
    }
    let (forward, back) = (text("Pindah", &["b", "c"]), text("Pindah", &["c", "a"]));
    join_all(made.iter().zip(0..).map(async |(id, n)| {
        let (to, text) = if n % 2 == 0 { (two, &forward) } else { (one, &back) };
        if n < 12 {
            assert!(store.thread_edit(*id, to, text, ani, at(50)).await.unwrap());
        } else {
            assert!(store.thread_delete(*id, ani, at(50)).await.unwrap());
        }
    }))
    .await;
    assert_eq!((figures(store, one).await, figures(store, two).await), ((6, Some(at(50))), (6, Some(at(50)))));
    assert_eq!(tags(store).await, [("c", 12), ("a", 6), ("b", 6)].map(|(tag, count)| (tag.to_owned(), count)));
}
