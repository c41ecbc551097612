//! Adding, editing and listing.

use super::{CASE, THREAD, add, at, draft, ids, listed, thread};
use crate::store::{ReplyAdded, ReplyStart, ReplyStore};
use aivalid_model::{
    community::Reactions,
    id::{ReplyId, UserId},
};

/// Answers stand below what they answer, whatever order they were written in.
pub async fn replies_are_listed_in_reading_order(store: &dyn ReplyStore) {
    for (id, parent) in [(1, None), (2, None), (3, Some(1)), (4, Some(2)), (5, Some(3)), (6, Some(1)), (7, None)] {
        add(store, THREAD, id, parent).await;
    }
    assert_eq!(ids(store, THREAD).await, [1, 3, 5, 6, 2, 4, 7]);
    let depths: Vec<u8> = listed(store, THREAD).await.into_iter().map(|reply| reply.depth).collect();
    assert_eq!(depths, [0, 1, 2, 1, 0, 1, 0]);
}

/// Below the fourth level nothing is nested deeper.
pub async fn deep_answers_stay_beside_the_fourth_level(store: &dyn ReplyStore) {
    add(store, THREAD, 1, None).await;
    for id in 2..=8 {
        let (reply, _) = add(store, THREAD, id, Some(id - 1)).await;
        assert_eq!(i64::from(reply.depth), (id - 1).min(4));
        assert_eq!(reply.parent, Some(ReplyId(id - 1)));
    }
    assert_eq!(ids(store, THREAD).await, [1, 2, 3, 4, 5, 6, 7, 8]);
}

/// By number or after a path, and no longer than wanted.
pub async fn a_stretch_begins_where_it_is_told(store: &dyn ReplyStore) {
    for id in 1..=9 {
        add(store, THREAD, id, None).await;
    }
    let all = listed(store, THREAD).await;
    let by_number = store.reply_list(THREAD, &ReplyStart::Offset(3), 4).await.unwrap();
    assert_eq!(by_number, all[3..7]);
    let after = store.reply_list(THREAD, &ReplyStart::After(all[2].path.clone()), 4).await.unwrap();
    assert_eq!(after, all[3..7]);
    assert_eq!(store.reply_list(THREAD, &ReplyStart::After(all[8].path.clone()), 4).await.unwrap(), []);
    assert_eq!(store.reply_list(THREAD, &ReplyStart::Offset(9), 4).await.unwrap(), []);
    assert_eq!(store.reply_list(THREAD, &ReplyStart::Offset(0), 0).await.unwrap(), []);
}

/// A thread and a case may have the same number.
pub async fn replies_of_other_targets_are_left_out(store: &dyn ReplyStore) {
    add(store, THREAD, 1, None).await;
    add(store, CASE, 2, None).await;
    add(store, thread(8), 3, None).await;
    assert_eq!(ids(store, THREAD).await, [1]);
    assert_eq!(ids(store, CASE).await, [2]);
    assert_eq!(ids(store, thread(8)).await, [3]);
    assert_eq!(ids(store, thread(9)).await, [0; 0]);
}

/// What comes back is what was given, also text that looks like something else.
pub async fn a_reply_is_stored_as_given(store: &dyn ReplyStore) {
    let long = "x".repeat(20_000);
    let texts = ["'; DROP TABLE replies; -- \\ % _ $1 ?", "مرحبا \u{202e}abc\u{202c} 👩‍🔬", "satu\r\n\tdua", "\u{feff}{\"$set\": 1}", &long];
    for (id, text) in (1..).zip(texts) {
        let mut reply = draft(CASE, id, None);
        reply.content = text.to_owned();
        reply.content_html = format!("<p>{text}</p>");
        reply.author = UserId((1 << 53) - id);
        let ReplyAdded::Done { reply: added, tally } = store.reply_add(&reply).await.unwrap() else { panic!("not added") };
        assert_eq!((added.id, added.target, added.author, added.created_at), (reply.id, CASE, reply.author, at(id)));
        assert_eq!((added.content.as_str(), added.content_html.as_str()), (text, reply.content_html.as_str()));
        assert_eq!((added.parent, added.edited_at, added.deleted_at, added.reactions), (None, None, None, Reactions::default()));
        assert_eq!((tally.replies, tally.rows, tally.last_reply_at, tally.last_reply_by), (id, id, Some(at(id)), Some(reply.author)));
        assert_eq!(store.reply_get(reply.id).await.unwrap(), Some(*added));
    }
    assert_eq!(store.reply_get(ReplyId(99)).await.unwrap(), None);
}

