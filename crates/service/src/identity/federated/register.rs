//! Making an account with an identity that waits.

use super::pending::Pending;
use crate::{
    Caller, Service,
    audit::Event,
    identity::SignIn,
    jobs::JobKind,
    store::{NewUser, UserCreated},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    identity::{FederatedRegistration, IdentityError, Method, Methods, Role, Token, Username},
};

/// What came of making an account.
#[derive(Debug)]
pub enum Registered {
    /// The account is there and signed in; where to go: a path of ours.
    SignedIn(Box<SignIn>, String),
    /// A letter is on its way, to confirm the address; the answer is the same where the address has an account.
    LetterSent,
    /// The service vouches for the address, and in the meantime an account has it: its owner may connect it.
    OwnerExists,
}

impl Service {
    /// Makes an account without a password for the identity that waits under a token. The address that the service vouches for is
    /// confirmed by that; every other one by a letter, and only then does the identity count.
    pub async fn federated_register(&self, caller: &Caller, token: &Token, wish: FederatedRegistration) -> Result<Registered> {
        let pending = self.pending_get(token).await?;
        self.admit_mail(caller, &wish.email).await?;
        let confirmed = pending.vouched() == Some(wish.email.as_str());
        if confirmed && self.owner_of(&pending).await?.is_some() {
            return Ok(Registered::OwnerExists);
        }
        let chosen = wish.username.is_some();
        let username = match wish.username.clone() {
            Some(name) => name,
            None => self.made_up_username()?,
        };
        let user = self.federated_user(caller, &wish, &username, confirmed);
        let created = if confirmed {
            let identity = pending.of(user.id, user.now);
            self.inner.stores.federated.identity_register(&user, self.inner.settings.accounts_per_device, &identity).await?
        } else {
            self.register_unconfirmed(caller, &pending, &wish, &user).await?
        };
        match created.ok_or(IdentityError::FederatedExpired)? {
            UserCreated::Done => {
                let event = Event::new("account.made").by(user.id).about(user.id).detail("name", username.as_str());
                self.audit(caller, event.detail("provider", pending.provider.as_str())).await?;
            }
            UserCreated::EmailTaken if confirmed => return Ok(Registered::OwnerExists),
            UserCreated::EmailTaken => {}
            UserCreated::UsernameTaken if chosen => return Err(Error::field("username", Problem::Taken)),
            UserCreated::UsernameTaken => return Err(Error::Unavailable { retry_after: 1 }),
            // No number was given.
            UserCreated::PhoneTaken => return Err(Error::Internal),
            UserCreated::DeviceLimit => return Err(IdentityError::DeviceLimit.into()),
        }
        self.pending_forget(token).await?;
        if !confirmed {
            self.wake(JobKind::Mail);
            return Ok(Registered::LetterSent);
        }
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Internal)?;
        let signed_in = self.first_factor_done(caller, account, Methods::of(Method::Federated), &pending.provider).await?;
        Ok(Registered::SignedIn(Box::new(signed_in), pending.next))
    }

    fn federated_user(&self, caller: &Caller, wish: &FederatedRegistration, username: &Username, confirmed: bool) -> NewUser {
        NewUser {
            id: self.inner.random.user_id(),
            email: Some(wish.email.as_str().to_owned()),
            phone: None,
            username: username.as_str().to_owned(),
            password_hash: None,
            locale: Some(caller.lang),
            role: Role::User,
            email_verified: confirmed,
            device: caller.device.clone(),
            terms_version: self.inner.settings.terms_version.clone(),
            now: self.now(),
        }
    }

    async fn register_unconfirmed(
        &self,
        caller: &Caller,
        pending: &Pending,
        wish: &FederatedRegistration,
        user: &NewUser,
    ) -> Result<Option<UserCreated>> {
        let (owner, letters) = self.registering(caller, &wish.email, &user.username).await?;
        let (identity, most) = (pending.of(user.id, user.now), self.inner.settings.accounts_per_device);
        let created = self.inner.stores.federated.identity_register_unconfirmed(user, most, &identity, &letters).await?;
        if let (Some(UserCreated::EmailTaken), Some(owner)) = (created, owner) {
            self.audit(caller, Event::failed("account.registration_refused").about(owner)).await?;
        }
        Ok(created)
    }
}
