//! The audit log as administrators read it, and the part of it that people see of their own accounts.

mod filter;

pub use filter::{AuditCursor, AuditFilter, AuditFilterInput};

use crate::{
    Timestamp,
    id::{AuditId, SessionId, UserId},
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Whether what an entry tells of came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It did.
    Done,
    /// It was tried and refused.
    Failed,
}

impl Outcome {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for Outcome {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Done, Self::Failed].into_iter().find(|outcome| outcome.as_str() == text).ok_or(())
    }
}

/// A person in an entry: the account may be gone, the number stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditPerson {
    /// The account.
    pub id: UserId,
    /// Its present username; absent when the account is gone.
    pub username: Option<String>,
}

/// What an entry is about besides a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditTarget {
    /// `session`, `badge`, `address`, …
    pub kind: String,
    /// Which one.
    pub id: String,
}

/// Where an entry stands in the chain; see `GET /api/v1/admin/audit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditSeal {
    /// From 1, without gaps.
    pub seq: i64,
    /// The hash of the entry before, in hex; zeros for the first.
    pub previous: String,
    /// The entry's own hash, in hex.
    pub hash: String,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// The entry.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What: `area.what`.
    pub event: String,
    /// Whether it came about.
    pub outcome: Outcome,
    /// Who did it; absent for guests and for the system.
    pub actor: Option<AuditPerson>,
    /// Whose account it concerns.
    pub subject: Option<AuditPerson>,
    /// What else it is about.
    pub target: Option<AuditTarget>,
    /// In which session.
    pub session: Option<SessionId>,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub user_agent: String,
    /// In which request.
    pub request_id: String,
    /// Whatever else there is to say, with personal data masked.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub details: serde_json::Value,
    /// Its place in the chain; absent for the moment until it is sealed.
    pub seal: Option<AuditSeal>,
}

/// Something that happened to one's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SecurityEvent {
    /// The entry.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What: `area.what`.
    pub event: String,
    /// Whether it came about.
    pub outcome: Outcome,
    /// Whether someone of the staff did it. Then address and device are theirs and not shown.
    pub by_staff: bool,
    /// From which address.
    pub ip: Option<String>,
    /// Where that address probably is.
    pub place: Option<String>,
    /// With which browser and system, in words.
    pub device: Option<String>,
    /// In which session.
    pub session: Option<SessionId>,
    /// The name of what was added, changed or taken away.
    pub name: Option<String>,
}

/// A stretch of a list that is read on from a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch<T> {
    /// The entries, newest first.
    pub items: Vec<T>,
    /// Pass as `?cursor=` for what follows; absent at the end.
    pub next: Option<String>,
}
