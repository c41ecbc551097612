//! The audit log.

use super::StoreResult;
use aivalid_model::{
    Timestamp,
    audit::{AuditCursor, AuditFilter, AuditSeal, AuditTarget, Outcome},
    id::{AuditId, SessionId, UserId},
};
use async_trait::async_trait;

/// An entry to be written. [`crate::audit::Event`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAuditEntry {
    /// When.
    pub at: Timestamp,
    /// What: `area.what`.
    pub event: String,
    /// Whether it came about.
    pub outcome: Outcome,
    /// Who did it; absent for guests and the system.
    pub actor: Option<UserId>,
    /// Whose account it concerns.
    pub subject: Option<UserId>,
    /// What else it is about.
    pub target: Option<AuditTarget>,
    /// In which session.
    pub session: Option<SessionId>,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub user_agent: String,
    /// In which request.
    pub request_id: String,
    /// A JSON object; the exact text that is hashed.
    pub details: String,
}

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Counted up as entries are written.
    pub id: AuditId,
    /// What it says.
    pub entry: NewAuditEntry,
    /// Its place in the chain; absent until it is sealed.
    pub seal: Option<AuditSeal>,
}

/// The last sealed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// 0 while nothing is sealed.
    pub seq: i64,
    /// Its hash; [`crate::audit::chain::GENESIS`] while nothing is sealed.
    pub hash: String,
}

/// Failed sign-ins from one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u64,
    /// Over how many targets.
    pub targets: u64,
}

/// Who wants to seal, and for how long nobody else shall.
#[derive(Clone, Debug)]
pub struct SealTurn {
    /// The instance.
    pub sealer: String,
    /// Now.
    pub now: Timestamp,
    /// Until when the instance keeps its turn.
    pub lease_until: Timestamp,
    /// How many entries at most.
    pub limit: i64,
}

/// The audit log. Entries are never changed or deleted.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Writes an entry, unsealed. Once it returns the entry can't be lost.
    async fn audit_append(&self, entry: &NewAuditEntry) -> StoreResult<AuditId>;
    /// Seals what is unsealed in the order of its ids, and moves the head, all in one step; how many. Nothing while
    /// another instance has its turn. However many seal at once, there is one chain.
    async fn audit_seal(&self, turn: &SealTurn) -> StoreResult<u64>;
    /// The last sealed entry.
    async fn audit_head(&self) -> StoreResult<AuditHead>;
    /// Sealed entries after a place in the chain, in its order.
    async fn audit_chain(&self, after: i64, limit: i64) -> StoreResult<Vec<AuditRecord>>;
    /// Entries, newest first, after a cursor.
    async fn audit_list(&self, filter: &AuditFilter, after: Option<AuditCursor>, limit: i64) -> StoreResult<Vec<AuditRecord>>;
    /// One entry.
    async fn audit_get(&self, id: AuditId) -> StoreResult<Option<AuditRecord>>;
    /// How often an event failed from an address since a time, and over how many targets.
    async fn audit_failures(&self, event: &str, ip: &str, since: Timestamp) -> StoreResult<Failures>;
}
