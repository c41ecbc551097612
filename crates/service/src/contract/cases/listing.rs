//! Reading cases, one by one and in lists.

use super::{at, draft, log, open};
use crate::contract::{
    CoreStore,
    fixtures::{category, figures, user},
};
use crate::{
    cases::log::{GENESIS, verify},
    store::CaseRecord,
};
use aivalid_model::{
    cases::{CaseFilter, CaseStatus},
    community::{CategoryKind, Reactions, Sort, Tally},
    id::{CaseId, UserId},
    money::Rupiah,
    page::PageRequest,
};
use serde_json::json;

async fn ids(store: &dyn CoreStore, filter: &CaseFilter) -> Vec<i64> {
    let list = store.case_list(filter, PageRequest::new(None, Some(100)), None).await.unwrap();
    assert_eq!((list.total, &list.next), (u64::try_from(list.items.len()).unwrap(), &None), "{filter:?}");
    assert_eq!(store.case_few(filter, 100).await.unwrap(), list.items, "{filter:?}");
    assert_eq!(store.case_few(filter, 1).await.unwrap(), list.items.iter().take(1).cloned().collect::<Vec<_>>(), "{filter:?}");
    list.items.into_iter().map(|case| case.id.0).collect()
}

/// The case, its figures and the first entry are there together; the log holds.
pub async fn a_case_begins_its_log(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let mut new = draft(cases, ani, 1_250_000, &["llm"]);
    new.deadline = Some(at(99));
    let details = json!({"judul": "Kasus \u{0} 'satu'\n", "b": 1, "a": [1, null, 2.5]});
    let id = store.case_open(&new, &log(Some(ani), "created", details.clone(), 5)).await.unwrap();
    let expected = CaseRecord {
        id,
        category: cases,
        owner: ani,
        text: new.text.clone(),
        bounty: Rupiah(1_250_000),
        status: CaseStatus::Open,
        deadline: Some(at(99)),
        reply_count: 0,
        reply_rows: 0,
        reactions: Reactions::default(),
        created_at: at(5),
        edited_at: None,
        last_activity_at: at(5),
    };
    assert_eq!(store.case_get(id).await.unwrap(), Some(expected));
    assert_eq!(store.case_get(CaseId(id.0 + 1)).await.unwrap(), None);
    assert_eq!(figures(store, cases).await, (1, Some(at(5))));
    let entries = store.case_log(id).await.unwrap();
    assert_eq!(entries.len(), 1);
    let first = &entries[0];
    assert_eq!(
        (first.seq, first.actor, first.action.as_str(), first.at, first.prev_hash.as_str()),
        (1, Some(ani), "created", at(5), GENESIS)
    );
    assert_eq!(serde_json::from_str::<serde_json::Value>(&first.details).unwrap(), details);
    assert!(verify(id, &entries));
    assert_eq!(store.case_log(CaseId(999)).await.unwrap(), []);
}

/// Every order, every filter, and several together.
pub async fn cases_are_sorted_and_filtered(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let (one, two) = (category(store, "satu", CategoryKind::Case).await, category(store, "dua", CategoryKind::Case).await);
    let a = open(store, one, ani, 500, 10, &["llm"]).await;
    let b = open(store, two, ani, 100, 20, &["llm", "data"]).await;
    let c = open(store, one, budi, 300, 30, &[]).await;
    let reactions = Reactions { wow: 3, ..Reactions::default() };
    let tally = Tally { seq: 1, replies: 1, rows: 1, last_reply_at: Some(at(90)), last_reply_by: Some(budi), reactions };
    store.case_set_tally(a, &tally).await.unwrap();
    let cancel = crate::store::CaseChange::Status(CaseStatus::Cancelled);
    store.case_change(c, &[CaseStatus::Open], &cancel, &log(Some(budi), "cancelled", json!({}), 40)).await.unwrap();

    let all = CaseFilter::default();
    let sorted = async |sort| ids(store, &CaseFilter { sort, ..CaseFilter::default() }).await;
    assert_eq!(sorted(Sort::Latest).await, [a.0, c.0, b.0]);
    assert_eq!(sorted(Sort::Newest).await, [c.0, b.0, a.0]);
    assert_eq!(sorted(Sort::Top).await, [a.0, c.0, b.0]);
    assert_eq!(sorted(Sort::Unanswered).await, [c.0, b.0]);
    assert_eq!(ids(store, &CaseFilter { category: Some(one), ..all.clone() }).await, [a.0, c.0]);
    assert_eq!(ids(store, &CaseFilter { tag: Some("llm".into()), ..all.clone() }).await, [a.0, b.0]);
    assert_eq!(ids(store, &CaseFilter { owner: Some(ani), ..all.clone() }).await, [a.0, b.0]);
    assert_eq!(ids(store, &CaseFilter { status: Some(CaseStatus::Open), ..all.clone() }).await, [a.0, b.0]);
    assert_eq!(ids(store, &CaseFilter { status: Some(CaseStatus::Disputed), ..all.clone() }).await, [0; 0]);
    assert_eq!(ids(store, &CaseFilter { bounty_min: Some(Rupiah(300)), ..all.clone() }).await, [a.0, c.0]);
    let narrow = CaseFilter { category: Some(one), status: Some(CaseStatus::Open), bounty_min: Some(Rupiah(300)), ..all.clone() };
    assert_eq!(ids(store, &narrow).await, [a.0]);
    let list = store.case_list(&all, PageRequest::default(), None).await.unwrap();
    assert!(list.items.iter().all(|case| case.text.content.is_empty() && case.text.content_html.is_empty()));
    assert_eq!(list.items[0].text.tags, ["llm"]);
}

