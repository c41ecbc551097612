//! Reviewing identity documents: with the permission, in an elevated session of two factors, never one's own, every look on record.

use crate::{
    Caller, Service, SignedIn,
    audit::Event,
    community::Cards,
    files::OpenFile,
    mail::{KycDecision, Letter},
    store::{DocumentRecord, KycVerdict, SubmissionRecord},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    id::{KycDocumentId, KycId, UserId},
    identity::{Permission, Requirement},
    kyc::{DocumentKind, KycDossier, KycError, KycLevel, KycReview, KycStatus, RejectionReason, ReviewedDocument},
    page::{Page, PageRequest},
};

/// A document on its way to a reviewer.
pub struct OpenDocument {
    /// What it is said to show.
    pub kind: DocumentKind,
    /// Its content.
    pub file: OpenFile,
}

impl Service {
    /// Who may decide about people's identity, having proved once more who they are, with two factors.
    pub(crate) fn reviewer<'c>(&self, caller: &'c Caller) -> Result<&'c SignedIn> {
        caller.signed_in()?;
        if !caller.may(Permission::KycReview) {
            return Err(Error::Forbidden);
        }
        caller.require(Requirement::SUDO_WITH_TWO, self.now())
    }

    /// Submissions in a status: those that wait oldest first, the others newest first.
    pub async fn kyc_queue(&self, caller: &Caller, status: KycStatus, page: PageRequest) -> Result<Page<KycReview>> {
        self.reviewer(caller)?;
        let list = self.inner.stores.kyc.kyc_queue(status, page).await?;
        Ok(Page::new(self.reviews(list.items).await?, page, list.total))
    }

    async fn reviews(&self, records: Vec<SubmissionRecord>) -> Result<Vec<KycReview>> {
        let mut people = Vec::with_capacity(2 * records.len());
        for record in &records {
            people.push(record.user);
            people.extend(record.decided_by);
        }
        let cards = self.cards(people).await?;
        Ok(records.into_iter().map(|record| review_of(record, &cards)).collect())
    }

    /// A submission with everything that is needed to decide it.
    pub async fn kyc_dossier(&self, caller: &Caller, id: KycId) -> Result<KycDossier> {
        self.reviewer(caller)?;
        self.dossier(id).await
    }

    async fn dossier(&self, id: KycId) -> Result<KycDossier> {
        let record = self.inner.stores.kyc.kyc_get(id).await?.ok_or(Error::NotFound)?;
        let user = self.inner.stores.users.user_by_id(record.user).await?.ok_or(Error::NotFound)?;
        let others = self.inner.stores.kyc.kyc_submissions(record.user).await?.into_iter().filter(|other| other.id != id).collect();
        let review = self.reviews(vec![record]).await?.pop().ok_or(Error::Internal)?;
        Ok(KycDossier { review, present_level: user.kyc_level, joined_at: user.created_at, others: self.reviews(others).await? })
    }

    /// Opens a document. That somebody looked at it is on record before they see it.
    pub async fn kyc_document(&self, caller: &Caller, id: KycId, document: KycDocumentId) -> Result<OpenDocument> {
        self.reviewer(caller)?;
        let submission = self.inner.stores.kyc.kyc_get(id).await?.ok_or(Error::NotFound)?;
        let Some(record) = submission.documents.into_iter().find(|record| record.id == document) else { return Err(Error::NotFound) };
        if record.file.is_none() {
            return Err(KycError::DocumentGone.into());
        }
        let file = self.inner.stores.kyc.kyc_file(id, document).await?.ok_or(KycError::DocumentGone)?;
        let event = Event::new("kyc.document_opened").about(submission.user).on("kyc_document", document);
        self.audit(caller, event.detail("submission", id.0).detail("kind", record.kind.as_str())).await?;
        Ok(OpenDocument { kind: record.kind, file: self.file_open(&file).await? })
    }

    /// Approves a submission to a level that its documents, or earlier approved ones, are enough for.
    pub async fn kyc_approve(&self, caller: &Caller, id: KycId, level: KycLevel) -> Result<KycReview> {
        let reviewer = self.reviewer(caller)?;
        let dossier = self.dossier(id).await?;
        decidable(&dossier, reviewer)?;
        if level < dossier.present_level {
            let (min, max) = (dossier.present_level.into(), KycLevel::THREE.into());
            return Err(Error::field("level", Problem::OutOfRange { min, max }));
        }
        let missing = dossier.missing_for(level);
        if !missing.is_empty() {
            return Err(KycError::DocumentsMissing { missing }.into());
        }
        self.kyc_decide(caller, &dossier, KycVerdict::Approved(level)).await
    }

    /// Rejects a submission; its owner reads the reason.
    pub async fn kyc_reject(&self, caller: &Caller, id: KycId, reason: RejectionReason) -> Result<KycReview> {
        let reviewer = self.reviewer(caller)?;
        let dossier = self.dossier(id).await?;
        decidable(&dossier, reviewer)?;
        self.kyc_decide(caller, &dossier, KycVerdict::Rejected(reason.into_inner())).await
    }

    async fn kyc_decide(&self, caller: &Caller, dossier: &KycDossier, verdict: KycVerdict) -> Result<KycReview> {
        let reviewer = caller.signed_in()?;
        let (id, owner) = (dossier.review.id, dossier.review.user.id);
        if !self.inner.stores.kyc.kyc_decide(id, reviewer.id, &verdict, self.now()).await? {
            return Err(KycError::Decided.into());
        }
        // What they may do hangs on the level: their very next request knows.
        self.forget_sessions_of(owner).await?;
        let event = match &verdict {
            KycVerdict::Approved(level) => Event::new("kyc.approved").detail("level", level.number()),
            KycVerdict::Rejected(reason) => Event::new("kyc.rejected").detail("reason", reason.as_str()),
        };
        self.audit(caller, event.about(owner).on("kyc", id)).await?;
        self.kyc_tell(owner, verdict).await?;
        Ok(self.dossier(id).await?.review)
    }

    /// Tells someone what was decided about their documents.
    async fn kyc_tell(&self, owner: UserId, verdict: KycVerdict) -> Result<()> {
        let Some(user) = self.inner.stores.users.user_by_id(owner).await? else { return Ok(()) };
        let decision = match verdict {
            KycVerdict::Approved(level) => KycDecision::Approved(level.number()),
            KycVerdict::Rejected(reason) => KycDecision::Rejected(reason),
        };
        let letter = Letter::KycDecided { username: user.card.username.clone(), decision };
        self.post_to(&user, user.locale.unwrap_or_default(), letter).await
    }

    /// The oldest submission that waits and that the caller may decide.
    pub async fn kyc_next(&self, caller: &Caller) -> Result<Option<KycId>> {
        let reviewer = self.reviewer(caller)?.id;
        let waiting = self.inner.stores.kyc.kyc_queue(KycStatus::Pending, PageRequest::new(Some(1), Some(5))).await?;
        Ok(waiting.items.into_iter().find(|submission| submission.user != reviewer).map(|submission| submission.id))
    }
}

fn decidable(dossier: &KycDossier, reviewer: &SignedIn) -> Result<()> {
    if dossier.review.user.id == reviewer.id {
        return Err(KycError::Own.into());
    }
    if dossier.review.status == KycStatus::Pending { Ok(()) } else { Err(KycError::Decided.into()) }
}

fn review_of(record: SubmissionRecord, cards: &Cards) -> KycReview {
    let document = |record: DocumentRecord| ReviewedDocument {
        id: record.id,
        kind: record.kind,
        file_type: record.file_type,
        size: record.size,
        sha256: hex::encode(record.sha256),
        uploaded_at: record.uploaded_at,
        deleted_at: record.deleted_at,
    };
    KycReview {
        id: record.id,
        user: cards.of(record.user),
        status: record.status,
        level: record.level,
        reason: record.reason,
        submitted_at: record.submitted_at,
        decided_at: record.decided_at,
        decided_by: record.decided_by.map(|id| cards.of(id)),
        documents: record.documents.into_iter().map(document).collect(),
    }
}
