//! Proving once more who one is: the session is elevated for ten minutes.

use crate::{Caller, Service, audit::Event};
use aivalid_model::{
    Error, Result,
    identity::{IdentityError, Method, Methods, Proof},
};

impl Service {
    /// Elevates the caller's session with a passkey, or with the password, and a second factor where the account has one. A
    /// session that a code by SMS opened is elevated by nothing less.
    pub async fn sudo(&self, caller: &Caller, proof: &Proof) -> Result<()> {
        let user = caller.in_person()?;
        self.admit(&format!("sudo:u:{}", user.id), self.inner.settings.limits.login_account).await?;
        if let Some(end) = &proof.passkey {
            return self.sudo_by_passkey(caller, user, end.clone()).await;
        }
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        if self.needs_passkey(&account).await? && self.second_factors(user.id).await?.is_empty() {
            return Err(IdentityError::PasskeyRequired.into());
        }
        let typed = proof.password.as_ref().map_or("", |password| password.expose());
        // Guessed here, it is guessed all the same.
        if !self.judge_password(caller, account.known_as(), Some(&account), typed).await? {
            self.audit(caller, Event::failed("sudo.failed").about(user.id).detail("method", Method::Password.word())).await?;
            return Err(IdentityError::BadCredentials.into());
        }
        let second = self.second_factors(user.id).await?;
        let (last, shown) = match &proof.second {
            _ if second.is_empty() => (Method::Password, Methods::of(Method::Password)),
            None => return Err(IdentityError::BadCode.into()),
            Some(factor) => {
                self.check_second_factor(caller, user.id, factor).await?;
                self.password_proven(&account).await?;
                (factor.method(), Methods::of(Method::Password).and(factor.method()))
            }
        };
        self.elevated_with(user, shown).await?;
        self.audit(caller, Event::new("sudo.done").about(user.id).detail("method", last.word())).await
    }

    /// What elevating takes: whether the account has a password, and a second factor.
    pub async fn sudo_needs(&self, caller: &Caller) -> Result<SudoNeeds> {
        let user = caller.in_person()?;
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        let second_factor = !self.second_factors(user.id).await?.is_empty();
        let passkey = self.has_passkey(user.id).await?;
        let phone_only = account.phone.is_some() && self.is_bare(&account).await?;
        // A password that was set with a mailed link elevates nothing by itself.
        let password = account.password_hash.is_some() && (second_factor || !(passkey && account.password_mailed));
        Ok(SudoNeeds { password, second_factor, passkey, phone_only })
    }
}

impl SudoNeeds {
    /// Whether the account has what elevating with two factors takes: a passkey, which is two in one, or an app.
    pub const fn can_show_two(self) -> bool {
        self.passkey || (self.password && self.second_factor)
    }
}

/// See [`Service::sudo_needs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and the page asks for them one by one")]
pub struct SudoNeeds {
    /// The account has a password that counts.
    pub password: bool,
    /// The account has an authenticator app.
    pub second_factor: bool,
    /// The account has a passkey, which is enough by itself.
    pub passkey: bool,
    /// The account has only a phone number: it needs a password or a passkey first, which can be set right after signing in.
    pub phone_only: bool,
}
