//! Sign-ins that wait for their second factor: five minutes, on the device that began them, finished once.

use super::keys::digest;
use crate::{Caller, Service};
use aivalid_model::{
    Error, Result,
    id::UserId,
    identity::{IdentityError, Methods, Token},
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
}

impl PendingSignIn {
    pub(super) fn new(caller: &Caller, user: UserId, methods: Methods, login_method: &str) -> Self {
        Self { user, methods, login_method: login_method.to_owned(), device: caller.device.clone() }
    }

    fn of_bytes(bytes: Option<Vec<u8>>) -> Result<Self> {
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(|| IdentityError::SignInLapsed.into())
    }
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

    /// The sign-in that a token stands for, on the device that began it.
    pub(super) async fn pending(&self, caller: &Caller, token: &Token) -> Result<PendingSignIn> {
        let pending = PendingSignIn::of_bytes(self.inner.stores.challenges.challenge_get(&key(token.expose())).await?)?;
        if pending.device == caller.device { Ok(pending) } else { Err(IdentityError::SignInLapsed.into()) }
    }

    /// Takes the sign-in: of racing finishers one goes on.
    pub(super) async fn pending_done(&self, token: &Token) -> Result<PendingSignIn> {
        PendingSignIn::of_bytes(self.inner.stores.challenges.challenge_take(&key(token.expose())).await?)
    }
}
