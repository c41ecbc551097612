//! Deciding requests to recover accounts whose identity was checked.

use crate::api::{
    envelope::{Data, Paged},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    id::RecoveryId,
    identity::{RecoveryDossier, RecoveryReview},
    kyc::RejectInput,
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(approve)).routes(routes!(reject))
}

fn private(answer: impl IntoResponse) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], answer).into_response()
}

/// Requests that wait for a reviewer, those that wait longest first.
#[utoipa::path(get, path = "/api/v1/admin/recovery", tag = "admin", operation_id = "admin_recovery_list", security(("bearer" = []), ("session" = [])), params(PageQuery),
    responses((status = 200, body = Paged<RecoveryReview>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
async fn list(ctx: Ctx, Asked(page): Asked<PageQuery>) -> ApiResult<Response> {
    Ok(private(Paged::from(ctx.service.recovery_queue(&ctx.caller, page.request()).await?)))
}

/// A request with what is needed to decide it.
#[utoipa::path(get, path = "/api/v1/admin/recovery/{id}", tag = "admin", operation_id = "admin_recovery", security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The request")),
    responses((status = 200, body = Data<RecoveryDossier>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn one(ctx: Ctx, Id(id): Id<RecoveryId>) -> ApiResult<Response> {
    Ok(private(Data::new(ctx.service.recovery_dossier(&ctx.caller, id).await?)))
}

/// Approves a request: the link that finishes it is mailed. Of two reviewers one decides; nobody decides about their own account.
#[utoipa::path(post, path = "/api/v1/admin/recovery/{id}/approve", tag = "admin", operation_id = "admin_recovery_approve", security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The request")),
    responses((status = 200, body = Data<RecoveryDossier>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn approve(ctx: Ctx, Id(id): Id<RecoveryId>) -> ApiResult<Data<RecoveryDossier>> {
    Ok(Data::with(ctx.service.recovery_approve(&ctx.caller, id).await?, "Approved."))
}

/// Rejects a request; the account's owner is told why.
#[utoipa::path(post, path = "/api/v1/admin/recovery/{id}/reject", tag = "admin", operation_id = "admin_recovery_reject", request_body = RejectInput, security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The request")),
    responses((status = 200, body = Data<RecoveryDossier>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn reject(ctx: Ctx, Id(id): Id<RecoveryId>, Checked(reason): Checked<RejectInput>) -> ApiResult<Data<RecoveryDossier>> {
    Ok(Data::with(ctx.service.recovery_reject(&ctx.caller, id, reason).await?, "Rejected."))
}
