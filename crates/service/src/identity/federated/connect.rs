//! What an account is connected with: the list, connecting one more, disconnecting.

use crate::{
    Caller, Service, SignedIn,
    audit::Event,
    federation::FederatedProfile,
    mail::CredentialChange,
    store::{FederatedIdentity, IdentityLinked, IdentityUnlinked},
};
use aivalid_model::{
    Error, Result, Timestamp,
    id::UserId,
    identity::{ConnectionView, Connections, IdentityError, Requirement, Token},
};

impl Service {
    /// The services there are, and what the caller's account is connected with.
    pub async fn connections(&self, caller: &Caller) -> Result<Connections> {
        let identities = match &caller.user {
            Some(_) => self.inner.stores.federated.identity_list(caller.in_person()?.id).await?,
            None => vec![],
        };
        let connections = identities.into_iter().map(|identity| self.connection(identity)).collect();
        Ok(Connections { providers: self.federated_providers(), connections })
    }

    /// Whether accounts can be connected with anything here.
    pub fn has_connections(&self) -> bool {
        !self.inner.federation.providers().is_empty()
    }

    fn connection(&self, identity: FederatedIdentity) -> ConnectionView {
        let FederatedIdentity { provider, email, linked_at, last_used_at, .. } = identity;
        ConnectionView { label: self.provider_label(&provider), provider, email, linked_at, last_used_at }
    }

    /// Connects the identity that waits under a token with the caller's account, which must be the one with the address that the
    /// service vouches for. The caller has signed in since the identity waits, or proves once more who they are. Where to go: a path of ours.
    pub async fn federated_connect(&self, caller: &Caller, token: &Token) -> Result<String> {
        let user = caller.in_person()?;
        let pending = self.pending_get(token).await?;
        if self.owner_of(&pending).await?.is_none_or(|owner| owner.card.id != user.id) {
            return Err(IdentityError::FederatedOther.into());
        }
        if !has_signed_in_since(user, pending.begun_at) {
            caller.require(Requirement::SUDO, self.now())?;
        }
        let linked = self.inner.stores.federated.identity_link(&pending.of(user.id, self.now())).await?;
        self.federated_linked(caller, user.id, &pending.provider, linked).await?;
        self.pending_forget(token).await?;
        Ok(pending.next)
    }

    /// Connects who came back from another service with an account whose owner asked for it.
    pub(super) async fn federated_link(&self, caller: &Caller, user: UserId, provider: &str, profile: &FederatedProfile) -> Result<()> {
        let identity = FederatedIdentity {
            user,
            provider: provider.to_owned(),
            issuer: profile.issuer.clone(),
            subject: profile.subject.clone(),
            email: profile.email.clone(),
            linked_at: self.now(),
            last_used_at: None,
        };
        let linked = self.inner.stores.federated.identity_link(&identity).await?;
        self.federated_linked(caller, user, provider, linked).await
    }

    async fn federated_linked(&self, caller: &Caller, user: UserId, provider: &str, linked: IdentityLinked) -> Result<()> {
        match linked {
            IdentityLinked::Done => {
                self.audit(caller, named("federated.linked", user, provider, self.provider_label(provider))).await?;
                let change = CredentialChange::ProviderLinked(self.provider_label(provider));
                self.credential_changed(caller, user, change).await
            }
            IdentityLinked::Again => Ok(()),
            IdentityLinked::Taken => Err(IdentityError::FederatedTaken.into()),
            IdentityLinked::Second => Err(IdentityError::FederatedSecond.into()),
            IdentityLinked::Missing => Err(Error::Unauthenticated),
        }
    }

    /// Disconnects a service from the caller's account, in an elevated session, unless it is the last way to sign in. Its owner gets
    /// a mail.
    pub async fn federated_unlink(&self, caller: &Caller, provider: &str) -> Result<()> {
        let user = caller.require(Requirement::SUDO, self.now())?.id;
        match self.inner.stores.federated.identity_unlink(user, provider, self.otp_available()).await? {
            IdentityUnlinked::Done(identity) => {
                let label = self.provider_label(&identity.provider);
                self.audit(caller, named("federated.unlinked", user, &identity.provider, label.clone())).await?;
                self.credential_changed(caller, user, CredentialChange::ProviderUnlinked(label)).await
            }
            IdentityUnlinked::LastWay => Err(IdentityError::LastWayIn.into()),
            IdentityUnlinked::Missing => Err(Error::NotFound),
        }
    }
}

fn named(event: &'static str, user: UserId, provider: &str, label: String) -> Event {
    Event::new(event).about(user).on("provider", provider).detail("name", label)
}

/// Whether what the session rests on was shown since then. A code by SMS is not enough to change how an account is signed in to.
fn has_signed_in_since(user: &SignedIn, since: Timestamp) -> bool {
    user.shown.authenticated_at >= since && user.shown.methods.is_more_than_sms()
}