/// As with threads.
pub async fn case_cursors_and_page_numbers_agree(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    for n in 0..11 {
        open(store, cases, ani, n, n / 3, &["llm"]).await;
    }
    for sort in Sort::ALL {
        for status in [None, Some(CaseStatus::Open)] {
            let filter = CaseFilter { category: Some(cases), status, sort, ..CaseFilter::default() };
            let whole = ids(store, &filter).await;
            let (mut seen, mut cursor, mut page) = (Vec::new(), None, 1);
            loop {
                let list = store.case_list(&filter, PageRequest::new(None, Some(4)), cursor.as_deref()).await.unwrap();
                let turned = store.case_list(&filter, PageRequest::new(Some(page), Some(4)), None).await.unwrap();
                assert_eq!(list, turned, "{filter:?} {page}");
                seen.extend(list.items.into_iter().map(|case| case.id.0));
                (cursor, page) = (list.next, page + 1);
                if cursor.is_none() {
                    break;
                }
                assert!(page < 5);
            }
            assert_eq!((seen.len(), seen), (11, whole), "{filter:?}");
        }
    }
    let page = PageRequest::new(Some(2), Some(4));
    let plain = store.case_list(&CaseFilter::default(), page, None).await.unwrap();
    assert_eq!(store.case_list(&CaseFilter::default(), page, Some("x")).await.unwrap(), plain);
}

/// Late figures change nothing; activity is the later of the last reply and the last change.
pub async fn newer_figures_win_for_cases(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let id = open(store, cases, ani, 5, 1, &[]).await;
    for (seq, replies) in [(3, 2), (1, 7), (2, 8)] {
        let reactions = Reactions { sad: u32::try_from(seq).unwrap(), ..Reactions::default() };
        let by = Some(UserId(9));
        let tally = Tally { seq, replies, rows: replies, last_reply_at: Some(at(10 * seq)), last_reply_by: by, reactions };
        store.case_set_tally(id, &tally).await.unwrap();
    }
    let case = store.case_get(id).await.unwrap().unwrap();
    assert_eq!((case.reply_count, case.reply_rows, case.reactions.sad, case.last_activity_at), (2, 2, 3, at(30)));
    store.case_set_tally(id, &Tally { seq: 4, ..Tally::default() }).await.unwrap();
    assert_eq!(store.case_get(id).await.unwrap().unwrap().last_activity_at, at(1));
    assert_eq!(figures(store, cases).await, (1, Some(at(1))));
    store.case_set_tally(CaseId(999), &Tally { seq: 4, ..Tally::default() }).await.unwrap();
}

/// Every state, also those without cases; deleted ones do not count.
pub async fn cases_are_counted_by_state(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let count = async |status: CaseStatus| store.case_counts().await.unwrap().into_iter().find(|(of, _)| *of == status).unwrap().1;
    assert_eq!(count(CaseStatus::Open).await, 0);
    let mut made = Vec::new();
    for second in 0..4 {
        made.push(open(store, cases, ani, 5, second, &[]).await);
    }
    let change = async |id, change| store.case_change(id, &[CaseStatus::Open], &change, &log(Some(ani), "x", json!({}), 9)).await.unwrap();
    change(made[0], crate::store::CaseChange::Status(CaseStatus::Cancelled)).await;
    change(made[1], crate::store::CaseChange::Delete).await;
    assert_eq!((count(CaseStatus::Open).await, count(CaseStatus::Cancelled).await, count(CaseStatus::Disputed).await), (2, 1, 0));
    assert_eq!(store.case_counts().await.unwrap().len(), CaseStatus::ALL.len());
}

/// In the order of ids, a stretch at a time.
pub async fn the_sitemap_goes_on_after_a_case(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let mut made = Vec::new();
    for second in 1..=3 {
        made.push((open(store, cases, ani, second, second, &[]).await, format!("Kasus {second}"), at(second)));
    }
    assert_eq!(store.case_sitemap(CaseId(0), 2).await.unwrap(), made[..2]);
    assert_eq!(store.case_sitemap(made[1].0, 2).await.unwrap(), made[2..]);
    assert_eq!(store.case_sitemap(made[2].0, 2).await.unwrap(), []);
}

/// Also those of deleted cases; a stretch at a time.
pub async fn every_log_is_named_with_its_length(store: &dyn CoreStore) {
    let (ani, cases) = (user(store, 1).await, category(store, "kasus", CategoryKind::Case).await);
    let mut made = Vec::new();
    for second in 1..=3 {
        made.push(open(store, cases, ani, second, second, &[]).await);
    }
    let delete = crate::store::CaseChange::Delete;
    store.case_change(made[1], &[CaseStatus::Open], &delete, &log(Some(ani), "deleted", json!({}), 9)).await.unwrap();
    assert_eq!(store.case_log_heads(CaseId(0), 2).await.unwrap(), [(made[0], 1), (made[1], 2)]);
    assert_eq!(store.case_log_heads(made[1], 2).await.unwrap(), [(made[2], 1)]);
    assert_eq!(store.case_log_heads(made[2], 2).await.unwrap(), []);
}