/// Ids are made by chance: the second one with the same is told so, and nothing is counted.
pub async fn a_taken_id_changes_nothing(store: &dyn ReplyStore) {
    let (first, tally) = add(store, THREAD, 1, None).await;
    assert_eq!(store.reply_add(&draft(THREAD, 1, None)).await.unwrap(), ReplyAdded::IdTaken);
    assert_eq!(store.reply_add(&draft(CASE, 1, None)).await.unwrap(), ReplyAdded::IdTaken);
    assert_eq!(store.tally(THREAD).await.unwrap(), tally);
    assert_eq!(store.tally(CASE).await.unwrap().replies, 0);
    assert_eq!(listed(store, THREAD).await, [first]);
}

/// Replies that are unknown, elsewhere or deleted can't be answered.
pub async fn an_answer_needs_its_parent_in_the_same_place(store: &dyn ReplyStore) {
    for (id, parent) in [(1, None), (2, Some(1)), (3, None)] {
        add(store, THREAD, id, parent).await;
    }
    store.reply_delete(ReplyId(1), at(50)).await.unwrap().unwrap();
    store.reply_delete(ReplyId(3), at(50)).await.unwrap().unwrap();
    let before = store.tally(THREAD).await.unwrap();
    for (target, parent) in [(THREAD, 99), (CASE, 2), (thread(8), 2), (THREAD, 1), (THREAD, 3)] {
        assert_eq!(store.reply_add(&draft(target, 60, Some(parent))).await.unwrap(), ReplyAdded::ParentGone, "{target:?} {parent}");
    }
    assert_eq!(store.tally(THREAD).await.unwrap(), before);
    assert_eq!(store.tally(CASE).await.unwrap().seq, 0);
    assert_eq!(store.reply_get(ReplyId(60)).await.unwrap(), None);
}

/// The text changes, and nothing else; what is deleted stays as it was.
pub async fn editing_replaces_the_text_of_what_is_there(store: &dyn ReplyStore) {
    let (mut reply, tally) = add(store, THREAD, 1, None).await;
    assert!(store.reply_edit(ReplyId(1), "baru", "<p>baru</p>", UserId(101), at(9)).await.unwrap());
    (reply.content, reply.content_html, reply.edited_at) = ("baru".into(), "<p>baru</p>".into(), Some(at(9)));
    assert_eq!(store.reply_get(ReplyId(1)).await.unwrap(), Some(reply));
    assert_eq!(store.tally(THREAD).await.unwrap(), tally);
    assert!(!store.reply_edit(ReplyId(2), "a", "a", UserId(101), at(9)).await.unwrap());
    store.reply_delete(ReplyId(1), at(10)).await.unwrap().unwrap();
    assert!(!store.reply_edit(ReplyId(1), "nanti", "<p>nanti</p>", UserId(101), at(11)).await.unwrap());
    assert_eq!(store.reply_get(ReplyId(1)).await.unwrap().unwrap().content, "baru");
}

/// The number of places before a reply leads to the page it stands on.
pub async fn positions_count_the_places_before(store: &dyn ReplyStore) {
    for (id, parent) in [(1, None), (2, None), (3, Some(1)), (4, None)] {
        add(store, THREAD, id, parent).await;
    }
    add(store, CASE, 5, None).await;
    let position = async |id| store.reply_position(ReplyId(id)).await.unwrap();
    assert_eq!((position(1).await, position(3).await, position(2).await, position(4).await), (Some(0), Some(1), Some(2), Some(3)));
    assert_eq!(position(5).await, Some(0));
    store.reply_delete(ReplyId(2), at(9)).await.unwrap();
    store.reply_delete(ReplyId(1), at(9)).await.unwrap();
    assert_eq!((position(1).await, position(2).await, position(4).await, position(99).await), (Some(0), None, Some(2), None));
}

/// What somebody wrote, wherever, by id; what they deleted is left out.
pub async fn what_somebody_wrote_is_listed_by_id(store: &dyn ReplyStore) {
    let mut expected = vec![];
    for (id, target, author) in [(4, THREAD, 1), (2, CASE, 1), (9, THREAD, 2), (7, CASE, 1), (6, THREAD, 1)] {
        let reply = crate::store::NewReply { author: UserId(author), ..draft(target, id, None) };
        assert!(matches!(store.reply_add(&reply).await.unwrap(), ReplyAdded::Done { .. }));
        if author == 1 && id != 6 {
            expected.push(ReplyId(id));
        }
    }
    store.reply_delete(ReplyId(6), at(99)).await.unwrap();
    expected.sort_unstable();
    let of = |after, limit| store.reply_list_of(UserId(1), after, limit);
    let ids = |replies: Vec<crate::store::ReplyRecord>| replies.into_iter().map(|reply| reply.id).collect::<Vec<_>>();
    assert_eq!(ids(of(None, 10).await.unwrap()), expected);
    assert_eq!(ids(of(None, 2).await.unwrap()), expected[..2]);
    assert_eq!(ids(of(Some(ReplyId(4)), 10).await.unwrap()), [ReplyId(7)]);
    assert_eq!(of(None, 0).await.unwrap(), []);
}
