//! Health.

use super::envelope::Data;
use aivalid_app::context::Ctx;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::time::{Duration, Instant};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How long a store may take to answer a ping.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(health_v1)).routes(routes!(live)).routes(routes!(ready))
}

/// Whether the process runs.
#[derive(Serialize, ToSchema)]
struct Alive {
    /// `ok`.
    status: &'static str,
    /// The version that runs.
    version: &'static str,
}

const ALIVE: Alive = Alive { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Whether the process runs.
#[utoipa::path(get, path = "/health", tag = "platform", responses((status = 200, body = Data<Alive>)))]
async fn health() -> Data<Alive> {
    Data::new(ALIVE)
}

/// Whether the process runs.
#[utoipa::path(get, path = "/api/v1/health", tag = "platform", responses((status = 200, body = Data<Alive>)))]
async fn health_v1() -> Data<Alive> {
    Data::new(ALIVE)
}

/// Whether the process runs; asks no store.
#[utoipa::path(get, path = "/api/v1/health/live", tag = "platform", responses((status = 200, body = Data<Alive>)))]
async fn live() -> Data<Alive> {
    Data::new(ALIVE)
}

/// A store's health.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StoreHealth {
    /// `sqlite`, `postgres`, `mongodb` or `redis`.
    name: &'static str,
    /// Whether it answered.
    ok: bool,
    /// How long it took, in milliseconds.
    latency_ms: f64,
}

/// Whether every configured store answers, and how fast; 503 when one does not.
#[utoipa::path(get, path = "/api/v1/health/ready", tag = "platform",
    responses((status = 200, body = Data<Vec<StoreHealth>>), (status = 503, body = Data<Vec<StoreHealth>>)))]
async fn ready(ctx: Ctx) -> Response {
    let checks = ctx.service.stores().health.iter().map(|store| async move {
        let begun = Instant::now();
        let ok = matches!(tokio::time::timeout(PATIENCE, store.ping()).await, Ok(Ok(())));
        StoreHealth { name: store.name(), ok, latency_ms: begun.elapsed().as_secs_f64() * 1000.0 }
    });
    let stores = futures::future::join_all(checks).await;
    let status = if stores.iter().all(|store| store.ok) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Data::new(stores)).into_response()
}
