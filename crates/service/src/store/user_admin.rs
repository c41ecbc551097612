//! What administrators do to accounts. Each method changes the account and writes its entry of the audit log in one step.

use super::{NewAuditEntry, StoreResult, User};
use aivalid_model::{
    Timestamp,
    admin::{AccountCursor, Suspension, UserFilter},
    id::{BadgeId, UserId},
    identity::{AccountChange, BadgeCard, Role},
};
use async_trait::async_trait;

/// What came of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was done, and the log says so.
    Done,
    /// The account is not (any more) as the deed supposes: nothing was done.
    Otherwise,
    /// No administrator who can sign in would be left: nothing was done.
    LastAdmin,
    /// The username belongs to somebody else: nothing was done.
    NameTaken,
    /// There is no such account or badge: nothing was done.
    Missing,
}

/// Accounts in the hands of administrators.
#[async_trait]
pub trait UserAdminStore: Send + Sync {
    /// Accounts, newest first, after a cursor. What is suspended is so at `now`.
    async fn user_search(&self, filter: &UserFilter, after: Option<AccountCursor>, limit: i64, now: Timestamp) -> StoreResult<Vec<User>>;
    /// Gives a role to an account that has `from`. Of administrators who take each other's role at once, one remains.
    async fn user_role(&self, id: UserId, from: Role, to: Role, now: Timestamp, entry: &NewAuditEntry) -> StoreResult<Deed>;
    /// Suspends an account that is not suspended at `suspension.since`.
    async fn user_suspend(&self, id: UserId, suspension: &Suspension, entry: &NewAuditEntry) -> StoreResult<Deed>;
    /// Lifts a suspension, also one that is over.
    async fn user_unsuspend(&self, id: UserId, entry: &NewAuditEntry) -> StoreResult<Deed>;
    /// Corrects a profile; see [`super::UserStore::user_change`].
    async fn user_fix(&self, id: UserId, change: &AccountChange, now: Timestamp, entry: &NewAuditEntry) -> StoreResult<Deed>;
    /// Grants a badge that the account does not have, and shows it if none is shown yet.
    async fn user_badge_grant(&self, id: UserId, badge: BadgeId, reason: &str, now: Timestamp, entry: &NewAuditEntry) -> StoreResult<Deed>;
    /// Takes a badge away, also from beside the name.
    async fn user_badge_revoke(&self, id: UserId, badge: BadgeId, entry: &NewAuditEntry) -> StoreResult<Deed>;
    /// Every badge there is, by slug.
    async fn badge_list(&self) -> StoreResult<Vec<BadgeCard>>;
}
