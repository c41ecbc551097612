//! Around every response: request id, response time, security headers, a log line; panics and time-outs become errors.

use crate::{api::error::ApiError, uploads};
use aivalid_model::Error;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::FutureExt;
use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::Instrument;

/// What the layer needs to know.
pub struct Settings {
    /// Whether browsers reach us over TLS.
    pub https: bool,
    /// How long a request may take.
    pub timeout: Duration,
}

/// A request's id: the client's own if well-formed, else a new one.
#[derive(Clone)]
pub struct RequestId(pub String);

/// This response's nonce for scripts.
#[derive(Clone)]
pub struct Nonce(pub String);

fn random_text<const N: usize>() -> String {
    let mut bytes = [0; N];
    // Without randomness ids repeat, which only makes the log harder to read; nonces are checked below.
    let _ = getrandom::fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn request_id(request: &Request) -> String {
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    let well_formed = |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    given.filter(well_formed).map_or_else(|| format!("req_{}", random_text::<12>()), str::to_owned)
}

/// The layer.
pub async fn layer(State(settings): State<Arc<Settings>>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id(&request);
    let nonce = random_text::<16>();
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", id, %method, path);
    let docs = path.starts_with("/api/docs");
    let patience = if uploads::takes_files(&path) { settings.timeout.max(uploads::PATIENCE) } else { settings.timeout };

    let answer = async {
        match tokio::time::timeout(patience, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => {
                tracing::error!("a handler panicked");
                ApiError(Error::Internal).into_response()
            }
            Err(_) => ApiError(Error::TimedOut).into_response(),
        }
    };
    let mut response = answer.instrument(span.clone()).await;
    let elapsed = begun.elapsed();
    write_headers(response.headers_mut(), &settings, &id, &nonce, elapsed, docs);
    let status = response.status().as_u16();
    if status >= 500 || method != Method::GET {
        span.in_scope(|| tracing::info!(status, ms = elapsed.as_secs_f64() * 1000.0, "answered"));
    } else {
        span.in_scope(|| tracing::debug!(status, ms = elapsed.as_secs_f64() * 1000.0, "answered"));
    }
    response
}

fn write_headers(headers: &mut axum::http::HeaderMap, settings: &Settings, id: &str, nonce: &str, elapsed: Duration, docs: bool) {
    // Answers with files bring a tighter policy of their own.
    let own_policy = headers.contains_key(header::CONTENT_SECURITY_POLICY);
    let mut text = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    text(HeaderName::from_static("x-request-id"), id.to_owned());
    text(HeaderName::from_static("x-response-time"), format!("{:.2}ms", elapsed.as_secs_f64() * 1000.0));
    // The API browser is a foreign program that styles its elements itself; everything else gets no inline styles at all.
    let styles = if docs { "style-src 'self' 'unsafe-inline'" } else { "style-src 'self'" };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; {styles}; img-src 'self' data: blob:; \
             connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    );
    if !own_policy {
        text(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_XSS_PROTECTION, "0"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "geolocation=(), microphone=(), camera=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if settings.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}
