//! Who blocks whom.

use super::{Listing, StoreResult};
use aivalid_model::{Timestamp, id::UserId, page::PageRequest};
use async_trait::async_trait;

/// Blocks, from one user to another.
#[async_trait]
pub trait BlockStore: Send + Sync {
    /// Blocks someone: since when. Again: nothing changes.
    async fn block_add(&self, blocker: UserId, blocked: UserId, now: Timestamp) -> StoreResult<Timestamp>;
    /// Ends a block. False when there was none.
    async fn block_remove(&self, blocker: UserId, blocked: UserId) -> StoreResult<bool>;
    /// Whom a user blocks and since when, newest first.
    async fn block_list(&self, blocker: UserId, page: PageRequest) -> StoreResult<Listing<(UserId, Timestamp)>>;
    /// Whether a user blocks one of the others, or one of them the user. One query along the index.
    async fn block_between(&self, user: UserId, others: &[UserId]) -> StoreResult<bool>;
}
