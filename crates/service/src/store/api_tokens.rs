//! Personal API tokens.

use super::{NewJob, StoreResult};
use aivalid_model::{
    Timestamp,
    id::{ApiTokenId, UserId},
    identity::Scopes,
};
use async_trait::async_trait;

/// A token as stored, without its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Made by the caller.
    pub id: ApiTokenId,
    /// Whose.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// What it may.
    pub scopes: Scopes,
    /// Its last characters, to tell it from others.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to within a few minutes.
    pub last_used_at: Option<Timestamp>,
    /// From which address.
    pub last_used_ip: Option<String>,
}

/// Personal API tokens, found by the SHA-256 digest of what is shown.
#[async_trait]
pub trait ApiTokenStore: Send + Sync {
    /// Keeps a token, unless its owner has `most` that have not ended at its making. Whether it was kept.
    async fn api_token_add(&self, token: &ApiToken, digest: &[u8], most: i64) -> StoreResult<bool>;
    /// The token with this digest, if it has not ended.
    async fn api_token_find(&self, digest: &[u8], now: Timestamp) -> StoreResult<Option<ApiToken>>;
    /// A user's tokens, newest first; those that ended too, until they are swept.
    async fn api_token_list(&self, user: UserId) -> StoreResult<Vec<ApiToken>>;
    /// Notes when and from where a token was used.
    async fn api_token_used(&self, id: ApiTokenId, ip: &str, now: Timestamp) -> StoreResult<()>;
    /// Deletes a user's token; what it was, if there was one.
    async fn api_token_revoke(&self, user: UserId, id: ApiTokenId) -> StoreResult<Option<ApiToken>>;
    /// Tokens that live at `now` and end until a time, whose owners were not told so, the first to end first. Those that live no
    /// longer than from `now` until then are left out: their owners have just made them.
    async fn api_tokens_ending(&self, now: Timestamp, until: Timestamp, limit: i64) -> StoreResult<Vec<ApiToken>>;
    /// Notes that an owner is told of a token's end, and queues the letter, if there is one to send: both or neither. Of racing
    /// callers one does; false for the others.
    async fn api_token_end_told(&self, id: ApiTokenId, letter: Option<&NewJob>, now: Timestamp) -> StoreResult<bool>;
    /// Deletes tokens that ended before a time; how many.
    async fn api_tokens_sweep(&self, before: Timestamp) -> StoreResult<u64>;
}
