//! Reading and exporting the audit log.

use crate::api::{
    envelope::Stretched,
    error::{ApiResult, ErrorBody},
    extract::{Asked, CursorQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    Error,
    audit::{AuditEntry, AuditFilterInput},
    check::{CheckAll, Problem},
};
use aivalid_service::admin::ExportForm;
use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(export))
}

/// The audit log, newest first. Each entry's `seal` links it to the one before: `hash` is the SHA-256 of `previous` and of the entry's
/// canonical text, so that nothing can be changed, taken away or put in without breaking the chain.
#[utoipa::path(get, path = "/api/v1/admin/audit", tag = "admin", operation_id = "admin_audit", params(AuditFilterInput, CursorQuery),
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Stretched<AuditEntry>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
async fn list(ctx: Ctx, Asked(filter): Asked<AuditFilterInput>, Asked(page): Asked<CursorQuery>) -> ApiResult<Stretched<AuditEntry>> {
    let entries = ctx.service.admin_audit(&ctx.caller, &filter.check_all()?, page.cursor.as_deref(), page.limit()).await?;
    Ok(Stretched::new(entries, page.limit()))
}

/// How to export.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `csv` or `ndjson`; CSV when left out.
    form: Option<String>,
}

/// The same entries as one file. Needs sudo with two factors, and is noted in the log itself.
#[utoipa::path(get, path = "/api/v1/admin/audit/export", tag = "admin", operation_id = "admin_audit_export", params(AuditFilterInput, ExportQuery),
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, content_type = "text/csv", description = "CSV (RFC 4180) or one JSON object on each line"),
        (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
async fn export(ctx: Ctx, Asked(filter): Asked<AuditFilterInput>, Asked(query): Asked<ExportQuery>) -> ApiResult<Response> {
    let form = query.form.as_deref().unwrap_or("csv").parse::<ExportForm>();
    let form = form.map_err(|()| Error::field("form", Problem::UnknownValue))?;
    let chunks = ctx.service.admin_audit_export(&ctx.caller, filter.check_all()?, form).await?;
    let file = format!("attachment; filename=\"audit.{}\"", form.as_str());
    let headers = [(header::CONTENT_TYPE, form.media_type().to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, Body::from_stream(chunks)).into_response())
}
