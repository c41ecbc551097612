//! Signing keys (ML-DSA-65): registered, listed, removed, tried.

use super::{
    envelope::{Created, Data, Message},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Id},
    signed::{SignatureHeaders, SignedJson, Whole},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    Error,
    id::UserId,
    identity::{PqcCheckInput, PqcChecked, PqcKeyInput, PqcKeyView},
};
use aivalid_service::pqc::KeyId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list, register, remove_named)).routes(routes!(remove)).routes(routes!(check))
}

/// One's own signing keys, oldest first.
#[utoipa::path(get, path = "/api/v1/users/{userId}/pqc-keys", tag = "identity", operation_id = "pqc_keys", security(("bearer" = []), ("session" = [])),
    params(("userId" = i64, Path, description = "Oneself")),
    responses((status = 200, body = Data<Vec<PqcKeyView>>), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn list(ctx: Ctx, Id(user): Id<UserId>) -> ApiResult<Data<Vec<PqcKeyView>>> {
    Ok(Data::new(ctx.service.pqc_keys(&ctx.caller, user).await?))
}

/// Registers a signing key, in an elevated session with two factors. The request is signed with the new key itself, which proves that its
/// sender has the secret one. Its owner gets a mail. An account has at most five.
#[utoipa::path(post, path = "/api/v1/users/{userId}/pqc-keys", tag = "identity", operation_id = "pqc_key_register", request_body = PqcKeyInput,
    security(("bearer" = []), ("session" = [])), params(("userId" = i64, Path, description = "Oneself"), SignatureHeaders),
    responses((status = 201, body = Data<PqcKeyView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 413, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn register(ctx: Ctx, Id(user): Id<UserId>, whole: Whole) -> ApiResult<Created<PqcKeyView>> {
    let draft = whole.json::<PqcKeyInput>()?;
    let key = ctx.service.pqc_key_register(&ctx.caller, user, &whole.signable()?, draft).await?;
    Ok(Created(key, "The signing key is registered."))
}

/// A key, named in the query.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Named {
    /// The key: 64 lower-case hexadecimal digits.
    id: String,
}

/// Removes a signing key, in an elevated session; the key is named in the query. The same as `DELETE …/pqc-keys/{id}`.
#[utoipa::path(delete, path = "/api/v1/users/{userId}/pqc-keys", tag = "identity", operation_id = "pqc_key_remove_named", security(("bearer" = []), ("session" = [])),
    params(("userId" = i64, Path, description = "Oneself"), Named),
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn remove_named(ctx: Ctx, Id(user): Id<UserId>, named: ApiResult<Asked<Named>>) -> ApiResult<Message> {
    ctx.caller.signed_in()?;
    let Asked(Named { id }) = named?;
    gone(&ctx, user, &id).await
}

/// Removes a signing key, in an elevated session. Its owner gets a mail. The key does not come back.
#[utoipa::path(delete, path = "/api/v1/users/{userId}/pqc-keys/{id}", tag = "identity", operation_id = "pqc_key_remove", security(("bearer" = []), ("session" = [])),
    params(("userId" = i64, Path, description = "Oneself"), ("id" = String, Path, description = "The key")),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn remove(ctx: Ctx, Id((user, id)): Id<(UserId, String)>) -> ApiResult<Message> {
    gone(&ctx, user, &id).await
}

async fn gone(ctx: &Ctx, user: UserId, id: &str) -> ApiResult<Message> {
    ctx.caller.signed_in()?;
    ctx.service.pqc_key_remove(&ctx.caller, user, key(id)?).await?;
    Ok(Message { message: "The signing key is removed." })
}

/// Tries a signing key: the request is signed with it, and the answer says what was verified.
#[utoipa::path(post, path = "/api/v1/users/{userId}/pqc-keys/{id}/check", tag = "identity", operation_id = "pqc_key_check", request_body = PqcCheckInput,
    security(("bearer" = []), ("session" = [])),
    params(("userId" = i64, Path, description = "Oneself"), ("id" = String, Path, description = "The key"), SignatureHeaders),
    responses((status = 200, body = Data<PqcChecked>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 413, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn check(
    ctx: Ctx,
    Id((user, id)): Id<(UserId, String)>,
    SignedJson(signed, ()): SignedJson<PqcCheckInput>,
) -> ApiResult<Data<PqcChecked>> {
    Ok(Data::new(ctx.service.pqc_check(&ctx.caller, user, key(&id)?, signed)?))
}

/// What is no key id is no key.
fn key(id: &str) -> Result<KeyId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}
