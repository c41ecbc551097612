//! An `OpenID` Connect issuer: authorization code with PKCE, and an ID token of which nothing is believed unproven.

use super::{
    client::Http,
    discovery::{Discovery, Metadata},
    refused, unavailable,
};
use crate::config::{GOOGLE, ProviderSettings};
use aivalid_model::Timestamp;
use aivalid_service::{
    federation::{FederatedAnswer, FederatedAsk, FederatedProfile, FederationError},
    ports::Clock,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, IdTokenVerifier, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, StandardClaims, TokenResponse, UserInfoClaims, UserInfoError,
    core::{
        CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreGenderClaim, CoreIdToken, CoreIdTokenClaims,
        CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm, CoreTokenResponse,
    },
};
use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

/// Signatures that only the issuer can make. `none` and those with the client's secret are never right here.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];
/// How far the issuer's clock may be ahead of ours.
const AHEAD: Duration = Duration::from_mins(1);
/// How old a token may be that was just asked for.
const OLDEST: Duration = Duration::from_mins(10);

/// See the module.
pub(super) struct Issuer {
    url: String,
    client_id: ClientId,
    client_secret: ClientSecret,
    discovery: Discovery,
    http: Http,
}

impl Issuer {
    pub(super) fn new(settings: &ProviderSettings, issuer: &IssuerUrl, http: Http, clock: Arc<dyn Clock>) -> Self {
        Self {
            url: issuer.as_str().to_owned(),
            client_id: ClientId::new(settings.client_id.clone()),
            client_secret: ClientSecret::new(settings.client_secret.clone()),
            discovery: Discovery::new(issuer.clone(), http.clone(), clock),
            http,
        }
    }

    /// Whether it can be told to ask once more, and says when it did. Google's documentation of its authorization
    /// endpoint has `none`, `consent` and `select_account` for `prompt`, and nothing that asks for a password once more.
    pub(super) fn tells_when(&self) -> bool {
        self.url.trim_end_matches('/') != GOOGLE
    }

