//! What somebody with the database in their hands could do to the audit log, and that it shows.

use aivalid_model::{
    Timestamp,
    audit::{AuditTarget, Outcome},
    id::{SessionId, UserId},
};
use aivalid_service::{
    audit::chain::{Break, Walk},
    store::{AuditStore, NewAuditEntry, SealTurn},
};

/// Statements that the triggers refuse.
pub const REFUSED: &[&str] = &[
    "UPDATE audit_log SET event = 'x' WHERE seq = 3",
    "UPDATE audit_log SET seq = 9 WHERE seq = 5",
    "UPDATE audit_log SET event = 'x' WHERE seq IS NULL",
    "UPDATE audit_log SET seq = 6, previous = 'x', hash = 'y', details = '{}' WHERE seq IS NULL",
    "DELETE FROM audit_log WHERE seq = 3",
    "DELETE FROM audit_log WHERE seq IS NULL",
    "UPDATE audit_head SET seq = 0",
    "UPDATE audit_head SET hash = 'x'",
    "DELETE FROM audit_head",
];

/// Statements that change a log of five sealed entries, and which place the walk then names.
pub const CHANGES: &[(&str, i64)] = &[
    ("UPDATE audit_log SET at = at + 1 WHERE seq = 3", 3),
    ("UPDATE audit_log SET event = 'x' WHERE seq = 1", 1),
    ("UPDATE audit_log SET outcome = 'failed' WHERE seq = 3", 3),
    ("UPDATE audit_log SET actor_id = 99 WHERE seq = 3", 3),
    ("UPDATE audit_log SET actor_id = NULL WHERE seq = 3", 3),
    ("UPDATE audit_log SET subject_id = 99 WHERE seq = 3", 3),
    ("UPDATE audit_log SET target_kind = 'x' WHERE seq = 3", 3),
    ("UPDATE audit_log SET target_id = NULL WHERE seq = 3", 3),
    ("UPDATE audit_log SET session_id = NULL WHERE seq = 3", 3),
    ("UPDATE audit_log SET ip = '10.0.0.9' WHERE seq = 3", 3),
    ("UPDATE audit_log SET user_agent = '' WHERE seq = 3", 3),
    ("UPDATE audit_log SET request_id = '' WHERE seq = 3", 3),
    ("UPDATE audit_log SET details = '{}' WHERE seq = 5", 5),
    ("UPDATE audit_log SET hash = previous WHERE seq = 3", 3),
    ("UPDATE audit_log SET previous = hash WHERE seq = 3", 3),
    ("UPDATE audit_log SET seq = NULL, previous = NULL, hash = NULL WHERE seq = 3", 3),
    ("UPDATE audit_log SET seq = 6 WHERE seq = 5", 5),
    (
        "UPDATE audit_log SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3); UPDATE audit_log SET seq = -seq WHERE seq < 0",
        2,
    ),
    ("DELETE FROM audit_log WHERE seq = 2", 2),
    ("DELETE FROM audit_log WHERE seq = 5", 5),
    ("DELETE FROM audit_log", 1),
    ("UPDATE audit_head SET seq = 4", 5),
    ("UPDATE audit_head SET hash = 'x'", 5),
    (
        "INSERT INTO audit_log (at, event, outcome, ip, user_agent, request_id, details, seq, previous, hash) \
         SELECT at, event, outcome, ip, user_agent, request_id, details, 6, hash, hash FROM audit_log WHERE seq = 5",
        6,
    ),
];

/// Five sealed entries.
pub async fn fill(store: &dyn AuditStore) {
    write(store, 5).await;
    let turn = SealTurn { sealer: "a".into(), now: Timestamp(1), lease_until: Timestamp(2), limit: 10 };
    assert_eq!(store.audit_seal(&turn).await.unwrap(), 5);
    assert_eq!(first_break(store).await, None);
}

/// Entries that are not sealed.
pub async fn write(store: &dyn AuditStore, count: i64) {
    for number in 1..=count {
        let entry = NewAuditEntry {
            at: Timestamp(number),
            event: "role.changed".into(),
            outcome: Outcome::Done,
            actor: Some(UserId(1)),
            subject: Some(UserId(2)),
            target: Some(AuditTarget { kind: "role".into(), id: number.to_string() }),
            session: Some(SessionId(3)),
            ip: "10.0.0.1".into(),
            user_agent: "penguji".into(),
            request_id: format!("r{number}"),
            details: format!("{{\"n\":{number}}}"),
        };
        store.audit_append(&entry).await.unwrap();
    }
}

/// The place that a walk through the chain names.
pub async fn first_break(store: &dyn AuditStore) -> Option<i64> {
    let mut walk = Walk::default();
    let records = store.audit_chain(0, 100).await.unwrap();
    let broken = records.iter().try_for_each(|record| walk.step(record));
    let head = store.audit_head().await.unwrap();
    match broken.and_then(|()| walk.end(&head)).err()? {
        Break::Changed { seq, .. } | Break::Missing { seq } | Break::Foreign { seq, .. } | Break::Anchor { seq } => Some(seq),
        Break::Head { head, end } => Some(head.min(end) + 1).map(|place| if head == end { end } else { place }),
    }
}
