//! Who watches or muted which thread or case.

use super::StoreResult;
use aivalid_model::{
    Timestamp,
    community::{Target, WatchLevel},
    id::UserId,
};
use async_trait::async_trait;

/// Watches: at most one for each user and target. Starting a thread or opening a case makes its author's watch in the same
/// step ([`super::ThreadStore::thread_publish`], [`super::CaseStore::case_open`]).
#[async_trait]
pub trait WatchStore: Send + Sync {
    /// Watches or mutes, whatever it was before.
    async fn watch_set(&self, user: UserId, target: Target, level: WatchLevel, now: Timestamp) -> StoreResult<()>;
    /// Watches, unless the user watches or muted it already.
    async fn watch_start(&self, user: UserId, target: Target, now: Timestamp) -> StoreResult<()>;
    /// Neither watches nor mutes any more.
    async fn watch_clear(&self, user: UserId, target: Target) -> StoreResult<()>;
    /// Whether the user watches or muted it.
    async fn watch_of(&self, user: UserId, target: Target) -> StoreResult<Option<WatchLevel>>;
    /// Who watches it, in the order of their ids, after the one given. Accounts that are gone are left out.
    async fn watchers(&self, target: Target, after: Option<UserId>, limit: i64) -> StoreResult<Vec<UserId>>;
}
