//! Phone numbers of accounts, and the state of the codes that are sent to numbers.

use super::{NewJob, StoreResult};
use aivalid_model::{Timestamp, id::UserId, identity::PhoneNumber};
use async_trait::async_trait;

/// What is kept of a phone number while codes for it matter. What it says is the service's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneGuard {
    /// Counts up with every change.
    pub version: i64,
    /// The state, as JSON.
    pub state: String,
}

/// What came of giving an account a phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneSet {
    /// It has it.
    Done {
        /// The number that it had.
        before: Option<PhoneNumber>,
    },
    /// Another account has the number.
    Taken,
    /// There is no such account.
    Missing,
}

/// What came of taking an account's phone number away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneCleared {
    /// It is gone.
    Done(PhoneNumber),
    /// There would be no way left to sign in: nothing was done.
    LastWay,
    /// There is no number, or no such account.
    Missing,
}

/// Phone numbers. Guards stand under a pseudonym of the number, so that nothing tells who asked for codes.
#[async_trait]
pub trait PhoneStore: Send + Sync {
    /// What is kept of a number.
    async fn phone_guard(&self, key: &[u8]) -> StoreResult<Option<PhoneGuard>>;
    /// Replaces the state if it still has the version that was read (`None`: there was nothing), and adds the job that goes with
    /// it, both or neither. Of racing changes from one version one is made. `keep_until` is when the state means nothing any more.
    async fn phone_guard_put(
        &self,
        key: &[u8],
        from: Option<i64>,
        state: &str,
        keep_until: Timestamp,
        job: Option<&NewJob>,
    ) -> StoreResult<bool>;
    /// Deletes states that mean nothing any more; how many.
    async fn phone_guards_sweep(&self, now: Timestamp) -> StoreResult<u64>;

    /// Gives an account a number that was confirmed.
    async fn phone_set(&self, user: UserId, phone: &PhoneNumber, now: Timestamp) -> StoreResult<PhoneSet>;
    /// Takes an account's number away, unless it is the last way to sign in.
    async fn phone_clear(&self, user: UserId, now: Timestamp) -> StoreResult<PhoneCleared>;
}
