//! The chain of hashes over the audit log.
//!
//! `hash = SHA-256(previous || canonical entry)`. The canonical entry is a JSON object with sorted keys and no blanks: `actor`,
//! `agent`, `at` (microseconds), `details` (hex SHA-256 of the text kept), `event`, `id`, `ip`, `outcome`, `request`, `seq`,
//! `session`, `subject`, `target` (`[kind, id]`). Every column is covered, the place in the chain too.

use crate::store::{AuditHead, AuditRecord, NewAuditEntry};
use aivalid_model::id::AuditId;
use sha2::{Digest, Sha256};
use std::fmt;

/// `previous` of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry's hash, in hex.
pub fn entry_hash(id: AuditId, entry: &NewAuditEntry, seq: i64, previous: &str) -> String {
    // serde_json's maps are sorted by key, which makes this text canonical.
    let canonical = serde_json::json!({
        "actor": entry.actor,
        "agent": entry.user_agent,
        "at": entry.at.0,
        "details": hex::encode(Sha256::digest(&entry.details)),
        "event": entry.event,
        "id": id,
        "ip": entry.ip,
        "outcome": entry.outcome.as_str(),
        "request": entry.request_id,
        "seq": seq,
        "session": entry.session,
        "subject": entry.subject,
        "target": entry.target.as_ref().map(|target| [&target.kind, &target.id]),
    });
    hex::encode(Sha256::new().chain_update(previous).chain_update(canonical.to_string()).finalize())
}

/// Where a chain first does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// The entry's content is not what was sealed.
    Changed {
        /// Its place.
        seq: i64,
        /// The entry.
        id: AuditId,
    },
    /// No entry has this place.
    Missing {
        /// The place.
        seq: i64,
    },
    /// The entry holds together, but does not follow the one before it: one of them was put there afterwards.
    Foreign {
        /// Its place.
        seq: i64,
        /// The entry.
        id: AuditId,
    },
    /// The chain ends otherwise than its head says.
    Head {
        /// Where the head says it ends.
        head: i64,
        /// Where it ends.
        end: i64,
    },
    /// The chain does not go through an anchor that was noted earlier: all after some entry was made anew.
    Anchor {
        /// The anchor's place.
        seq: i64,
    },
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { seq, id } => write!(f, "entry {seq} (row {id}) was changed after it was sealed"),
            Self::Missing { seq } => write!(f, "entry {seq} is missing"),
            Self::Foreign { seq, id } => write!(f, "entry {seq} (row {id}) does not follow the one before it: inserted or reordered"),
            Self::Head { head, end } => write!(f, "the chain ends at entry {end}, but its head is at {head}"),
            Self::Anchor { seq } => write!(f, "entry {seq} does not have the hash that was noted: the chain was written anew"),
        }
    }
}

/// Walks a chain from its first entry on.
#[derive(Clone, Debug)]
pub struct Walk {
    seq: i64,
    hash: String,
}

impl Default for Walk {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }
}

impl Walk {
    /// The last place that was found good.
    pub const fn seq(&self) -> i64 {
        self.seq
    }

    /// The hash there.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Goes on to the next entry.
    pub fn step(&mut self, record: &AuditRecord) -> Result<(), Break> {
        let expected = self.seq + 1;
        let Some(seal) = &record.seal else { return Err(Break::Missing { seq: expected }) };
        if seal.seq > expected {
            return Err(Break::Missing { seq: expected });
        }
        if seal.hash != entry_hash(record.id, &record.entry, seal.seq, &seal.previous) {
            return Err(Break::Changed { seq: seal.seq, id: record.id });
        }
        if seal.seq != expected || seal.previous != self.hash {
            return Err(Break::Foreign { seq: seal.seq, id: record.id });
        }
        self.seq = seal.seq;
        self.hash.clone_from(&seal.hash);
        Ok(())
    }

    /// Whether the chain ends where its head says.
    pub fn end(&self, head: &AuditHead) -> Result<(), Break> {
        if self.seq == head.seq && self.hash == head.hash { Ok(()) } else { Err(Break::Head { head: head.seq, end: self.seq }) }
    }
}

#[cfg(test)]
mod tests;
