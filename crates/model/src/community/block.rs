//! Blocking people.

use crate::{Result, Timestamp, check::CheckAll, id::UserId, identity::UserCard};
use serde::{Deserialize, Serialize};

/// Someone whom the caller blocks: neither can reply to the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Whom.
    pub user: UserCard,
    /// Since when.
    pub blocked_at: Timestamp,
}

/// `POST /api/v1/blocks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockInput {
    /// Whom.
    pub user_id: UserId,
}

impl CheckAll for BlockInput {
    type Checked = UserId;
    fn check_all(self) -> Result<UserId> {
        Ok(self.user_id)
    }
}
