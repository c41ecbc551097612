//! Knowing one's customer: people send documents and submit them ([`documents`]), reviewers look at them and decide
//! ([`review`]), and a job deletes them when their time is over ([`retention`]).

mod documents;
mod retention;
mod review;

pub use documents::{DOCUMENT_KINDS, MAX_DOCUMENT};
pub use review::OpenDocument;

use crate::store::{DocumentRecord, SubmissionRecord};
use aivalid_model::kyc::{KycDocumentView, KycSubmissionView, WithdrawalLimits};
use std::time::Duration;

/// What an operator may set about identity documents.
#[derive(Clone, Copy, Debug)]
pub struct KycSettings {
    /// How much may be withdrawn a day on each level.
    pub limits: WithdrawalLimits,
    /// How long documents of rejected submissions are kept after the decision.
    pub keep_rejected: Duration,
    /// How long documents of approved submissions are kept after the decision; `None`: for ever.
    pub keep_approved: Option<Duration>,
}

impl Default for KycSettings {
    /// 90 days and five years.
    fn default() -> Self {
        let days = |days: u64| Duration::from_hours(24 * days);
        Self { limits: WithdrawalLimits::default(), keep_rejected: days(90), keep_approved: Some(days(1826)) }
    }
}

fn document_view(record: DocumentRecord) -> KycDocumentView {
    KycDocumentView {
        id: record.id,
        kind: record.kind,
        file_type: record.file_type,
        size: record.size,
        sha256: hex::encode(record.sha256),
        uploaded_at: record.uploaded_at,
        deleted_at: record.deleted_at,
    }
}

fn submission_view(record: SubmissionRecord) -> KycSubmissionView {
    KycSubmissionView {
        id: record.id,
        status: record.status,
        level: record.level,
        reason: record.reason,
        submitted_at: record.submitted_at,
        decided_at: record.decided_at,
        documents: record.documents.into_iter().map(document_view).collect(),
    }
}
