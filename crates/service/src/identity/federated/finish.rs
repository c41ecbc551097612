//! A browser comes back from another service.

use super::begin::{Begun, FederatedGoal, Purpose, noted};
use crate::{
    Caller, Service,
    audit::Event,
    federation::{FederatedAnswer, FederatedProfile, FederationError},
    identity::SignIn,
    store::FederatedIdentity,
};
use aivalid_model::{
    Result,
    check::Check,
    identity::{Email, IdentityError, Method, Methods},
};

/// What the browser brought back, as it stood in the address; nothing of it is ever shown.
#[derive(Clone, Debug, Default)]
pub struct FederatedReturn {
    /// The state of the beginning.
    pub state: String,
    /// The authorization code.
    pub code: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// What went wrong over there.
    pub error: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub enum FederatedEnd {
    /// Somebody who is known: signed in, or on to the second step.
    SignedIn(Box<SignIn>),
    /// The account is connected.
    Connected,
    /// The session is elevated.
    Confirmed,
    /// Nobody who is known. They wait under this token for [`PENDING_LIFE`](super::PENDING_LIFE).
    Unknown {
        /// For a cookie.
        token: String,
        /// Whether an account has the address that the service vouches for: its owner may connect it; else there is an account to make.
        owner_exists: bool,
    },
}

/// Where to go on, and with what.
#[derive(Debug)]
pub struct FederatedOutcome {
    /// Where the sign-in was begun for: a path of ours.
    pub next: String,
    /// What it was for.
    pub goal: FederatedGoal,
    /// What came of it.
    pub end: Result<FederatedEnd>,
}

/// What the store and the pages can rely on: ids of a sensible length without control characters (`OpenID` Connect allows 255), and an
/// address that could be written to, or none.
fn checked(profile: FederatedProfile) -> Result<FederatedProfile> {
    let sensible = |text: &str| (1..=255).contains(&text.len()) && !text.contains(char::is_control);
    if !sensible(&profile.issuer) || !sensible(&profile.subject) {
        return Err(IdentityError::FederatedRefused.into());
    }
    let email = profile.email.and_then(|email| Email::check(email).ok()).map(|email| email.as_str().to_owned());
    Ok(FederatedProfile { email, ..profile })
}

impl Service {
    /// Ends a sign-in with another service.
    pub async fn federated_finish(
        &self,
        caller: &Caller,
        provider: &str,
        back: FederatedReturn,
        browser: Option<&str>,
    ) -> FederatedOutcome {
        match self.federated_back(caller, provider, &back, browser).await {
            Err(error) => FederatedOutcome { next: "/".to_owned(), goal: FederatedGoal::SignIn, end: Err(error) },
            Ok(begun) => {
                let end = self.federated_end(caller, &begun, back).await;
                FederatedOutcome { goal: begun.purpose.goal(), next: begun.next, end }
            }
        }
    }

    /// The sign-in that this browser began and now ends.
    async fn federated_back(&self, caller: &Caller, provider: &str, back: &FederatedReturn, browser: Option<&str>) -> Result<Begun> {
        self.admit(&format!("oauth:ip:{}", caller.network()), self.inner.settings.limits.federated_ip).await?;
        let begun = self.federated_take(&back.state).await?;
        if begun.is_theirs(caller, provider, browser, self.now()) {
            return Ok(begun);
        }
        self.audit(caller, Event::failed("federated.refused").detail("provider", provider).detail("why", "foreign")).await?;
        Err(IdentityError::FederatedExpired.into())
    }

    async fn federated_end(&self, caller: &Caller, begun: &Begun, back: FederatedReturn) -> Result<FederatedEnd> {
        let profile = match self.federated_profile(begun, back).await {
            Ok(profile) => checked(profile?)?,
            Err(error) => {
                noted(&begun.provider, &error);
                if matches!(error, FederationError::Refused(_)) {
                    let event = Event::failed("federated.refused").detail("provider", begun.provider.as_str()).detail("why", "unproven");
                    self.audit(caller, event).await?;
                }
                return Err(error.into());
            }
        };
        match begun.purpose {
            Purpose::SignIn => {}
            Purpose::Connect(user, _) => {
                self.federated_link(caller, user, &begun.provider, &profile).await?;
                return Ok(FederatedEnd::Connected);
            }
            Purpose::Sudo(..) => {
                self.sudo_by_provider(caller, &begun.provider, &profile).await?;
                return Ok(FederatedEnd::Confirmed);
            }
        }
        match self.inner.stores.federated.identity_find(&profile.issuer, &profile.subject).await? {
            Some(identity) => self.federated_sign_in(caller, identity, &profile).await,
            None => self.federated_unknown(begun, profile).await,
        }
    }

    /// Who came back; an outer error is the service's, an inner one the person's own choice.
    async fn federated_profile(&self, begun: &Begun, back: FederatedReturn) -> Result<Result<FederatedProfile>, FederationError> {
        let federation = &self.inner.federation;
        federation.check_issuer(&begun.provider, back.iss.as_deref()).await?;
        match back.error.as_deref() {
            None => {}
            Some("access_denied") => return Ok(Err(IdentityError::FederatedDenied.into())),
            Some("server_error" | "temporarily_unavailable") => return Err(FederationError::Unavailable("it said so".to_owned())),
            Some(_) => return Err(FederationError::Refused("it answered with an error".to_owned())),
        }
        let code = back.code.ok_or_else(|| FederationError::Refused("no code".to_owned()))?;
        let redirect_uri = self.federated_callback(&begun.provider);
        let fresh_since = (begun.purpose.goal() == FederatedGoal::Sudo).then_some(begun.begun_at);
        let answer =
            FederatedAnswer { redirect_uri: &redirect_uri, code: &code, nonce: &begun.nonce, verifier: &begun.verifier, fresh_since };
        federation.finish(&begun.provider, answer).await.map(Ok)
    }

    async fn federated_sign_in(&self, caller: &Caller, identity: FederatedIdentity, profile: &FederatedProfile) -> Result<FederatedEnd> {
        let user = self.inner.stores.users.user_by_id(identity.user).await?.ok_or(IdentityError::FederatedRefused)?;
        let email = profile.email.as_deref();
        self.inner.stores.federated.identity_used(&identity.issuer, &identity.subject, email, self.now()).await?;
        let signed_in = self.first_factor_done(caller, user, Methods::of(Method::Federated), &identity.provider).await?;
        Ok(FederatedEnd::SignedIn(Box::new(signed_in)))
    }
}
