//! Personal API tokens.

use super::no_store;
use crate::api::{
    envelope::{Data, Message},
    error::{ApiResult, ErrorBody},
    extract::{Checked, Id},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    id::ApiTokenId,
    identity::{ApiTokenInput, ApiTokenMade, ApiTokenView},
};
use axum::{Json, http::StatusCode, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(revoke))
}

/// One's API tokens, newest first. A token can't ask for them.
#[utoipa::path(get, path = "/api/auth/tokens", tag = "identity", operation_id = "tokens_list", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Vec<ApiTokenView>>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
async fn list(ctx: Ctx) -> ApiResult<Data<Vec<ApiTokenView>>> {
    Ok(Data::new(ctx.service.api_tokens(&ctx.caller).await?))
}

/// Makes an API token, which is answered this once. Needs sudo.
#[utoipa::path(post, path = "/api/auth/tokens", tag = "identity", operation_id = "tokens_make", request_body = ApiTokenInput, security(("bearer" = []), ("session" = [])),
    responses((status = 201, body = ApiTokenMade), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn make(ctx: Ctx, Checked(draft): Checked<ApiTokenInput>) -> ApiResult<Response> {
    Ok(no_store((StatusCode::CREATED, Json(ctx.service.api_token_make(&ctx.caller, draft).await?))))
}

/// Revokes an API token, at once.
#[utoipa::path(delete, path = "/api/auth/tokens/{id}", tag = "identity", operation_id = "tokens_revoke", params(("id" = i64, Path, description = "The token's id")), security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn revoke(ctx: Ctx, Id(id): Id<ApiTokenId>) -> ApiResult<Message> {
    ctx.service.api_token_revoke(&ctx.caller, id).await?;
    Ok(Message { message: "The token is revoked." })
}
