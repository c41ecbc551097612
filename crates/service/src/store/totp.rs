//! Authenticator apps and backup codes.

use super::StoreResult;
use aivalid_model::{Timestamp, id::UserId};
use async_trait::async_trait;

/// An account's secret as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpRecord {
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// The last step of 30 seconds whose code was accepted.
    pub last_step: i64,
    /// Since when it is asked for; absent while it is being set up.
    pub enabled_at: Option<Timestamp>,
}

/// Second factors of accounts. Every use is one conditional statement, so that of racing ones one succeeds.
#[async_trait]
pub trait TotpStore: Send + Sync {
    /// Keeps a secret that is being set up, in place of an earlier one that was never switched on. False when one is on.
    async fn totp_begin(&self, user: UserId, secret: &[u8], now: Timestamp) -> StoreResult<bool>;
    /// An account's secret.
    async fn totp_get(&self, user: UserId) -> StoreResult<Option<TotpRecord>>;
    /// Switches on the secret that is being set up, if it still is this one, with its first used step and the digests of the
    /// backup codes, which replace all earlier ones. False when there is nothing to switch on.
    async fn totp_enable(&self, user: UserId, secret: &[u8], step: i64, codes: &[Vec<u8>], now: Timestamp) -> StoreResult<bool>;
    /// Uses a step up. False when it, or a later one, was used already, or when nothing is on.
    async fn totp_use(&self, user: UserId, step: i64) -> StoreResult<bool>;
    /// Switches off and forgets the secret and the backup codes. False when nothing was on.
    async fn totp_disable(&self, user: UserId) -> StoreResult<bool>;
    /// Replaces all backup codes. False when nothing is on.
    async fn backup_codes_replace(&self, user: UserId, codes: &[Vec<u8>]) -> StoreResult<bool>;
    /// Uses a backup code up. False when there is none such that was not used.
    async fn backup_code_use(&self, user: UserId, digest: &[u8], now: Timestamp) -> StoreResult<bool>;
    /// How many backup codes are left.
    async fn backup_codes_left(&self, user: UserId) -> StoreResult<u64>;
}
