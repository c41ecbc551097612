//! One's own identity documents: sending them one by one, then submitting them together. Nobody but reviewers sees them
//! again, not even their owner: a stolen session must not give away somebody's identity card.

use super::{document_view, submission_view};
use crate::{
    Caller, Service,
    audit::Event,
    files::Wanted,
    store::{FilePurpose, KycSent, NewDocument},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    files::FileKind,
    id::{KycDocumentId, KycId},
    kyc::{DocumentKind, KycDocumentView, KycError, KycStatus, KycView},
};
use bytes::Bytes;
use futures::Stream;

/// The largest document that is taken, in bytes.
pub const MAX_DOCUMENT: u64 = 10 * 1024 * 1024;
/// What documents may be.
pub const DOCUMENT_KINDS: [FileKind; 3] = [FileKind::Jpeg, FileKind::Png, FileKind::Pdf];

impl Service {
    /// Where the caller stands.
    pub async fn kyc(&self, caller: &Caller) -> Result<KycView> {
        let id = caller.in_person()?.id;
        let stores = &self.inner.stores;
        let user = stores.users.user_by_id(id).await?.ok_or(Error::Unauthenticated)?;
        let documents: Vec<KycDocumentView> = stores.kyc.kyc_waiting(id).await?.into_iter().map(document_view).collect();
        let given: Vec<DocumentKind> = documents.iter().map(|document| document.kind).collect();
        let missing = if user.kyc_status == KycStatus::Pending { vec![] } else { user.kyc_level.lacks(&given) };
        Ok(KycView {
            kyc_status: user.kyc_status,
            kyc_level: user.kyc_level,
            daily_limit: self.inner.settings.kyc.limits.daily(user.kyc_level),
            documents,
            missing,
            submissions: stores.kyc.kyc_submissions(id).await?.into_iter().map(submission_view).collect(),
        })
    }

    /// Takes a document, in place of the one of its kind that was not submitted yet.
    pub async fn kyc_send(
        &self,
        caller: &Caller,
        kind: DocumentKind,
        content: impl Stream<Item = Result<Bytes>> + Send,
    ) -> Result<KycDocumentView> {
        let user = caller.verified()?;
        self.admit_upload(user).await?;
        // Looked at again when the document is kept; here so that nobody sends megabytes in vain.
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        if account.kyc_status == KycStatus::Pending {
            return Err(KycError::Pending.into());
        }
        let field = kind.as_str();
        let wanted = Wanted { owner: user.id, purpose: FilePurpose::Kyc, field, kinds: &DOCUMENT_KINDS, max: MAX_DOCUMENT };
        let file = self.file_write(wanted, content).await?;
        let id = KycDocumentId(self.inner.random.int53());
        let document = NewDocument { id, user: user.id, kind, file, now: self.now() };
        match self.inner.stores.kyc.kyc_document_add(&document).await? {
            KycSent::Done => {}
            refused => {
                self.files_give_up(&[&document.file]).await?;
                return Err(if refused == KycSent::Pending { KycError::Pending.into() } else { Error::Unavailable { retry_after: 1 } });
            }
        }
        let NewDocument { file, now, .. } = document;
        Ok(KycDocumentView {
            id,
            kind,
            file_type: file.kind,
            size: file.size,
            sha256: hex::encode(file.sha256),
            uploaded_at: now,
            deleted_at: None,
        })
    }

    /// Submits documents that wait: these, or all.
    pub async fn kyc_submit(&self, caller: &Caller, documents: Option<Vec<KycDocumentId>>) -> Result<KycView> {
        let user = caller.verified()?;
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        if account.kyc_status == KycStatus::Pending {
            return Err(KycError::Pending.into());
        }
        let mut waiting = self.inner.stores.kyc.kyc_waiting(user.id).await?;
        if let Some(mut chosen) = documents {
            chosen.sort_unstable();
            chosen.dedup();
            if chosen.iter().any(|id| waiting.iter().all(|document| document.id != *id)) {
                return Err(Error::field("documents", Problem::NotFound));
            }
            waiting.retain(|document| chosen.contains(&document.id));
        }
        let kinds: Vec<DocumentKind> = waiting.iter().map(|document| document.kind).collect();
        let missing = account.kyc_level.lacks(&kinds);
        if !missing.is_empty() {
            return Err(KycError::DocumentsMissing { missing }.into());
        }
        let id = KycId(self.inner.random.int53());
        let ids: Vec<KycDocumentId> = waiting.iter().map(|document| document.id).collect();
        match self.inner.stores.kyc.kyc_submit(user.id, id, &ids, self.now()).await? {
            KycSent::Done => {}
            KycSent::Pending => return Err(KycError::Pending.into()),
            // A document was replaced at this moment.
            KycSent::Missing => return Err(Error::Unavailable { retry_after: 1 }),
        }
        let words: Vec<&str> = kinds.into_iter().map(DocumentKind::as_str).collect();
        self.audit(caller, Event::new("kyc.submitted").about(user.id).on("kyc", id).detail("documents", words)).await?;
        self.kyc(caller).await
    }
}
