//! One's own picture.

use super::{
    envelope::Data,
    error::{ApiResult, ErrorBody},
    extract::Uploaded,
};
use crate::uploads;
use aivalid_app::context::Ctx;
use aivalid_model::{Error, check::Problem, identity::Me};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(set, remove)).layer(uploads::body_limit())
}

/// A form with a picture.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read part by part")]
struct AvatarForm {
    /// JPEG, PNG or WebP, at most 5 MB.
    #[schema(value_type = String, format = Binary)]
    avatar: Vec<u8>,
}

/// Gives the account a picture: cut to a square, made small, without its metadata. The one before is deleted.
#[utoipa::path(post, path = "/api/account/avatar", tag = "identity", operation_id = "avatar_set", security(("bearer" = []), ("session" = [])),
    request_body(content = AvatarForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Data<Me>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 413, body = ErrorBody), (status = 415, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn set(ctx: Ctx, Uploaded(mut form): Uploaded) -> ApiResult<Data<Me>> {
    match form.next().await? {
        Some(part) if part.is_blank() => Err(Error::field("avatar", Problem::Required).into()),
        Some(part) if part.name() == "avatar" => Ok(Data::with(ctx.service.avatar_set(&ctx.caller, part.content()).await?, "Saved.")),
        Some(part) => Err(Error::field(part.name(), Problem::UnknownField).into()),
        None => Err(Error::field("avatar", Problem::Required).into()),
    }
}

/// Takes the account's picture away.
#[utoipa::path(delete, path = "/api/account/avatar", tag = "identity", operation_id = "avatar_remove", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Me>), (status = 401, body = ErrorBody)))]
async fn remove(ctx: Ctx) -> ApiResult<Data<Me>> {
    Ok(Data::with(ctx.service.avatar_clear(&ctx.caller).await?, "Removed."))
}
