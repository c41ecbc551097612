//! Stopping a request: by the link of an announcement, from any session, and by itself once its owner shows a second factor or the
//! password changes.

use super::{
    course::{Course, Deed},
    tell::told,
};
use crate::{
    Caller, Service,
    audit::Event,
    mail::Letter,
    store::{NewJob, Recovery},
};
use aivalid_model::{
    Error, Result,
    id::UserId,
    identity::{IdentityError, RecoveryState, Token},
};

/// What stops a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::identity) enum StoppedBy {
    /// The link of an announcement.
    Link,
    /// A session of the account.
    Session,
    /// A second factor or passkey was shown.
    Factor,
    /// The password was changed or reset.
    Password,
    /// "This wasn't me".
    NotMe,
}

impl StoppedBy {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Session => "session",
            Self::Factor => "factor",
            Self::Password => "password",
            Self::NotMe => "not_me",
        }
    }
}

fn event(recovery: &Recovery, by: StoppedBy) -> Event {
    Event::new("recovery.stopped").about(recovery.user).on("recovery", recovery.id).detail("by", by.as_str())
}

impl Service {
    /// Stops a request with the link of an announcement. Again: nothing more happens.
    pub async fn recovery_stop_by_link(&self, caller: &Caller, token: &Token) -> Result<()> {
        self.admit(&format!("recovery-stop:ip:{}", caller.ip), self.inner.settings.limits.mail_ip).await?;
        let id = self.read_recovery_stop(token).ok_or(IdentityError::InvalidToken)?;
        let recovery = self.inner.stores.recoveries.recovery_get(id).await?.ok_or(IdentityError::InvalidToken)?;
        if recovery.state == RecoveryState::Stopped || self.stop(caller, &recovery, StoppedBy::Link).await? {
            return Ok(());
        }
        Err(IdentityError::InvalidToken.into())
    }

    /// Stops the request about the caller's account.
    pub async fn recovery_stop(&self, caller: &Caller) -> Result<()> {
        let user = caller.in_person()?.id;
        let open = self.inner.stores.recoveries.recovery_open(user).await?.ok_or(Error::NotFound)?;
        if self.stop(caller, &open, StoppedBy::Session).await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Somebody showed a second factor or a passkey of an account: whoever has one needs no recovery.
    pub(in crate::identity) async fn factor_shown(&self, caller: &Caller, user: UserId) -> Result<()> {
        match self.inner.stores.recoveries.recovery_open(user).await? {
            Some(open) => self.stop(caller, &open, StoppedBy::Factor).await.map(drop),
            None => Ok(()),
        }
    }

    async fn stop(&self, caller: &Caller, recovery: &Recovery, by: StoppedBy) -> Result<bool> {
        let now = self.now();
        if Course::from(recovery).after(Deed::Stop, now).is_none() {
            return Ok(false);
        }
        let told = told(self.stopped_letters(caller, recovery).await?, self.audit_entry(caller, event(recovery, by)));
        if !self.inner.stores.recoveries.recovery_stop(recovery.id, by.as_str(), now, &told).await? {
            return Ok(false);
        }
        self.wake_channels();
        self.forget_sessions_of(recovery.user).await?;
        Ok(true)
    }

    async fn stopped_letters(&self, caller: &Caller, recovery: &Recovery) -> Result<Vec<NewJob>> {
        let Some(owner) = self.inner.stores.users.user_by_id(recovery.user).await? else { return Ok(vec![]) };
        let (scene, undo) = (self.scene(caller, &owner), self.undo_token(&owner, owner.email.as_deref().unwrap_or_default()));
        let letter = Letter::RecoveryStopped { username: owner.card.username.clone(), scene, undo };
        self.recovery_letters(&owner, caller.lang, letter)
    }

    /// The store stopped what was open, in the transaction of something else: this goes on record, and its owner is told.
    pub(in crate::identity) async fn recovery_stopped(&self, caller: &Caller, open: Option<Recovery>, by: StoppedBy) -> Result<()> {
        let Some(Recovery { id, .. }) = open else { return Ok(()) };
        // Something else may have ended it at this moment.
        let stopped = |recovery: &Recovery| recovery.stopped_by.as_deref() == Some(by.as_str());
        let Some(recovery) = self.inner.stores.recoveries.recovery_get(id).await?.filter(stopped) else { return Ok(()) };
        self.audit(caller, event(&recovery, by)).await?;
        for letter in self.stopped_letters(caller, &recovery).await? {
            self.inner.stores.jobs.job_add(&letter).await?;
        }
        self.wake_channels();
        self.forget_sessions_of(recovery.user).await
    }
}
