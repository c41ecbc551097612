//! Proving once more who one is by another service, which must ask there and then, and say when it did (`OpenID` Connect Core, 3.1.2.1:
//! `prompt=login`, `max_age`, `auth_time`). Only for accounts that have nothing of their own: where there is a password, a passkey
//! or an app, somebody else's word would be a weaker way around it.

use super::begin::Purpose;
use crate::{Caller, Service, audit::Event, federation::FederatedProfile, store::User};
use aivalid_model::{
    Error, Result,
    identity::{IdentityError, Method, Methods},
};
use subtle::ConstantTimeEq;

/// A service that can vouch for who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FederatedProof {
    /// The service.
    pub provider: String,
    /// What people know it by.
    pub label: String,
    /// For the link that begins it; absent where the service does not tell when somebody signed in, and so proves nothing.
    pub token: Option<String>,
}

impl Service {
    /// The services by which the caller may prove once more who they are; none where the account has something of its own.
    pub async fn federated_proofs(&self, caller: &Caller) -> Result<Vec<FederatedProof>> {
        let user = caller.in_person()?;
        let session = user.session()?;
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        if !self.has_only_providers(&account).await? {
            return Ok(vec![]);
        }
        let known = self.federated_providers();
        let identities = self.inner.stores.federated.identity_list(user.id).await?.into_iter();
        let proofs = identities.filter_map(|identity| {
            let view = known.iter().find(|known| known.provider == identity.provider)?.clone();
            let tells = self.inner.federation.tells_when(&view.provider);
            let token = tells.then(|| self.inner.keys.sudo_mac(session, &view.provider));
            Some(FederatedProof { provider: view.provider, label: view.label, token })
        });
        Ok(proofs.collect())
    }

    async fn has_only_providers(&self, account: &User) -> Result<bool> {
        let id = account.card.id;
        Ok(account.password_hash.is_none() && !self.has_passkey(id).await? && self.second_factors(id).await?.is_empty())
    }

    /// The token is that of a link on our own page, and the service may vouch for this account.
    pub(super) async fn proving(&self, caller: &Caller, provider: &str, token: &str) -> Result<Purpose> {
        let user = caller.in_person()?;
        let session = user.session()?;
        if !bool::from(self.inner.keys.sudo_mac(session, provider).as_bytes().ct_eq(token.as_bytes())) {
            return Err(Error::Csrf);
        }
        self.admit(&format!("sudo:u:{}", user.id), self.inner.settings.limits.login_account).await?;
        let may = self.federated_proofs(caller).await?.iter().any(|proof| proof.provider == provider && proof.token.is_some());
        if may { Ok(Purpose::Sudo(user.id, session)) } else { Err(IdentityError::SudoRequired.into()) }
    }

    /// Elevates the session in which somebody came back from a service that they just signed in to.
    pub(super) async fn sudo_by_provider(&self, caller: &Caller, provider: &str, profile: &FederatedProfile) -> Result<()> {
        let user = caller.in_person()?;
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        let identity = self.inner.stores.federated.identity_find(&profile.issuer, &profile.subject).await?;
        let is_theirs = identity.is_some_and(|identity| identity.user == user.id);
        // In the meantime the account may have got a password.
        if !is_theirs || !self.has_only_providers(&account).await? {
            self.audit(caller, Event::failed("sudo.failed").about(user.id).detail("method", provider)).await?;
            return Err(IdentityError::FederatedRefused.into());
        }
        self.elevated_with(user, Methods::of(Method::Federated)).await?;
        self.audit(caller, Event::new("sudo.done").about(user.id).detail("method", provider)).await
    }
}
