//! Blocking people.

use crate::api::{
    envelope::{Created, Data, Message, Paged},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    community::{Block, BlockInput},
    id::UserId,
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(remove))
}

/// Whom the caller blocks, newest first. The list has no cursors.
#[utoipa::path(get, path = "/api/v1/blocks", tag = "community", operation_id = "blocks", security(("bearer" = []), ("session" = [])), params(PageQuery),
    responses((status = 200, body = Paged<Block>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
async fn list(ctx: Ctx, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<Block>> {
    Ok(ctx.service.blocks(&ctx.caller, page.request()).await?.into())
}

/// Blocks someone: neither can reply to the other's posts and replies. Again: nothing changes.
#[utoipa::path(post, path = "/api/v1/blocks", tag = "community", operation_id = "block_add", request_body = BlockInput, security(("bearer" = []), ("session" = [])),
    responses((status = 201, body = Data<Block>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn add(ctx: Ctx, Checked(user): Checked<BlockInput>) -> ApiResult<Created<Block>> {
    Ok(Created(ctx.service.block_add(&ctx.caller, user).await?, "Blocked."))
}

/// Ends a block.
#[utoipa::path(delete, path = "/api/v1/blocks/{userId}", tag = "community", operation_id = "block_remove", security(("bearer" = []), ("session" = [])),
    params(("userId" = i64, Path, description = "Whom")),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn remove(ctx: Ctx, Id(user): Id<UserId>) -> ApiResult<Message> {
    ctx.service.block_remove(&ctx.caller, user).await?;
    Ok(Message { message: "Not blocked any more." })
}
