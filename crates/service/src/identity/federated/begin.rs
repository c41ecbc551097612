//! Sending a browser to another service.

use crate::{
    Caller, Service, Via,
    federation::{FederatedAsk, FederationError},
    identity::keys::digest,
    secret::is_well_formed,
};
use aivalid_model::{
    Error, Result, Timestamp,
    id::{SessionId, UserId},
    identity::{IdentityError, Requirement},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// How long the other service, and whoever types there, may take.
const LIFE: Duration = Duration::from_mins(10);
/// How long a browser keeps the secret that it is known by: longer than a sign-in may take.
pub const BROWSER_LIFE: Duration = Duration::from_mins(15);
/// What that secret begins with.
const BROWSER: &str = "fed_";

/// Where to send the browser, and what it must keep.
#[derive(Debug)]
pub struct FederatedStart {
    /// The other service's address.
    pub url: String,
    /// For a cookie: without it nobody can end what this browser began.
    pub browser: String,
}

/// What a sign-in is for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Purpose {
    /// Signing in, or making an account.
    SignIn,
    /// Connecting with the account of this session.
    Connect(UserId, SessionId),
    /// Proving once more who one is, in this session.
    Sudo(UserId, SessionId),
}

/// What somebody wants of a service. The tokens are those of links on our own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FederatedAim<'a> {
    /// To sign in, or to make an account.
    SignIn,
    /// To connect it with the caller's account: a token of [`Service::connect_token`].
    Connect(&'a str),
    /// To prove once more who one is: a token of [`Service::federated_proofs`].
    Sudo(&'a str),
}

impl FederatedAim<'_> {
    /// Where to go back to when it fails.
    pub const fn goal(self) -> FederatedGoal {
        match self {
            Self::SignIn => FederatedGoal::SignIn,
            Self::Connect(_) => FederatedGoal::Connect,
            Self::Sudo(_) => FederatedGoal::Sudo,
        }
    }
}

/// What was wanted of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FederatedGoal {
    /// Signing in.
    SignIn,
    /// Connecting it with one's account.
    Connect,
    /// Proving once more who one is.
    Sudo,
}

impl Purpose {
    pub(super) const fn goal(self) -> FederatedGoal {
        match self {
            Self::SignIn => FederatedGoal::SignIn,
            Self::Connect(..) => FederatedGoal::Connect,
            Self::Sudo(..) => FederatedGoal::Sudo,
        }
    }
}

/// A sign-in on its way.
#[derive(Serialize, Deserialize)]
pub(super) struct Begun {
    pub provider: String,
    pub nonce: String,
    pub verifier: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    pub purpose: Purpose,
    /// The digest of the browser's secret.
    browser: Vec<u8>,
    pub begun_at: Timestamp,
}

impl Begun {
    /// Whether this caller, in this browser, may end it here and now.
    pub(super) fn is_theirs(&self, caller: &Caller, provider: &str, browser: Option<&str>, now: Timestamp) -> bool {
        let same_browser = browser.is_some_and(|browser| bool::from(digest(browser).as_slice().ct_eq(&self.browser)));
        let same_session = match self.purpose {
            Purpose::SignIn => true,
            Purpose::Connect(user, session) | Purpose::Sudo(user, session) => {
                caller.user.as_ref().is_some_and(|signed_in| (signed_in.id, signed_in.via) == (user, Via::Session(session)))
            }
        };
        same_browser && same_session && self.provider == provider && self.begun_at.plus(LIFE) > now
    }
}

/// Only a digest of the state is kept.
fn key(state: &str) -> String {
    format!("oauth:state:{}", hex::encode(digest(state)))
}

impl Service {
    /// Begins a sign-in with another service; `next` is where to go afterwards, a path of ours. Who wants to connect it with their
    /// account must have elevated the session. `browser` is the secret that this browser has, if any: several sign-ins may be on their way.
    pub async fn federated_begin(
        &self,
        caller: &Caller,
        provider: &str,
        next: &str,
        aim: FederatedAim<'_>,
        browser: Option<&str>,
    ) -> Result<FederatedStart> {
        let purpose = match aim {
            FederatedAim::SignIn => Purpose::SignIn,
            FederatedAim::Connect(token) => self.connecting(caller, provider, token)?,
            FederatedAim::Sudo(token) => self.proving(caller, provider, token).await?,
        };
        self.admit(&format!("oauth:ip:{}", caller.network()), self.inner.settings.limits.federated_ip).await?;
        let random = &self.inner.random;
        let (state, nonce, verifier) = (random.secret(""), random.secret(""), random.secret(""));
        let browser = browser.filter(|secret| is_well_formed(BROWSER, secret)).map_or_else(|| random.secret(BROWSER), str::to_owned);
        let redirect_uri = self.federated_callback(provider);
        let fresh = purpose.goal() == FederatedGoal::Sudo;
        let ask = FederatedAsk { redirect_uri: &redirect_uri, state: &state, nonce: &nonce, verifier: &verifier, fresh };
        let url = self.inner.federation.begin(provider, ask).await.inspect_err(|error| noted(provider, error))?;
        let (provider, next) = (provider.to_owned(), next.to_owned());
        let begun = Begun { provider, nonce, verifier, next, purpose, browser: digest(&browser), begun_at: self.now() };
        let bytes = serde_json::to_vec(&begun).map_err(|_| Error::Internal)?;
        self.inner.stores.challenges.challenge_put(&key(&state), &bytes, LIFE).await?;
        Ok(FederatedStart { url, browser })
    }

    /// Takes a sign-in: of racing returns one gets it, and whatever comes of it, it is used up.
    pub(super) async fn federated_take(&self, state: &str) -> Result<Begun> {
        if !is_well_formed("", state) {
            return Err(IdentityError::FederatedExpired.into());
        }
        let taken = self.inner.stores.challenges.challenge_take(&key(state)).await?;
        taken.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(|| IdentityError::FederatedExpired.into())
    }

    /// Where the browser comes back to: the same at the beginning and in the exchange (RFC 6749, 4.1.3). Each service has its own, so
    /// that an answer can't pass for another service's.
    pub(super) fn federated_callback(&self, provider: &str) -> String {
        format!("{}/api/auth/oauth/{provider}/callback", self.inner.settings.origin)
    }

    /// A token for the link that connects a service with the caller's account: other sites can't make one, so they can't have somebody's
    /// browser follow it.
    pub fn connect_token(&self, caller: &Caller, provider: &str) -> Result<String> {
        Ok(self.inner.keys.connect_mac(caller.in_person()?.session()?, provider))
    }

    fn connecting(&self, caller: &Caller, provider: &str, token: &str) -> Result<Purpose> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        let session = user.session()?;
        let ours = self.inner.keys.connect_mac(session, provider);
        if bool::from(ours.as_bytes().ct_eq(token.as_bytes())) { Ok(Purpose::Connect(user.id, session)) } else { Err(Error::Csrf) }
    }
}

/// What went wrong with a service is its operator's to know.
pub(super) fn noted(provider: &str, error: &FederationError) {
    match error {
        FederationError::Unknown => {}
        FederationError::Unavailable(_) => tracing::warn!(provider, %error, "a service that people sign in with"),
        FederationError::Refused(_) => tracing::info!(provider, %error, "a sign-in with another service"),
    }
}
