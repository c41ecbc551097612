//! Requests to recover an account without its second factors.

use super::{Listing, NewAuditEntry, NewJob, StoreResult};
use aivalid_model::{
    Timestamp,
    id::{RecoveryId, SessionId, UserId},
    identity::RecoveryState,
    page::PageRequest,
};
use async_trait::async_trait;

/// A request as stored, without the digest of its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Made by the caller.
    pub id: RecoveryId,
    /// Whose account.
    pub user: UserId,
    /// Where it stands.
    pub state: RecoveryState,
    /// What happened, in the words of whoever asked.
    pub statement: Option<String>,
    /// The address it was asked for from.
    pub ip: String,
    /// The browser it was asked for with.
    pub user_agent: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the waiting time is over.
    pub waits_until: Timestamp,
    /// How often its owner was told so far.
    pub announced: i64,
    /// Until when the link works that finishes it.
    pub link_until: Option<Timestamp>,
    /// Which reviewer decided it.
    pub decided_by: Option<UserId>,
    /// When they did.
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it came to an end.
    pub ended_at: Option<Timestamp>,
    /// What stopped it: `link`, `session`, `factor`, `password`, `not_me`.
    pub stopped_by: Option<String>,
}

/// What goes with a change, in its transaction: what its owner is told, and the entry of the audit log.
#[derive(Clone, Debug)]
pub struct Told {
    /// On every channel there is.
    pub letters: Vec<NewJob>,
    /// The entry.
    pub entry: NewAuditEntry,
}

/// A reviewer's decision.
#[derive(Clone, Debug)]
pub struct RecoveryVerdict {
    /// Who.
    pub by: UserId,
    /// Why it was rejected.
    pub reason: Option<String>,
}

/// A step of a request. It is taken only from where the request was seen to stand, so that of many who take it one does.
#[derive(Clone, Debug)]
pub struct RecoveryStep {
    /// The request.
    pub id: RecoveryId,
    /// Where it stood, and how often its owner had been told.
    pub from: (RecoveryState, i64),
    /// Where it stands then, and how often its owner has been told then.
    pub to: (RecoveryState, i64),
    /// When there is something to do next.
    pub next_at: Option<Timestamp>,
    /// The digest of the link that finishes it, and until when that works.
    pub link: Option<(Vec<u8>, Timestamp)>,
    /// The decision, where a reviewer takes the step. Nobody decides about their own account.
    pub verdict: Option<RecoveryVerdict>,
    /// What its owner is told.
    pub told: Told,
    /// Now.
    pub now: Timestamp,
}

/// Requests to recover accounts. Everything that changes a credential by which its owner may have been robbed also stops an open one
/// (`password_set`, `password_reset`, `account_undo`).
#[async_trait]
pub trait RecoveryStore: Send + Sync {
    /// Keeps a new request, first due at `next_at`. False, and nothing is kept, when its account has an open one.
    async fn recovery_begin(&self, recovery: &Recovery, next_at: Timestamp, told: &Told) -> StoreResult<bool>;
    /// An account's open request.
    async fn recovery_open(&self, user: UserId) -> StoreResult<Option<Recovery>>;
    /// By id, also when it has come to an end.
    async fn recovery_get(&self, id: RecoveryId) -> StoreResult<Option<Recovery>>;
    /// The request that a link finishes, while the link works.
    async fn recovery_by_link(&self, digest: &[u8], now: Timestamp) -> StoreResult<Option<Recovery>>;
    /// All requests of an account, newest first.
    async fn recovery_list(&self, user: UserId) -> StoreResult<Vec<Recovery>>;
    /// Requests that wait for a reviewer, those that wait longest first.
    async fn recovery_queue(&self, page: PageRequest) -> StoreResult<Listing<Recovery>>;
    /// Requests with something to do, by when it was due.
    async fn recovery_due(&self, now: Timestamp, limit: i64) -> StoreResult<Vec<Recovery>>;
    /// Takes a step; false when the request does not stand there any more.
    async fn recovery_step(&self, step: &RecoveryStep) -> StoreResult<bool>;
    /// Stops an open request; false when it is not open any more.
    async fn recovery_stop(&self, id: RecoveryId, by: &str, now: Timestamp, told: &Told) -> StoreResult<bool>;
    /// Finishes the request that a link stands for: the link is used up, the account's authenticator app, backup codes and API tokens are
    /// gone, all its sessions end, and the account is marked as recovered now. Which sessions; `None`, and nothing is done, when the
    /// link does not work (any more) or the waiting time is not over.
    async fn recovery_finish(&self, user: UserId, digest: &[u8], now: Timestamp, told: &Told) -> StoreResult<Option<Vec<SessionId>>>;
}
