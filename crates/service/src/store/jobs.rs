//! Work for later: letters, and whatever else must not be lost when the process ends.

use super::{OneTime, StoreResult};
use aivalid_model::{
    Timestamp,
    id::{JobId, UserId},
};
use async_trait::async_trait;

/// Who holds a lease: random, made anew for every claim.
pub type ClaimToken = [u8; 16];

/// Work to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The stored word of its kind.
    pub kind: String,
    /// While a job lives, no other of its kind with the same key is added.
    pub dedup: Option<String>,
    /// Sealed.
    pub payload: Vec<u8>,
    /// Not before.
    pub due_at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// A claim on due jobs.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Of this kind.
    pub kind: &'a str,
    /// Who claims.
    pub token: ClaimToken,
    /// Now.
    pub now: Timestamp,
    /// When the lease ends and others may take over.
    pub until: Timestamp,
    /// How many at most.
    pub limit: i64,
}

/// A claimed job.
#[derive(Clone, PartialEq, Eq)]
pub struct Job {
    /// The job.
    pub id: JobId,
    /// Sealed.
    pub payload: Vec<u8>,
    /// How often it was claimed, this time included.
    pub attempts: i64,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A job as an operator sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct JobRecord {
    /// The job.
    pub id: JobId,
    /// The stored word of its kind.
    pub kind: String,
    /// Sealed.
    pub payload: Vec<u8>,
    /// When it may be claimed next.
    pub due_at: Timestamp,
    /// Whether somebody holds it.
    pub claimed: bool,
    /// How often it was claimed.
    pub attempts: i64,
    /// How the last attempt failed.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

/// How many jobs of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFigures {
    /// The stored word of the kind.
    pub kind: String,
    /// Waiting or claimed.
    pub live: u64,
    /// Given up.
    pub dead: u64,
    /// When the oldest live one was added.
    pub oldest: Option<Timestamp>,
}

/// A one-time token, and the letter that carries it.
#[derive(Clone, Debug)]
pub struct TokenLetter {
    /// What the token is for.
    pub purpose: OneTime,
    /// Its SHA-256 digest.
    pub digest: Vec<u8>,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// The letter.
    pub letter: NewJob,
}

/// The queue. A lease is the pair of a claim's token and its end; whoever comes with another token changes nothing.
///
/// Use cases of the same database add their jobs in their own transaction (`user_register`, `token_send`), so that neither
/// exists without the other.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Adds a job. `None`: one with its key lives already.
    async fn job_add(&self, job: &NewJob) -> StoreResult<Option<JobId>>;
    /// Leases due jobs, those that wait longest first; of racing claims each job goes to one. They are listed by id.
    async fn job_claim(&self, claim: &Claim<'_>) -> StoreResult<Vec<Job>>;
    /// The work is done: the job and its payload are gone.
    async fn job_done(&self, id: JobId, token: &ClaimToken) -> StoreResult<bool>;
    /// The attempt failed: the next one is not before `due_at`.
    async fn job_retry(&self, id: JobId, token: &ClaimToken, due_at: Timestamp, error: &str) -> StoreResult<bool>;
    /// The job is given up, and kept for an operator.
    async fn job_bury(&self, id: JobId, token: &ClaimToken, error: &str, now: Timestamp) -> StoreResult<bool>;
    /// Gives a lease back; the attempt does not count.
    async fn job_release(&self, id: JobId, token: &ClaimToken, now: Timestamp) -> StoreResult<bool>;
    /// When the next job of a kind can be claimed, be it that a lease ends.
    async fn job_next_due(&self, kind: &str) -> StoreResult<Option<Timestamp>>;
    /// Jobs that were given up, newest first, or those that live, in the order they will be claimed.
    async fn job_list(&self, dead: bool, limit: i64) -> StoreResult<Vec<JobRecord>>;
    /// How many there are of each kind that has any, by kind.
    async fn job_figures(&self) -> StoreResult<Vec<JobFigures>>;
    /// Brings one that was given up, or all of them, back with as many attempts as a new one; it leaves its key behind. How many.
    async fn job_requeue(&self, id: Option<JobId>, now: Timestamp) -> StoreResult<u64>;
    /// Deletes what was given up before a time; how many.
    async fn job_sweep(&self, before: Timestamp) -> StoreResult<u64>;
    /// Keeps a one-time token, as `token_put` does, and adds its letter, both or neither. When the user does not exist only the
    /// letter is added, by the same statements in the same time: a decoy.
    async fn token_send(&self, user: UserId, token: &TokenLetter) -> StoreResult<()>;
}
