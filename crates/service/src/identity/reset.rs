//! A forgotten or changed password.

use super::{digest, recovery::StoppedBy};
use crate::{
    Caller, Service,
    audit::Event,
    mail::Letter,
    store::{OneTime, User},
};
use aivalid_model::{
    Error, Result,
    identity::{Email, IdentityError, NewPassword, PasswordReset},
};
use std::time::Duration;

const RESET_LIFE: Duration = Duration::from_mins(30);

/// The words an account is known by, which its password must not lean on.
pub(super) fn known_by(user: &User) -> Vec<String> {
    let mut words = vec![user.card.username.clone()];
    words.extend(user.email.clone());
    words.extend(user.phone.as_ref().map(|phone| phone.as_str().trim_start_matches('+').to_owned()));
    words.extend(user.card.full_name.clone());
    words
}

impl Service {
    /// Mails a link that sets a new password, if the address has an account. The answer is always the same, and takes as long.
    pub async fn forgot_password(&self, caller: &Caller, email: &Email) -> Result<()> {
        self.done_evenly(self.send_reset_link(caller, email)).await
    }

    async fn send_reset_link(&self, caller: &Caller, email: &Email) -> Result<()> {
        self.admit_mail(caller, email).await?;
        let user = self.inner.stores.users.user_by_email(email.as_str()).await?;
        let lang = user.as_ref().and_then(|user| user.locale).unwrap_or(caller.lang);
        let (id, username) = user.map_or((None, String::new()), |user| (Some(user.card.id), user.card.username));
        let letter = |token| Letter::PasswordReset { username, token };
        self.post_token(id, email.as_str(), lang, OneTime::ResetPassword, RESET_LIFE, letter).await
    }

    /// Sets the password with the token of a mailed link, and ends every session. A second factor is asked for as before. A
    /// password that is refused leaves the link good.
    pub async fn reset_password(&self, caller: &Caller, reset: &PasswordReset) -> Result<()> {
        let (now, credentials) = (self.now(), &self.inner.stores.credentials);
        self.admit(&format!("reset:ip:{}", caller.network()), self.inner.settings.limits.mail_ip).await?;
        if !OneTime::ResetPassword.could_be(&reset.token) {
            return Err(IdentityError::InvalidToken.into());
        }
        let digest = digest(reset.token.expose());
        let owner = credentials.password_reset_owner(&digest, now).await?.ok_or(IdentityError::InvalidToken)?;
        let user = self.inner.stores.users.user_by_id(owner).await?.ok_or(IdentityError::InvalidToken)?;
        self.check_password("password", &reset.password, known_by(&user)).await?;
        let hash = self.inner.hasher.hash(reset.password.expose(), self.inner.random.bytes()).await?;
        let open = self.inner.stores.recoveries.recovery_open(owner).await?;
        self.forget_sessions_of(owner).await?;
        let done = credentials.password_reset(&digest, &hash, &self.failure_key(user.known_as()), now).await?;
        let (_, ended) = done.ok_or(IdentityError::InvalidToken)?;
        self.forget_ended(&ended).await?;
        // Whoever goes on guessing locks strangers, and not the one who just set the password, wherever they are.
        self.acquaint(caller, owner).await?;
        self.audit(caller, Event::new("password.reset").by(owner).about(owner)).await?;
        self.recovery_stopped(caller, open, StoppedBy::Password).await?;
        self.tell(caller, owner, |username, scene, undo| Letter::PasswordChanged { username, scene, undo }).await
    }

    /// Changes the caller's password, or sets the account's first, and ends all other sessions. The present password was shown
    /// for the elevated session. Wrong passwords were guesses at the old one, and are forgotten.
    pub async fn change_password(&self, caller: &Caller, new: &NewPassword) -> Result<()> {
        let now = self.now();
        self.may_set_credentials(caller).await?;
        let caller_user = caller.in_person()?;
        let (id, session) = (caller_user.id, caller_user.session()?);
        let user = self.inner.stores.users.user_by_id(id).await?.ok_or(Error::Unauthenticated)?;
        self.check_password("new_password", &new.password, known_by(&user)).await?;
        let hash = self.inner.hasher.hash(new.password.expose(), self.inner.random.bytes()).await?;
        let open = self.inner.stores.recoveries.recovery_open(id).await?;
        self.forget_sessions_of(id).await?;
        let ended = self.inner.stores.credentials.password_set(id, &hash, &self.failure_key(user.known_as()), Some(session), now).await?;
        self.forget_ended(&ended).await?;
        self.audit(caller, Event::new("password.changed").about(id)).await?;
        self.recovery_stopped(caller, open, StoppedBy::Password).await?;
        self.tell(caller, id, |username, scene, undo| Letter::PasswordChanged { username, scene, undo }).await
    }
}
