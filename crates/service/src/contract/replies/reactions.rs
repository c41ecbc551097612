//! Reactions.

use super::{CASE, THREAD, add, at, thread};
use crate::store::ReplyStore;
use aivalid_model::{
    community::{ReactionKind, Reactions},
    id::{ReplyId, UserId},
};

/// One for each user: another replaces it, the same again changes nothing, none takes it back.
pub async fn reactions_replace_one_another(store: &dyn ReplyStore) {
    let react = async |user, kind| {
        let (counts, tally) = store.react(THREAD, UserId(user), kind, at(user)).await.unwrap().unwrap();
        let tally = tally.unwrap();
        assert_eq!(tally.reactions, counts);
        (counts, tally.seq)
    };
    assert_eq!(react(1, None).await, (Reactions::default(), 0), "there was nothing to take back");
    let (counts, first) = react(1, Some(ReactionKind::Like)).await;
    assert_eq!(counts, Reactions { like: 1, ..Reactions::default() });
    assert_eq!(react(1, Some(ReactionKind::Like)).await, (counts, first));
    let (counts, second) = react(2, Some(ReactionKind::Like)).await;
    assert_eq!(counts, Reactions { like: 2, ..Reactions::default() });
    assert!(second > first);
    for kind in ReactionKind::ALL {
        let (counts, _) = react(1, Some(kind)).await;
        assert_eq!((counts.total(), counts[kind]), (2, if kind == ReactionKind::Like { 2 } else { 1 }), "{kind:?}");
    }
    let (counts, third) = react(1, None).await;
    assert_eq!(counts, Reactions { like: 1, ..Reactions::default() });
    assert_eq!(react(1, None).await, (counts, third));
    assert_eq!(store.tally(THREAD).await.unwrap().reactions, counts);
    assert_eq!(store.tally(CASE).await.unwrap().reactions, Reactions::default());
}

/// A reply counts its own reactions; its thread's figures stay. One that is unknown or deleted takes none.
pub async fn reactions_to_replies_have_no_figures(store: &dyn ReplyStore) {
    let (_, tally) = add(store, THREAD, 1, None).await;
    add(store, CASE, 2, None).await;
    let target = ReplyId(1).into();
    let (counts, figures) = store.react(target, UserId(5), Some(ReactionKind::Wow), at(9)).await.unwrap().unwrap();
    assert_eq!((counts, figures), (Reactions { wow: 1, ..Reactions::default() }, None));
    assert_eq!(store.reply_get(ReplyId(1)).await.unwrap().unwrap().reactions, counts);
    assert_eq!(store.react(target, UserId(5), Some(ReactionKind::Wow), at(9)).await.unwrap(), Some((counts, None)));
    assert_eq!(store.tally(THREAD).await.unwrap(), tally);
    assert_eq!(store.reply_get(ReplyId(2)).await.unwrap().unwrap().reactions, Reactions::default());
    assert_eq!(store.react(ReplyId(99).into(), UserId(5), Some(ReactionKind::Wow), at(9)).await.unwrap(), None);
    store.reply_delete(ReplyId(1), at(10)).await.unwrap().unwrap();
    assert_eq!(store.react(target, UserId(6), Some(ReactionKind::Sad), at(11)).await.unwrap(), None);
}

/// Of many targets of every kind, those are named that the user reacted to.
pub async fn a_users_own_reactions_are_found(store: &dyn ReplyStore) {
    add(store, THREAD, 7, None).await;
    add(store, THREAD, 8, None).await;
    let (own, other) = (UserId(5), UserId(6));
    let given = [(THREAD, ReactionKind::Haha), (ReplyId(7).into(), ReactionKind::Angry), (CASE, ReactionKind::Love)];
    for (target, kind) in given {
        store.react(target, own, Some(kind), at(1)).await.unwrap().unwrap();
    }
    store.react(ReplyId(8).into(), other, Some(ReactionKind::Sad), at(2)).await.unwrap().unwrap();
    let asked = [THREAD, CASE, ReplyId(7).into(), ReplyId(8).into(), thread(9)];
    let mut found = store.reactions_of(own, &asked).await.unwrap();
    found.sort_by_key(|(target, _)| *target);
    let mut expected = given.to_vec();
    expected.sort_by_key(|(target, _)| *target);
    assert_eq!(found, expected);
    assert_eq!(store.reactions_of(other, &[THREAD, ReplyId(8).into()]).await.unwrap(), [(ReplyId(8).into(), ReactionKind::Sad)]);
    assert_eq!(store.reactions_of(own, &[]).await.unwrap(), []);
    assert_eq!(store.reactions_of(UserId(7), &asked).await.unwrap(), []);
}
