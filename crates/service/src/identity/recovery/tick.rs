//! What time makes of requests. Any number of instances may do this at once, and be killed while they do: each step is one
//! transaction, taken only from where the request was seen to stand.

use super::{
    course::{Course, Due},
    is_reviewed,
    tell::{announcement, told},
};
use crate::{
    Caller, Service,
    audit::Event,
    identity::digest,
    mail::Letter,
    store::{NewJob, Recovery, RecoveryStep, User},
};
use aivalid_model::{Lang, Result, Timestamp};

/// What the tokens of links begin with that finish a request.
pub(super) const FINISH_PREFIX: &str = "rcf_";
/// How many requests are looked at at once.
const BATCH: i64 = 100;

/// A mailed link: the digest to keep, until when it works, and the letters that carry it.
pub(super) type Invitation = ((Vec<u8>, Timestamp), Vec<NewJob>);

impl Service {
    /// Takes the steps that are due; a job's work. How many. A step that fails does not keep the others waiting.
    pub async fn recoveries_tick(&self) -> Result<u64> {
        let mut taken = 0;
        for recovery in self.inner.stores.recoveries.recovery_due(self.now(), BATCH).await? {
            match self.recovery_tick(&recovery).await {
                Ok(true) => taken += 1,
                Ok(false) => {}
                Err(error) => tracing::warn!(recovery = recovery.id.0, %error, "a step of a recovery failed; it will be tried again"),
            }
        }
        if taken > 0 {
            self.wake_channels();
        }
        Ok(taken)
    }

    async fn recovery_tick(&self, recovery: &Recovery) -> Result<bool> {
        // Whoever is deleted takes their requests along; this one was read a moment before.
        let Some(owner) = self.inner.stores.users.user_by_id(recovery.user).await? else { return Ok(false) };
        let (now, course) = (self.now(), Course::from(recovery));
        let Some((due, next)) = course.due(now, is_reviewed(owner.kyc_level)) else { return Ok(false) };
        let (name, link, letters) = match due {
            Due::Announce => {
                let letters = self.recovery_letters(&owner, Lang::default(), announcement(self, recovery, &owner))?;
                ("recovery.announced", None, letters)
            }
            Due::Review => ("recovery.in_review", None, vec![]),
            Due::Invite => {
                let (link, letters) = self.recovery_invitation(recovery, &owner, next)?;
                ("recovery.invited", Some(link), letters)
            }
            Due::Lapse => ("recovery.lapsed", None, vec![]),
        };
        let event = recovery_event(name, recovery);
        let step = RecoveryStep {
            id: recovery.id,
            from: (course.state, course.announced),
            to: (next.state, next.announced),
            next_at: next.next_at(),
            link,
            verdict: None,
            told: told(letters, self.audit_entry(&Caller::guest(), event)),
            now,
        };
        let taken = self.inner.stores.recoveries.recovery_step(&step).await?;
        if taken && !next.state.is_open() {
            self.forget_sessions_of(recovery.user).await?;
        }
        Ok(taken)
    }

    /// A new link that finishes a request which stands at `next` then.
    pub(super) fn recovery_invitation(&self, recovery: &Recovery, owner: &User, next: Course) -> Result<Invitation> {
        let token = self.inner.random.secret(FINISH_PREFIX);
        let link = (digest(&token), next.link_until.unwrap_or(self.now()));
        let letter = Letter::RecoveryReady { username: owner.card.username.clone(), token, stop: self.recovery_stop_token(recovery.id) };
        Ok((link, self.recovery_letters(owner, Lang::default(), letter)?))
    }
}

fn recovery_event(name: &'static str, recovery: &Recovery) -> Event {
    Event::new(name).about(recovery.user).on("recovery", recovery.id)
}
