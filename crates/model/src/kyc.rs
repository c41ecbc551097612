//! Knowing one's customer: which documents someone submits, what a reviewer decides, and what each level allows.

mod limits;
mod views;

pub use limits::WithdrawalLimits;
pub use views::{
    ApproveInput, KycDocumentView, KycDossier, KycReview, KycSubmissionView, KycView, RejectInput, ReviewedDocument, SubmitInput,
};

use crate::check::{Check, Problem, lines, text_value};
use serde::{Deserialize, Serialize};

/// How well we know someone: 0 (not at all) to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct KycLevel(u8);

impl KycLevel {
    /// Nothing was checked.
    pub const NONE: Self = Self(0);
    /// Identity card and selfie.
    pub const ONE: Self = Self(1);
    /// And a proof of address.
    pub const TWO: Self = Self(2);
    /// As two, for those whom a reviewer trusts with any amount.
    pub const THREE: Self = Self(3);
    /// Every level, from the lowest.
    pub const ALL: [Self; 4] = [Self::NONE, Self::ONE, Self::TWO, Self::THREE];

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The documents that it rests on.
    pub const fn needs(self) -> &'static [DocumentKind] {
        match self.0 {
            0 => &[],
            1 => &[DocumentKind::IdentityCard, DocumentKind::Selfie],
            _ => &DocumentKind::ALL,
        }
    }

    /// What a submission lacks that comes from this level: the first one needs all that level one rests on, a later one at
    /// least something new.
    pub fn lacks(self, given: &[DocumentKind]) -> Vec<DocumentKind> {
        match self.0 {
            0 => Self::ONE.needs().iter().copied().filter(|kind| !given.contains(kind)).collect(),
            _ if given.is_empty() => vec![DocumentKind::ProofOfAddress],
            _ => vec![],
        }
    }
}

impl TryFrom<i64> for KycLevel {
    type Error = ();
    fn try_from(number: i64) -> Result<Self, ()> {
        u8::try_from(number).ok().filter(|number| *number <= 3).map(Self).ok_or(())
    }
}

impl From<KycLevel> for i64 {
    fn from(level: KycLevel) -> Self {
        level.0.into()
    }
}

impl<'de> Deserialize<'de> for KycLevel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        Self::try_from(number).map_err(|()| serde::de::Error::custom("a level is 0 to 3"))
    }
}

/// What a reviewer can give: 1 to 3.
impl Check for KycLevel {
    type Input = i64;
    fn check(number: i64) -> Result<Self, Problem> {
        Self::try_from(number).ok().filter(|level| *level > Self::NONE).ok_or(Problem::OutOfRange { min: 1, max: 3 })
    }
}

/// A document that tells who someone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// An identity card (KTP), passport or driving licence.
    IdentityCard,
    /// The person's face beside that card.
    Selfie,
    /// A bill or bank statement of the last three months with name and address.
    ProofOfAddress,
}

impl DocumentKind {
    /// Every kind, in the order of the form.
    pub const ALL: [Self; 3] = [Self::IdentityCard, Self::Selfie, Self::ProofOfAddress];

    /// The stored word, which also is the field's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdentityCard => "identity_card",
            Self::Selfie => "selfie",
            Self::ProofOfAddress => "proof_of_address",
        }
    }
}

impl std::str::FromStr for DocumentKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// Where someone, or one submission, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum KycStatus {
    /// Nothing was submitted yet.
    #[default]
    None,
    /// A submission waits for a reviewer.
    Pending,
    /// The last submission was approved.
    Approved,
    /// The last submission was rejected; another one may be made.
    Rejected,
}

impl KycStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::None, Self::Pending, Self::Approved, Self::Rejected];

    /// The stored word, as in access tokens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

impl std::str::FromStr for KycStatus {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}

text_value! {
    /// Why a submission was rejected: 10 to 500 characters, which its owner reads.
    RejectionReason = |text| lines(text, 10, 500);
}

/// What goes wrong with identity documents and what hangs on them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum KycError {
    /// What was asked for needs a higher level.
    #[error("This needs an identity checked to level {}.", required.number())]
    Required {
        /// The level that is needed.
        required: KycLevel,
        /// The level the account has.
        level: KycLevel,
    },
    /// A submission waits already.
    #[error("Your documents are being reviewed. They can be changed once that is done.")]
    Pending,
    /// Another reviewer was faster.
    #[error("Someone has decided this submission already.")]
    Decided,
    /// A reviewer's own submission.
    #[error("You can't review your own documents.")]
    Own,
    /// The level rests on documents that were never submitted.
    #[error("Documents that this level needs are missing.")]
    DocumentsMissing {
        /// Which.
        missing: Vec<DocumentKind>,
    },
    /// The document was deleted when its time to be kept was over.
    #[error("This document was deleted when its retention period ended.")]
    DocumentGone,
}

impl KycError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required { .. } => "KYC_REQUIRED",
            Self::Pending => "KYC_PENDING",
            Self::Decided => "KYC_DECIDED",
            Self::Own => "KYC_OWN",
            Self::DocumentsMissing { .. } => "KYC_DOCUMENTS_MISSING",
            Self::DocumentGone => "KYC_DOCUMENT_GONE",
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Required { .. } | Self::Own => 403,
            Self::Pending | Self::Decided | Self::DocumentsMissing { .. } => 409,
            Self::DocumentGone => 410,
        }
    }

    /// What a program needs to know besides the code.
    pub fn details(&self) -> serde_json::Value {
        match self {
            Self::Required { required, level } => serde_json::json!({ "required": required, "level": level }),
            Self::DocumentsMissing { missing } => serde_json::json!({ "missing": missing }),
            _ => serde_json::Value::Null,
        }
    }

    /// One of each, for the generated list of codes.
    pub fn catalogue() -> [Self; 6] {
        [
            Self::Required { required: KycLevel::ONE, level: KycLevel::NONE },
            Self::Pending,
            Self::Decided,
            Self::Own,
            Self::DocumentsMissing { missing: vec![DocumentKind::ProofOfAddress] },
            Self::DocumentGone,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_0_to_3_and_reviewers_give_1_to_3() {
        assert!([-1, 4, 256, i64::MAX].into_iter().all(|number| KycLevel::try_from(number).is_err()));
        assert_eq!(KycLevel::check(0), Err(Problem::OutOfRange { min: 1, max: 3 }));
        assert_eq!(KycLevel::check(3), Ok(KycLevel::THREE));
        assert!(serde_json::from_str::<KycLevel>("4").is_err());
        assert_eq!(serde_json::to_string(&KycLevel::TWO).unwrap(), "2");
    }

    #[test]
    fn a_first_submission_needs_card_and_face_and_a_later_one_something() {
        use DocumentKind::{IdentityCard, ProofOfAddress, Selfie};
        assert_eq!(KycLevel::NONE.lacks(&[ProofOfAddress]), [IdentityCard, Selfie]);
        assert_eq!(KycLevel::NONE.lacks(&[Selfie, IdentityCard]), []);
        assert_eq!(KycLevel::ONE.lacks(&[]), [ProofOfAddress]);
        assert_eq!(KycLevel::ONE.lacks(&[ProofOfAddress]), []);
    }

    #[test]
    fn words_are_read_back() {
        assert!(DocumentKind::ALL.into_iter().all(|kind| kind.as_str().parse() == Ok(kind)));
        assert!(KycStatus::ALL.into_iter().all(|status| status.as_str().parse() == Ok(status)));
    }
}
