//! The JSON API: handlers by domain, each extract, one service call, map. The OpenAPI document is made from their types.
//!
//! To add an endpoint: a handler with `#[utoipa::path]` in its domain's module, named in that module's `routes!`.

mod admin;
mod auth;
mod avatar;
mod body;
mod cases;
mod community;
mod docs;
pub mod envelope;
pub mod error;
mod export;
mod extract;
mod kyc;
mod platform;
mod pqc;
mod security;
mod signed;
mod users;

use aivalid_model::{
    cases::CaseStatus,
    community::{CategoryKind, Sort},
    kyc::KycStatus,
};
use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(title = "AIValid", description = "A community and a marketplace for validation.", license(name = "MIT", identifier = "MIT")),
    modifiers(&Security),
    // Types of query parameters are not found by themselves.
    components(schemas(CaseStatus, CategoryKind, KycStatus, Sort)),
    tags(
        (name = "platform", description = "Health and documents about the API itself"),
        (name = "identity", description = "Accounts, signing in, sessions, profiles"),
        (name = "community", description = "Categories, tags, threads, replies, reactions, histories, watches, blocks"),
        (name = "cases", description = "Validation cases"),
        (name = "admin", description = "What the staff does: accounts and the audit log")
    )
)]
struct Document;

/// How requests are authenticated.
struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
        let components = document.components.get_or_insert_with(Default::default);
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("aivalid_access"))));
    }
}

fn assembled<S: Clone + Send + Sync + 'static>() -> (Router<S>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(platform::router())
        .merge(auth::router())
        .merge(admin::router())
        .merge(security::router())
        .merge(pqc::router())
        .merge(users::router())
        .merge(avatar::router())
        .merge(kyc::router())
        .merge(export::router())
        .merge(community::router())
        .merge(cases::router())
        .split_for_parts()
}

/// The API's routes, with its own description and the pages to browse it.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let (router, document) = assembled();
    router
        .merge(docs::routes(document))
        .route("/api/", axum::routing::any(error::not_found))
        .route("/api/{*rest}", axum::routing::any(error::not_found))
        .method_not_allowed_fallback(error::method_not_allowed)
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    assembled::<()>().1
}
