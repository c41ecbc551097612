//! Reviewing identity documents.

use crate::api::{
    envelope::{Data, Paged},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    Error,
    files::FileKind,
    id::{KycDocumentId, KycId},
    kyc::{ApproveInput, KycReview, KycStatus, RejectInput},
};
use aivalid_service::kyc::OpenDocument;
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(document)).routes(routes!(approve)).routes(routes!(reject))
}

/// Which submissions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct QueueQuery {
    /// `pending` when left out; `approved` or `rejected`.
    status: Option<KycStatus>,
}

/// Submissions in a status: those that wait oldest first, the others newest first.
#[utoipa::path(get, path = "/api/v1/admin/kyc", tag = "admin", operation_id = "admin_kyc_list", security(("bearer" = []), ("session" = [])), params(QueueQuery, PageQuery),
    responses((status = 200, body = Paged<KycReview>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
async fn list(ctx: Ctx, Asked(query): Asked<QueueQuery>, Asked(page): Asked<PageQuery>) -> ApiResult<Response> {
    let reviews = ctx.service.kyc_queue(&ctx.caller, query.status.unwrap_or(KycStatus::Pending), page.request()).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Paged::from(reviews)).into_response())
}

/// A document's content. That it was opened, and by whom, goes on record.
#[utoipa::path(get, path = "/api/v1/admin/kyc/{id}/documents/{documentId}", tag = "admin", operation_id = "admin_kyc_document", security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The submission"), ("documentId" = i64, Path, description = "The document")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 410, body = ErrorBody)))]
async fn document(ctx: Ctx, Id((id, document)): Id<(KycId, KycDocumentId)>) -> ApiResult<Response> {
    let OpenDocument { kind, file } = ctx.service.kyc_document(&ctx.caller, id, document).await?;
    // Whatever else the content may be besides what its first bytes say: it is never run, framed, guessed at or kept. Names
    // are ours; a PDF is only ever saved, because a browser's reader is a larger target than a reviewer's.
    let how = if file.kind == FileKind::Pdf { "attachment" } else { "inline" };
    let disposition = format!("{how}; filename=\"{}-{id}.{}\"", kind.as_str(), file.kind.extension());
    let mut response = Response::new(Body::from_stream(file.content));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::try_from(disposition).map_err(|_| Error::Internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    );
    Ok(response)
}

/// Approves a submission to a level. Of two reviewers one decides; nobody decides their own.
#[utoipa::path(post, path = "/api/v1/admin/kyc/{id}/approve", tag = "admin", operation_id = "admin_kyc_approve", request_body = ApproveInput, security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The submission")),
    responses((status = 200, body = Data<KycReview>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn approve(ctx: Ctx, Id(id): Id<KycId>, Checked(level): Checked<ApproveInput>) -> ApiResult<Data<KycReview>> {
    Ok(Data::with(ctx.service.kyc_approve(&ctx.caller, id, level).await?, "Approved."))
}

/// Rejects a submission; its owner is told why and may submit again.
#[utoipa::path(post, path = "/api/v1/admin/kyc/{id}/reject", tag = "admin", operation_id = "admin_kyc_reject", request_body = RejectInput, security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The submission")),
    responses((status = 200, body = Data<KycReview>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn reject(ctx: Ctx, Id(id): Id<KycId>, Checked(reason): Checked<RejectInput>) -> ApiResult<Data<KycReview>> {
    Ok(Data::with(ctx.service.kyc_reject(&ctx.caller, id, reason).await?, "Rejected."))
}
