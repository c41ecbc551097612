//! Signing keys, and which signatures were accepted.

use super::StoreResult;
use aivalid_model::{Timestamp, id::UserId};
use aivalid_pqc::KeyId;
use async_trait::async_trait;

/// A signing key as stored. Only when it was last used changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PqcKey {
    /// The digest of the public key.
    pub id: KeyId,
    /// Whose.
    pub user: UserId,
    /// 1,952 bytes; opaque to the store.
    pub public_key: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last signed something that was accepted.
    pub last_used_at: Option<Timestamp>,
}

/// What came of adding a signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PqcKeyAdded {
    /// It was added.
    Done,
    /// It is registered, or was.
    Taken,
    /// The user has as many as allowed.
    TooMany,
}

/// A signature that was verified and is about to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PqcUse {
    /// Its digest.
    pub digest: [u8; 32],
    /// Until when it must be remembered.
    pub expires_at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// What came of using a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PqcUsed {
    /// It counts: nobody used it before, and the key is live.
    Done,
    /// It was used before.
    Replayed,
    /// The user has no such key, or not any more.
    Gone,
}

/// Signing keys. A key that was removed is in no list and signs nothing.
#[async_trait]
pub trait PqcKeyStore: Send + Sync {
    /// Adds a key, unless it is known, live or removed, for whomever, or the user has `most` live ones already.
    async fn pqc_key_add(&self, key: &PqcKey, most: i64) -> StoreResult<PqcKeyAdded>;
    /// A user's live keys, oldest first.
    async fn pqc_key_list(&self, user: UserId) -> StoreResult<Vec<PqcKey>>;
    /// Removes one of a user's live keys; what it was.
    async fn pqc_key_remove(&self, user: UserId, id: KeyId, now: Timestamp) -> StoreResult<Option<PqcKey>>;
    /// Uses a signature of one of a user's live keys up, and notes when the key was used. Of racing uses of one signature one
    /// counts; none does once the key is removed.
    async fn pqc_use(&self, user: UserId, id: KeyId, signature: PqcUse) -> StoreResult<PqcUsed>;
    /// Forgets signatures whose time is over; how many.
    async fn pqc_sweep(&self, now: Timestamp) -> StoreResult<u64>;
}
