//! Who a request is, as clients of the predecessor's `/api/v1/auth` ask it.

use crate::api::{
    envelope::Data,
    error::{ApiResult, ErrorBody},
    extract::Checked,
};
use aivalid_app::context::Ctx;
use aivalid_model::identity::{AccountInput, Me, SessionFacts};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(session)).routes(routes!(profile, change))
}

/// What this request acts with: the session or API token, what was shown in it, and what it may.
#[utoipa::path(get, path = "/api/v1/auth/session", tag = "identity", operation_id = "auth_session", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<SessionFacts>), (status = 401, body = ErrorBody)))]
async fn session(ctx: Ctx) -> ApiResult<Data<SessionFacts>> {
    Ok(Data::new(ctx.service.session_facts(&ctx.caller)?))
}

/// The signed-in account: the same as `/api/user/me`.
#[utoipa::path(get, path = "/api/v1/auth/profile", tag = "identity", operation_id = "auth_profile", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Me>), (status = 401, body = ErrorBody)))]
async fn profile(ctx: Ctx) -> ApiResult<Data<Me>> {
    Ok(Data::new(ctx.service.me(&ctx.caller).await?))
}

/// Changes one's account: the same as `PUT /api/account`.
#[utoipa::path(put, path = "/api/v1/auth/profile", tag = "identity", operation_id = "auth_profile_change", request_body = AccountInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Me>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn change(ctx: Ctx, Checked(change): Checked<AccountInput>) -> ApiResult<Data<Me>> {
    Ok(Data::with(ctx.service.account_change(&ctx.caller, change).await?, "Saved."))
}
