//! `Idempotency-Key` on POSTs of the API: the first answer is kept for a day and given again. Answers with tokens or secrets
//! are never kept, so everything below `/api/auth` passes by.

use crate::{api::error::ApiError, app::AppState};
use aivalid_app::context::Ctx;
use aivalid_model::{Error, Result};
use aivalid_service::store::{Attempt, KeyClaim, SavedAnswer};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};

const NAME: &str = "idempotency-key";
/// A first request that does not come back within this time has died.
const CLAIM_LIFE: Duration = Duration::from_mins(1);
const KEEP: Duration = Duration::from_hours(24);
/// Larger answers are given but not kept.
const LARGEST: usize = 256 * 1024;
/// The largest body of the JSON API.
const BODY: usize = 1024 * 1024;

/// The layer.
pub async fn layer(State(state): State<Arc<AppState>>, ctx: Ctx, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let covered = *request.method() == Method::POST && !path.starts_with("/api/auth/") && !path.starts_with("/api/v1/auth/");
    let Some(key) = request.headers().get(NAME).filter(|_| covered) else { return next.run(request).await };
    let key = match key.to_str() {
        Ok(key) if (8..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) => key.to_owned(),
        _ => return ApiError(Error::bad_request("Idempotency-Key must be 8 to 128 visible ASCII characters")).into_response(),
    };
    // Keys belong to a user: nobody can read another's answers by guessing.
    let Some(user) = ctx.caller.id() else { return next.run(request).await };
    match once(&state, format!("{user}:{key}"), request, next).await {
        Ok(response) => response,
        Err(error) => ApiError(error).into_response(),
    }
}

async fn once(state: &AppState, key: String, request: Request, next: Next) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY).await.map_err(|_| Error::TooLarge)?;
    let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let fingerprint = hex::encode(Sha256::new().chain_update(path.as_bytes()).chain_update(b"\n").chain_update(&body).finalize());
    let claim = KeyClaim { key, fingerprint, holder: holder()? };
    let store = &state.service.stores().idempotency;
    match store.attempt(&claim, CLAIM_LIFE).await? {
        Attempt::Running => return Err(Error::IdempotencyInProgress),
        Attempt::Mismatch => return Err(Error::IdempotencyMismatch),
        Attempt::Done(answer) => return Ok(again(answer)),
        Attempt::First => {}
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // An error did nothing, so it may go better next time: under the same key, with the mistake corrected.
    let retry = response.status().is_client_error() || response.status().is_server_error();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Error::Internal)?;
    if retry || body.len() > LARGEST {
        store.give_up(&claim).await?;
    } else {
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        store.finish(&claim, &SavedAnswer { status: parts.status.as_u16(), content_type, body: body.to_vec() }, KEEP).await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// What no other request calls itself.
fn holder() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::Internal)?;
    Ok(hex::encode(bytes))
}

fn again(answer: SavedAnswer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    if let Ok(kind) = HeaderValue::try_from(answer.content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}
