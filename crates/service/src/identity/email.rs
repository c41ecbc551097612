//! Another e-mail address, or the first: asked for in an elevated session, confirmed by a link to the new address, told to the old one.

use super::digest;
use crate::{
    Caller, Service,
    audit::Event,
    mail::Letter,
    store::{EmailChanged, EmailWish},
};
use aivalid_model::{
    Error, Result,
    identity::{Email, IdentityError, Token},
};
use std::time::Duration;

const LINK_LIFE: Duration = Duration::from_hours(24);
/// What the tokens of these links begin with.
const PREFIX: &str = "eml_";

/// Whether a token belongs to a link to a new address.
pub(super) fn is_email_token(token: &Token) -> bool {
    crate::secret::is_well_formed(PREFIX, token.expose())
}

impl Service {
    /// Mails a link to the new address, and a warning to the present one. The answer is the same where the new address has an
    /// account, whose owner is told.
    pub async fn change_email(&self, caller: &Caller, email: &Email) -> Result<()> {
        self.may_set_credentials(caller).await?;
        let id = caller.in_person()?.id;
        self.admit_mail(caller, email).await?;
        let user = self.inner.stores.users.user_by_id(id).await?.ok_or(Error::Unauthenticated)?;
        if user.email.as_deref() == Some(email.as_str()) {
            return Ok(());
        }
        let token = self.inner.random.secret(PREFIX);
        let confirm = Letter::EmailChangeConfirm { username: user.card.username.clone(), token: token.clone() };
        let taken = match self.inner.stores.users.user_by_email(email.as_str()).await? {
            Some(owner) => {
                let lang = owner.locale.unwrap_or(caller.lang);
                self.letter(email.as_str(), lang, Letter::AlreadyRegistered { username: owner.card.username })?
            }
            None => self.decoy(email.as_str(), caller.lang, Letter::AlreadyRegistered { username: String::new() })?,
        };
        let wish = EmailWish {
            email: email.as_str().to_owned(),
            digest: digest(&token),
            expires_at: self.now().plus(LINK_LIFE),
            letter: self.letter(email.as_str(), user.locale.unwrap_or(caller.lang), confirm)?,
            taken,
        };
        self.inner.stores.credentials.email_wish(id, &wish).await?;
        self.audit(caller, Event::new("email.change_asked").about(id).detail("to", email.as_str())).await?;
        let new_email = email.as_str().to_owned();
        self.tell(caller, id, |username, scene, undo| Letter::EmailChangeNotice { username, new_email, scene, undo }).await
    }

    /// Follows the link to a new address. The old address is told, with a link that undoes it.
    pub(super) async fn confirm_email(&self, caller: &Caller, token: &Token) -> Result<()> {
        match self.inner.stores.credentials.email_change(&digest(token.expose()), self.now()).await? {
            EmailChanged::Invalid => Err(IdentityError::InvalidToken.into()),
            EmailChanged::Done { user, before } => {
                let event = Event::new("email.changed").by(user).about(user);
                let event = if let Some(before) = &before { event.detail("before", before.as_str()) } else { event };
                self.audit(caller, event).await?;
                self.forget_sessions_of(user).await?;
                let owner = self.inner.stores.users.user_by_id(user).await?.ok_or(Error::NotFound)?;
                let Some(before) = before else { return Ok(()) };
                let (scene, undo) = (self.scene(caller, &owner), self.undo_token(&owner, &before));
                let new_email = owner.email.unwrap_or_default();
                let letter = Letter::EmailChangeNotice { username: owner.card.username, new_email, scene, undo };
                self.post(&before, owner.locale.unwrap_or(caller.lang), letter).await
            }
        }
    }
}
