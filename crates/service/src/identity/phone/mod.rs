//! Signing in with a code by SMS, and the phone number of an account.
//!
//! A code is six digits for one number and one use ([`Flow`]), good for five minutes and three tries. What is kept of it is an
//! HMAC, with the tries and the wrong ones of the last day, in one row for each number, whose changes are decided by a pure
//! state machine ([`guard`]) and made by compare and swap ([`codes`]): so of racing tries each counts, and one wins.
//!
//! Nothing is told of who has an account: a code goes to every number, and only whoever shows it learns more ([`login`]). A code
//! by SMS can be read by who takes over the number, so it is one factor, never a second one, and proves nothing to `sudo`. The
//! number of an account is changed in an elevated session ([`manage`]).

mod codes;
mod guard;
mod login;
mod manage;

pub use login::{PendingCode, PhoneSignIn};

use crate::{Service, SignedIn, store::User};
use aivalid_model::{
    Error, Result,
    identity::{Country, IdentityError, Requirement, SUDO_LIFE},
};
use guard::Flow;

impl Service {
    /// Whether codes can be sent by SMS here.
    pub fn otp_available(&self) -> bool {
        self.inner.sms.is_some()
    }

    /// The countries to whose numbers codes are sent.
    pub fn otp_countries(&self) -> Vec<Country> {
        let allowed = &self.inner.settings.sms_countries;
        let is_allowed = |country: &Country| allowed.is_empty() || allowed.iter().any(|iso| iso == country.iso);
        Country::all().iter().copied().filter(is_allowed).collect()
    }

    fn otp_needed(&self) -> Result<()> {
        if self.otp_available() { Ok(()) } else { Err(IdentityError::OtpUnavailable.into()) }
    }

    /// Whether a session may set what its account proves itself with: an elevated one; or one that began within the last ten
    /// minutes, where there is nothing yet to prove oneself with, as in an account that was made with a phone number.
    pub async fn may_set_credentials(&self, caller: &crate::Caller) -> Result<()> {
        let user = caller.in_person()?;
        let Err(refused) = caller.require(Requirement::SUDO, self.now()) else { return Ok(()) };
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        if self.is_bare(&account).await? && self.has_just_begun(user) { Ok(()) } else { Err(refused) }
    }

    /// Whether an account has nothing to elevate a session with, and no address to which a link to a new password could go.
    pub(crate) async fn is_bare(&self, account: &User) -> Result<bool> {
        let (id, unknown) = (account.card.id, account.password_hash.is_none() && account.email.is_none());
        Ok(unknown && !self.has_passkey(id).await? && self.second_factors(id).await?.is_empty())
    }

    fn has_just_begun(&self, user: &SignedIn) -> bool {
        Requirement { max_age: Some(SUDO_LIFE), ..Requirement::ANY }.check(user.shown, self.now()).is_ok()
    }
}
