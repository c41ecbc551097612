//! Recovering an account without its second factors: asked for, stopped, finished.

use super::{TokenInput, no_store};
use crate::api::{
    envelope::Message,
    error::{ApiResult, ErrorBody},
    extract::Checked,
};
use aivalid_app::context::Ctx;
use aivalid_model::identity::{RecoveryAnswer, RecoveryInput, RecoveryState};
use axum::{Json, response::Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(stop)).routes(routes!(stop_by_link)).routes(routes!(finish))
}

/// What happens next.
#[derive(Serialize, ToSchema)]
struct RecoveryAsked {
    #[serde(flatten)]
    recovery: RecoveryAnswer,
    /// In a sentence.
    message: &'static str,
}

/// Asks for recovery with a sign-in that waits for its second factor. Asking again answers the request that is open: its clock goes on.
#[utoipa::path(post, path = "/api/auth/recovery", tag = "identity", operation_id = "recovery_ask", request_body = RecoveryInput,
    responses((status = 200, body = RecoveryAsked), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn ask(ctx: Ctx, Checked(request): Checked<RecoveryInput>) -> ApiResult<Response> {
    let recovery = ctx.service.recovery_ask(&ctx.caller, request).await?;
    let message = match (recovery.state, recovery.reviewed) {
        (RecoveryState::Waiting, false) => "When the waiting time is over, a link that finishes the recovery is mailed.",
        (RecoveryState::Waiting, true) => "When the waiting time is over, a reviewer decides. The answer comes by mail.",
        (RecoveryState::Review, _) => "The waiting time is over and a reviewer decides. The answer comes by mail.",
        _ => "A link that finishes the recovery was mailed.",
    };
    Ok(no_store(Json(RecoveryAsked { recovery, message })))
}

/// Stops the request about one's own account.
#[utoipa::path(post, path = "/api/auth/recovery/stop", tag = "identity", operation_id = "recovery_stop", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn stop(ctx: Ctx) -> ApiResult<Message> {
    ctx.service.recovery_stop(&ctx.caller).await?;
    Ok(STOPPED)
}

const STOPPED: Message =
    Message { message: "The recovery is stopped. If you did not ask for it, somebody knows your password: change it." };

/// Stops a request with the link of an announcement.
#[utoipa::path(post, path = "/api/auth/recovery/stop-by-link", tag = "identity", operation_id = "recovery_stop_by_link", request_body = TokenInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn stop_by_link(ctx: Ctx, Checked(token): Checked<TokenInput>) -> ApiResult<Message> {
    ctx.service.recovery_stop_by_link(&ctx.caller, &token).await?;
    Ok(STOPPED)
}

/// Finishes a request with the mailed link: second factors and API tokens are gone, all sessions end.
#[utoipa::path(post, path = "/api/auth/recovery/finish", tag = "identity", operation_id = "recovery_finish", request_body = TokenInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn finish(ctx: Ctx, Checked(token): Checked<TokenInput>) -> ApiResult<Message> {
    ctx.service.recovery_finish(&ctx.caller, &token).await?;
    Ok(Message { message: "Sign in with your password and set up a new second factor." })
}
