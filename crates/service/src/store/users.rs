//! Accounts.

use super::{NewJob, StoreResult, TokenLetter};
use aivalid_model::{
    Lang, Timestamp,
    admin::Suspension,
    id::{BadgeId, UserId},
    identity::{AccountChange, BadgeGrant, PhoneNumber, Role, Theme, TimeZone, UserCard},
    kyc::{KycLevel, KycStatus},
};
use async_trait::async_trait;
use std::time::Duration;

/// How long withdrawals wait after a recovery.
pub const WITHDRAWALS_WAIT: Duration = Duration::from_hours(24);

/// An account as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Name, picture and badge.
    pub card: UserCard,
    /// In lower case; accounts made with a phone number may have none.
    pub email: Option<String>,
    /// Whether it was confirmed.
    pub email_verified: bool,
    /// A number that was confirmed.
    pub phone: Option<PhoneNumber>,
    /// A PHC string; absent for accounts without a password.
    pub password_hash: Option<String>,
    /// The password was set with a mailed link while the account had passkeys, and nothing was shown beside it yet.
    pub password_mailed: bool,
    /// May be empty.
    pub bio: String,
    /// May be empty.
    pub location: String,
    /// May be empty.
    pub website: String,
    /// May be empty.
    pub telegram: String,
    /// For showing times.
    pub time_zone: TimeZone,
    /// The chosen language.
    pub locale: Option<Lang>,
    /// The chosen theme.
    pub theme: Theme,
    /// The role.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the username was changed last.
    pub username_changed_at: Option<Timestamp>,
    /// How well we know them.
    pub kyc_level: KycLevel,
    /// Where their identity documents stand.
    pub kyc_status: KycStatus,
    /// When its owner last signed in.
    pub last_login_at: Option<Timestamp>,
    /// The last suspension that was not lifted, also when it is over.
    pub suspension: Option<Suspension>,
    /// When its second factors were last taken away by a recovery.
    pub recovered_at: Option<Timestamp>,
}

impl User {
    /// Whether it is suspended at a time, and why.
    pub fn suspended(&self, now: Timestamp) -> Option<&Suspension> {
        self.suspension.as_ref().filter(|suspension| suspension.holds(now))
    }

    /// What its owner signs in with: the address, else the number, else the name.
    pub fn known_as(&self) -> &str {
        self.email.as_deref().or_else(|| self.phone.as_ref().map(PhoneNumber::as_str)).unwrap_or(&self.card.username)
    }

    /// Until when nothing may be withdrawn because the account was just recovered: whoever did it may not be its owner, who
    /// has that long to say so.
    pub fn withdrawals_wait(&self, now: Timestamp) -> Option<Timestamp> {
        self.recovered_at.map(|at| at.plus(WITHDRAWALS_WAIT)).filter(|until| *until > now)
    }
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Made by the caller.
    pub id: UserId,
    /// In lower case; or the account is known by its phone.
    pub email: Option<String>,
    /// A number that was confirmed just now.
    pub phone: Option<PhoneNumber>,
    /// In lower case.
    pub username: String,
    /// A PHC string.
    pub password_hash: Option<String>,
    /// The language it was made in.
    pub locale: Option<Lang>,
    /// The role.
    pub role: Role,
    /// Whether the address needs no confirmation (made by an administrator or a seed).
    pub email_verified: bool,
    /// The device it was made on.
    pub device: Option<String>,
    /// Which version of the terms was agreed to.
    pub terms_version: String,
    /// Now.
    pub now: Timestamp,
}

/// What goes with a registration, in its transaction.
#[derive(Clone, Debug)]
pub struct Registering {
    /// When the account is made: the token that confirms the address, and its letter.
    pub welcome: TokenLetter,
    /// When the address has an account: the letter to its owner, or a decoy.
    pub taken: NewJob,
}

/// What came of making an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCreated {
    /// It was made.
    Done,
    /// The address has an account.
    EmailTaken,
    /// The phone number has an account.
    PhoneTaken,
    /// The username has an account, or had one that others may still look for.
    UsernameTaken,
    /// The device made as many accounts as it may.
    DeviceLimit,
}

/// What came of changing an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserChanged {
    /// It was changed.
    Done,
    /// The username has an account.
    UsernameTaken,
    /// There is no such account.
    Missing,
}

/// Accounts.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// Makes an account, unless its address, number or name is taken or the device made `device_limit` accounts already.
    /// The name is looked at first, then the device, then the address, and attempts with a taken address count against the
    /// device too, and their name is taken afterwards: what is said of a name or a device tells nothing of addresses.
    async fn user_create(&self, user: &NewUser, device_limit: i64) -> StoreResult<UserCreated>;
    /// The same for somebody who registers: either the welcome is kept with the account, or, when the address is taken, the
    /// letter to its owner is added. Otherwise nothing is.
    async fn user_register(&self, user: &NewUser, device_limit: i64, registering: &Registering) -> StoreResult<UserCreated>;
    /// By id; deleted accounts are not found.
    async fn user_by_id(&self, id: UserId) -> StoreResult<Option<User>>;
    /// By address in lower case.
    async fn user_by_email(&self, email: &str) -> StoreResult<Option<User>>;
    /// By phone number in E.164.
    async fn user_by_phone(&self, phone: &str) -> StoreResult<Option<User>>;
    /// By username in lower case. A name that its owner gave up finds the account under its present name.
    async fn user_by_username(&self, username: &str) -> StoreResult<Option<User>>;
    /// What stands beside the names of these; unknown ids are left out, order does not matter.
    async fn user_cards(&self, ids: &[UserId]) -> StoreResult<Vec<UserCard>>;
    /// Notes that the address was confirmed. False when there is no such account.
    async fn user_verify_email(&self, id: UserId, now: Timestamp) -> StoreResult<bool>;
    /// Changes what is given; a new username remembers the old one for redirects.
    async fn user_change(&self, id: UserId, change: &AccountChange, now: Timestamp) -> StoreResult<UserChanged>;
    /// Replaces the password hash, if it still is `old` (upgrades must not undo a change that came in between).
    async fn user_rehash(&self, id: UserId, old: &str, new: &str) -> StoreResult<bool>;
    /// The highest cost among the predecessor's hashes (bcrypt) that are left; `None` when there are none.
    async fn user_old_hash_cost(&self) -> StoreResult<Option<u32>>;
    /// Notes a sign-in.
    async fn user_signed_in(&self, id: UserId, now: Timestamp) -> StoreResult<()>;
    /// By username, with the numbers of threads and of cases that they have and that can be read.
    async fn user_profile(&self, username: &str) -> StoreResult<Option<(User, u64, u64)>>;
    /// Their badges, newest first.
    async fn user_badges(&self, id: UserId) -> StoreResult<Vec<BadgeGrant>>;
    /// Grants a badge (again: nothing changes) and shows it beside the name if none is shown yet.
    async fn user_grant_badge(&self, id: UserId, badge: BadgeId, reason: &str, now: Timestamp) -> StoreResult<()>;
    /// How many accounts there are.
    async fn user_count(&self) -> StoreResult<u64>;
}
