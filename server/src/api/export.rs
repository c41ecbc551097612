//! One's data as a ZIP file.

use super::error::{ApiResult, ErrorBody};
use aivalid_app::context::Ctx;
use aivalid_model::Error;
use aivalid_service::identity::ExportFile;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use std::io::{Cursor, Write};
use utoipa_axum::{router::OpenApiRouter, routes};
use zip::{ZipWriter, result::ZipResult, write::SimpleFileOptions};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(export))
}

/// Everything that is kept about one's account and everything one wrote, as JSON files in a ZIP file. Needs sudo.
#[utoipa::path(get, path = "/api/account/export", tag = "identity", operation_id = "user_export", security(("bearer" = []), ("session" = [])),
    responses((status = 200, description = "The ZIP file", content_type = "application/zip", body = Vec<u8>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn export(ctx: Ctx) -> ApiResult<Response> {
    let files = ctx.service.account_export(&ctx.caller).await?;
    let archive = tokio::task::spawn_blocking(move || zipped(&files)).await.map_err(|_| Error::Internal)?.map_err(|error| {
        tracing::error!(%error, "an export can't be zipped");
        Error::Internal
    })?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"aivalid.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, archive).into_response())
}

fn zipped(files: &[ExportFile]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        archive.start_file(file.name, SimpleFileOptions::default())?;
        archive.write_all(&file.content)?;
    }
    Ok(archive.finish()?.into_inner())
}
