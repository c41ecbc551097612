//! GitHub, which speaks OAuth 2 and tells of people through its REST API. The code is exchanged directly with GitHub over TLS, which is
//! what makes its answer believed.

use super::{client::Http, refused, unavailable};
use crate::config::ProviderSettings;
use aivalid_service::federation::{FederatedAnswer, FederatedAsk, FederatedProfile, FederationError};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse, TokenUrl, basic::BasicClient, url::Url,
};
use openidconnect::HttpRequest;
use serde::{Deserialize, de::DeserializeOwned};
use std::borrow::Cow;

/// The public one; its API has a host of its own.
pub(crate) const GITHUB: &str = "https://github.com";

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// See the module.
pub(super) struct Github {
    /// Without a final slash: with it and their number people are known.
    url: String,
    api: String,
    client_id: String,
    client_secret: String,
    http: Http,
}

/// `GET /user`.
#[derive(Deserialize)]
struct Account {
    id: u64,
    login: String,
}

/// One of `GET /user/emails`.
#[derive(Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

impl Github {
    pub(super) fn new(settings: &ProviderSettings, url: &Url, http: Http) -> Self {
        let url = url.as_str().trim_end_matches('/').to_owned();
        let api = if url == GITHUB { "https://api.github.com".to_owned() } else { format!("{url}/api/v3") };
        Self { url, api, client_id: settings.client_id.clone(), client_secret: settings.client_secret.clone(), http }
    }

    fn client(&self) -> Result<Client, FederationError> {
        let authorize = AuthUrl::new(format!("{}/login/oauth/authorize", self.url)).map_err(unavailable)?;
        let token = TokenUrl::new(format!("{}/login/oauth/access_token", self.url)).map_err(unavailable)?;
        let client = BasicClient::new(ClientId::new(self.client_id.clone())).set_auth_type(AuthType::RequestBody);
        Ok(client.set_client_secret(ClientSecret::new(self.client_secret.clone())).set_auth_uri(authorize).set_token_uri(token))
    }

    pub(super) fn begin(&self, ask: FederatedAsk<'_>) -> Result<String, FederationError> {
        let (client, state) = (self.client()?, ask.state.to_owned());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(ask.verifier.to_owned()));
        let redirect = RedirectUrl::new(ask.redirect_uri.to_owned()).map_err(unavailable)?;
        let request = client.authorize_url(move || CsrfToken::new(state)).add_scope(Scope::new("user:email".to_owned()));
        let (url, _) = request.set_pkce_challenge(challenge).set_redirect_uri(Cow::Owned(redirect)).url();
        Ok(url.into())
    }

    /// GitHub promises no `iss`; should one come, it must be its own.
    pub(super) fn check_issuer(&self, iss: Option<&str>) -> Result<(), FederationError> {
        let own = |iss: &str| iss == self.url || iss.strip_prefix(&self.url) == Some("/login/oauth");
        if iss.is_none_or(own) { Ok(()) } else { Err(refused("another issuer answered")) }
    }

    pub(super) async fn finish(&self, answer: FederatedAnswer<'_>) -> Result<FederatedProfile, FederationError> {
        let token = self.exchange(&answer).await?;
        let account: Account = self.ask("/user", &token).await?;
        // Only the primary address counts, and only when GitHub has seen its owner confirm it.
        let addresses: Vec<Address> = self.ask("/user/emails", &token).await?;
        let email = addresses.into_iter().find(|address| address.primary && address.verified).map(|address| address.email);
        Ok(FederatedProfile {
            issuer: self.url.clone(),
            subject: account.id.to_string(),
            email_verified: email.is_some(),
            email,
            hint: Some(account.login),
        })
    }

    async fn exchange(&self, answer: &FederatedAnswer<'_>) -> Result<String, FederationError> {
        let client = self.client()?;
        let redirect = RedirectUrl::new(answer.redirect_uri.to_owned()).map_err(unavailable)?;
        let http = self.http.clone();
        let ask = move |request| http.clone().send(request);
        let request = client.exchange_code(AuthorizationCode::new(answer.code.to_owned()));
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(answer.verifier.to_owned())).set_redirect_uri(Cow::Owned(redirect));
        // A code that is not good is answered with 200 and an error in place of a token.
        let tokens = request.request_async(&ask).await.map_err(|error| match error {
            RequestTokenError::Request(error) => unavailable(error),
            _ => refused("the code was not taken"),
        })?;
        Ok(tokens.access_token().secret().clone())
    }

    async fn ask<T: DeserializeOwned>(&self, path: &str, token: &str) -> Result<T, FederationError> {
        let request = http::Request::get(format!("{}{path}", self.api))
            .header(http::header::AUTHORIZATION, format!("Bearer {token}"))
            .header(http::header::ACCEPT, "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28");
        let request: HttpRequest = request.body(Vec::new()).map_err(unavailable)?;
        let answer = self.http.clone().send(request).await.map_err(unavailable)?;
        if !answer.status().is_success() {
            return Err(refused(format!("{path} is answered with {}", answer.status())));
        }
        serde_json::from_slice(answer.body()).map_err(|_| refused(format!("{path} can't be read")))
    }
}
