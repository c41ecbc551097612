//! The OpenAPI document and pages to browse it without a network.

use axum::{Router, http::header, response::IntoResponse, routing::get};
use std::sync::Arc;
use utoipa::openapi::OpenApi;

pub(super) fn routes<S: Clone + Send + Sync + 'static>(document: OpenApi) -> Router<S> {
    let json: Arc<str> = document.to_json().unwrap_or_default().into();
    let serve = move || {
        let json = json.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], json.to_string()).into_response() }
    };
    Router::new()
        .route("/api/openapi.json", get(serve))
        .merge(utoipa_swagger_ui::SwaggerUi::new("/api/docs").config(utoipa_swagger_ui::Config::from("/api/openapi.json")))
}
