//! Watching and muting threads and cases.

use crate::api::{
    envelope::{Data, Message},
    error::{ApiResult, ErrorBody},
    extract::{Checked, Id},
};
use aivalid_app::context::Ctx;
use aivalid_model::community::{Target, TargetKind, WatchInput, WatchLevel};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(watch, unwatch))
}

/// What the caller wants to hear of.
#[derive(Serialize, ToSchema)]
struct Watch {
    /// Everything or nothing.
    level: WatchLevel,
}

/// Watches or mutes a thread or case. Muting also keeps what the caller does there from making them watch it.
#[utoipa::path(put, path = "/api/v1/watches/{targetType}/{targetId}", tag = "community", request_body = WatchInput, security(("bearer" = []), ("session" = [])),
    params(("targetType" = String, Path, description = "`thread` or `case`"), ("targetId" = i64, Path, description = "The thread or case")),
    responses((status = 200, body = Data<Watch>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn watch(ctx: Ctx, Id((kind, id)): Id<(TargetKind, i64)>, Checked(level): Checked<WatchInput>) -> ApiResult<Data<Watch>> {
    ctx.service.watch(&ctx.caller, Target { kind, id }, level).await?;
    Ok(Data::new(Watch { level }))
}

/// Neither watches nor mutes a thread or case any more.
#[utoipa::path(delete, path = "/api/v1/watches/{targetType}/{targetId}", tag = "community", security(("bearer" = []), ("session" = [])),
    params(("targetType" = String, Path, description = "`thread` or `case`"), ("targetId" = i64, Path, description = "The thread or case")),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn unwatch(ctx: Ctx, Id((kind, id)): Id<(TargetKind, i64)>) -> ApiResult<Message> {
    ctx.service.unwatch(&ctx.caller, Target { kind, id }).await?;
    Ok(Message { message: "Not watched any more." })
}
