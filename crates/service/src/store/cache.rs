//! What may be forgotten: live sessions, sliding windows, kept answers, messages between instances. In memory for one
//! instance, in Redis for many. Everything stays correct when it is flushed.

use super::StoreResult;
use aivalid_model::{
    Lang, Timestamp,
    id::{SessionId, UserId},
    identity::{Methods, Permissions, TimeZone},
    kyc::KycLevel,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What each request needs to know of a live session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedSession {
    /// Whose.
    pub user: UserId,
    /// The present username.
    pub username: String,
    /// The present name.
    #[serde(default)]
    pub full_name: Option<String>,
    /// The address of the present picture.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// The present permissions.
    pub permissions: Permissions,
    /// Whether the address was confirmed.
    pub email_verified: bool,
    /// When the account was made, in microseconds.
    pub since: i64,
    /// How well we know them.
    pub kyc_level: KycLevel,
    /// For showing times.
    pub time_zone: TimeZone,
    /// The language they chose.
    pub locale: Option<Lang>,
    /// What was shown in this session.
    pub methods: Methods,
    /// When it last was, in microseconds.
    pub authenticated_at: i64,
    /// When the session was last elevated, in microseconds.
    pub elevated_at: Option<i64>,
    /// What was shown for that, and since.
    #[serde(default)]
    pub elevated_by: Methods,
    /// When the session ends at the latest, in microseconds.
    pub expires_at: i64,
    /// When the database was last told that the session is used, in microseconds.
    pub touched_at: i64,
    /// When the waiting time of an open request to recover the account is over, in microseconds.
    #[serde(default)]
    pub recovery: Option<i64>,
}

/// Live sessions near at hand. A miss means: ask the database.
#[async_trait]
pub trait SessionCache: Send + Sync {
    /// A session that is known to be live.
    async fn session_recall(&self, id: SessionId) -> StoreResult<Option<CachedSession>>;
    /// Remembers a live session for a while (at most `ttl`).
    async fn session_remember(&self, id: SessionId, session: &CachedSession, ttl: Duration) -> StoreResult<()>;
    /// Forgets a session, on every instance, before it returns. A [`SessionCache::session_remember`] that began earlier must not bring it back.
    async fn session_forget(&self, id: SessionId) -> StoreResult<()>;
}

/// So many in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub count: u32,
    /// In how long.
    pub window: Duration,
}

/// What the limiter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whether it may go on. Refused attempts are not counted.
    pub allowed: bool,
    /// How many more would be allowed now.
    pub remaining: u32,
    /// Until one more is allowed; zero when one is.
    pub retry_after: Duration,
}

/// Sliding windows: at no time more than `count` within the last `window`.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts an attempt, if it is allowed.
    async fn admit(&self, key: &str, limit: Limit, now: Timestamp) -> StoreResult<Admission>;
}

/// An answer kept for a repeated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What is known of an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The first: do it, then save the answer or give the key up.
    First,
    /// The first is still running.
    Running,
    /// The key was used for another request.
    Mismatch,
    /// It was done; here is the answer.
    Done(SavedAnswer),
}

/// One request's hold on an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyClaim {
    /// The key.
    pub key: String,
    /// What the request asks: another fingerprint is another request.
    pub fingerprint: String,
    /// Random, and new for each attempt: a claim that lapsed may have gone to a repetition of the same request, which only
    /// this tells apart.
    pub holder: String,
}

/// Answers kept for repeated requests (not for money: those are kept in the ledger).
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Claims a key. A claim that is neither finished nor given up lapses after `lifetime`.
    async fn attempt(&self, claim: &KeyClaim, lifetime: Duration) -> StoreResult<Attempt>;
    /// Keeps the answer, unless somebody else holds the key by now or an answer is there.
    async fn finish(&self, claim: &KeyClaim, answer: &SavedAnswer, keep: Duration) -> StoreResult<()>;
    /// Gives the key up, so that the request can be tried again; does nothing where somebody else holds it by now.
    async fn give_up(&self, claim: &KeyClaim) -> StoreResult<()>;
}

/// Unfinished business of a few minutes: sign-ins that wait for a second factor, challenges of passkeys, states of sign-ins with
/// other services. Keys begin with what they are for (`mfa:`, `passkey:`). When they are lost, people begin anew.
#[async_trait]
pub trait ChallengeStore: Send + Sync {
    /// Keeps a value for `life`, in place of an earlier one under the key.
    async fn challenge_put(&self, key: &str, value: &[u8], life: Duration) -> StoreResult<()>;
    /// Reads it and leaves it there.
    async fn challenge_get(&self, key: &str) -> StoreResult<Option<Vec<u8>>>;
    /// Takes it away; of racing takers one gets it.
    async fn challenge_take(&self, key: &str) -> StoreResult<Option<Vec<u8>>>;
}

/// A message to every instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signal {
    /// A user's name, picture or badge changed.
    UserChanged(UserId),
    /// Categories or tags changed.
    CatalogChanged,
}

/// Messages between instances: at most once, and gone when nobody listens.
#[async_trait]
pub trait Signals: Send + Sync {
    /// Tells every instance, this one too.
    async fn publish(&self, signal: Signal) -> StoreResult<()>;
    /// Hears what is published from now on.
    async fn subscribe(&self) -> StoreResult<tokio::sync::broadcast::Receiver<Signal>>;
}
