//! Identity documents and what reviewers decide about them.

use super::{FileId, FileRecord, Listing, StoreResult, WrittenFile};
use aivalid_model::{
    Timestamp,
    files::FileKind,
    id::{KycDocumentId, KycId, UserId},
    kyc::{DocumentKind, KycLevel, KycStatus},
    page::PageRequest,
};
use async_trait::async_trait;

/// A document that was sent.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Made by the caller.
    pub id: KycDocumentId,
    /// Whose.
    pub user: UserId,
    /// What it shows.
    pub kind: DocumentKind,
    /// Its content.
    pub file: WrittenFile,
    /// Now.
    pub now: Timestamp,
}

/// A document as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRecord {
    /// The document.
    pub id: KycDocumentId,
    /// What it shows.
    pub kind: DocumentKind,
    /// Its content, until it is deleted.
    pub file: Option<FileId>,
    /// What it is.
    pub file_type: FileKind,
    /// Bytes.
    pub size: u64,
    /// Of its content.
    pub sha256: [u8; 32],
    /// When it was sent.
    pub uploaded_at: Timestamp,
    /// When its content was given up.
    pub deleted_at: Option<Timestamp>,
}

/// A submission as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionRecord {
    /// The submission.
    pub id: KycId,
    /// Whose.
    pub user: UserId,
    /// Where it stands; never [`KycStatus::None`].
    pub status: KycStatus,
    /// When it was made.
    pub submitted_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<UserId>,
    /// The level it was approved to.
    pub level: Option<KycLevel>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// By kind.
    pub documents: Vec<DocumentRecord>,
}

/// What came of sending or submitting documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KycSent {
    /// It was taken.
    Done,
    /// A submission waits already.
    Pending,
    /// What was named is not there (any more).
    Missing,
}

/// What a reviewer decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KycVerdict {
    /// To a level.
    Approved(KycLevel),
    /// For a reason.
    Rejected(String),
}

/// Until when files are kept, each as the time before which things are old enough to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KycRetention {
    /// Documents that were sent, but not submitted.
    pub waiting: Timestamp,
    /// Documents of submissions that were rejected.
    pub rejected: Timestamp,
    /// Documents of submissions that were approved.
    pub approved: Timestamp,
}

/// Identity documents.
#[async_trait]
pub trait KycStore: Send + Sync {
    /// Keeps a document until it is submitted; one of the same kind that waits is given up. Nothing changes while a
    /// submission is pending, nor when the file was given up meanwhile ([`KycSent::Missing`]).
    async fn kyc_document_add(&self, document: &NewDocument) -> StoreResult<KycSent>;
    /// The documents that wait to be submitted, by kind.
    async fn kyc_waiting(&self, user: UserId) -> StoreResult<Vec<DocumentRecord>>;
    /// Submits documents that wait: all of these, or nothing ([`KycSent::Missing`]).
    async fn kyc_submit(&self, user: UserId, id: KycId, documents: &[KycDocumentId], now: Timestamp) -> StoreResult<KycSent>;
    /// A user's submissions, newest first.
    async fn kyc_submissions(&self, user: UserId) -> StoreResult<Vec<SubmissionRecord>>;
    /// One submission.
    async fn kyc_get(&self, id: KycId) -> StoreResult<Option<SubmissionRecord>>;
    /// Submissions in a status: those that wait oldest first, the others newest first.
    async fn kyc_queue(&self, status: KycStatus, page: PageRequest) -> StoreResult<Listing<SubmissionRecord>>;
    /// The file of a document of this submission; `None` also when it was deleted.
    async fn kyc_file(&self, id: KycId, document: KycDocumentId) -> StoreResult<Option<FileRecord>>;
    /// Decides a submission that waits and is not the reviewer's own, and sets its owner's status and level with it. Of
    /// racing decisions one succeeds.
    async fn kyc_decide(&self, id: KycId, reviewer: UserId, verdict: &KycVerdict, now: Timestamp) -> StoreResult<bool>;
    /// Gives up the files of documents that are past their time; how many.
    async fn kyc_expire(&self, before: &KycRetention, now: Timestamp) -> StoreResult<u64>;
}
