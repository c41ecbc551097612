//! What threads and replies said before they were edited.

use crate::api::{
    envelope::Paged,
    error::{ApiResult, ErrorBody},
    extract::{Asked, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    community::PostVersion,
    id::{ReplyId, ThreadId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(thread_history)).routes(routes!(reply_history))
}

/// Earlier versions of a thread, newest first; at most 20 to a page. They have no cursors.
#[utoipa::path(get, path = "/api/v1/threads/{id}/history", tag = "community", params(("id" = i64, Path, description = "The thread"), PageQuery),
    responses((status = 200, body = Paged<PostVersion>), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn thread_history(ctx: Ctx, Id(id): Id<ThreadId>, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<PostVersion>> {
    Ok(ctx.service.thread_history(&ctx.caller, id, page.request()).await?.into())
}

/// Earlier versions of a reply, newest first; at most 20 to a page. They have no cursors.
#[utoipa::path(get, path = "/api/v1/replies/{replyId}/history", tag = "community", params(("replyId" = i64, Path, description = "The reply"), PageQuery),
    responses((status = 200, body = Paged<PostVersion>), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn reply_history(ctx: Ctx, Id(id): Id<ReplyId>, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<PostVersion>> {
    Ok(ctx.service.reply_history(&ctx.caller, id, page.request()).await?.into())
}
