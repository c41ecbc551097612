//! Figures that come from the feature store.

use crate::contract::{
    CoreStore,
    fixtures::{at, category, figures, text, thread, user},
};
use aivalid_model::{
    community::{CategoryKind, Reactions, Tally},
    id::{ThreadId, UserId},
};

fn tally(seq: i64, replies: i64, second: Option<i64>) -> Tally {
    let reactions = Reactions { like: 1, love: 2, haha: 3, wow: 4, sad: 5, angry: u32::try_from(seq).unwrap() };
    let by = second.map(UserId);
    Tally { seq, replies, rows: replies + 1, last_reply_at: second.map(at), last_reply_by: by, reactions }
}

/// Whatever order they arrive in, the highest number stays; the same one again changes nothing.
pub async fn newer_figures_win(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 1, &[]).await;
    for (seq, replies) in [(4, 3), (2, 1), (5, 2), (3, 9), (5, 8)] {
        store.thread_set_tally(id, &tally(seq, replies, Some(10 * seq))).await.unwrap();
    }
    let record = store.thread_get(id).await.unwrap().unwrap();
    assert_eq!((record.reply_count, record.reply_rows, record.reactions), (2, 3, tally(5, 2, None).reactions));
    assert_eq!((record.last_reply_by, record.last_activity_at, record.edited_at), (Some(UserId(50)), at(50), None));
    store.thread_set_tally(ThreadId(999), &tally(1, 1, Some(1))).await.unwrap();
    assert!(store.thread_delete(id, ani, at(60)).await.unwrap());
    store.thread_set_tally(id, &tally(9, 1, Some(90))).await.unwrap();
    assert_eq!(figures(store, forum).await, (0, None), "a deleted thread is no activity");
}

/// The last reply or the last edit, whichever is later; when the last reply goes, so does its activity.
pub async fn figures_set_the_last_activity(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 1, &[]).await;
    thread(store, forum, ani, 2, &[]).await;
    let active = async || (store.thread_get(id).await.unwrap().unwrap().last_activity_at, figures(store, forum).await.1);
    store.thread_set_tally(id, &tally(1, 1, Some(30))).await.unwrap();
    assert_eq!(active().await, (at(30), Some(at(30))));
    store.thread_set_tally(id, &tally(2, 0, None)).await.unwrap();
    assert_eq!(active().await, (at(1), Some(at(2))));
    assert_eq!(store.thread_get(id).await.unwrap().unwrap().last_reply_by, None);
    assert!(store.thread_edit(id, forum, &text("Baru", &[]), ani, at(40)).await.unwrap());
    store.thread_set_tally(id, &tally(3, 1, Some(35))).await.unwrap();
    assert_eq!(active().await, (at(40), Some(at(40))));
}
