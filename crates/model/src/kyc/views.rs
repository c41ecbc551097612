//! What owners and reviewers see of submissions, and what they send.

use super::{DocumentKind, KycLevel, KycStatus, RejectionReason};
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, Problem},
    files::FileKind,
    id::{KycDocumentId, KycId},
    identity::UserCard,
    money::Rupiah,
};
use serde::{Deserialize, Serialize};

/// A document as its owner sees it: that it is there, not what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KycDocumentView {
    /// The document.
    pub id: KycDocumentId,
    /// What it shows.
    pub kind: DocumentKind,
    /// `jpeg`, `png` or `pdf`.
    pub file_type: FileKind,
    /// Bytes.
    pub size: u64,
    /// Of its content, in hexadecimal.
    pub sha256: String,
    /// When it was sent.
    pub uploaded_at: Timestamp,
    /// When it was deleted, if it was: documents are not kept for ever.
    pub deleted_at: Option<Timestamp>,
}

/// A submission as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KycSubmissionView {
    /// The submission.
    pub id: KycId,
    /// Where it stands.
    pub status: KycStatus,
    /// The level it was approved to.
    pub level: Option<KycLevel>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was made.
    pub submitted_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Its documents.
    pub documents: Vec<KycDocumentView>,
}

/// `GET /api/v1/auth/kyc`: where the caller stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KycView {
    /// Where the last submission stands.
    pub kyc_status: KycStatus,
    /// The level that is reached.
    pub kyc_level: KycLevel,
    /// The most that may be withdrawn in a day on this level, in rupiah; absent: no limit.
    pub daily_limit: Option<Rupiah>,
    /// What was sent, but not submitted yet.
    pub documents: Vec<KycDocumentView>,
    /// What a submission still lacks.
    pub missing: Vec<DocumentKind>,
    /// Everything submitted so far, newest first.
    pub submissions: Vec<KycSubmissionView>,
}

/// A document as reviewers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReviewedDocument {
    /// The document.
    pub id: KycDocumentId,
    /// What it is said to show.
    pub kind: DocumentKind,
    /// `jpeg`, `png` or `pdf`.
    pub file_type: FileKind,
    /// Bytes.
    pub size: u64,
    /// Of its content, in hexadecimal.
    pub sha256: String,
    /// When it was sent.
    pub uploaded_at: Timestamp,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Timestamp>,
}

/// A submission as reviewers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct KycReview {
    /// The submission.
    pub id: KycId,
    /// Whose.
    pub user: UserCard,
    /// Where it stands.
    pub status: KycStatus,
    /// The level it was approved to.
    pub level: Option<KycLevel>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was made.
    pub submitted_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided it.
    pub decided_by: Option<UserCard>,
    /// Its documents.
    pub documents: Vec<ReviewedDocument>,
}

/// A submission with everything that a reviewer needs to decide it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KycDossier {
    /// The submission.
    pub review: KycReview,
    /// The level its owner has now.
    pub present_level: KycLevel,
    /// When its owner joined.
    pub joined_at: Timestamp,
    /// What its owner submitted besides, newest first.
    pub others: Vec<KycReview>,
}

impl KycDossier {
    /// The documents that `level` rests on and that neither this submission nor an approved one has.
    pub fn missing_for(&self, level: KycLevel) -> Vec<DocumentKind> {
        let approved = self.others.iter().filter(|other| other.status == KycStatus::Approved);
        let given: Vec<DocumentKind> =
            approved.chain([&self.review]).flat_map(|review| &review.documents).map(|document| document.kind).collect();
        level.needs().iter().copied().filter(|kind| !given.contains(kind)).collect()
    }
}

/// `POST /api/v1/auth/kyc/verify`: submits what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SubmitInput {
    /// The documents to submit; all that wait when left out.
    pub documents: Option<Vec<KycDocumentId>>,
}

impl CheckAll for SubmitInput {
    type Checked = Option<Vec<KycDocumentId>>;
    fn check_all(self) -> Result<Self::Checked> {
        let mut fields = Fields::new();
        let most = DocumentKind::ALL.len();
        if self.documents.as_ref().is_some_and(|documents| documents.len() > most) {
            fields.add("documents", Problem::TooMany { max: most });
        }
        fields.finish(Some(self.documents))
    }
}

/// `POST /api/v1/admin/kyc/{id}/approve`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApproveInput {
    /// 1 to 3.
    pub level: i64,
}

impl CheckAll for ApproveInput {
    type Checked = KycLevel;
    fn check_all(self) -> Result<KycLevel> {
        let mut fields = Fields::new();
        let level = fields.check::<KycLevel>("level", self.level);
        fields.finish(level)
    }
}

/// `POST /api/v1/admin/kyc/{id}/reject`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RejectInput {
    /// 10 to 500 characters; the owner reads them.
    pub reason: String,
}

impl CheckAll for RejectInput {
    type Checked = RejectionReason;
    fn check_all(self) -> Result<RejectionReason> {
        let mut fields = Fields::new();
        let reason = fields.check::<RejectionReason>("reason", self.reason);
        fields.finish(reason)
    }
}
