//! Reviewing requests about accounts whose identity was checked: with the permission, in an elevated session, never one's own.

use super::{
    course::{Course, Deed},
    device_words,
    tell::told,
};
use crate::{
    Caller, Service,
    audit::Event,
    mail::Letter,
    store::{Recovery, RecoveryStep, RecoveryVerdict, User},
};
use aivalid_model::{
    Error, Result,
    id::RecoveryId,
    identity::{IdentityError, Permission, RecoveryDossier, RecoveryReview},
    kyc::{KycStatus, RejectionReason},
    page::{Page, PageRequest},
};

impl Service {
    /// How many requests wait for a reviewer, for the staff's first page.
    pub async fn recovery_waiting(&self, caller: &Caller) -> Result<u64> {
        caller.permitted(Permission::KycReview)?;
        Ok(self.inner.stores.recoveries.recovery_queue(PageRequest::new(Some(1), Some(1))).await?.total)
    }

    /// Requests that wait for a reviewer, those that wait longest first.
    pub async fn recovery_queue(&self, caller: &Caller, page: PageRequest) -> Result<Page<RecoveryReview>> {
        self.reviewer(caller)?;
        let list = self.inner.stores.recoveries.recovery_queue(page).await?;
        Ok(Page::new(self.recovery_reviews(list.items).await?, page, list.total))
    }

    async fn recovery_reviews(&self, recoveries: Vec<Recovery>) -> Result<Vec<RecoveryReview>> {
        let people: Vec<_> = recoveries.iter().flat_map(|recovery| [Some(recovery.user), recovery.decided_by]).flatten().collect();
        let cards = self.cards(people).await?;
        let review = |recovery: Recovery| RecoveryReview {
            id: recovery.id,
            user: cards.of(recovery.user),
            state: recovery.state,
            statement: recovery.statement,
            place: recovery.ip.parse().ok().and_then(|ip| self.inner.places.find(ip)).map(|place| place.words),
            ip: recovery.ip,
            device: device_words(&recovery.user_agent),
            asked_at: recovery.asked_at,
            waits_until: recovery.waits_until,
            decided_at: recovery.decided_at,
            decided_by: recovery.decided_by.map(|id| cards.of(id)),
            reason: recovery.reason,
        };
        Ok(recoveries.into_iter().map(review).collect())
    }

    /// A request with what is needed to decide it. Those that never came to a reviewer are none of theirs.
    pub async fn recovery_dossier(&self, caller: &Caller, id: RecoveryId) -> Result<RecoveryDossier> {
        self.reviewer(caller)?;
        let (recovery, owner) = self.reviewed(id).await?;
        self.dossier_of(caller, recovery, &owner).await
    }

    async fn reviewed(&self, id: RecoveryId) -> Result<(Recovery, User)> {
        let recovery = self.inner.stores.recoveries.recovery_get(id).await?.ok_or(Error::NotFound)?;
        let was_reviewed = recovery.decided_at.is_some() || Course::from(&recovery).after(Deed::Reject, self.now()).is_some();
        let owner = self.inner.stores.users.user_by_id(recovery.user).await?.filter(|_| was_reviewed).ok_or(Error::NotFound)?;
        Ok((recovery, owner))
    }

    async fn dossier_of(&self, caller: &Caller, recovery: Recovery, owner: &User) -> Result<RecoveryDossier> {
        let (stores, user) = (&self.inner.stores, recovery.user);
        let submissions = stores.kyc.kyc_submissions(user).await?;
        let sessions = stores.sessions.session_list(user, self.now()).await?;
        Ok(RecoveryDossier {
            review: self.recovery_reviews(vec![recovery]).await?.pop().ok_or(Error::Internal)?,
            joined_at: owner.created_at,
            kyc_level: owner.kyc_level,
            kyc: submissions.into_iter().find(|submission| submission.status == KycStatus::Approved).map(|submission| submission.id),
            sessions: sessions.into_iter().map(|session| self.session_view(caller, session)).collect(),
        })
    }

    /// Approves a request: the link that finishes it is mailed.
    pub async fn recovery_approve(&self, caller: &Caller, id: RecoveryId) -> Result<RecoveryDossier> {
        self.recovery_decide(caller, id, None).await
    }

    /// Rejects a request; the account's owner is told why.
    pub async fn recovery_reject(&self, caller: &Caller, id: RecoveryId, reason: RejectionReason) -> Result<RecoveryDossier> {
        self.recovery_decide(caller, id, Some(reason.into_inner())).await
    }

    async fn recovery_decide(&self, caller: &Caller, id: RecoveryId, rejected: Option<String>) -> Result<RecoveryDossier> {
        let (reviewer, now) = (self.reviewer(caller)?.id, self.now());
        let recovery = self.inner.stores.recoveries.recovery_get(id).await?.ok_or(Error::NotFound)?;
        if recovery.user == reviewer {
            return Err(IdentityError::RecoveryOwn.into());
        }
        let owner = self.inner.stores.users.user_by_id(recovery.user).await?.ok_or(Error::NotFound)?;
        let course = Course::from(&recovery);
        let deed = if rejected.is_some() { Deed::Reject } else { Deed::Approve };
        let next = course.after(deed, now).ok_or(IdentityError::RecoveryNotInReview)?;
        let (event, link, letters) = match &rejected {
            None => {
                let (link, letters) = self.recovery_invitation(&recovery, &owner, next)?;
                (Event::new("recovery.approved"), Some(link), letters)
            }
            Some(reason) => {
                let letter = Letter::RecoveryRejected { username: owner.card.username.clone(), reason: reason.clone() };
                let letters = self.recovery_letters(&owner, owner.locale.unwrap_or_default(), letter)?;
                (Event::new("recovery.rejected").detail("reason", reason.as_str()), None, letters)
            }
        };
        let step = RecoveryStep {
            id,
            from: (course.state, course.announced),
            to: (next.state, next.announced),
            next_at: next.next_at(),
            link,
            verdict: Some(RecoveryVerdict { by: reviewer, reason: rejected }),
            told: told(letters, self.audit_entry(caller, event.about(recovery.user).on("recovery", id))),
            now,
        };
        if !self.inner.stores.recoveries.recovery_step(&step).await? {
            return Err(IdentityError::RecoveryNotInReview.into());
        }
        self.wake_channels();
        self.forget_sessions_of(recovery.user).await?;
        let (recovery, owner) = self.reviewed(id).await?;
        self.dossier_of(caller, recovery, &owner).await
    }

    /// The request that waits longest of those that the caller may decide.
    pub async fn recovery_next(&self, caller: &Caller) -> Result<Option<RecoveryId>> {
        let reviewer = self.reviewer(caller)?.id;
        let waiting = self.inner.stores.recoveries.recovery_queue(PageRequest::new(Some(1), Some(5))).await?;
        Ok(waiting.items.into_iter().find(|recovery| recovery.user != reviewer).map(|recovery| recovery.id))
    }
}
