//! What other services that people sign in with give: a port, implemented in the server crate and by tests.
//!
//! The service makes what is random (state, nonce, verifier) and keeps it; an implementation speaks the protocol and judges what came
//! back. It answers who somebody is for the other service, and decides nothing about accounts here.

use aivalid_model::{Timestamp, identity::ProviderView};
use async_trait::async_trait;
use std::fmt;

/// A sign-in that begins.
#[derive(Clone, Copy)]
pub struct FederatedAsk<'a> {
    /// Where the browser comes back to.
    pub redirect_uri: &'a str,
    /// Comes back with the browser.
    pub state: &'a str,
    /// Comes back inside the ID token.
    pub nonce: &'a str,
    /// The secret of which the other service learns a digest (PKCE, RFC 7636).
    pub verifier: &'a str,
    /// Whether the person is to sign in there once more, whatever session they have.
    pub fresh: bool,
}

/// What a browser came back with, beside what was kept.
#[derive(Clone, Copy)]
pub struct FederatedAnswer<'a> {
    /// As at the beginning.
    pub redirect_uri: &'a str,
    /// The authorization code.
    pub code: &'a str,
    /// As at the beginning.
    pub nonce: &'a str,
    /// As at the beginning.
    pub verifier: &'a str,
    /// Since when the person must have signed in there, if they were to do so once more.
    pub fresh_since: Option<Timestamp>,
}

/// Who somebody is for another service. Issuer and subject together name them for ever; everything else may change.
#[derive(Clone, PartialEq, Eq)]
pub struct FederatedProfile {
    /// Who says so.
    pub issuer: String,
    /// The service's own id of the person.
    pub subject: String,
    /// Their address, if the service told one.
    pub email: Option<String>,
    /// Whether the service says that the address is theirs.
    pub email_verified: bool,
    /// What the service calls them, for proposing a username.
    pub hint: Option<String>,
}

impl fmt::Debug for FederatedProfile {
    /// Personal data may not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FederatedProfile").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Why nothing came of asking another service. The words are for the log and hold neither tokens nor personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FederationError {
    /// There is no such service.
    #[error("no such service")]
    Unknown,
    /// It can't be reached, or is not in order.
    #[error("can't be used: {0}")]
    Unavailable(String),
    /// What it answered proves nothing.
    #[error("refused: {0}")]
    Refused(String),
}

/// The services that people can sign in with.
#[async_trait]
pub trait Federation: Send + Sync {
    /// Which there are, in the order that they are shown.
    fn providers(&self) -> Vec<ProviderView>;
    /// Whether a service tells when somebody signed in there, so that it can vouch for who they are at this moment.
    fn tells_when(&self, provider: &str) -> bool;
    /// Where to send the browser. Unknown, too, is a service that is asked for a fresh sign-in and does not tell when it was.
    async fn begin(&self, provider: &str, ask: FederatedAsk<'_>) -> Result<String, FederationError>;
    /// Judges the `iss` that came back with the browser (RFC 9207): it must be the service's own where there is one, and there must be
    /// one where the service promised it.
    async fn check_issuer(&self, provider: &str, iss: Option<&str>) -> Result<(), FederationError>;
    /// Exchanges the code and judges what comes of it.
    async fn finish(&self, provider: &str, answer: FederatedAnswer<'_>) -> Result<FederatedProfile, FederationError>;
}

/// No services: where none is configured.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFederation;

#[async_trait]
impl Federation for NoFederation {
    fn providers(&self) -> Vec<ProviderView> {
        vec![]
    }

    fn tells_when(&self, _: &str) -> bool {
        false
    }

    async fn begin(&self, _: &str, _: FederatedAsk<'_>) -> Result<String, FederationError> {
        Err(FederationError::Unknown)
    }

    async fn check_issuer(&self, _: &str, _: Option<&str>) -> Result<(), FederationError> {
        Err(FederationError::Unknown)
    }

    async fn finish(&self, _: &str, _: FederatedAnswer<'_>) -> Result<FederatedProfile, FederationError> {
        Err(FederationError::Unknown)
    }
}
