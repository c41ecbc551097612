//! Proving once more who one is.

use crate::api::{
    envelope::Message,
    error::{ApiResult, ErrorBody},
    extract::Checked,
};
use aivalid_app::{context::Ctx, session};
use aivalid_model::identity::SudoInput;
use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(sudo))
}

/// Elevates this session for ten minutes, with a passkey, or with the password, and a second factor where the account has one. A browser gets
/// new cookies.
#[utoipa::path(post, path = "/api/auth/sudo", tag = "identity", security(("bearer" = []), ("session" = [])), request_body = SudoInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn sudo(ctx: Ctx, headers: HeaderMap, Checked(proof): Checked<SudoInput>) -> ApiResult<Response> {
    ctx.service.sudo(&ctx.caller, &proof).await?;
    let mut response = Message { message: "This session is elevated for ten minutes." }.into_response();
    for cookie in session::renewed(&ctx, &headers).await {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
