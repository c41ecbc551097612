//! Signing in with a code by SMS, and the phone number of one's account.

use super::{LoginAnswer, sign_in_answer};
use crate::api::{
    envelope::Message,
    error::{ApiResult, ErrorBody},
    extract::Checked,
};
use aivalid_app::context::Ctx;
use aivalid_model::identity::{PhoneCodeInput, PhoneInput};
use aivalid_service::sms::CODE_LIFE;
use axum::{Json, response::Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(otp_send))
        .routes(routes!(otp_verify))
        .routes(routes!(request))
        .routes(routes!(confirm))
        .routes(routes!(remove))
}

/// The answer to asking for a code.
#[derive(Serialize, ToSchema)]
struct CodeSent {
    /// Always true.
    success: bool,
    /// What happens next.
    message: &'static str,
    /// Seconds until the code lapses.
    expires_in: u64,
}

fn code_sent() -> Json<CodeSent> {
    Json(CodeSent { success: true, message: "A code is on its way by SMS.", expires_in: CODE_LIFE.as_secs() })
}

/// Sends a code to sign in with. The answer is the same whether or not the number has an account. Three an hour for each number.
#[utoipa::path(post, path = "/api/v1/auth/otp/send", tag = "identity", operation_id = "otp_send", request_body = PhoneInput,
    responses((status = 200, body = CodeSent), (status = 400, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn otp_send(ctx: Ctx, Checked(phone): Checked<PhoneInput>) -> ApiResult<Json<CodeSent>> {
    ctx.service.otp_send(&ctx.caller, &phone).await?;
    Ok(code_sent())
}

/// Signs in with a code. A number that has no account gets one, which agrees to the present terms. Three tries for each code.
#[utoipa::path(post, path = "/api/v1/auth/otp/verify", tag = "identity", operation_id = "otp_verify", request_body = PhoneCodeInput,
    responses((status = 200, body = LoginAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn otp_verify(ctx: Ctx, Checked(shown): Checked<PhoneCodeInput>) -> ApiResult<Response> {
    Ok(sign_in_answer(&ctx, ctx.service.otp_verify(&ctx.caller, &shown).await?.sign_in))
}

/// Sends a code to a number that the account is to get. Needs sudo.
#[utoipa::path(post, path = "/api/auth/phone/request", tag = "identity", operation_id = "phone_request", security(("bearer" = []), ("session" = [])), request_body = PhoneInput,
    responses((status = 200, body = CodeSent), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn request(ctx: Ctx, Checked(phone): Checked<PhoneInput>) -> ApiResult<Json<CodeSent>> {
    ctx.service.phone_request(&ctx.caller, &phone).await?;
    Ok(code_sent())
}

/// Gives the account the number that the code was sent to, in place of the one before. Needs sudo.
#[utoipa::path(post, path = "/api/auth/phone/confirm", tag = "identity", operation_id = "phone_confirm", security(("bearer" = []), ("session" = [])), request_body = PhoneCodeInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn confirm(ctx: Ctx, Checked(shown): Checked<PhoneCodeInput>) -> ApiResult<Message> {
    ctx.service.phone_confirm(&ctx.caller, &shown).await?;
    Ok(Message { message: "The phone number is saved." })
}

/// Takes the account's number away, unless it is the last way to sign in. Needs sudo.
#[utoipa::path(delete, path = "/api/auth/phone", tag = "identity", operation_id = "phone_remove", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn remove(ctx: Ctx) -> ApiResult<Message> {
    ctx.service.phone_remove(&ctx.caller).await?;
    Ok(Message { message: "The phone number is removed." })
}
