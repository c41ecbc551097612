//! What an issuer says of itself, and its keys: fetched when they are first needed, kept for an hour, and fetched again when a token
//! names a key that is not among them, but not more than once a minute, because anybody can make up such a token.

use super::{client::Http, unavailable};
use aivalid_model::Timestamp;
use aivalid_service::{federation::FederationError, ports::Clock};
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// How long what was fetched is good.
const GOOD: Duration = Duration::from_hours(1);
/// Not fetched again for a key before this has passed.
const REST: Duration = Duration::from_mins(1);
/// Not tried again after a failure before this has passed.
const PAUSE: Duration = Duration::from_secs(10);

/// What discovery documents may say beyond what the library knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Promises {
    /// Every answer says who answers (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Promises {}

/// An issuer's discovery document, with its keys.
pub(super) type Metadata = ProviderMetadata<
    Promises,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

#[derive(Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, Timestamp)>,
    failed_at: Option<Timestamp>,
}

/// See the module.
pub(super) struct Discovery {
    issuer: IssuerUrl,
    http: Http,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

impl Discovery {
    pub(super) fn new(issuer: IssuerUrl, http: Http, clock: Arc<dyn Clock>) -> Self {
        Self { issuer, http, clock, known: Mutex::default() }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What is known, fetched if need be. Those who come meanwhile wait for the one who fetches.
    pub(super) async fn get(&self) -> Result<Arc<Metadata>, FederationError> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((metadata, at)) if self.now().since(*at) < GOOD => Ok(metadata.clone()),
            _ => self.fetch(&mut known).await,
        }
    }

    /// Newer than `seen`, which lacked a key; `None` where it was fetched a moment ago.
    pub(super) async fn newer(&self, seen: &Arc<Metadata>) -> Result<Option<Arc<Metadata>>, FederationError> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((metadata, _)) if !Arc::ptr_eq(metadata, seen) => Ok(Some(metadata.clone())),
            Some((_, at)) if self.now().since(*at) < REST => Ok(None),
            _ => self.fetch(&mut known).await.map(Some),
        }
    }

    async fn fetch(&self, known: &mut Known) -> Result<Arc<Metadata>, FederationError> {
        let now = self.now();
        if known.failed_at.is_some_and(|at| now.since(at) < PAUSE) {
            return Err(unavailable("it could not be discovered a moment ago"));
        }
        let http = self.http.clone();
        let ask = move |request| http.clone().send(request);
        match Metadata::discover_async(self.issuer.clone(), &ask).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { metadata: Some((metadata.clone(), now)), failed_at: None };
                Ok(metadata)
            }
            Err(error) => {
                known.failed_at = Some(now);
                Err(unavailable(match error {
                    DiscoveryError::Request(error) => error.to_string(),
                    // The others' words quote what was answered.
                    DiscoveryError::Parse(error) => format!("its discovery document can't be read at `{}`", error.path()),
                    DiscoveryError::Response(status, ..) => format!("its discovery document is answered with {status}"),
                    DiscoveryError::Validation(_) => "its discovery document is another issuer's".to_owned(),
                    _ => "it can't be discovered".to_owned(),
                }))
            }
        }
    }
}
