//! Changing cases.

use super::{at, log, open};
use crate::{
    cases::log::verify,
    contract::{
        CoreStore,
        fixtures::{category, figures, post_counts, tags, text, user},
    },
    store::{CaseChange, CaseChanged},
};
use aivalid_model::{
    cases::{CaseFilter, CaseStatus},
    community::CategoryKind,
    id::CaseId,
    money::Rupiah,
    page::PageRequest,
};
use futures::future::join_all;
use serde_json::json;

const OPEN: &[CaseStatus] = &[CaseStatus::Open];

async fn actions(store: &dyn CoreStore, id: CaseId) -> Vec<String> {
    let entries = store.case_log(id).await.unwrap();
    assert!(verify(id, &entries));
    entries.into_iter().map(|entry| entry.action).collect()
}

/// Text, tags, state: the case and its figures change, and the log says so.
pub async fn every_change_is_logged(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (one, two) = (category(store, "satu", CategoryKind::Case).await, category(store, "dua", CategoryKind::Case).await);
    let id = open(store, one, ani, 5, 1, &["a", "b"]).await;
    let edited = text("Judul baru", &["b", "c"]);
    let edit = CaseChange::Edit { category: two, text: edited.clone(), bounty: Rupiah(7), deadline: Some(at(99)) };
    assert_eq!(store.case_change(id, OPEN, &edit, &log(Some(ani), "edited", json!({"n": 1}), 10)).await.unwrap(), CaseChanged::Done);
    let case = store.case_get(id).await.unwrap().unwrap();
    assert_eq!((case.text, case.category, case.bounty, case.deadline), (edited, two, Rupiah(7), Some(at(99))));
    assert_eq!((case.created_at, case.edited_at, case.last_activity_at), (at(1), Some(at(10)), at(10)));
    assert_eq!((figures(store, one).await, figures(store, two).await), ((0, None), (1, Some(at(10)))));
    assert_eq!(tags(store).await, [("b".to_owned(), 1), ("c".to_owned(), 1)]);

    let retag = CaseChange::Tags(vec!["c".into(), "d".into()]);
    assert_eq!(
        store.case_change(id, OPEN, &retag, &log(Some(ani), "tag_added", json!({"tag": "d"}), 20)).await.unwrap(),
        CaseChanged::Done
    );
    assert_eq!(tags(store).await, [("c".to_owned(), 1), ("d".to_owned(), 1)]);
    let next = CaseChange::Status(CaseStatus::OfferAccepted);
    assert_eq!(store.case_change(id, OPEN, &next, &log(None, "offer_accepted", json!(null), 30)).await.unwrap(), CaseChanged::Done);
    let case = store.case_get(id).await.unwrap().unwrap();
    assert_eq!((case.status, case.last_activity_at, case.edited_at), (CaseStatus::OfferAccepted, at(30), Some(at(10))));
    assert_eq!(case.text.tags, ["c", "d"]);
    assert_eq!(figures(store, two).await, (1, Some(at(30))));

    assert_eq!(actions(store, id).await, ["created", "edited", "tag_added", "offer_accepted"]);
    let entries = store.case_log(id).await.unwrap();
    assert_eq!((entries[1].details.as_str(), entries[1].at, entries[3].actor), ("{\"n\":1}", at(10), None));
}

/// In another state nothing is changed nor logged.
pub async fn a_change_needs_its_state(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let id = open(store, cases, ani, 5, 1, &["a"]).await;
    let change = CaseChange::Tags(vec!["b".into()]);
    let entry = log(Some(ani), "tag_added", json!({}), 9);
    let before = store.case_get(id).await.unwrap();
    for from in [&[][..], &[CaseStatus::Disputed, CaseStatus::Expired]] {
        assert_eq!(store.case_change(id, from, &change, &entry).await.unwrap(), CaseChanged::Wrong(CaseStatus::Open));
    }
    assert_eq!(store.case_change(CaseId(999), OPEN, &change, &entry).await.unwrap(), CaseChanged::Missing);
    assert_eq!(store.case_get(id).await.unwrap(), before);
    assert_eq!(actions(store, id).await, ["created"]);
    assert_eq!(tags(store).await, [("a".to_owned(), 1)]);
    assert_eq!(store.case_change(id, &CaseStatus::ALL, &change, &entry).await.unwrap(), CaseChanged::Done);
}

/// The others hear where the case stands now; it is logged once.
pub async fn of_racing_cancels_one_succeeds(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let id = open(store, cases, ani, 5, 1, &[]).await;
    let (cancel, entry) = (CaseChange::Status(CaseStatus::Cancelled), log(Some(ani), "cancelled", json!({}), 9));
    let outcomes = join_all((0..8).map(|_| store.case_change(id, OPEN, &cancel, &entry))).await;
    let mut outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    outcomes.sort_by_key(|outcome| *outcome != CaseChanged::Done);
    assert_eq!(outcomes[0], CaseChanged::Done);
    assert_eq!(outcomes[1..], [CaseChanged::Wrong(CaseStatus::Cancelled); 7]);
    assert_eq!(actions(store, id).await, ["created", "cancelled"]);
}

/// Changes that all fit are all made: the chain has no gap, and the tags of the last one count.
pub async fn racing_tags_are_all_logged(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let id = open(store, cases, ani, 5, 1, &["awal"]).await;
    let changes: Vec<_> = (0..20).map(|n| CaseChange::Tags(vec![format!("tag-{n}"), "tetap".into()])).collect();
    let entry = log(Some(ani), "tag_added", json!({}), 9);
    for outcome in join_all(changes.iter().map(|change| store.case_change(id, OPEN, change, &entry))).await {
        assert_eq!(outcome.unwrap(), CaseChanged::Done);
    }
    assert_eq!(actions(store, id).await.len(), 21);
    let mut left = store.case_get(id).await.unwrap().unwrap().text.tags;
    left.sort();
    assert_eq!(tags(store).await, left.iter().map(|tag| (tag.clone(), 1)).collect::<Vec<_>>());
}

/// From everywhere but its log.
pub async fn a_deleted_case_leaves_every_list(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let id = open(store, cases, ani, 5, 1, &["a"]).await;
    let kept = open(store, cases, ani, 5, 2, &["a"]).await;
    let entry = log(Some(ani), "deleted", json!({}), 9);
    assert_eq!(store.case_change(id, OPEN, &CaseChange::Delete, &entry).await.unwrap(), CaseChanged::Done);
    assert_eq!(store.case_change(id, OPEN, &CaseChange::Delete, &entry).await.unwrap(), CaseChanged::Missing);
    assert_eq!(store.case_get(id).await.unwrap(), None);
    for tag in [None, Some("a".to_owned())] {
        let list = store.case_list(&CaseFilter { tag, ..CaseFilter::default() }, PageRequest::default(), None).await.unwrap();
        assert_eq!((list.items.len(), list.items[0].id, list.total), (1, kept, 1));
    }
    assert_eq!(tags(store).await, [("a".to_owned(), 1)]);
    assert_eq!(figures(store, cases).await, (1, Some(at(2))));
    assert_eq!(post_counts(store, ani).await, (0, 1));
    assert_eq!(store.case_sitemap(CaseId(0), 10).await.unwrap().len(), 1);
    assert_eq!(actions(store, id).await, ["created", "deleted"]);
}
