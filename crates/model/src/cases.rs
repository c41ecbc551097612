//! Validation cases.

use crate::{
    Result, Timestamp,
    check::{Check, CheckAll, Fields, Problem},
    community::{CategoryKind, ReactionKind, Reactions, Sort, Summary, TagList, Title, WatchLevel},
    content::{Content, ContentInput, ContentType},
    id::{CaseId, CategoryId, UserId},
    identity::UserCard,
    money::{Bounty, Rupiah},
    slug::Slug,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Where a case stands (spec section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// Looking for a validator.
    Open,
    /// An offer was accepted; the funds are not locked yet.
    OfferAccepted,
    /// The money is in escrow; the validator works.
    FundsLocked,
    /// The result was delivered.
    ArtifactSubmitted,
    /// Either side called for arbitration.
    Disputed,
    /// The money was released.
    Completed,
    /// The money went back after a dispute.
    Refunded,
    /// Nothing was delivered in time; the money went back.
    Expired,
    /// The owner withdrew it.
    Cancelled,
}

impl CaseStatus {
    /// Every one, in the order of a case's life.
    pub const ALL: [Self; 9] = [
        Self::Open,
        Self::OfferAccepted,
        Self::FundsLocked,
        Self::ArtifactSubmitted,
        Self::Disputed,
        Self::Completed,
        Self::Refunded,
        Self::Expired,
        Self::Cancelled,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OfferAccepted => "offer_accepted",
            Self::FundsLocked => "funds_locked",
            Self::ArtifactSubmitted => "artifact_submitted",
            Self::Disputed => "disputed",
            Self::Completed => "completed",
            Self::Refunded => "refunded",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// What may be done in this state so far: the words clients see in `INVALID_TRANSITION`.
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Open => &["edit", "cancel"],
            Self::OfferAccepted => &["cancel"],
            _ => &[],
        }
    }

    /// Whether the owner may still cancel.
    pub const fn can_cancel(self) -> bool {
        matches!(self, Self::Open | Self::OfferAccepted)
    }

    /// Whether title, content and bounty may still be edited.
    pub const fn can_edit(self) -> bool {
        matches!(self, Self::Open)
    }
}

impl FromStr for CaseStatus {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(Problem::UnknownValue)
    }
}

/// What goes wrong with cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CaseError {
    /// The case is not in a state for this.
    #[error("The case is {}; this can't be done now.", status.as_str())]
    InvalidTransition {
        /// Where it stands.
        status: CaseStatus,
        /// What could be done instead.
        allowed: Vec<String>,
    },
}

impl CaseError {
    /// A transition that `status` does not allow.
    pub fn invalid(status: CaseStatus) -> Self {
        Self::InvalidTransition { status, allowed: status.allowed().iter().map(ToString::to_string).collect() }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidTransition { .. } => "INVALID_TRANSITION",
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidTransition { .. } => 409,
        }
    }

    /// One of each.
    pub fn catalogue() -> [Self; 1] {
        [Self::invalid(CaseStatus::Open)]
    }
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// The category's id.
    pub category_id: CategoryId,
    /// Who opened it.
    pub owner: UserCard,
    /// The title.
    pub title: String,
    /// One or two sentences; may be empty.
    pub summary: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// What the owner puts on it, in rupiah.
    pub bounty_amount: Rupiah,
    /// Where it stands.
    pub status: CaseStatus,
    /// Until when offers are wanted.
    pub deadline: Option<Timestamp>,
    /// Replies that can be read.
    pub reply_count: u64,
    /// Reactions to the case itself.
    pub reactions: Reactions,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When something last happened.
    pub last_activity_at: Timestamp,
}

/// A case as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// What lists show.
    #[serde(flatten)]
    pub row: CaseRow,
    /// Markdown or table.
    pub content_type: ContentType,
    /// The Markdown, or the table as JSON.
    pub content: String,
    /// The rendered, sanitised HTML.
    pub content_html: String,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// The caller's own reaction.
    pub my_reaction: Option<ReactionKind>,
    /// Whether the caller watches or muted it.
    pub watch: Option<WatchLevel>,
    /// Whether the caller is its owner, or may moderate it.
    pub mine: bool,
}