    pub(super) async fn begin(&self, ask: FederatedAsk<'_>) -> Result<String, FederationError> {
        let metadata = self.discovery.get().await?;
        let (state, nonce) = (ask.state.to_owned(), ask.nonce.to_owned());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(ask.verifier.to_owned()));
        let redirect = redirect_url(ask.redirect_uri)?;
        let client = CoreClient::from_provider_metadata(metadata.as_ref().clone(), self.client_id.clone(), None);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, move || CsrfToken::new(state), move || Nonce::new(nonce));
        let request = request.add_scope(Scope::new("email".to_owned())).add_scope(Scope::new("profile".to_owned()));
        let request = if ask.fresh { request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO) } else { request };
        let (url, _, _) = request.set_pkce_challenge(challenge).set_redirect_uri(Cow::Owned(redirect)).url();
        self.http.check(&url).map_err(unavailable)?;
        Ok(url.into())
    }

    pub(super) async fn check_issuer(&self, iss: Option<&str>) -> Result<(), FederationError> {
        match iss {
            Some(iss) if iss == self.url => Ok(()),
            Some(_) => Err(refused("another issuer answered")),
            None if self.discovery.get().await?.additional_metadata().authorization_response_iss_parameter_supported => {
                Err(refused("the answer does not say who answers, as was promised"))
            }
            None => Ok(()),
        }
    }

    pub(super) async fn finish(&self, answer: FederatedAnswer<'_>) -> Result<FederatedProfile, FederationError> {
        let metadata = self.discovery.get().await?;
        let tokens = self.exchange(&metadata, &answer).await?;
        let id_token = tokens.id_token().ok_or_else(|| refused("no ID token"))?;
        let nonce = Nonce::new(answer.nonce.to_owned());
        let claims = match self.judge(&metadata, id_token, tokens.access_token(), &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let newer = self.discovery.newer(&metadata).await?.ok_or_else(|| refused("signed with an unknown key"))?;
                self.judge(&newer, id_token, tokens.access_token(), &nonce)
            }
            judged => judged,
        };
        let claims = claims.map_err(refused)?;
        if let Some(since) = answer.fresh_since {
            self.judge_freshness(claims, since)?;
        }
        let standard = match told(claims) {
            Some(profile) => return Ok(profile),
            None => self.user_info(&metadata, claims, tokens.access_token()).await?,
        };
        let verified = standard.as_ref().is_some_and(|info| info.email_verified().unwrap_or(false));
        let email = standard.as_ref().and_then(|info| info.email()).map(|email| email.as_str().to_owned());
        let hint = standard.as_ref().and_then(|info| info.preferred_username().map(|name| name.as_str().to_owned()));
        Ok(profile(claims, email, verified, hint))
    }

    async fn exchange(&self, metadata: &Metadata, answer: &FederatedAnswer<'_>) -> Result<CoreTokenResponse, FederationError> {
        let client = CoreClient::from_provider_metadata(metadata.clone(), self.client_id.clone(), Some(self.client_secret.clone()));
        let client = client.set_auth_type(auth_type(metadata));
        let request = client.exchange_code(AuthorizationCode::new(answer.code.to_owned())).map_err(unavailable)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(answer.verifier.to_owned()));
        let http = self.http.clone();
        let ask = move |request| http.clone().send(request);
        let redirect = redirect_url(answer.redirect_uri)?;
        request.set_redirect_uri(Cow::Owned(redirect)).request_async(&ask).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(answer) => refused(format!("the code was not taken: {}", answer.error().as_ref())),
            RequestTokenError::Request(error) => unavailable(error),
            RequestTokenError::Parse(error, _) => refused(format!("the tokens can't be read at `{}`", error.path())),
            RequestTokenError::Other(_) => refused("no tokens"),
        })
    }

    /// Issuer, audience, signature, times and nonce are the library's to judge; what it leaves to others is below.
    fn judge<'t>(
        &self,
        metadata: &Metadata,
        id_token: &'t CoreIdToken,
        access_token: &AccessToken,
        nonce: &Nonce,
    ) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
        let now = self.discovery.now();
        let seconds = u64::try_from(now.secs()).unwrap_or(0);
        let in_time = move |issued: i64| {
            let age = now.secs() - issued;
            let sensible = -i64::try_from(AHEAD.as_secs()).unwrap_or(0)..=i64::try_from(OLDEST.as_secs()).unwrap_or(0);
            if sensible.contains(&age) { Ok(()) } else { Err("issued at another time".to_owned()) }
        };
        let keys = metadata.jwks().clone();
        let verifier: IdTokenVerifier<'_, CoreJsonWebKey> =
            IdTokenVerifier::new_public_client(self.client_id.clone(), metadata.issuer().clone(), keys)
                .set_allowed_algs(ALGORITHMS)
                .set_time_fn(move || (UNIX_EPOCH + Duration::from_secs(seconds)).into())
                .set_issue_time_verifier_fn(move |issued| in_time(issued.timestamp()));
        let claims = id_token.claims(&verifier, nonce)?;
        if claims.authorized_party().is_some_and(|party| *party != self.client_id) {
            return Err(ClaimsVerificationError::InvalidAudience("made for another party".to_owned()));
        }
        if let Some(hash) = claims.access_token_hash() {
            let (algorithm, key) = (id_token.signing_alg(), id_token.signing_key(&verifier));
            let (Ok(algorithm), Ok(key)) = (algorithm, key) else {
                return Err(ClaimsVerificationError::Other("at_hash can't be judged".to_owned()));
            };
            if AccessTokenHash::from_token(access_token, algorithm, key).ok().as_ref() != Some(hash) {
                return Err(ClaimsVerificationError::Other("at_hash is another access token's".to_owned()));
            }
        }
        Ok(claims)
    }

    /// Whether the person signed in there since then: the issuer must say when, whatever it was asked for. Its clock may be a little off.
    fn judge_freshness(&self, claims: &CoreIdTokenClaims, since: Timestamp) -> Result<(), FederationError> {
        let at = claims.auth_time().ok_or_else(|| refused("it does not say when the person signed in"))?.timestamp();
        let off = i64::try_from(AHEAD.as_secs()).unwrap_or(0);
        let sensible = since.secs() - off..=self.discovery.now().secs() + off;
        if sensible.contains(&at) { Ok(()) } else { Err(refused("the person did not sign in once more")) }
    }

    /// Some issuers tell an address only there. The subject must be the ID token's, which the library sees to.
    async fn user_info(
        &self,
        metadata: &Metadata,
        claims: &CoreIdTokenClaims,
        access_token: &AccessToken,
    ) -> Result<Option<StandardClaims<CoreGenderClaim>>, FederationError> {
        if metadata.userinfo_endpoint().is_none() {
            return Ok(None);
        }
        let client = CoreClient::from_provider_metadata(metadata.clone(), self.client_id.clone(), None);
        let subject = Some(claims.subject().clone());
        let request = client.user_info(access_token.clone(), subject).map_err(unavailable)?;
        let http = self.http.clone();
        let ask = move |request| http.clone().send(request);
        let answer: Result<UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim>, _> = request.request_async(&ask).await;
        match answer {
            Ok(info) => Ok(Some(info.standard_claims().clone())),
            Err(UserInfoError::Request(error)) => Err(unavailable(error)),
            Err(_) => Err(refused("what it tells of the person can't be used")),
        }
    }
}

/// How the client shows its secret: in a header where the issuer takes that, as all must by default, else in the body.
fn auth_type(metadata: &Metadata) -> AuthType {
    let Some(methods) = metadata.token_endpoint_auth_methods_supported() else { return AuthType::BasicAuth };
    let takes = |method| methods.contains(&method);
    if takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic) {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

fn redirect_url(text: &str) -> Result<RedirectUrl, FederationError> {
    RedirectUrl::new(text.to_owned()).map_err(unavailable)
}

/// Everything, where the ID token tells an address.
fn told(claims: &CoreIdTokenClaims) -> Option<FederatedProfile> {
    let email = claims.email()?.as_str().to_owned();
    let hint = claims.preferred_username().map(|name| name.as_str().to_owned());
    Some(profile(claims, Some(email), claims.email_verified().unwrap_or(false), hint))
}

fn profile(claims: &CoreIdTokenClaims, email: Option<String>, verified: bool, hint: Option<String>) -> FederatedProfile {
    FederatedProfile {
        issuer: claims.issuer().as_str().to_owned(),
        subject: claims.subject().as_str().to_owned(),
        email_verified: verified && email.is_some(),
        email,
        hint,
    }
}
