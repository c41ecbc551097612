//! Work for later, as an operator sees it.

use crate::{Timestamp, id::JobId};
use serde::{Deserialize, Serialize};

/// A job. What it holds stays sealed: `about` says no more than an operator needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// The job.
    pub id: JobId,
    /// `mail`, …
    pub kind: String,
    /// Which letter, and to which domain; absent when it can't be opened.
    pub about: Option<String>,
    /// When it may be begun next.
    pub due_at: Timestamp,
    /// Whether an instance is at it.
    pub claimed: bool,
    /// How often it was begun.
    pub attempts: i64,
    /// How the last attempt failed, without addresses.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

/// How many jobs of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct JobCount {
    /// `mail`, …
    pub kind: String,
    /// Waiting, or begun.
    pub live: u64,
    /// Given up.
    pub dead: u64,
    /// When the oldest that waits was added.
    pub oldest: Option<Timestamp>,
}
