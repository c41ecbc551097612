//! Second factors: the second step of signing in (codes, or a passkey), authenticator apps and backup codes.

use super::{LoginAnswer, no_store, signed_in_answer};
use crate::api::{
    envelope::Message,
    error::{ApiResult, ErrorBody},
    extract::{Checked, CheckedOrEmpty},
};
use aivalid_app::{context::Ctx, session};
use aivalid_model::{
    Error, Result,
    check::{Check, CheckAll},
    identity::{
        BackupCodes, CeremonyBegun, CodeInput, IdentityError, PasskeyStepInput, PendingInput, SecondFactor, SecondStepInput, Token,
        TotpSetup, TotpStatus,
    },
};
use axum::{Json, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(login_totp))
        .routes(routes!(login_backup_code))
        .routes(routes!(login_passkey_begin))
        .routes(routes!(login_passkey))
        .routes(routes!(status))
        .routes(routes!(setup))
        .routes(routes!(enable))
        .routes(routes!(show))
        .routes(routes!(disable))
        .routes(routes!(backup_codes_left))
        .routes(routes!(backup_codes_renew))
}

/// A second step with a code of an authenticator app.
#[derive(Deserialize)]
#[serde(transparent)]
struct TotpStep(SecondStepInput);

impl CheckAll for TotpStep {
    type Checked = (Token, SecondFactor);
    fn check_all(self) -> Result<Self::Checked> {
        self.0.totp()
    }
}

/// A second step with a backup code.
#[derive(Deserialize)]
#[serde(transparent)]
struct BackupStep(SecondStepInput);

impl CheckAll for BackupStep {
    type Checked = (Token, SecondFactor);
    fn check_all(self) -> Result<Self::Checked> {
        self.0.backup()
    }
}

/// Finishes a sign-in with a code of the authenticator app. A wrong code leaves the sign-in waiting.
#[utoipa::path(post, path = "/api/auth/login/totp", tag = "identity", request_body = SecondStepInput,
    responses((status = 200, body = LoginAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login_totp(ctx: Ctx, Checked((token, factor)): Checked<TotpStep>) -> ApiResult<Response> {
    Ok(signed_in_answer(&ctx, ctx.service.login_second(&ctx.caller, &token, &factor).await?))
}

/// Finishes a sign-in with a backup code, which is used up.
#[utoipa::path(post, path = "/api/auth/login/backup-code", tag = "identity", request_body = SecondStepInput,
    responses((status = 200, body = LoginAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login_backup_code(ctx: Ctx, Checked((token, factor)): Checked<BackupStep>) -> ApiResult<Response> {
    Ok(signed_in_answer(&ctx, ctx.service.login_second(&ctx.caller, &token, &factor).await?))
}

/// Begins to finish a sign-in with a passkey, where its password was set with a mailed link. Pages send the token as their cookie.
#[utoipa::path(post, path = "/api/auth/login/passkey/begin", tag = "identity", request_body = PendingInput,
    responses((status = 200, body = CeremonyBegun), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login_passkey_begin(ctx: Ctx, headers: HeaderMap, CheckedOrEmpty(token): CheckedOrEmpty<PendingInput>) -> ApiResult<Response> {
    let kept = || Token::check(session::pending_sign_in(ctx.origin(), &headers)?).ok();
    let token = token.or_else(kept).ok_or_else(|| Error::from(IdentityError::SignInLapsed))?;
    Ok(no_store(Json(ctx.service.passkey_second_begin(&ctx.caller, &token).await?)))
}

/// Finishes a sign-in with a passkey of its account. One that is refused leaves the sign-in waiting.
#[utoipa::path(post, path = "/api/auth/login/passkey", tag = "identity", request_body = PasskeyStepInput,
    responses((status = 200, body = LoginAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login_passkey(ctx: Ctx, Checked((token, end)): Checked<PasskeyStepInput>) -> ApiResult<Response> {
    Ok(signed_in_answer(&ctx, ctx.service.passkey_second_finish(&ctx.caller, &token, end).await?))
}

/// Whether signing in asks for a code.
#[utoipa::path(get, path = "/api/auth/totp/status", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = TotpStatus), (status = 401, body = ErrorBody)))]
async fn status(ctx: Ctx) -> ApiResult<Json<TotpStatus>> {
    Ok(Json(ctx.service.totp_status(&ctx.caller).await?))
}

/// A secret for an authenticator app, which counts once a code of it was shown to `/api/auth/totp/verify`. Needs sudo.
#[utoipa::path(post, path = "/api/auth/totp/setup", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = TotpSetup), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn setup(ctx: Ctx) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.totp_setup(&ctx.caller).await?)))
}

/// Switches the authenticator app on with a first code, and answers the backup codes. Needs sudo.
#[utoipa::path(post, path = "/api/auth/totp/verify", tag = "identity", security(("bearer" = []), ("session" = [])), request_body = CodeInput,
    responses((status = 200, body = BackupCodes), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn enable(ctx: Ctx, Checked(code): Checked<CodeInput>) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.totp_enable(&ctx.caller, &code).await?)))
}

/// Shows a code in this session, which then rests on two factors.
#[utoipa::path(post, path = "/api/auth/totp/verify-code", tag = "identity", security(("bearer" = []), ("session" = [])), request_body = CodeInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn show(ctx: Ctx, Checked(code): Checked<CodeInput>) -> ApiResult<Message> {
    ctx.service.totp_show(&ctx.caller, &code).await?;
    Ok(Message { message: "The code is right." })
}

/// Switches the authenticator app off and ends all other sessions. Needs sudo.
#[utoipa::path(post, path = "/api/auth/totp/disable", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn disable(ctx: Ctx) -> ApiResult<Message> {
    ctx.service.totp_disable(&ctx.caller).await?;
    Ok(Message { message: "Two-step sign-in is off." })
}

/// How many backup codes are left.
#[derive(Serialize, ToSchema)]
struct CodesLeft {
    /// 0 to 8.
    count: u64,
}

/// How many backup codes are left.
#[utoipa::path(get, path = "/api/auth/totp/backup-codes/count", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = CodesLeft), (status = 401, body = ErrorBody)))]
async fn backup_codes_left(ctx: Ctx) -> ApiResult<Json<CodesLeft>> {
    Ok(Json(CodesLeft { count: ctx.service.backup_codes_left(&ctx.caller).await? }))
}

/// New backup codes; all earlier ones stop working. Needs sudo.
#[utoipa::path(post, path = "/api/auth/totp/backup-codes/regenerate", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = BackupCodes), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn backup_codes_renew(ctx: Ctx) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.backup_codes_renew(&ctx.caller).await?)))
}
