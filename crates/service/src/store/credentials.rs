//! What guards an account: its password and address, wrong attempts, the devices it is used on.

use super::{NewJob, StoreResult};
use aivalid_model::{
    Timestamp,
    id::{SessionId, UserId},
};
use async_trait::async_trait;
use std::time::Duration;

/// Wrong passwords for one address since the last right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct WrongPasswords {
    /// Since the last right one, or the last lock.
    pub consecutive: i64,
    /// Since the last right one.
    pub total: i64,
    /// Until when devices that the account was not used on are refused.
    pub locked_until: Option<Timestamp>,
}

/// When attempts lock.
#[derive(Clone, Copy, Debug)]
pub struct LockRule {
    /// After so many wrong passwords in a row.
    pub after: i64,
    /// For so long.
    pub lasts: Duration,
}

/// A device that an account was used on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDevice {
    /// Its random id.
    pub device: String,
    /// The first sign-in.
    pub first_at: Timestamp,
    /// The last one.
    pub last_at: Timestamp,
    /// Its address then.
    pub ip: String,
    /// Its browser then.
    pub user_agent: String,
}

/// A sign-in's device.
#[derive(Clone, Copy, Debug)]
pub struct SeenDevice<'a> {
    /// Its random id.
    pub device: &'a str,
    /// Its address.
    pub ip: &'a str,
    /// Its browser.
    pub user_agent: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// What is known of a sign-in's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acquaintance {
    /// The account was used on it before.
    Known,
    /// It was not, though it was used on others.
    New,
    /// The account was used on no device yet.
    First,
}

/// A new address, asked for.
#[derive(Clone, Debug)]
pub struct EmailWish {
    /// In lower case.
    pub email: String,
    /// The digest of the link's token.
    pub digest: Vec<u8>,
    /// When the link lapses.
    pub expires_at: Timestamp,
    /// The letter that carries the link.
    pub letter: NewJob,
    /// The letter to the owner of that address, if there is one already; a decoy otherwise.
    pub taken: NewJob,
}

/// What came of following the link in a letter to a new address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailChanged {
    /// The account has the address.
    Done {
        /// Whose.
        user: UserId,
        /// The address it had, if it had one.
        before: Option<String>,
    },
    /// The link is unknown, used or too old, or the address got an account in the meantime.
    Invalid,
}

/// What "this wasn't me" undoes.
#[derive(Clone, Debug)]
pub struct Undoing {
    /// The address that the letter went to.
    pub email: String,
    /// When it did.
    pub at: Timestamp,
    /// What was set up since then is taken away.
    pub since: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// What guards an account.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// What is known of an address; nothing is like no failures.
    async fn wrong_passwords(&self, address: &[u8]) -> StoreResult<WrongPasswords>;
    /// Counts a wrong password. The one that fills the rule begins the lock; the count in a row then begins anew.
    async fn wrong_password_add(&self, address: &[u8], rule: LockRule, now: Timestamp) -> StoreResult<WrongPasswords>;
    /// A right one: all is forgotten. Whether there was anything.
    async fn wrong_passwords_forget(&self, address: &[u8]) -> StoreResult<bool>;
    /// Forgets addresses whose last wrong password was before a time, but for those of accounts whose password is at `keep`
    /// or more; how many.
    async fn wrong_passwords_sweep(&self, before: Timestamp, keep: i64) -> StoreResult<u64>;

    /// Whether an account was used on a device.
    async fn device_is_known(&self, user: UserId, device: &str) -> StoreResult<bool>;
    /// Notes a sign-in from a device; of racing ones one finds it new.
    async fn device_seen(&self, user: UserId, seen: SeenDevice<'_>) -> StoreResult<Acquaintance>;
    /// An account's devices, last used first.
    async fn device_list(&self, user: UserId) -> StoreResult<Vec<KnownDevice>>;

    /// Sets a password, forgets the wrong ones of the account's address and ends all sessions but one, all or nothing. The
    /// sessions that ended.
    async fn password_set(
        &self,
        user: UserId,
        hash: &str,
        address: &[u8],
        except: Option<SessionId>,
        now: Timestamp,
    ) -> StoreResult<Vec<SessionId>>;
    /// Whose password a reset link may set; the link stays good.
    async fn password_reset_owner(&self, digest: &[u8], now: Timestamp) -> StoreResult<Option<UserId>>;
    /// Uses a reset link up: sets the password, which counts as mailed where the account has passkeys, confirms the address that the link went to, forgets the account's wrong
    /// passwords and ends all sessions. Whose, and which; `None` when the link is unknown, used or too old.
    async fn password_reset(
        &self,
        digest: &[u8],
        hash: &str,
        address: &[u8],
        now: Timestamp,
    ) -> StoreResult<Option<(UserId, Vec<SessionId>)>>;

    /// Something was shown beside a password that was set with a mailed link: it counts like any other, if it is still this one.
    async fn mailed_password_proven(&self, user: UserId, hash: &str) -> StoreResult<()>;

    /// Keeps the wish for another address and queues its letter; where the address has an account, only its owner's letter.
    async fn email_wish(&self, user: UserId, wish: &EmailWish) -> StoreResult<()>;
    /// Follows the link: the account gets the address.
    async fn email_change(&self, digest: &[u8], now: Timestamp) -> StoreResult<EmailChanged>;

    /// "This wasn't me": the password and the phone number are taken away, so that only a reset sets one; the address that the letter
    /// went to comes back, also from an account that never confirmed it, and where another has confirmed it this account is left
    /// without one; links and wishes that wait, backup codes, known devices, and whatever else was set up since then, are gone; all sessions end.
    /// Which; `None` when there is no such account, or an undoing from an earlier letter to another address made this letter void.
    async fn account_undo(&self, user: UserId, undoing: &Undoing) -> StoreResult<Option<Vec<SessionId>>>;
    /// Takes an account away: personal data is overwritten, what guards it deleted, all sessions end. Its posts stay, nobody's.
    /// Its name stays taken. Again: nothing. Which sessions ended; `None` when there is no such account.
    async fn account_delete(&self, user: UserId, now: Timestamp) -> StoreResult<Option<Vec<SessionId>>>;
}
