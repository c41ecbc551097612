//! The audit log.

mod listing;

pub use listing::*;

use super::{CoreStore, fixtures::at};
use crate::{
    audit::chain::{GENESIS, Walk},
    store::{AuditRecord, Failures, NewAuditEntry, SealTurn},
};
use aivalid_model::{
    Timestamp,
    audit::{AuditTarget, Outcome},
    id::{AuditId, SessionId, UserId},
};
use futures::future::join_all;

/// An entry with something in every field, `second` seconds after the beginning.
fn entry(second: i64) -> NewAuditEntry {
    NewAuditEntry {
        at: at(second),
        event: "session.ended".into(),
        outcome: Outcome::Done,
        actor: Some(UserId(7)),
        subject: Some(UserId(8)),
        target: Some(AuditTarget { kind: "session".into(), id: second.to_string() }),
        session: Some(SessionId(9)),
        ip: "2001:db8::1".into(),
        user_agent: "Mozilla/5.0 (penguji) é 👩‍🔬".into(),
        request_id: format!("r-{second}"),
        details: r#"{"name":"Kantor \u0000 \"utama\" 🗝"}"#.into(),
    }
}

async fn write(store: &dyn CoreStore, entry: &NewAuditEntry) -> AuditId {
    store.audit_append(entry).await.unwrap()
}

fn turn(sealer: &str, second: i64) -> SealTurn {
    SealTurn { sealer: sealer.into(), now: at(second), lease_until: at(second + 10), limit: 100 }
}

async fn seal(store: &dyn CoreStore, sealer: &str, second: i64) -> u64 {
    store.audit_seal(&turn(sealer, second)).await.unwrap()
}

/// The whole chain, which must hold and end at its head.
async fn chain(store: &dyn CoreStore) -> Vec<AuditRecord> {
    let records = store.audit_chain(0, 10_000).await.unwrap();
    let mut walk = Walk::default();
    for record in &records {
        walk.step(record).unwrap();
    }
    walk.end(&store.audit_head().await.unwrap()).unwrap();
    records
}

/// Everything comes back, and an entry begins unsealed.
pub async fn an_entry_is_stored_as_written(store: &dyn CoreStore) {
    let id = write(store, &entry(1)).await;
    let expected = AuditRecord { id, entry: entry(1), seal: None };
    assert_eq!(store.audit_get(id).await.unwrap(), Some(expected));
    assert_eq!(store.audit_get(AuditId(id.0 + 1)).await.unwrap(), None);
    let bare = NewAuditEntry {
        actor: None,
        subject: None,
        target: None,
        session: None,
        outcome: Outcome::Failed,
        user_agent: String::new(),
        request_id: String::new(),
        ..entry(2)
    };
    let id = write(store, &bare).await;
    assert_eq!(store.audit_get(id).await.unwrap().unwrap().entry, bare);
    assert_eq!(store.audit_chain(0, 10).await.unwrap(), []);
    assert_eq!(store.audit_head().await.unwrap().hash, GENESIS);
}

/// In the order they were written, however often and in however small steps.
pub async fn sealing_makes_one_chain(store: &dyn CoreStore) {
    assert_eq!(seal(store, "a", 0).await, 0);
    let mut ids = Vec::new();
    for second in 0..7 {
        ids.push(write(store, &entry(second)).await);
    }
    let small = SealTurn { limit: 3, ..turn("a", 0) };
    assert_eq!(store.audit_seal(&small).await.unwrap(), 3);
    ids.push(write(store, &entry(8)).await);
    assert_eq!(seal(store, "a", 1).await, 5);
    assert_eq!(seal(store, "a", 2).await, 0);
    let records = chain(store).await;
    assert_eq!(records.iter().map(|record| record.id).collect::<Vec<_>>(), ids);
    assert_eq!(
        records.iter().filter_map(|record| record.seal.as_ref()).map(|seal| seal.seq).collect::<Vec<_>>(),
        (1..=8).collect::<Vec<_>>()
    );
    assert_eq!(store.audit_chain(3, 2).await.unwrap(), records[3..5]);
}

/// While one instance has its turn, others do nothing; when it ends, another goes on where it stopped.
pub async fn sealers_take_turns(store: &dyn CoreStore) {
    write(store, &entry(1)).await;
    assert_eq!(seal(store, "a", 100).await, 1);
    write(store, &entry(2)).await;
    assert_eq!(seal(store, "b", 109).await, 0);
    assert_eq!(seal(store, "b", 110).await, 1);
    write(store, &entry(3)).await;
    assert_eq!(seal(store, "a", 111).await, 0);
    assert_eq!(seal(store, "b", 112).await, 1);
    assert_eq!(chain(store).await.len(), 3);
}

/// Writers do not wait for sealers, and sealers whose clocks disagree about whose turn it is do not fork the chain.
pub async fn racing_writers_and_sealers_make_one_chain(store: &dyn CoreStore) {
    let writers = join_all((0..60).map(|second| async move { write(store, &entry(second)).await }));
    let sealers = join_all((0..20).map(|number| {
        // Each believes that the other's turn is long over.
        let turn = SealTurn {
            sealer: format!("s{}", number % 2),
            now: Timestamp(at(0).0 + number * 1_000_000_000),
            lease_until: Timestamp(at(0).0 + number * 1_000_000_000),
            limit: 7,
        };
        async move {
            let mut sealed = 0;
            for _ in 0..4 {
                sealed += store.audit_seal(&turn).await.unwrap();
            }
            sealed
        }
    }));
    let (ids, sealed) = futures::future::join(writers, sealers).await;
    let rest = {
        let last = SealTurn { now: Timestamp(i64::MAX - 1), lease_until: Timestamp(i64::MAX), ..turn("last", 0) };
        store.audit_seal(&last).await.unwrap()
    };
    assert_eq!(sealed.iter().sum::<u64>() + rest, 60);
    let mut chained: Vec<_> = chain(store).await.into_iter().map(|record| record.id).collect();
    let mut written = ids;
    chained.sort_unstable();
    written.sort_unstable();
    assert_eq!(chained, written);
}

/// Failures are counted by event, address and time; targets once each.
pub async fn failures_of_an_address_are_counted(store: &dyn CoreStore) {
    let failure = |second: i64, target: Option<&str>, ip: &str| NewAuditEntry {
        event: "login.failed".into(),
        outcome: Outcome::Failed,
        target: target.map(|id| AuditTarget { kind: "address".into(), id: id.into() }),
        ip: ip.into(),
        ..entry(second)
    };
    for (second, target, ip) in [
        (1, Some("x"), "10.0.0.1"),
        (2, Some("x"), "10.0.0.1"),
        (3, Some("y"), "10.0.0.1"),
        (4, None, "10.0.0.1"),
        (5, Some("z"), "10.0.0.2"),
    ] {
        write(store, &failure(second, target, ip)).await;
    }
    write(store, &NewAuditEntry { outcome: Outcome::Done, ..failure(6, Some("w"), "10.0.0.1") }).await;
    let count = async |since| store.audit_failures("login.failed", "10.0.0.1", at(since)).await.unwrap();
    assert_eq!(count(0).await, Failures { count: 4, targets: 2 });
    assert_eq!(count(3).await, Failures { count: 2, targets: 1 });
    assert_eq!(count(5).await, Failures { count: 0, targets: 0 });
}
