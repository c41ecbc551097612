//! Registering and confirming an e-mail address. The answers tell nobody whether an address has an account.

use super::{email::is_email_token, keys::digest};
use crate::{
    Caller, Service,
    audit::Event,
    jobs::JobKind,
    mail::Letter,
    store::{NewUser, OneTime, Registering, User, UserCreated},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    id::UserId,
    identity::{Email, IdentityError, Password, Registration, Role, Token, Username},
};
use std::time::Duration;

const VERIFY_LIFE: Duration = Duration::from_hours(24);

impl Service {
    /// Makes an account and mails a link that confirms the address. When the address has an account already, its owner is
    /// told by mail and the answer is the same: an id, which then belongs to nobody.
    pub async fn register(&self, caller: &Caller, registration: Registration) -> Result<UserId> {
        self.done_evenly(self.make_account(caller, registration)).await
    }

    async fn make_account(&self, caller: &Caller, registration: Registration) -> Result<UserId> {
        let Registration { email, password, username } = registration;
        self.admit_mail(caller, &email).await?;
        let id = self.inner.random.user_id();
        let chosen = username.is_some();
        let username = match username {
            Some(name) => name,
            None => self.made_up_username()?,
        };
        let known_by = vec![email.as_str().to_owned(), username.as_str().to_owned()];
        self.check_password("password", &password, known_by).await?;
        // Hashed in any case: the time it takes must not tell whether the address is taken.
        let password_hash = self.inner.hasher.hash(password.expose(), self.inner.random.bytes()).await?;
        let user = NewUser {
            id,
            email: Some(email.as_str().to_owned()),
            phone: None,
            username: username.as_str().to_owned(),
            password_hash: Some(password_hash),
            locale: Some(caller.lang),
            role: Role::User,
            email_verified: false,
            device: caller.device.clone(),
            terms_version: self.inner.settings.terms_version.clone(),
            now: self.now(),
        };
        let (owner, registering) = self.registering(caller, &email, username.as_str()).await?;
        match self.inner.stores.users.user_register(&user, self.inner.settings.accounts_per_device, &registering).await? {
            UserCreated::Done => {
                self.audit(caller, Event::new("account.made").by(id).about(id).detail("name", username.as_str())).await?;
            }
            UserCreated::EmailTaken => {
                if let Some(owner) = owner {
                    self.audit(caller, Event::failed("account.registration_refused").about(owner)).await?;
                }
            }
            UserCreated::UsernameTaken if chosen => return Err(Error::field("username", Problem::Taken)),
            UserCreated::UsernameTaken => return Err(Error::Unavailable { retry_after: 1 }),
            UserCreated::DeviceLimit => return Err(IdentityError::DeviceLimit.into()),
            // Only accounts with a number fail so.
            UserCreated::PhoneTaken => return Err(Error::Internal),
        }
        self.wake(JobKind::Mail);
        Ok(id)
    }

    /// Both letters that a registration may send, made in any case: which of them goes out is decided where the account is
    /// made, and neither the choice nor its cost can be seen from outside. And whose the address is already.
    pub(super) async fn registering(&self, caller: &Caller, email: &Email, username: &str) -> Result<(Option<UserId>, Registering)> {
        let owner = self.inner.stores.users.user_by_email(email.as_str()).await?;
        let confirm = |token| Letter::VerifyEmail { username: username.to_owned(), token };
        let welcome = self.token_letter(false, email.as_str(), caller.lang, OneTime::VerifyEmail, VERIFY_LIFE, confirm)?;
        let owner_id = owner.as_ref().map(|owner| owner.card.id);
        let taken = match owner {
            Some(User { card, locale, .. }) => {
                self.letter(email.as_str(), locale.unwrap_or(caller.lang), Letter::AlreadyRegistered { username: card.username })?
            }
            None => self.decoy(email.as_str(), caller.lang, Letter::AlreadyRegistered { username: username.to_owned() })?,
        };
        Ok((owner_id, Registering { welcome, taken }))
    }

