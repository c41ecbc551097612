//! The case log's hash chain.
//!
//! `hash = SHA-256(prev_hash || canonical entry)`, where the entry holds the details' digest rather than the details, so that
//! a log whose details are withheld can still be verified by anyone. The canonical entry is
//! `{"action":…,"actor":…,"at":…,"case":…,"details":"<hex SHA-256>","seq":…}`: keys sorted, no blanks, times in microseconds.

use crate::store::LogRecord;
use aivalid_model::{
    Timestamp,
    id::{CaseId, UserId},
};
use sha2::{Digest, Sha256};

/// `prev_hash` of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The details' digest, in hex.
pub fn details_hash(details: &str) -> String {
    hex::encode(Sha256::digest(details))
}

/// An entry's hash, in hex. `details_hash` is [`details_hash`] of its details.
pub fn entry_hash(
    case: CaseId,
    seq: i64,
    actor: Option<UserId>,
    action: &str,
    at: Timestamp,
    details_hash: &str,
    prev_hash: &str,
) -> String {
    // serde_json's maps are sorted by key, which makes this text canonical.
    let entry = serde_json::json!({
        "action": action,
        "actor": actor,
        "at": at.0,
        "case": case,
        "details": details_hash,
        "seq": seq,
    });
    hex::encode(Sha256::new().chain_update(prev_hash).chain_update(entry.to_string()).finalize())
}

/// Whether a whole log holds together: numbered from 1 without gaps, every hash as recomputed.
pub fn verify(case: CaseId, log: &[LogRecord]) -> bool {
    first_break(case, log).is_none()
}

/// The place of the first entry that does not hold.
pub fn first_break(case: CaseId, log: &[LogRecord]) -> Option<i64> {
    let mut prev = GENESIS.to_owned();
    for (entry, seq) in log.iter().zip(1..) {
        let hash = entry_hash(case, seq, entry.actor, &entry.action, entry.at, &details_hash(&entry.details), &prev);
        if entry.seq != seq || entry.prev_hash != prev || entry.hash != hash {
            return Some(seq);
        }
        prev = hash;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Vec<LogRecord> {
        let mut prev = GENESIS.to_owned();
        (1..=3)
            .map(|seq| {
                let (actor, at, details) = (Some(UserId(7)), Timestamp(seq * 10), format!("{{\"n\":{seq}}}"));
                let hash = entry_hash(CaseId(1), seq, actor, "edited", at, &details_hash(&details), &prev);
                let entry = LogRecord { seq, actor, action: "edited".into(), details, at, prev_hash: prev.clone(), hash: hash.clone() };
                prev = hash;
                entry
            })
            .collect()
    }

    #[test]
    fn an_untouched_log_verifies() {
        assert!(verify(CaseId(1), &log()));
        assert!(verify(CaseId(1), &[]));
    }

    #[test]
    fn any_change_shows() {
        let changes: [fn(&mut Vec<LogRecord>); 6] = [
            |log| log[1].details = "{}".into(),
            |log| log[1].actor = None,
            |log| log[0].at = Timestamp(11),
            |log| log[2].action = "cancelled".into(),
            |log| log.swap(0, 1),
            |log| {
                log.remove(0);
            },
        ];
        for change in changes {
            let mut log = log();
            change(&mut log);
            assert!(!verify(CaseId(1), &log));
        }
        assert!(!verify(CaseId(2), &log()), "a log can't be moved to another case");
    }
}
