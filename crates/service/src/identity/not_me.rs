//! "This wasn't me": the link in letters about an account, which undoes what was done to it.
//!
//! Its token is not stored: it names the account, the address the letter went to and the time, under a MAC. So every letter
//! keeps its own working link, whatever came after it, and the link that went to the old address works after the address was
//! changed. It gives nothing but safety: who holds it can end sessions and take the password away, not get in.

use super::recovery::StoppedBy;
use crate::{
    Caller, Service,
    audit::Event,
    mail::Letter,
    store::{OneTime, Undoing, User},
};
use aivalid_model::{
    Result, Timestamp,
    id::UserId,
    identity::{IdentityError, Token},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// What its tokens begin with.
const PREFIX: &str = "und_";
/// How long its link works.
const LIFE: Duration = Duration::from_hours(7 * 24);
/// What was set up so long before the letter was written is taken away too: the newest letter is the one that people follow, and
/// a thief may have begun days before it.
const BEFORE: Duration = LIFE;
/// How long the link to a new password works that follows.
const RESET_LIFE: Duration = Duration::from_hours(24);

/// What a token says.
#[derive(Debug, PartialEq, Eq)]
struct Undo {
    user: UserId,
    at: Timestamp,
    email: String,
}

impl Undo {
    fn of_text(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let (user, at, email) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { user: UserId(user.parse().ok()?), at: Timestamp::from_secs(at.parse().ok()?), email: email.to_owned() })
    }
}

impl Service {
    /// The token of a letter about an account to one of its addresses.
    pub(super) fn undo_token(&self, owner: &User, email: &str) -> String {
        let text = format!("{} {} {email}", owner.card.id, self.now().secs());
        format!("{PREFIX}{}.{}", URL_SAFE_NO_PAD.encode(&text), self.inner.keys.undo_mac(&text))
    }

    fn read_undo(&self, token: &Token) -> Option<Undo> {
        let (text, mac) = token.expose().strip_prefix(PREFIX)?.split_once('.')?;
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let ours = bool::from(self.inner.keys.undo_mac(&text).as_bytes().ct_eq(mac.as_bytes()));
        Undo::of_text(&text).filter(|undo| ours && self.now().since(undo.at) < LIFE)
    }

    /// Undoes it all: every session ends, the password is taken away, the address the letter went to comes back, second
    /// factors and signing keys set up since then are gone, and so is the phone number: who took it over could sign in again. A link
    /// to a new password goes to that address.
    pub async fn not_me(&self, caller: &Caller, token: &Token) -> Result<()> {
        self.admit(&format!("undo:ip:{}", caller.network()), self.inner.settings.limits.mail_ip).await?;
        let Undo { user, at, email } = self.read_undo(token).ok_or(IdentityError::InvalidToken)?;
        let undoing = Undoing { email: email.clone(), at, since: at.minus(BEFORE), now: self.now() };
        let open = self.inner.stores.recoveries.recovery_open(user).await?;
        self.forget_sessions_of(user).await?;
        let ended = self.inner.stores.credentials.account_undo(user, &undoing).await?.ok_or(IdentityError::InvalidToken)?;
        self.forget_ended(&ended).await?;
        self.audit(caller, Event::new("alert.not_me").about(user).detail("sessions", ended.len())).await?;
        self.recovery_stopped(caller, open, StoppedBy::NotMe).await?;
        let owner = self.inner.stores.users.user_by_id(user).await?.ok_or(IdentityError::InvalidToken)?;
        let (lang, username) = (owner.locale.unwrap_or(caller.lang), owner.card.username);
        let letter = |token| Letter::PasswordReset { username, token };
        self.post_token(Some(user), &email, lang, OneTime::ResetPassword, RESET_LIFE, letter).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_whole_or_not_at_all() {
        let read = |text| Undo::of_text(text).map(|undo| (undo.user.0, undo.at.secs(), undo.email));
        assert_eq!(read("7 1000 dewi@contoh.id"), Some((7, 1000, "dewi@contoh.id".to_owned())));
        for bad in ["", "7", "7 1000", "x 1000 a@b", "7 x a@b"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