    /// Mails a new link, if the address belongs to an account that is not confirmed yet. The answer is always the same.
    pub async fn verify_request(&self, caller: &Caller, email: &Email) -> Result<()> {
        self.done_evenly(self.send_confirmation(caller, email)).await
    }

    async fn send_confirmation(&self, caller: &Caller, email: &Email) -> Result<()> {
        self.admit_mail(caller, email).await?;
        let user = self.inner.stores.users.user_by_email(email.as_str()).await?.filter(|user| !user.email_verified);
        let (id, username) = user.map_or((None, String::new()), |user| (Some(user.card.id), user.card.username));
        let confirm = |token| Letter::VerifyEmail { username, token };
        self.post_token(id, email.as_str(), caller.lang, OneTime::VerifyEmail, VERIFY_LIFE, confirm).await
    }

    /// Confirms an address with the token from the mail: a new account's, or one that an account is to get.
    pub async fn verify_confirm(&self, caller: &Caller, token: &Token) -> Result<bool> {
        if is_email_token(token) {
            return self.confirm_email(caller, token).await.map(|()| true);
        }
        if !OneTime::VerifyEmail.could_be(token) {
            return Err(IdentityError::InvalidToken.into());
        }
        let now = self.now();
        let user = self.inner.stores.tokens.token_take(OneTime::VerifyEmail, &digest(token.expose()), now).await?;
        let user = user.ok_or(IdentityError::InvalidToken)?;
        self.inner.stores.users.user_verify_email(user, now).await?;
        self.audit(caller, Event::new("account.confirmed").by(user).about(user)).await?;
        self.forget_sessions_of(user).await?;
        Ok(false)
    }

    pub(super) async fn admit_mail(&self, caller: &Caller, email: &Email) -> Result<()> {
        let limits = &self.inner.settings.limits;
        self.admit(&format!("mail:ip:{}", caller.network()), limits.mail_ip).await?;
        self.admit(&format!("mail:to:{}", email.as_str()), limits.mail_address).await
    }

    pub(super) fn made_up_username(&self) -> Result<Username> {
        let number = self.inner.random.int53() % 36_i64.pow(8);
        let digits: String =
            (0..8).map(|place| char::from_digit(u32::try_from(number / 36_i64.pow(place) % 36).unwrap_or(0), 36).unwrap_or('0')).collect();
        Username::generated(format!("user_{digits}")).ok_or(Error::Internal)
    }
}

impl Service {
    /// Makes an administrator's account with a confirmed address, whose password is held to the rules of any other. For the
    /// operator's command line only: it asks nobody.
    pub async fn admin_create(&self, email: Email, username: Username, password: Password) -> Result<UserId> {
        let known_by = vec![email.as_str().to_owned(), username.as_str().to_owned()];
        self.check_password("password", &password, known_by).await?;
        let user = NewUser {
            id: self.inner.random.user_id(),
            email: Some(email.as_str().to_owned()),
            phone: None,
            username: username.as_str().to_owned(),
            password_hash: Some(self.inner.hasher.hash(password.expose(), self.inner.random.bytes()).await?),
            locale: None,
            role: Role::Admin,
            email_verified: true,
            device: None,
            terms_version: self.inner.settings.terms_version.clone(),
            now: self.now(),
        };
        match self.inner.stores.users.user_create(&user, i64::MAX).await? {
            UserCreated::Done => {
                let event = Event::new("account.made").about(user.id).detail("role", user.role.as_str()).detail("name", user.username);
                self.audit(&Caller::guest(), event).await?;
                Ok(user.id)
            }
            UserCreated::EmailTaken => Err(Error::field("email", Problem::Taken)),
            UserCreated::UsernameTaken => Err(Error::field("username", Problem::Taken)),
            UserCreated::DeviceLimit => Err(IdentityError::DeviceLimit.into()),
            UserCreated::PhoneTaken => Err(Error::Internal),
        }
    }
}

impl Service {
    /// A password's hash, for the operator's commands that make accounts themselves.
    pub async fn password_hash(&self, password: &str) -> Result<String> {
        self.inner.hasher.hash(password, self.inner.random.bytes()).await
    }
}
