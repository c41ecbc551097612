//! Sign-ins that wait for their second factor: five minutes, on the device that began them, finished once. One that was begun with a
//! password that was changed or locked since then has lapsed.

use super::{keys::digest, lockout::LOCK};
use crate::{Caller, Service, store::User};
use aivalid_model::{
    Error, Result, Timestamp,
    id::UserId,
    identity::{IdentityError, Method, Methods, Token},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a sign-in waits for its second factor.
pub const SECOND_STEP_LIFE: Duration = Duration::from_mins(5);

/// A first factor that was shown.
#[derive(Serialize, Deserialize)]
pub(super) struct PendingSignIn {
    pub user: UserId,
    pub methods: Methods,
    pub login_method: String,
    device: Option<String>,
    begun_at: Timestamp,
    /// Tells whether the account still has the password that it had.
    password: Option<Vec<u8>>,
}

impl PendingSignIn {
    pub(super) fn new(caller: &Caller, user: &User, methods: Methods, login_method: &str, now: Timestamp) -> Self {
        let (login_method, password) = (login_method.to_owned(), fingerprint(user));
        Self { user: user.card.id, methods, login_method, device: caller.device.clone(), begun_at: now, password }
    }

    fn of_bytes(bytes: Option<Vec<u8>>) -> Result<Self> {
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(|| IdentityError::SignInLapsed.into())
    }
}

/// A new password has a new salt, so that the same typed twice differs as well.
fn fingerprint(user: &User) -> Option<Vec<u8>> {
    user.password_hash.as_deref().map(digest)
}

/// Only a digest of the token is kept.
fn key(token: &str) -> String {
    format!("mfa:{}", hex::encode(digest(token)))
}

impl Service {
    /// Keeps a sign-in waiting; the token with which it goes on.
    pub(super) async fn pend(&self, sign_in: &PendingSignIn) -> Result<String> {
        let token = self.inner.random.secret("mfa_");
        let bytes = serde_json::to_vec(sign_in).map_err(|_| Error::Internal)?;
        self.inner.stores.challenges.challenge_put(&key(&token), &bytes, SECOND_STEP_LIFE).await?;
        Ok(token)
    }

    /// The sign-in that a token stands for, and whose it is, on the device that began it. Whatever the first factor was, a new
    /// password ends it, as it ends sessions: by a change, a reset, or "this wasn't me".
    pub(super) async fn pending(&self, caller: &Caller, token: &Token) -> Result<(PendingSignIn, User)> {
        let pending = PendingSignIn::of_bytes(self.inner.stores.challenges.challenge_get(&key(token.expose())).await?)?;
        let user = self.inner.stores.users.user_by_id(pending.user).await?.ok_or(IdentityError::SignInLapsed)?;
        let same = pending.device == caller.device && pending.password == fingerprint(&user);
        if same && !self.locked_since(caller, &pending, &user).await? {
            Ok((pending, user))
        } else {
            Err(IdentityError::SignInLapsed.into())
        }
    }

    /// Whether the password that a sign-in began with was locked or disabled since then. Neither holds on known devices.
    async fn locked_since(&self, caller: &Caller, pending: &PendingSignIn, user: &User) -> Result<bool> {
        let lock = if pending.methods.has(Method::Password) { self.password_lock(user).await? } else { None };
        let holds = lock.is_some_and(|lock| lock.disabled || lock.until.is_some_and(|until| until.minus(LOCK) >= pending.begun_at));
        let device = caller.device.as_deref().unwrap_or_default();
        Ok(holds && !self.inner.stores.credentials.device_is_known(pending.user, device).await?)
    }

    /// Takes the sign-in: of racing finishers one goes on.
    pub(super) async fn pending_done(&self, token: &Token) -> Result<PendingSignIn> {
        PendingSignIn::of_bytes(self.inner.stores.challenges.challenge_take(&key(token.expose())).await?)
    }
}
