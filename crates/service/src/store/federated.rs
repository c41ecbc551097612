//! Accounts at other services with which people sign in.

use super::{NewUser, Registering, StoreResult, UserCreated};
use aivalid_model::{Timestamp, id::UserId};
use async_trait::async_trait;

/// An account at another service, and whose it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FederatedIdentity {
    /// Whose.
    pub user: UserId,
    /// The service's name in addresses; a user has at most one of each.
    pub provider: String,
    /// Who vouches for it.
    pub issuer: String,
    /// The person's id there; with the issuer it is unique among all accounts.
    pub subject: String,
    /// The address that was told last, for showing only.
    pub email: Option<String>,
    /// When it was linked.
    pub linked_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
}

/// What came of linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityLinked {
    /// It is linked.
    Done,
    /// It was linked with this account already.
    Again,
    /// It is linked with another account.
    Taken,
    /// The user has another identity of this service.
    Second,
    /// There is no such account.
    Missing,
}

/// What came of unlinking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityUnlinked {
    /// It is gone; this is what it was.
    Done(Box<FederatedIdentity>),
    /// The user could not sign in any more without it.
    LastWay,
    /// The user has none of this service.
    Missing,
}

/// Identities at other services. One counts from the moment it is linked, or, where it came with an account whose address is still
/// to be confirmed, from that confirmation on; until then it is not there for anything but confirming.
#[async_trait]
pub trait FederatedStore: Send + Sync {
    /// Whose identity this is.
    async fn identity_find(&self, issuer: &str, subject: &str) -> StoreResult<Option<FederatedIdentity>>;
    /// A user's identities, by service.
    async fn identity_list(&self, user: UserId) -> StoreResult<Vec<FederatedIdentity>>;
    /// Links an identity. One that waits for a confirmation elsewhere gives way.
    async fn identity_link(&self, identity: &FederatedIdentity) -> StoreResult<IdentityLinked>;
    /// Notes a sign-in, and the address that was told in it.
    async fn identity_used(&self, issuer: &str, subject: &str, email: Option<&str>, now: Timestamp) -> StoreResult<()>;
    /// Takes a user's identity of a service away, unless it is the last way to sign in. `sms`: whether a phone number is one.
    async fn identity_unlink(&self, user: UserId, provider: &str, sms: bool) -> StoreResult<IdentityUnlinked>;
    /// Makes an account with an identity, as [`super::UserStore::user_create`] does: both count at once, because the address needs no
    /// confirmation. `None`: the identity was linked in the meantime, and nothing was done.
    async fn identity_register(&self, user: &NewUser, device_limit: i64, identity: &FederatedIdentity) -> StoreResult<Option<UserCreated>>;
    /// The same with an address that is still to be confirmed, as [`super::UserStore::user_register`] does. What waited under this
    /// identity before is forgotten, whether or not the address is taken, so that nobody learns which it was.
    async fn identity_register_unconfirmed(
        &self,
        user: &NewUser,
        device_limit: i64,
        identity: &FederatedIdentity,
        registering: &Registering,
    ) -> StoreResult<Option<UserCreated>>;
}
