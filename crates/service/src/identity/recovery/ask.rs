//! Asking for recovery: with a sign-in that waits for its second factor, so that the first one was shown.

use super::{
    answer,
    course::Course,
    is_reviewed,
    tell::{announcement, told},
};
use crate::{
    Caller, Service,
    audit::Event,
    limits::RECOVERIES,
    store::{Recovery, User},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    id::RecoveryId,
    identity::{IdentityError, RecoveryAnswer, RecoveryNeeds, RecoveryRequest, RecoveryStatement, Token},
};

impl Service {
    /// Whose sign-in waits, if they have a second factor that they can have lost.
    async fn recovering(&self, caller: &Caller, token: &Token) -> Result<User> {
        self.admit(&format!("recovery:ip:{}", caller.ip), self.inner.settings.limits.mail_ip).await?;
        let (pending, user) = self.pending(caller, token).await?;
        if user.suspended(self.now()).is_some() {
            return Err(IdentityError::SignInLapsed.into());
        }
        // The link that finishes goes to the address.
        if user.email.is_none() {
            return Err(IdentityError::EmailNotVerified.into());
        }
        if self.second_step(&user, pending.methods).await?.is_empty() { Err(IdentityError::NothingToRecover.into()) } else { Ok(user) }
    }

    /// What asking takes, and what was asked already.
    pub async fn recovery_needs(&self, caller: &Caller, token: &Token) -> Result<RecoveryNeeds> {
        let user = self.recovering(caller, token).await?;
        let open = self.inner.stores.recoveries.recovery_open(user.card.id).await?;
        let open = open.map(|recovery| answer(&recovery, user.kyc_level));
        Ok(RecoveryNeeds { statement: is_reviewed(user.kyc_level), open })
    }

    /// Asks for recovery. Asking again answers the request that is open; its clock goes on.
    pub async fn recovery_ask(&self, caller: &Caller, request: RecoveryRequest) -> Result<RecoveryAnswer> {
        let user = self.recovering(caller, &request.token).await?;
        let (id, level) = (user.card.id, user.kyc_level);
        if let Some(open) = self.inner.stores.recoveries.recovery_open(id).await? {
            return Ok(answer(&open, level));
        }
        if is_reviewed(level) && request.statement.is_none() {
            return Err(Error::field("statement", Problem::Required));
        }
        self.admit(&format!("recovery:u:{id}"), RECOVERIES).await?;
        let course = Course::begun(self.now());
        let recovery = Recovery {
            id: RecoveryId(self.inner.random.int53()),
            user: id,
            state: course.state,
            statement: request.statement.map(RecoveryStatement::into_inner),
            ip: caller.ip.to_string(),
            user_agent: caller.user_agent.clone(),
            asked_at: course.asked_at,
            waits_until: course.waits_until,
            announced: course.announced,
            link_until: None,
            decided_by: None,
            decided_at: None,
            reason: None,
            ended_at: None,
            stopped_by: None,
        };
        let event = Event::new("recovery.asked").about(id).on("recovery", recovery.id).detail("until", recovery.waits_until.rfc3339());
        let told = told(self.recovery_letters(&user, caller.lang, announcement(self, &recovery, &user))?, self.audit_entry(caller, event));
        let next_at = course.next_at().unwrap_or(course.waits_until);
        if !self.inner.stores.recoveries.recovery_begin(&recovery, next_at, &told).await? {
            // Another request was faster.
            let open = self.inner.stores.recoveries.recovery_open(id).await?.ok_or(Error::Unavailable { retry_after: 1 })?;
            return Ok(answer(&open, level));
        }
        self.wake_channels();
        self.forget_sessions_of(id).await?;
        Ok(answer(&recovery, level))
    }
}
