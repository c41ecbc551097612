//! Roles, suspensions, sessions.

use super::done;
use crate::{Caller, Service, audit::Event, mail::Letter, store::User};
use aivalid_model::{
    Error, Result,
    admin::{AdminError, Reason, RoleDeed, SuspendDeed, Suspension},
    id::{SessionId, UserId},
    identity::{IdentityError, Permission},
};

impl Service {
    async fn account(&self, id: UserId) -> Result<User> {
        self.inner.stores.users.user_by_id(id).await?.ok_or(Error::NotFound)
    }

    /// Gives a role. What the account may do changes with its very next request. Who is to manage others has a second factor already.
    pub async fn admin_role(&self, caller: &Caller, id: UserId, deed: &RoleDeed) -> Result<()> {
        self.steward_of(caller, id)?;
        let from = self.account(id).await?.role;
        if from == deed.role {
            return Err(AdminError::NothingToDo.into());
        }
        if deed.role.permissions().has(Permission::UsersManage) && !self.has_passkey(id).await? && self.second_factors(id).await?.is_empty()
        {
            return Err(AdminError::SecondFactorMissing.into());
        }
        let event = Event::new("role.changed").about(id).detail("from", from.as_str()).detail("to", deed.role.as_str());
        let entry = self.audit_entry(caller, event.detail("reason", deed.reason.as_ref()));
        self.forget_sessions_of(id).await?;
        done(self.inner.stores.user_admin.user_role(id, from, deed.role, self.now(), &entry).await?)?;
        self.forget_sessions_of(id).await
    }

    /// Suspends an account: its sessions end at once, and it can't sign in. Its owner is told by mail.
    pub async fn admin_suspend(&self, caller: &Caller, id: UserId, deed: &SuspendDeed) -> Result<()> {
        self.steward_of(caller, id)?;
        let user = self.account(id).await?;
        let now = self.now();
        let suspension = Suspension { since: now, until: deed.until(now), reason: deed.reason.as_ref().to_owned() };
        let event = Event::new("user.suspended").about(id).detail("reason", deed.reason.as_ref());
        let event = match suspension.until {
            Some(until) => event.detail("until", until.rfc3339()),
            None => event,
        };
        let entry = self.audit_entry(caller, event);
        self.forget_sessions_of(id).await?;
        done(self.inner.stores.user_admin.user_suspend(id, &suspension, &entry).await?)?;
        self.end_sessions(id, None, "suspended").await?;
        self.mail_suspension(user, suspension).await
    }

    /// What a sign-in to a suspended account is answered, whichever way it was, once its owner has proven who they are with all
    /// that is asked for. A letter says why.
    pub(crate) async fn refuse_suspended(&self, caller: &Caller, user: User, suspension: Suspension, method: &str) -> Result<Error> {
        self.note_failed_sign_in(caller, Some(user.card.id), user.known_as(), method).await?;
        self.mail_suspension(user, suspension).await?;
        Ok(IdentityError::Suspended.into())
    }

    /// Tells an account's owner that it is suspended.
    async fn mail_suspension(&self, user: User, suspension: Suspension) -> Result<()> {
        let Suspension { until, reason, .. } = suspension;
        let letter = Letter::Suspended { username: user.card.username.clone(), reason, until, zone: user.time_zone };
        self.post_to(&user, user.locale.unwrap_or_default(), letter).await
    }

    /// Lifts a suspension.
    pub async fn admin_unsuspend(&self, caller: &Caller, id: UserId, reason: &Reason) -> Result<()> {
        self.steward_of(caller, id)?;
        let user = self.account(id).await?;
        let entry = self.audit_entry(caller, Event::new("user.unsuspended").about(id).detail("reason", reason.as_ref()));
        done(self.inner.stores.user_admin.user_unsuspend(id, &entry).await?)?;
        let letter = Letter::Unsuspended { username: user.card.username.clone() };
        self.post_to(&user, user.locale.unwrap_or_default(), letter).await
    }

    /// Forgets an account's wrong passwords, so that the right one is accepted again everywhere.
    pub async fn admin_unlock(&self, caller: &Caller, id: UserId, reason: &Reason) -> Result<()> {
        self.steward(caller)?;
        let user = self.account(id).await?;
        if !self.password_unlock(&user).await? {
            return Err(AdminError::NothingToDo.into());
        }
        self.audit(caller, Event::new("user.unlocked").about(id).detail("reason", reason.as_ref())).await
    }

    /// Ends one of somebody's sessions.
    pub async fn admin_session_end(&self, caller: &Caller, id: UserId, session: SessionId, reason: &Reason) -> Result<()> {
        self.steward(caller)?;
        self.account(id).await?;
        if !self.end_session(id, session, "ended_by_admin").await? {
            return Err(Error::NotFound);
        }
        let event = Event::new("session.ended_by_staff").about(id).on("session", session);
        self.audit(caller, event.detail("reason", reason.as_ref())).await
    }

    /// Ends all of somebody's sessions.
    pub async fn admin_sessions_end(&self, caller: &Caller, id: UserId, reason: &Reason) -> Result<()> {
        self.steward(caller)?;
        self.account(id).await?;
        let count = self.end_sessions(id, None, "ended_by_admin").await?;
        let event = Event::new("session.all_ended_by_staff").about(id).detail("count", count);
        self.audit(caller, event.detail("reason", reason.as_ref())).await
    }
}
