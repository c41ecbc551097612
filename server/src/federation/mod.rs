//! Other services that people sign in with, behind the port in `aivalid_service::federation`.
//!
//! [`issuer`] speaks `OpenID` Connect (Google and whatever the operator names), [`github`] what GitHub has instead. Both ask through
//! [`client`], which refuses what nobody should be asked for. To add a service that speaks neither: a variant of `Kind`.

mod client;
mod discovery;
mod github;
mod issuer;
mod reachable;

use crate::config::{Config, Environment, ProviderKind, ProviderSettings};
use aivalid_model::identity::ProviderView;
use aivalid_service::{
    federation::{FederatedAnswer, FederatedAsk, FederatedProfile, Federation, FederationError, NoFederation},
    ports::Clock,
};
use anyhow::{Context, Result};
use async_trait::async_trait;
use client::Http;
pub(crate) use github::GITHUB;
use github::Github;
use issuer::Issuer;
use std::sync::Arc;

/// The configured services. Nobody is asked for anything yet, so a service that is down keeps nobody from starting.
pub fn open(config: &Config, clock: &Arc<dyn Clock>) -> Result<Arc<dyn Federation>> {
    if config.providers.is_empty() {
        return Ok(Arc::new(NoFederation));
    }
    let hosts = config.providers.iter().filter_map(ProviderSettings::host).collect();
    let http = Http::new(hosts, config.environment == Environment::Development).context("the client for signing in with other services")?;
    let list = config.providers.iter().map(|settings| Provider {
        view: ProviderView { provider: settings.id.clone(), label: settings.label.clone() },
        kind: match &settings.kind {
            ProviderKind::OpenId { issuer } => Kind::OpenId(Box::new(Issuer::new(settings, issuer, http.clone(), clock.clone()))),
            ProviderKind::Github { url } => Kind::Github(Github::new(settings, url, http.clone())),
        },
    });
    Ok(Arc::new(Providers { list: list.collect() }))
}

enum Kind {
    OpenId(Box<Issuer>),
    Github(Github),
}

struct Provider {
    view: ProviderView,
    kind: Kind,
}

struct Providers {
    list: Vec<Provider>,
}

impl Providers {
    fn find(&self, name: &str) -> Result<&Kind, FederationError> {
        self.list.iter().find(|known| known.view.provider == name).map(|known| &known.kind).ok_or(FederationError::Unknown)
    }
}

#[async_trait]
impl Federation for Providers {
    fn providers(&self) -> Vec<ProviderView> {
        self.list.iter().map(|known| known.view.clone()).collect()
    }

    fn tells_when(&self, provider: &str) -> bool {
        matches!(self.find(provider), Ok(Kind::OpenId(issuer)) if issuer.tells_when())
    }

    async fn begin(&self, provider: &str, ask: FederatedAsk<'_>) -> Result<String, FederationError> {
        match self.find(provider)? {
            Kind::Github(_) if ask.fresh => Err(FederationError::Unknown),
            Kind::OpenId(issuer) => issuer.begin(ask).await,
            Kind::Github(github) => github.begin(ask),
        }
    }

    async fn check_issuer(&self, provider: &str, iss: Option<&str>) -> Result<(), FederationError> {
        match self.find(provider)? {
            Kind::OpenId(issuer) => issuer.check_issuer(iss).await,
            Kind::Github(github) => github.check_issuer(iss),
        }
    }

    async fn finish(&self, provider: &str, answer: FederatedAnswer<'_>) -> Result<FederatedProfile, FederationError> {
        match self.find(provider)? {
            Kind::OpenId(issuer) => issuer.finish(answer).await,
            Kind::Github(github) => github.finish(answer).await,
        }
    }
}

/// A service can't be used.
fn unavailable(why: impl ToString) -> FederationError {
    FederationError::Unavailable(why.to_string())
}

/// What came back proves nothing.
fn refused(why: impl ToString) -> FederationError {
    FederationError::Refused(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::SystemClock;

    #[test]
    fn google_and_github_do_not_say_when_somebody_signed_in() {
        let vars = [
            ("OAUTH_GOOGLE_CLIENT_ID", "a"),
            ("OAUTH_GOOGLE_CLIENT_SECRET", "b"),
            ("OAUTH_GITHUB_CLIENT_ID", "c"),
            ("OAUTH_GITHUB_CLIENT_SECRET", "d"),
            ("OIDC_ISSUERS", "kampus"),
            ("OIDC_KAMPUS_ISSUER", "https://masuk.kampus.example"),
            ("OIDC_KAMPUS_CLIENT_ID", "e"),
            ("OIDC_KAMPUS_CLIENT_SECRET", "f"),
        ];
        let vars = vars.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let federation = open(&Config::from_vars(&vars).unwrap(), &clock).unwrap();
        let told: Vec<_> =
            federation.providers().iter().map(|known| (known.provider.clone(), federation.tells_when(&known.provider))).collect();
        assert_eq!(told, [("google".to_owned(), false), ("github".to_owned(), false), ("kampus".to_owned(), true)]);
    }
}
