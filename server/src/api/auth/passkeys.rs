//! Passkeys. Each ceremony has a beginning, which answers options for the browser, and an end, which takes what the browser
//! answered. The JSON of `WebAuthn` passes through as it is; only around it are unknown fields refused.

use super::{no_store, sign_in_answer};
use crate::api::{
    envelope::Message,
    error::{ApiResult, ErrorBody},
    extract::{Checked, CheckedOrEmpty, Id},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    id::PasskeyId,
    identity::{
        CeremonyBegun, CeremonyInput, LoginBeginInput, PasskeyInput, PasskeyList, PasskeyNameInput, PasskeyStatus, PasskeyView,
        RegisterBeginInput,
    },
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(login_begin))
        .routes(routes!(login_finish))
        .routes(routes!(sudo_begin))
        .routes(routes!(register_begin))
        .routes(routes!(register_finish))
        .routes(routes!(list))
        .routes(routes!(status))
        .routes(routes!(rename))
        .routes(routes!(remove))
}

/// Begins a sign-in for the account of an address. The answer has the same form, and takes as long, for accounts without passkeys and
/// for addresses without an account.
#[utoipa::path(post, path = "/api/auth/passkeys/check", tag = "identity", operation_id = "passkey_check", request_body = super::AddressInput,
    responses((status = 200, body = CeremonyBegun), (status = 400, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn check(ctx: Ctx, Checked(email): Checked<super::AddressInput>) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.passkey_check(&ctx.caller, &email).await?)))
}

/// Begins a sign-in with whichever passkey the browser has, for a button or for a field's autofill.
#[utoipa::path(post, path = "/api/auth/passkeys/login/begin", tag = "identity", operation_id = "passkey_login_begin", request_body = LoginBeginInput,
    responses((status = 200, body = CeremonyBegun), (status = 400, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login_begin(ctx: Ctx, CheckedOrEmpty(conditional): CheckedOrEmpty<LoginBeginInput>) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.passkey_login_begin(&ctx.caller, conditional).await?)))
}

/// Ends a sign-in with a passkey. It counts as two factors, so no second step follows.
#[utoipa::path(post, path = "/api/auth/passkeys/login/finish", tag = "identity", operation_id = "passkey_login_finish", request_body = CeremonyInput,
    responses((status = 200, body = super::LoginAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login_finish(ctx: Ctx, Checked(end): Checked<CeremonyInput>) -> ApiResult<Response> {
    Ok(sign_in_answer(&ctx, ctx.service.passkey_login_finish(&ctx.caller, end).await?))
}

/// Begins to confirm with one of one's passkeys that it is still oneself; the answer goes into `POST /api/auth/sudo`.
#[utoipa::path(post, path = "/api/auth/sudo/passkey/begin", tag = "identity", operation_id = "passkey_sudo_begin", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = CeremonyBegun), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn sudo_begin(ctx: Ctx) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.passkey_sudo_begin(&ctx.caller).await?)))
}

/// Begins to make a passkey, in an elevated session; or right after a sign-in with a password, for the account's first.
#[utoipa::path(post, path = "/api/auth/passkeys/register/begin", tag = "identity", operation_id = "passkey_register_begin", request_body = RegisterBeginInput,
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = CeremonyBegun), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn register_begin(ctx: Ctx, CheckedOrEmpty(how): CheckedOrEmpty<RegisterBeginInput>) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.passkey_register_begin(&ctx.caller, how).await?)))
}

/// A passkey that was added.
#[derive(Serialize, ToSchema)]
struct PasskeyAdded {
    /// The passkey.
    passkey: PasskeyView,
    /// A sentence for people, in English.
    message: &'static str,
}

/// Adds the passkey that was made. Its owner gets a mail.
#[utoipa::path(post, path = "/api/auth/passkeys/register/finish", tag = "identity", operation_id = "passkey_register_finish", request_body = PasskeyInput,
    security(("bearer" = []), ("session" = [])),
    responses((status = 201, body = PasskeyAdded), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn register_finish(ctx: Ctx, Checked(draft): Checked<PasskeyInput>) -> ApiResult<Response> {
    let passkey = ctx.service.passkey_register_finish(&ctx.caller, draft).await?;
    Ok((StatusCode::CREATED, Json(PasskeyAdded { passkey, message: "The passkey was added." })).into_response())
}

/// One's passkeys, and what to tell the browser of them.
#[utoipa::path(get, path = "/api/auth/passkeys", tag = "identity", operation_id = "passkeys", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = PasskeyList), (status = 401, body = ErrorBody)))]
async fn list(ctx: Ctx) -> ApiResult<Json<PasskeyList>> {
    Ok(Json(ctx.service.passkeys(&ctx.caller).await?))
}

/// Whether there can be passkeys, and how many one has.
#[utoipa::path(get, path = "/api/auth/passkeys/status", tag = "identity", operation_id = "passkey_status", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = PasskeyStatus), (status = 401, body = ErrorBody)))]
async fn status(ctx: Ctx) -> ApiResult<Json<PasskeyStatus>> {
    Ok(Json(ctx.service.passkey_status(&ctx.caller).await?))
}

/// Renames a passkey, in an elevated session.
#[utoipa::path(put, path = "/api/auth/passkeys/{id}/name", tag = "identity", operation_id = "passkey_rename", request_body = PasskeyNameInput,
    security(("bearer" = []), ("session" = [])), params(("id" = i64, Path, description = "The passkey")),
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn rename(ctx: Ctx, Id(id): Id<PasskeyId>, Checked(name): Checked<PasskeyNameInput>) -> ApiResult<Message> {
    ctx.service.passkey_rename(&ctx.caller, id, name).await?;
    Ok(Message { message: "The passkey was renamed." })
}

/// Removes a passkey, in an elevated session, unless it is the last way to sign in. Its owner gets a mail.
#[utoipa::path(delete, path = "/api/auth/passkeys/{id}", tag = "identity", operation_id = "passkey_delete", security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The passkey")),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn remove(ctx: Ctx, Id(id): Id<PasskeyId>) -> ApiResult<Message> {
    ctx.service.passkey_delete(&ctx.caller, id).await?;
    Ok(Message { message: "The passkey was removed." })
}
