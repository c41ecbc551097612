//! Figures that are carried to the core store.

use super::{CASE, THREAD, add, at, draft, thread};
use crate::store::{ReplyAdded, ReplyStore};
use aivalid_model::{
    community::{ReactionKind, Tally},
    id::{ReplyId, UserId},
};

/// Every change of replies and reactions has a higher number than the one before.
pub async fn figures_begin_at_zero_and_count_every_change(store: &dyn ReplyStore) {
    assert_eq!(store.tally(THREAD).await.unwrap(), Tally::default());
    let mut seen = vec![0];
    seen.push(add(store, THREAD, 1, None).await.1.seq);
    seen.push(store.react(THREAD, UserId(1), Some(ReactionKind::Like), at(2)).await.unwrap().unwrap().1.unwrap().seq);
    seen.push(add(store, THREAD, 2, Some(1)).await.1.seq);
    seen.push(store.reply_delete(ReplyId(2), at(3)).await.unwrap().unwrap().seq);
    seen.push(store.react(THREAD, UserId(1), None, at(2)).await.unwrap().unwrap().1.unwrap().seq);
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
    let tally = store.tally(THREAD).await.unwrap();
    assert_eq!((tally.seq, tally.replies, tally.rows, tally.reactions.total()), (seen[5], 1, 1, 0));
    assert_eq!((tally.last_reply_at, tally.last_reply_by), (Some(at(1)), Some(UserId(101))));
}

/// Instances' clocks differ a little: the newest reply is the one written last, not the one that came last. Of two written at
/// the same time it is the one that came last.
pub async fn a_reply_that_comes_late_is_not_the_newest(store: &dyn ReplyStore) {
    let last = |tally: Tally| (tally.last_reply_at, tally.last_reply_by);
    assert_eq!(last(add(store, THREAD, 5, None).await.1), (Some(at(5)), Some(UserId(105))));
    let (late, tally) = add(store, THREAD, 3, None).await;
    assert_eq!((late.created_at, last(tally)), (at(3), (Some(at(5)), Some(UserId(105)))));
    let mut together = draft(THREAD, 6, None);
    together.now = at(5);
    let ReplyAdded::Done { tally, .. } = store.reply_add(&together).await.unwrap() else { panic!("not added") };
    assert_eq!(last(tally), (Some(at(5)), Some(UserId(106))));
    let after = store.reply_delete(ReplyId(6), at(9)).await.unwrap().unwrap();
    assert_eq!(last(after), (Some(at(5)), Some(UserId(105))));
}

/// What changed is named until its number is confirmed; an older number confirms nothing newer.
pub async fn pending_figures_wait_for_their_confirmation(store: &dyn ReplyStore) {
    assert_eq!(store.tally_pending(10).await.unwrap(), []);
    let (_, first) = add(store, THREAD, 1, None).await;
    let (_, other) = add(store, CASE, 2, None).await;
    let mut pending = store.tally_pending(10).await.unwrap();
    pending.sort_by_key(|(target, _)| *target);
    assert_eq!(pending, [(THREAD, first), (CASE, other)]);
    assert_eq!(store.tally_pending(1).await.unwrap().len(), 1);

    let (_, second) = add(store, THREAD, 3, None).await;
    store.tally_confirm(CASE, other.seq).await.unwrap();
    store.tally_confirm(THREAD, first.seq).await.unwrap();
    assert_eq!(store.tally_pending(10).await.unwrap(), [(THREAD, second)]);
    store.tally_confirm(THREAD, second.seq).await.unwrap();
    store.tally_confirm(THREAD, first.seq).await.unwrap();
    assert_eq!(store.tally_pending(10).await.unwrap(), [], "an older confirmation takes nothing back");
    store.tally_confirm(thread(99), 5).await.unwrap();
    assert_eq!(store.tally(THREAD).await.unwrap(), second);

    store.reply_edit(ReplyId(1), "baru", "<p>baru</p>", UserId(101), at(9)).await.unwrap();
    assert_eq!(store.tally_pending(10).await.unwrap(), [], "an edited reply changes no figures");
}
