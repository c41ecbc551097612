//! Identities that were proven and belong to no account yet: they wait for 15 minutes, in the browser that proved them.

use super::{begin::Begun, finish::FederatedEnd};
use crate::{
    Service,
    federation::FederatedProfile,
    identity::keys::digest,
    secret::is_well_formed,
    store::{FederatedIdentity, User},
};
use aivalid_model::{
    Error, Result, Timestamp,
    id::UserId,
    identity::{IdentityError, Token, proposed_username},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long an identity waits.
pub const PENDING_LIFE: Duration = Duration::from_mins(15);
/// What its tokens begin with.
const PREFIX: &str = "fid_";

/// What waits, for the page that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingIdentity {
    /// What people know the service by.
    pub label: String,
    /// The address that the service told.
    pub email: Option<String>,
    /// Whether the service vouches for it.
    pub email_verified: bool,
    /// What a username could be; may be empty.
    pub username: String,
    /// Whether an account has the address, which is looked up only where the service vouches for it.
    pub owner_exists: bool,
    /// Where to go afterwards: a path of ours.
    pub next: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Pending {
    pub provider: String,
    issuer: String,
    subject: String,
    /// In lower case.
    pub email: Option<String>,
    pub email_verified: bool,
    hint: Option<String>,
    pub next: String,
    pub begun_at: Timestamp,
}

impl Pending {
    /// The identity as a user's.
    pub(super) fn of(&self, user: UserId, now: Timestamp) -> FederatedIdentity {
        FederatedIdentity {
            user,
            provider: self.provider.clone(),
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
            email: self.email.clone(),
            linked_at: now,
            last_used_at: None,
        }
    }

    /// The address, where the service vouches for it.
    pub(super) fn vouched(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified)
    }
}

/// Only a digest of the token is kept.
fn key(token: &str) -> String {
    format!("oauth:pending:{}", hex::encode(digest(token)))
}

impl Service {
    /// Lets an identity wait that no account has.
    pub(super) async fn federated_unknown(&self, begun: &Begun, profile: FederatedProfile) -> Result<FederatedEnd> {
        let FederatedProfile { issuer, subject, email, email_verified, hint } = profile;
        let (provider, next) = (begun.provider.clone(), begun.next.clone());
        let pending = Pending { provider, issuer, subject, email, email_verified, hint, next, begun_at: self.now() };
        let owner_exists = self.owner_of(&pending).await?.is_some();
        let token = self.inner.random.secret(PREFIX);
        let bytes = serde_json::to_vec(&pending).map_err(|_| Error::Internal)?;
        self.inner.stores.challenges.challenge_put(&key(&token), &bytes, PENDING_LIFE).await?;
        Ok(FederatedEnd::Unknown { token, owner_exists })
    }

    /// Whose account has the address that the service vouches for.
    pub(super) async fn owner_of(&self, pending: &Pending) -> Result<Option<User>> {
        match pending.vouched() {
            Some(email) => Ok(self.inner.stores.users.user_by_email(email).await?),
            None => Ok(None),
        }
    }

    pub(super) async fn pending_get(&self, token: &Token) -> Result<Pending> {
        if !is_well_formed(PREFIX, token.expose()) {
            return Err(IdentityError::FederatedExpired.into());
        }
        let kept = self.inner.stores.challenges.challenge_get(&key(token.expose())).await?;
        let pending: Option<Pending> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let lives = |pending: &Pending| pending.begun_at.plus(PENDING_LIFE) > self.now();
        pending.filter(lives).ok_or_else(|| IdentityError::FederatedExpired.into())
    }

    /// It waits no longer.
    pub(super) async fn pending_forget(&self, token: &Token) -> Result<()> {
        self.inner.stores.challenges.challenge_take(&key(token.expose())).await?;
        Ok(())
    }

    /// What waits under the token of this browser's cookie. Who has that has just proven to be who it tells of.
    pub async fn federated_pending(&self, token: &Token) -> Result<PendingIdentity> {
        let pending = self.pending_get(token).await?;
        let owner_exists = self.owner_of(&pending).await?.is_some();
        let label = self.provider_label(&pending.provider);
        let hint = pending.hint.as_deref().or(pending.email.as_deref()).unwrap_or_default();
        let (username, email_verified) = (proposed_username(hint), pending.email_verified);
        Ok(PendingIdentity { label, email: pending.email, email_verified, username, owner_exists, next: pending.next })
    }
}
