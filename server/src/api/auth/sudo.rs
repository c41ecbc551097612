//! Proving once more who one is.

use crate::api::{
    envelope::Message,
    error::{ApiResult, ErrorBody},
    extract::Checked,
};
use aivalid_app::context::Ctx;
use aivalid_model::identity::SudoInput;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(sudo))
}

/// Elevates this session for ten minutes, with a passkey, or with the password, and a second factor where the account has one.
#[utoipa::path(post, path = "/api/auth/sudo", tag = "identity", security(("bearer" = []), ("session" = [])), request_body = SudoInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn sudo(ctx: Ctx, Checked(proof): Checked<SudoInput>) -> ApiResult<Message> {
    ctx.service.sudo(&ctx.caller, &proof).await?;
    Ok(Message { message: "This session is elevated for ten minutes." })
}
