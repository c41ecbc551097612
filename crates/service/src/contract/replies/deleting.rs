//! Deleting, and what is left.

use super::{THREAD, add, at, ids, listed};
use crate::store::ReplyStore;
use aivalid_model::id::{ReplyId, UserId};

/// A reply that nobody answered leaves the list; it can still be looked up; it can't be deleted twice.
pub async fn deleting_takes_a_reply_away(store: &dyn ReplyStore) {
    add(store, THREAD, 1, None).await;
    let (_, before) = add(store, THREAD, 2, None).await;
    let tally = store.reply_delete(ReplyId(1), at(9)).await.unwrap().unwrap();
    assert_eq!((tally.replies, tally.rows), (1, 1));
    assert!(tally.seq > before.seq);
    assert_eq!(store.tally(THREAD).await.unwrap(), tally);
    assert_eq!(ids(store, THREAD).await, [2]);
    assert_eq!(store.reply_get(ReplyId(1)).await.unwrap().unwrap().deleted_at, Some(at(9)));
    assert_eq!(store.reply_delete(ReplyId(1), at(10)).await.unwrap(), None);
    assert_eq!(store.reply_delete(ReplyId(99), at(10)).await.unwrap(), None);
    assert_eq!(store.tally(THREAD).await.unwrap(), tally);
}

/// An answered reply can be read no more, but what was said to it keeps standing below its place.
pub async fn deleting_keeps_the_place_of_an_answered_reply(store: &dyn ReplyStore) {
    for (id, parent) in [(1, None), (2, Some(1)), (3, None)] {
        add(store, THREAD, id, parent).await;
    }
    let tally = store.reply_delete(ReplyId(1), at(9)).await.unwrap().unwrap();
    assert_eq!((tally.replies, tally.rows), (2, 3));
    let list = listed(store, THREAD).await;
    assert_eq!(list.iter().map(|reply| (reply.id.0, reply.deleted_at)).collect::<Vec<_>>(), [(1, Some(at(9))), (2, None), (3, None)]);
    let tally = store.reply_delete(ReplyId(2), at(10)).await.unwrap().unwrap();
    assert_eq!((tally.replies, tally.rows), (1, 2), "the place stays, though its answers have gone");
    assert_eq!(ids(store, THREAD).await, [1, 3]);
}

/// Only answers that are still in the list keep the place of what they answered.
pub async fn an_answer_that_is_gone_keeps_no_place(store: &dyn ReplyStore) {
    add(store, THREAD, 1, None).await;
    add(store, THREAD, 2, Some(1)).await;
    store.reply_delete(ReplyId(2), at(8)).await.unwrap().unwrap();
    let tally = store.reply_delete(ReplyId(1), at(9)).await.unwrap().unwrap();
    assert_eq!((tally.replies, tally.rows, tally.last_reply_at, tally.last_reply_by), (0, 0, None, None));
    assert_eq!(ids(store, THREAD).await, [0; 0]);
}

/// Figures fall back to the newest reply that can still be read.
pub async fn the_newest_remaining_reply_is_the_last_one(store: &dyn ReplyStore) {
    for (id, parent) in [(1, None), (2, None), (3, Some(2)), (4, None)] {
        add(store, THREAD, id, parent).await;
    }
    let last = async |id| {
        let tally = store.reply_delete(ReplyId(id), at(50)).await.unwrap().unwrap();
        (tally.last_reply_at, tally.last_reply_by)
    };
    assert_eq!(last(1).await, (Some(at(4)), Some(UserId(104))), "an older one changes nothing");
    assert_eq!(last(4).await, (Some(at(3)), Some(UserId(103))));
    assert_eq!(last(2).await, (Some(at(3)), Some(UserId(103))));
    assert_eq!(last(3).await, (None, None), "a place without text is no reply");
}
