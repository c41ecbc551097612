//! Everything put together.

use crate::{
    api,
    assets::Site,
    config::{Config, Environment},
    federation, feeds,
    jobs::{self, Jobs},
    mail, media, metrics,
    middleware::{caller, compress, cors, envelope, idempotency},
    net::Network,
    outside::{OsRandom, SystemClock},
    places,
    secrets::Secrets,
    security_txt, sms, stores, uploads,
};
use aivalid_app::context::{Assets, Ctx, Mailbox};
use aivalid_model::Error;
use aivalid_service::{
    Parts, Service, Settings,
    identity::{Hasher, Keys},
    limits::Limits,
    ports::{Clock, Random},
    store::Stores,
};
use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderValue, header},
    middleware::from_fn_with_state,
};
use std::{sync::Arc, time::Duration};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// The version of the terms that registering agrees to.
pub const TERMS_VERSION: &str = "2026-11";
/// The largest body of the JSON API and of forms.
const BODY: usize = 1024 * 1024;

/// What the middleware needs at every request.
pub struct AppState {
    /// The use cases.
    pub service: Service,
    /// Verifies device cookies.
    pub keys: Keys,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// The built client.
    pub assets: Arc<Assets>,
    /// Whether pages for developers exist.
    pub development: bool,
    /// Mails and SMS of the outbox, for the development page.
    pub mailbox: Option<Arc<dyn Mailbox>>,
}

/// A whole `AIValid`: its use cases, and its routes.
pub struct App {
    /// The use cases.
    pub service: Service,
    /// Everything that is served.
    pub router: Router,
}

/// What tests replace.
pub struct Outside {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

impl Default for Outside {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(OsRandom) }
    }
}

impl App {
    /// Opens the stores and puts everything together.
    pub async fn build(config: &Config, outside: Outside) -> Result<Self> {
        let stores = stores::open(config).await?;
        Self::over(config, stores, outside)
    }

    /// The same over stores that are open.
    pub fn over(config: &Config, stores: Stores, outside: Outside) -> Result<Self> {
        let Secrets { keys, sealer, pepper } = Secrets::load(config)?;
        let hasher = Hasher::new(&pepper, config.hash_cost).map_err(|_| anyhow::anyhow!("Argon2 does not take this cost"))?;
        let Outside { clock, random } = outside;
        let post = mail::open(config, clock.clone())?;
        let federation = federation::open(config, &clock)?;
        let sms = sms::open(config, clock.clone())?;
        let service = Service::new(Parts {
            stores,
            clock,
            random,
            mailer: post.mailer,
            sms: sms.sender,
            places: places::open(config)?,
            federation,
            keys: keys.clone(),
            sealer,
            hasher,
            breached: config.breached()?,
            settings: Settings {
                origin: config.origin.clone(),
                accounts_per_device: config.accounts_per_device,
                live_sessions: 5,
                limits: Limits::default().times(config.rate_limit_factor),
                answer_floor: config.answer_floor,
                terms_version: TERMS_VERSION.to_owned(),
                kyc: config.kyc,
                sms_countries: config.sms_countries.clone(),
                operator: config.operator.clone(),
            },
        });
        let site = Site::load().context("the client's addresses")?;
        let development = config.environment == Environment::Development;
        let shown: Vec<_> = [post.mailbox, sms.mailbox].into_iter().flatten().collect();
        let mailbox = (development && !shown.is_empty()).then(|| Arc::new(sms::Mailboxes(shown)) as Arc<dyn Mailbox>);
        let state = Arc::new(AppState {
            service: service.clone(),
            keys,
            trusted_proxies: config.trusted_proxies.clone(),
            assets: Arc::new(site.assets.clone()),
            development,
            mailbox,
        });
        let router = router(config, state, &site);
        Ok(Self { service, router })
    }

    /// Starts the jobs of this instance.
    pub fn start_jobs(&self) -> Jobs {
        jobs::start(&self.service)
    }
}

fn router(config: &Config, state: Arc<AppState>, site: &Site) -> Router {
    let envelope = Arc::new(envelope::Settings { https: config.is_https(), timeout: Duration::from_secs(config.request_timeout_seconds) });
    let media = media::routes(&state.service).merge(metrics::routes(&state.service, config.metrics_token.as_deref()));
    let pages = Router::new()
        .merge(aivalid_app::routes())
        .merge(aivalid_app::upload_routes().layer(uploads::body_limit()))
        .merge(feeds::routes())
        .merge(security_txt::routes())
        .route("/fn/{*name}", axum::routing::post(server_function))
        .fallback(|| async { aivalid_app::page::Failure(Error::NotFound) })
        .method_not_allowed_fallback(|| async { aivalid_app::page::Failure(Error::MethodNotAllowed) })
        .layer(from_fn_with_state(state.clone(), caller::layer));
    // Other sites' scripts must be able to read what `caller` refuses, so `cors` stands around it.
    let api = api::routes()
        .layer(from_fn_with_state(state.clone(), idempotency::layer))
        .layer(from_fn_with_state(state, caller::layer))
        .layer(cors::layer(&config.cors_origins));
    let origin = Arc::<str>::from(config.origin.as_str());
    let answers = pages.merge(api).layer(DefaultBodyLimit::max(BODY)).layer(from_fn_with_state(origin.clone(), compress::layer));
    static_files(site)
        .merge(media)
        .merge(answers)
        .layer(from_fn_with_state(origin, canonical_host))
        .layer(from_fn_with_state(envelope, envelope::layer))
        .layer(compress::streamed())
}

/// Hashed files are kept for ever; the few others for an hour.
fn static_files(site: &Site) -> Router {
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let hour = HeaderValue::from_static("public, max-age=3600");
    let folder =
        |path: &str| ServeDir::new(site.root.join(path)).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    let mut router = Router::new().nest_service(
        "/pkg",
        tower::ServiceBuilder::new().layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, forever)).service(folder("pkg")),
    );
    for file in ["favicon.svg", "icons.svg", "manifest.webmanifest"] {
        let service = tower_http::services::ServeFile::new(site.root.join(file)).precompressed_br().precompressed_gzip();
        let service =
            tower::ServiceBuilder::new().layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, hour.clone())).service(service);
        router = router.route_service(&format!("/{file}"), service);
    }
    router
}

/// Server functions: what islands ask for. They find the request's context as Leptos' context.
async fn server_function(ctx: Ctx, request: axum::extract::Request) -> axum::response::Response {
    use axum::response::IntoResponse;
    leptos_axum::handle_server_fns_with_context(move || leptos::prelude::provide_context(ctx.clone()), request).await.into_response()
}

/// Passkeys can't belong to an IP address, so where the public origin is localhost, 127.0.0.1 leads there.
async fn canonical_host(
    State(origin): State<Arc<str>>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    use axum::response::{IntoResponse, Redirect};
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // The whole host: what merely begins like it is somebody else's, and the answer never repeats what the client sent.
    match origin.strip_prefix("http://localhost").filter(|port| host.strip_prefix("127.0.0.1") == Some(*port)) {
        Some(_)
            if request.method() == axum::http::Method::GET
                && !request.uri().path().starts_with("/api")
                && request.uri().path() != "/health" =>
        {
            let path = request.uri().path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
            Redirect::temporary(&format!("{origin}{path}")).into_response()
        }
        _ => next.run(request).await,
    }
}
