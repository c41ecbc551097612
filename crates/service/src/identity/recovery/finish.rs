//! Finishing a request with the mailed link.

use super::{
    course::{Course, Deed},
    tell::told,
    tick::FINISH_PREFIX,
};
use crate::{Caller, Service, audit::Event, identity::digest, mail::Letter, secret::is_well_formed};
use aivalid_model::{
    Result,
    identity::{IdentityError, Token},
};

impl Service {
    /// Takes an account's authenticator app, backup codes and API tokens away and ends all its sessions. Passkeys stay, so that nobody
    /// loses what they still have, but a password that was set with a mailed link needs none any more. The link works once. Its
    /// owner then signs in with the first factor alone, and is told with a link that undoes it.
    pub async fn recovery_finish(&self, caller: &Caller, token: &Token) -> Result<()> {
        self.admit(&format!("recovery-finish:ip:{}", caller.ip), self.inner.settings.limits.mail_ip).await?;
        let invalid = IdentityError::InvalidToken;
        if !is_well_formed(FINISH_PREFIX, token.expose()) {
            return Err(invalid.into());
        }
        let (digest, now) = (digest(token.expose()), self.now());
        let recovery = self.inner.stores.recoveries.recovery_by_link(&digest, now).await?.ok_or_else(|| invalid.clone())?;
        if Course::from(&recovery).after(Deed::Finish, now).is_none() {
            return Err(invalid.into());
        }
        let user = recovery.user;
        let owner = self.inner.stores.users.user_by_id(user).await?.ok_or_else(|| invalid.clone())?;
        let (scene, undo) = (self.scene(caller, &owner), self.undo_token(&owner, owner.email.as_deref().unwrap_or_default()));
        let letter = Letter::RecoveryDone { username: owner.card.username.clone(), scene, undo };
        let event = Event::new("recovery.finished").about(user).on("recovery", recovery.id);
        let told = told(self.recovery_letters(&owner, caller.lang, letter)?, self.audit_entry(caller, event));
        self.forget_sessions_of(user).await?;
        let ended = self.inner.stores.recoveries.recovery_finish(user, &digest, now, &told).await?.ok_or(invalid)?;
        self.wake_channels();
        self.forget_ended(&ended).await
    }
}