/// `POST /api/validation-cases` and `PUT /api/validation-cases/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseInput {
    /// A case category's slug.
    pub category: String,
    /// 3 to 255 characters.
    pub title: String,
    /// One or two sentences for lists; the beginning of the content when left out.
    #[serde(default)]
    pub summary: Option<String>,
    /// Markdown or a typed table.
    pub content: ContentInput,
    /// Rupiah, 0 to 100,000,000.
    pub bounty_amount: i64,
    /// At most five.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Until when offers are wanted (RFC 3339).
    #[serde(default)]
    pub deadline: Option<Timestamp>,
}

/// A checked case, new or edited.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseDraft {
    /// The category's slug.
    pub category: Slug,
    /// The title.
    pub title: Title,
    /// The summary; empty: made from the content.
    pub summary: Summary,
    /// The content.
    pub content: Content,
    /// The bounty.
    pub bounty: Bounty,
    /// The tags.
    pub tags: TagList,
    /// Until when offers are wanted.
    pub deadline: Option<Timestamp>,
}

impl CheckAll for CaseInput {
    type Checked = CaseDraft;
    const CATEGORY: Option<CategoryKind> = Some(CategoryKind::Case);
    fn check_all(self) -> Result<CaseDraft> {
        let mut fields = Fields::new();
        let category = fields.check::<Slug>("category", self.category);
        let title = fields.check::<Title>("title", self.title);
        let summary = fields.check::<Summary>("summary", self.summary.unwrap_or_default());
        let content = Content::check_in(&mut fields, self.content);
        let bounty = fields.check::<Bounty>("bountyAmount", self.bounty_amount);
        let tags = fields.check::<TagList>("tags", self.tags);
        let draft = (|| {
            Some(CaseDraft {
                category: category?,
                title: title?,
                summary: summary?,
                content: content?,
                bounty: bounty?,
                tags: tags?,
                deadline: self.deadline,
            })
        })();
        fields.finish(draft)
    }
}

/// `POST /api/validation-cases/{id}/tags`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TagInput {
    /// A tag: `a-z`, `0-9` and `-`, at most 50.
    pub tag: String,
}

impl CheckAll for TagInput {
    type Checked = Slug;
    fn check_all(self) -> Result<Slug> {
        let mut fields = Fields::new();
        let tag = fields.check::<Slug>("tag", self.tag);
        fields.finish(tag)
    }
}

/// `POST /api/validation-cases/{id}/cancel`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CancelInput {
    /// Why, for the case log; at most 500 characters.
    pub reason: Option<String>,
}

impl CheckAll for CancelInput {
    type Checked = Summary;
    fn check_all(self) -> Result<Summary> {
        let mut fields = Fields::new();
        let reason = fields.note("reason", Summary::check(self.reason.unwrap_or_default()));
        fields.finish(reason)
    }
}

/// Which cases are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of one category.
    pub category: Option<CategoryId>,
    /// With one tag.
    pub tag: Option<String>,
    /// Of one owner.
    pub owner: Option<UserId>,
    /// In one state.
    pub status: Option<CaseStatus>,
    /// With at least this bounty.
    pub bounty_min: Option<Rupiah>,
    /// In which order.
    pub sort: Sort,
}

/// One entry of a case's append-only log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaseLogEntry {
    /// From 1, without gaps.
    pub seq: i64,
    /// Who did it; absent: the system.
    pub actor: Option<UserCard>,
    /// What was done: `created`, `edited`, `tag_added`, `tag_removed`, `cancelled`, …
    pub action: String,
    /// With what; only the parties and the arbiter see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub details: Option<serde_json::Value>,
    /// SHA-256 of the canonical details, in hex; lets a redacted log still be verified.
    pub details_hash: String,
    /// When.
    pub at: Timestamp,
    /// The entry before; 64 zeros for the first.
    pub prev_hash: String,
    /// SHA-256 over `prev_hash` and this entry, in hex.
    pub hash: String,
}

/// A case's log and whether its chain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaseLog {
    /// From first to last.
    pub entries: Vec<CaseLogEntry>,
    /// Whether every hash was recomputed and fits.
    pub verified: bool,
}
