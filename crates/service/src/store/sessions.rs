//! Sessions and one-time tokens.

use super::StoreResult;
use aivalid_model::{
    Timestamp,
    id::{SessionId, UserId},
    identity::{Methods, Token},
};
use async_trait::async_trait;

/// A session as stored. Refresh tokens themselves are never stored, only SHA-256 digests of their `jti`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// `password`, …
    pub login_method: String,
    /// The device's random id, if it has one.
    pub device: Option<String>,
    /// The address it was last used from.
    pub ip: String,
    /// The browser it was last used from.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within a few minutes.
    pub last_active_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// What was shown in it.
    pub methods: Methods,
    /// When it last was.
    pub authenticated_at: Timestamp,
    /// When it was last elevated.
    pub elevated_at: Option<Timestamp>,
    /// What was shown for that, and since.
    pub elevated_by: Methods,
    /// When it was ended, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Why it was ended, if it was: [`Session::LIMIT`], [`Session::SUCCEEDED`], `logout`, …
    pub revoked_reason: Option<String>,
    /// Digest of the refresh token that may be used.
    pub refresh: Vec<u8>,
    /// Digest of the one before.
    pub refresh_parent: Option<Vec<u8>>,
    /// When the one that may be used was made.
    pub rotated_at: Timestamp,
    /// When the waiting time of an open request to recover its account is over: every page tells of it.
    pub recovery_until: Option<Timestamp>,
}

impl Session {
    /// Why the oldest ends when there are too many.
    pub const LIMIT: &str = "limit";
    /// Why it ends when its browser signs in anew, to whichever account.
    pub const SUCCEEDED: &str = "succeeded";
}

/// A new session.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Made by the caller.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// `password`, …
    pub login_method: String,
    /// The device's random id.
    pub device: Option<String>,
    /// The address.
    pub ip: String,
    /// The browser.
    pub user_agent: String,
    /// What was shown.
    pub methods: Methods,
    /// Digest of the first refresh token.
    pub refresh: Vec<u8>,
    /// Now.
    pub now: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The session that the same client had, of whichever account: it ends.
    pub instead_of: Option<SessionId>,
}

/// What was shown in a session that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewlyShown {
    /// Everything that was shown in it by now.
    pub methods: Methods,
    /// What its elevation rests on by now.
    pub elevated_by: Methods,
    /// Whether it is elevated from now on.
    pub elevate: bool,
    /// Now.
    pub now: Timestamp,
}

/// A step from one refresh token to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Digest of the token that was shown.
    pub from: Vec<u8>,
    /// Digest of its successor.
    pub to: Vec<u8>,
    /// Now.
    pub now: Timestamp,
}

/// Sessions.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Opens a session and ends the one whose place it takes, as [`Session::SUCCEEDED`]. When the user then has more than `max_live`, the oldest are revoked as [`Session::LIMIT`] and named.
    async fn session_open(&self, session: &NewSession, max_live: i64) -> StoreResult<Vec<SessionId>>;
    /// By id, also when ended.
    async fn session_get(&self, id: SessionId) -> StoreResult<Option<Session>>;
    /// A user's live sessions, last used first.
    async fn session_list(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Session>>;
    /// Takes the step if the session is live and `from` is the token that may be used; of racing steps one succeeds.
    async fn session_rotate(&self, id: SessionId, step: &Rotation) -> StoreResult<bool>;
    /// Makes the present token anew (same digest, new time) if it was made at `rotated_at`: its holder lost it before using it.
    async fn session_renew(&self, id: SessionId, rotated_at: Timestamp, now: Timestamp) -> StoreResult<bool>;
    /// Notes where and when a session was used.
    async fn session_touch(&self, id: SessionId, ip: &str, user_agent: &str, now: Timestamp) -> StoreResult<()>;
    /// Notes that these were shown in a live session besides what was before. False when there is no such live session.
    async fn session_authenticated(&self, id: SessionId, shown: &NewlyShown) -> StoreResult<bool>;
    /// Ends one session of a user. False when there is no such live session.
    async fn session_revoke(&self, user: UserId, id: SessionId, reason: &str, now: Timestamp) -> StoreResult<bool>;
    /// Ends all of a user's live sessions but one, and names them.
    async fn session_revoke_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        reason: &str,
        now: Timestamp,
    ) -> StoreResult<Vec<SessionId>>;
    /// Deletes what expired or was revoked before a time; how many.
    async fn session_sweep(&self, before: Timestamp) -> StoreResult<u64>;
}

/// What a one-time token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OneTime {
    /// Confirming an e-mail address.
    VerifyEmail,
    /// Setting a new password.
    ResetPassword,
}

impl OneTime {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
        }
    }

    /// What its tokens begin with, so that junk and leaked ones are known for what they are.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::VerifyEmail => "vfy_",
            Self::ResetPassword => "rst_",
        }
    }

    /// Whether a token has the form of ours, so that junk never reaches the store.
    pub fn could_be(self, token: &Token) -> bool {
        crate::secret::is_well_formed(self.prefix(), token.expose())
    }
}

/// One-time tokens, stored as SHA-256 digests.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Keeps a token; earlier ones of the same user and purpose stop working.
    async fn token_put(&self, purpose: OneTime, digest: &[u8], user: UserId, expires_at: Timestamp) -> StoreResult<()>;
    /// Uses a token up: the user's id, once, before it expires.
    async fn token_take(&self, purpose: OneTime, digest: &[u8], now: Timestamp) -> StoreResult<Option<UserId>>;
}
