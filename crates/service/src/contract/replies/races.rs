//! Many at once.

use super::{CASE, THREAD, add, at, draft, listed};
use crate::store::{ReplyAdded, ReplyStore};
use aivalid_model::{
    community::ReactionKind,
    id::{ReplyId, UserId},
};
use futures::future::join_all;
use std::collections::HashSet;

/// Fifty people answer at once: every reply has a place of its own, and the figures agree with the list.
pub async fn racing_replies_get_different_places(store: &dyn ReplyStore) {
    add(store, THREAD, 1, None).await;
    let drafts: Vec<_> = (2..=51).map(|id| draft(THREAD, id, (id % 2 == 0).then_some(1))).collect();
    let added = join_all(drafts.iter().map(|draft| store.reply_add(draft))).await;
    let mut seqs = HashSet::new();
    for outcome in added {
        let ReplyAdded::Done { tally, .. } = outcome.unwrap() else { panic!("not added") };
        assert!(seqs.insert(tally.seq), "two changes have the number {}", tally.seq);
        assert_eq!(tally.replies, tally.rows);
    }
    let list = listed(store, THREAD).await;
    assert_eq!(list.len(), 51);
    assert_eq!(list.iter().map(|reply| &reply.path).collect::<HashSet<_>>().len(), 51);
    assert!(list.is_sorted_by(|a, b| a.path < b.path));
    let tally = store.tally(THREAD).await.unwrap();
    assert_eq!((tally.replies, tally.rows), (51, 51));
    assert_eq!((tally.last_reply_at, tally.last_reply_by), (Some(at(51)), Some(UserId(151))), "the newest, whoever came first");
    assert_eq!(tally.seq, seqs.into_iter().max().unwrap());
}

/// While some are answered, others are deleted: whatever won, figures and list agree.
pub async fn racing_answers_and_deletions_agree(store: &dyn ReplyStore) {
    for id in 1..=20 {
        add(store, CASE, id, None).await;
    }
    let answers: Vec<_> = (1..=20).map(|id| draft(CASE, 100 + id, Some(id))).collect();
    let answering = join_all(answers.iter().map(|draft| store.reply_add(draft)));
    let deleting = join_all((1..=20).map(|id| store.reply_delete(ReplyId(id), at(200))));
    let (answered, deleted) = futures::join!(answering, deleting);
    let answered = answered.into_iter().filter(|outcome| matches!(outcome.as_ref().unwrap(), ReplyAdded::Done { .. })).count();
    assert!(deleted.into_iter().all(|outcome| outcome.unwrap().is_some()));
    let list = listed(store, CASE).await;
    let places: HashSet<_> = list.iter().map(|reply| reply.id).collect();
    assert!(list.iter().all(|reply| reply.parent.is_none_or(|parent| places.contains(&parent))), "an answer lost its parent's place");
    assert_eq!(list.iter().filter(|reply| reply.deleted_at.is_none()).count(), answered);
    let tally = store.tally(CASE).await.unwrap();
    assert_eq!((tally.replies, tally.rows), (i64::try_from(answered).unwrap(), i64::try_from(list.len()).unwrap()));
}

/// Forty people react at once, to a thread and to a reply.
pub async fn racing_reactions_are_all_counted(store: &dyn ReplyStore) {
    add(store, THREAD, 1, None).await;
    let kind = |user: i64| ReactionKind::ALL[usize::try_from(user).unwrap() % 6];
    for target in [THREAD, ReplyId(1).into()] {
        join_all((0..42).map(|user| async move { store.react(target, UserId(user), Some(kind(user)), at(user)).await.unwrap().unwrap() }))
            .await;
    }
    let expected = [7; 6];
    let figures = store.tally(THREAD).await.unwrap();
    assert_eq!(ReactionKind::ALL.map(|kind| figures.reactions[kind]), expected);
    let reply = store.reply_get(ReplyId(1)).await.unwrap().unwrap();
    assert_eq!(ReactionKind::ALL.map(|kind| reply.reactions[kind]), expected);
    assert_eq!(figures.seq, 43, "one reply and 42 reactions");
}

/// One person's impatient clicks: the reaction that stays is the only one that is counted.
pub async fn racing_reactions_of_one_user_leave_one(store: &dyn ReplyStore) {
    let clicks = (0..24).map(|click| {
        let kind = ReactionKind::ALL.get(click % 7).copied();
        async move { store.react(THREAD, UserId(5), kind, at(0)).await.unwrap() }
    });
    join_all(clicks).await;
    let kept = store.reactions_of(UserId(5), &[THREAD]).await.unwrap();
    let counts = store.tally(THREAD).await.unwrap().reactions;
    assert_eq!(u32::try_from(kept.len()).unwrap(), counts.total());
    for (_, kind) in kept {
        assert_eq!(counts[kind], 1);
    }
}
