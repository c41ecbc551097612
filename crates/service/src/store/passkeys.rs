//! Passkeys.

use super::StoreResult;
use aivalid_model::{
    Timestamp,
    id::{PasskeyId, UserId},
};
use async_trait::async_trait;

/// A passkey as stored. Counter, backup state and name change; everything else stays as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Made by the caller.
    pub id: PasskeyId,
    /// Whose.
    pub user: UserId,
    /// What the authenticator calls it: at most 1023 bytes, unique among all accounts.
    pub credential: Vec<u8>,
    /// The public key with what else its verifier wants to know; opaque to the store.
    pub key: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// How often the authenticator signed, as it last said; 0 where it does not count.
    pub counter: u32,
    /// Whether it can be kept in several places.
    pub backup_eligible: bool,
    /// Whether it is.
    pub backed_up: bool,
    /// How the browser reached it (`internal`, `usb`, …).
    pub transports: Vec<String>,
    /// The kind of authenticator, as a UUID; zeros where it does not tell.
    pub aaguid: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The name by which authenticators know an account, and all of its passkeys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRing {
    /// 64 random bytes.
    pub handle: Vec<u8>,
    /// Oldest first.
    pub passkeys: Vec<Passkey>,
}

/// What came of adding a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyAdded {
    /// It was added.
    Done,
    /// An account has this credential already.
    Taken,
    /// The user has as many as allowed.
    TooMany,
}

/// What came of deleting a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasskeyDeleted {
    /// It was deleted; this is what it was.
    Done(Box<Passkey>),
    /// The user could not sign in any more without it.
    LastWay,
    /// The user has no such passkey.
    Missing,
}

/// Passkeys, and the handles by which authenticators know accounts.
#[async_trait]
pub trait PasskeyStore: Send + Sync {
    /// The user's handle: the one there is, or `fresh` from now on. Of racing calls all get the same.
    async fn passkey_handle(&self, user: UserId, fresh: &[u8]) -> StoreResult<Vec<u8>>;
    /// Handle and passkeys of a user, read at once. `None` for users who never began to make one.
    async fn passkey_ring(&self, user: UserId) -> StoreResult<Option<PasskeyRing>>;
    /// The passkey with this credential id and its owner's handle, whoever that is.
    async fn passkey_by_credential(&self, credential: &[u8]) -> StoreResult<Option<(Passkey, Vec<u8>)>>;
    /// Adds a passkey, unless its credential is known or the user has `most` already.
    async fn passkey_add(&self, passkey: &Passkey, most: i64) -> StoreResult<PasskeyAdded>;
    /// Notes that a passkey was used. The counter only rises, unless it is and stays 0; false when it would not, or when the
    /// passkey is gone.
    async fn passkey_used(&self, id: PasskeyId, counter: u32, backed_up: bool, now: Timestamp) -> StoreResult<bool>;
    /// Renames one of a user's passkeys. False when there is no such one.
    async fn passkey_rename(&self, user: UserId, id: PasskeyId, name: &str) -> StoreResult<bool>;
    /// Deletes one of a user's passkeys, unless it is the last way to sign in. `sms`: whether a phone number is one.
    async fn passkey_delete(&self, user: UserId, id: PasskeyId, sms: bool) -> StoreResult<PasskeyDeleted>;
}
