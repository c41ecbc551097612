//! Signing in with other services (OAuth 2, `OpenID` Connect): authorization code with PKCE, state and nonce (RFC 9700).
//!
//! [`begin`] sends the browser there and keeps what it takes to judge the way back; [`finish`] takes that away and asks the service
//! who came. An account is known by issuer and subject, never by an address. Who is known is signed in, and the second step follows as
//! after every first factor. Who is not waits for 15 minutes in this browser ([`pending`]): the owner of an account with the
//! address that the service vouches for signs in as they always did and then connects ([`connect`]); everybody else may make an
//! account ([`register`]). How a service is spoken to is the business of [`crate::federation`]'s implementations.

mod begin;
mod connect;
mod finish;
mod pending;
mod register;
mod sudo;

pub use begin::{BROWSER_LIFE, FederatedAim, FederatedGoal, FederatedStart};
pub use finish::{FederatedEnd, FederatedOutcome, FederatedReturn};
pub use pending::{PENDING_LIFE, PendingIdentity};
pub use register::Registered;
pub use sudo::FederatedProof;

use crate::{Service, federation::FederationError};
use aivalid_model::{
    Error,
    identity::{IdentityError, ProviderView},
};

impl Service {
    /// The services that people can sign in with, in the order that they are shown.
    pub fn federated_providers(&self) -> Vec<ProviderView> {
        self.inner.federation.providers()
    }

    /// What people know a service by; one that is not configured any more by its own name.
    pub(super) fn provider_label(&self, provider: &str) -> String {
        let known = self.federated_providers().into_iter().find(|known| known.provider == provider);
        known.map_or_else(|| provider.to_owned(), |known| known.label)
    }
}

impl From<FederationError> for Error {
    /// What exactly went wrong is for the log.
    fn from(error: FederationError) -> Self {
        match error {
            FederationError::Unknown => Self::NotFound,
            FederationError::Unavailable(_) => IdentityError::FederatedUnavailable.into(),
            FederationError::Refused(_) => IdentityError::FederatedRefused.into(),
        }
    }
}
