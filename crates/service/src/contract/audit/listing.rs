//! Reading the log by filter and cursor.

use super::{CoreStore, entry, seal, write};
use crate::{contract::fixtures::at, store::NewAuditEntry};
use aivalid_model::{
    audit::{AuditCursor, AuditFilter, AuditTarget, Outcome},
    id::{AuditId, UserId},
};

async fn found(store: &dyn CoreStore, filter: AuditFilter) -> Vec<i64> {
    let records = store.audit_list(&filter, None, 100).await.unwrap();
    records.into_iter().map(|record| (record.entry.at.0 - at(0).0) / 1_000_000).collect()
}

/// Every field restricts, sealed or not; several of them restrict together.
pub async fn entries_are_found_by_every_field(store: &dyn CoreStore) {
    let entries = [
        NewAuditEntry { event: "login.done".into(), actor: Some(UserId(1)), subject: Some(UserId(1)), ..entry(1) },
        NewAuditEntry { event: "login.failed".into(), outcome: Outcome::Failed, actor: None, subject: Some(UserId(1)), ..entry(2) },
        NewAuditEntry { event: "loginx.done".into(), actor: Some(UserId(1)), subject: Some(UserId(2)), ip: "10.0.0.1".into(), ..entry(3) },
        NewAuditEntry { event: "login".into(), target: Some(AuditTarget { kind: "badge".into(), id: "b".into() }), ..entry(4) },
    ];
    for entry in &entries[..2] {
        write(store, entry).await;
    }
    seal(store, "a", 0).await;
    for entry in &entries[2..] {
        write(store, entry).await;
    }
    let all = AuditFilter::default;
    assert_eq!(found(store, all()).await, [4, 3, 2, 1]);
    assert_eq!(found(store, AuditFilter { user: Some(UserId(1)), ..all() }).await, [3, 2, 1]);
    assert_eq!(found(store, AuditFilter { subject: Some(UserId(1)), ..all() }).await, [2, 1]);
    assert_eq!(found(store, AuditFilter { event: Some("login.".into()), ..all() }).await, [2, 1]);
    assert_eq!(found(store, AuditFilter { event: Some("login".into()), ..all() }).await, [4]);
    assert_eq!(found(store, AuditFilter { outcome: Some(Outcome::Failed), ..all() }).await, [2]);
    assert_eq!(found(store, AuditFilter { target: Some("b".into()), ..all() }).await, [4]);
    assert_eq!(found(store, AuditFilter { ip: Some("10.0.0.1".into()), ..all() }).await, [3]);
    assert_eq!(found(store, AuditFilter { request: Some("r-2".into()), ..all() }).await, [2]);
    assert_eq!(found(store, AuditFilter { since: Some(at(2)), until: Some(at(4)), ..all() }).await, [3, 2]);
    assert_eq!(found(store, AuditFilter { user: Some(UserId(1)), since: Some(at(2)), ip: Some("10.0.0.1".into()), ..all() }).await, [3]);
}

/// Cursors go through the list without gaps or repetitions, also where times are equal or run backwards.
pub async fn entries_go_by_cursors(store: &dyn CoreStore) {
    for second in [5, 5, 5, 9, 2, 5] {
        write(store, &entry(second)).await;
    }
    let filter = AuditFilter { subject: Some(UserId(8)), ..AuditFilter::default() };
    let whole: Vec<AuditId> = store.audit_list(&filter, None, 100).await.unwrap().into_iter().map(|record| record.id).collect();
    assert_eq!(whole.len(), 6);
    let (mut cursor, mut walked) = (None, Vec::new());
    loop {
        let stretch = store.audit_list(&filter, cursor, 2).await.unwrap();
        let Some(last) = stretch.last() else { break };
        cursor = Some(AuditCursor { at: last.entry.at, id: last.id });
        walked.extend(stretch.into_iter().map(|record| record.id));
    }
    assert_eq!(walked, whole);
}
