//! `/api/v1/auth/kyc`: one's own identity documents. Flat `snake_case` objects, as everywhere below `auth`.

use super::{
    error::{ApiResult, ErrorBody},
    extract::{CheckedOrEmpty, Uploaded},
};
use crate::uploads;
use aivalid_app::context::Ctx;
use aivalid_model::{
    Error,
    check::Problem,
    kyc::{DocumentKind, KycDocumentView, KycView, SubmitInput},
};
use axum::{Json, http::StatusCode, http::header, response::IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(verify))
        .merge(OpenApiRouter::new().routes(routes!(documents)).layer(uploads::body_limit()))
}

/// Where one's identity documents stand, and what was submitted so far.
#[utoipa::path(get, path = "/api/v1/auth/kyc", tag = "identity", operation_id = "kyc_show", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = KycView), (status = 401, body = ErrorBody)))]
async fn show(ctx: Ctx) -> ApiResult<impl IntoResponse> {
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(ctx.service.kyc(&ctx.caller).await?)))
}

/// A form with documents.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read part by part")]
struct DocumentsForm {
    /// An identity card, passport or driving licence: JPEG, PNG or PDF, at most 10 MiB.
    #[schema(value_type = Option<String>, format = Binary)]
    identity_card: Vec<u8>,
    /// The person's face beside that card.
    #[schema(value_type = Option<String>, format = Binary)]
    selfie: Vec<u8>,
    /// A bill or bank statement with name and address, at most three months old.
    #[schema(value_type = Option<String>, format = Binary)]
    proof_of_address: Vec<u8>,
}

/// What was taken.
#[derive(Serialize, ToSchema)]
struct Taken {
    /// The documents, which now wait to be submitted.
    documents: Vec<KycDocumentView>,
    /// What happens next.
    message: &'static str,
}

/// Sends documents, one or several; each replaces the one of its kind that was not submitted yet. Submit them with
/// `POST /api/v1/auth/kyc/verify`; after 24 hours they are deleted otherwise.
#[utoipa::path(post, path = "/api/v1/auth/kyc/documents", tag = "identity", operation_id = "kyc_documents", security(("bearer" = []), ("session" = [])),
    request_body(content = DocumentsForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Taken), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 413, body = ErrorBody), (status = 415, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn documents(ctx: Ctx, Uploaded(mut form): Uploaded) -> ApiResult<impl IntoResponse> {
    let mut documents = Vec::new();
    while let Some(part) = form.next().await? {
        if part.is_blank() {
            continue;
        }
        let kind: DocumentKind = part.name().parse().map_err(|()| Error::field(part.name(), Problem::UnknownField))?;
        documents.push(ctx.service.kyc_send(&ctx.caller, kind, part.content()).await?);
    }
    if documents.is_empty() {
        return Err(Error::field(DocumentKind::IdentityCard.as_str(), Problem::Required).into());
    }
    Ok((StatusCode::CREATED, Json(Taken { documents, message: "Received. Submit them for review." })))
}

/// Submits documents for review: the named ones, or all that wait.
#[utoipa::path(post, path = "/api/v1/auth/kyc/verify", tag = "identity", operation_id = "kyc_verify", request_body = SubmitInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = KycView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn verify(ctx: Ctx, CheckedOrEmpty(documents): CheckedOrEmpty<SubmitInput>) -> ApiResult<Json<KycView>> {
    Ok(Json(ctx.service.kyc_submit(&ctx.caller, documents).await?))
}
