//! `GET /metrics`: figures for Prometheus, in its text format 0.0.4. Nobody reads them who does not have `METRICS_TOKEN`; where there
//! is none, they do not exist.
//!
//! To add a figure: a line in `write`, and one in the table of docs/OPERATIONS.md.

use aivalid_service::{Service, jobs::QueueFigures};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What Prometheus calls the format.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone)]
struct Metrics {
    service: Service,
    /// The SHA-256 digest of what `Authorization` must hold: comparing digests tells nothing of how much of it was right.
    wanted: [u8; 32],
}

/// The route, where there is a token.
pub fn routes(service: &Service, token: Option<&str>) -> Router {
    let Some(token) = token else { return Router::new() };
    let wanted = Sha256::digest(format!("Bearer {token}")).into();
    Router::new().route("/metrics", get(show)).with_state(Metrics { service: service.clone(), wanted })
}

async fn show(State(metrics): State<Metrics>, headers: HeaderMap) -> Response {
    let shown = headers.get(header::AUTHORIZATION).map(header::HeaderValue::as_bytes).unwrap_or_default();
    let shown: [u8; 32] = Sha256::digest(shown).into();
    if shown != metrics.wanted {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
    }
    match metrics.service.queue_figures().await {
        Ok(figures) => ([(header::CONTENT_TYPE, FORMAT), (header::CACHE_CONTROL, "no-store")], write(&figures)).into_response(),
        Err(error) => {
            tracing::warn!(%error, "the queue's figures can't be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// One figure of one kind of job.
type Figure = fn(&QueueFigures) -> u64;

fn write(queues: &[QueueFigures]) -> String {
    let gauges: [(&str, &str, Figure); 3] = [
        ("aivalid_queue_waiting", "Letters or SMS that wait or are being sent, of all instances.", |queue| queue.waiting),
        ("aivalid_queue_oldest_seconds", "How long the oldest of them has waited.", |queue| queue.oldest.as_secs()),
        ("aivalid_queue_dead", "Letters or SMS that were given up and are kept for two weeks, of all instances.", |queue| queue.dead),
    ];
    let outcomes: [(&str, Figure); 3] =
        [("sent", |queue| queue.done), ("failed", |queue| queue.failed), ("given_up", |queue| queue.given_up)];
    let mut text = String::new();
    // Writing to a string can't fail.
    for (name, help, figure) in gauges {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for queue in queues {
            let _ = writeln!(text, "{name}{{kind=\"{}\"}} {}", queue.kind.as_str(), figure(queue));
        }
    }
    let name = "aivalid_queue_attempts_total";
    let _ = writeln!(text, "# HELP {name} How attempts at sending ended in this process.\n# TYPE {name} counter");
    for queue in queues {
        for (outcome, figure) in outcomes {
            let _ = writeln!(text, "{name}{{kind=\"{}\",outcome=\"{outcome}\"}} {}", queue.kind.as_str(), figure(queue));
        }
    }
    text
}
