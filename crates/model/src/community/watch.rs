//! Watching threads and cases.

use crate::{
    Result,
    check::{CheckAll, Fields, Problem},
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Whether someone wants to hear of what happens in a thread or case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum WatchLevel {
    /// Of everything. Whoever starts something or replies there watches it, unless they muted it.
    Watching,
    /// Of nothing, whatever they do there.
    Muted,
}

impl WatchLevel {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Watching, Self::Muted];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Watching => "watching",
            Self::Muted => "muted",
        }
    }
}

impl FromStr for WatchLevel {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|level| level.as_str() == text).ok_or(())
    }
}

/// `PUT /api/v1/watches/{targetType}/{targetId}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WatchInput {
    /// `watching` or `muted`.
    pub level: String,
}

impl CheckAll for WatchInput {
    type Checked = WatchLevel;
    fn check_all(self) -> Result<WatchLevel> {
        let mut fields = Fields::new();
        let level = fields.note("level", self.level.parse().map_err(|()| Problem::UnknownValue));
        fields.finish(level)
    }
}
