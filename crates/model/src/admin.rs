//! Managing people: what administrators see of accounts, and what they may do to them.

mod input;

pub use input::{BadgeDeed, RoleDeed, SuspendDeed};
pub use input::{
    BadgeGrantInput, ProfileFix, ProfileFixInput, Reason, ReasonInput, RoleInput, SuspendInput, UserFilter, UserFilterInput, UserState,
};

use crate::{
    Timestamp,
    id::UserId,
    identity::{BadgeGrant, Role, SessionView, UserCard},
};
use serde::{Deserialize, Serialize};

crate::error::domain_errors! {
    /// What goes wrong with managing people.
    AdminError {
        /// Administrators can't change their own role or suspend themselves.
        OwnAccount = "OWN_ACCOUNT", 409, "You can't do this to your own account. Ask another administrator.";
        /// Without this account nobody could manage the others.
        LastAdmin = "LAST_ADMIN", 409, "This is the last administrator who can sign in.";
        /// Whoever manages others needs two factors; where there is one, a stolen password could add the other.
        SecondFactorMissing = "SECOND_FACTOR_MISSING", 409, "This account has no second factor yet. Whoever gets this role sets one up first.";
        /// It is so already.
        NothingToDo = "NOTHING_TO_DO", 409, "It is so already; nothing was changed.";
    }
}

/// A suspension: who is suspended can't sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Suspension {
    /// Since when.
    pub since: Timestamp,
    /// Until when; absent: until it is lifted.
    pub until: Option<Timestamp>,
    /// Why; the mail to its owner says so.
    pub reason: String,
}

impl Suspension {
    /// Whether it still holds.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// An account in a list of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccountRow {
    /// Name, picture and badge.
    #[serde(flatten)]
    pub card: UserCard,
    /// The address; accounts made with a phone number may have none.
    pub email: Option<String>,
    /// The phone number, in E.164.
    pub phone: Option<String>,
    /// Whether it was confirmed.
    pub email_verified: bool,
    /// The role.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its owner last signed in.
    pub last_login_at: Option<Timestamp>,
    /// Whether and why it is suspended.
    pub suspension: Option<Suspension>,
}

/// An account as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccountFile {
    /// What stands in lists.
    #[serde(flatten)]
    pub row: AccountRow,
    /// A few sentences.
    pub bio: String,
    /// A city or region.
    pub location: String,
    /// A web site.
    pub website: String,
    /// Threads they started.
    pub thread_count: u64,
    /// Cases they opened.
    pub case_count: u64,
    /// Their badges, newest first.
    pub badges: Vec<BadgeGrant>,
    /// Where they are signed in, last used first.
    pub sessions: Vec<SessionView>,
    /// Whether this is the caller's own account, which they can't change here.
    pub own: bool,
    /// What keeps the right password out, if wrong ones do.
    pub password_lock: Option<PasswordLock>,
}

/// What wrong passwords did to an account's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordLock {
    /// Until when devices that the account was not used on are refused; absent where none are.
    pub until: Option<Timestamp>,
    /// Whether it is refused everywhere, until it is reset or unlocked.
    pub disabled: bool,
}

/// The last entry of a stretch of accounts. Opaque to clients: `1763000000000000.42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountCursor {
    /// When it was made.
    pub created_at: Timestamp,
    /// Decides between equal times.
    pub id: UserId,
}

impl AccountCursor {
    /// The text that clients pass back.
    pub fn text(self) -> String {
        format!("{}.{}", self.created_at.0, self.id)
    }

    /// What a client passed back; `None` when it was not made here.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        Some(Self { created_at: Timestamp(at.parse().ok()?), id: id.parse().ok()? })
    }
}
