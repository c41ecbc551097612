//! Forgotten and changed passwords, another address, the devices an account is used on.

use crate::api::{
    envelope::{Data, Message},
    error::{ApiResult, ErrorBody},
    extract::Checked,
};
use aivalid_app::context::Ctx;
use aivalid_model::identity::{AddressInput, ChangePasswordInput, DeviceView, ResetInput};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::TokenInput;

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(forgot_password))
        .routes(routes!(reset_password))
        .routes(routes!(change_password))
        .routes(routes!(change_email))
        .routes(routes!(not_me))
        .routes(routes!(devices))
}

/// Mails a link that sets a new password, if the address has an account. The answer is always the same.
#[utoipa::path(post, path = "/api/auth/forgot-password", tag = "identity", request_body = AddressInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn forgot_password(ctx: Ctx, Checked(email): Checked<AddressInput>) -> ApiResult<Message> {
    ctx.service.forgot_password(&ctx.caller, &email).await?;
    Ok(Message { message: "If this address has an account, a mail is on its way." })
}

/// Sets a new password with the token of a mailed link, and ends every session.
#[utoipa::path(post, path = "/api/auth/reset-password", tag = "identity", request_body = ResetInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn reset_password(ctx: Ctx, Checked(reset): Checked<ResetInput>) -> ApiResult<Message> {
    ctx.service.reset_password(&ctx.caller, &reset).await?;
    Ok(Message { message: "The password is set. Sign in with it." })
}

/// Changes the password and ends all other sessions. Needs sudo.
#[utoipa::path(post, path = "/api/auth/change-password", tag = "identity", security(("bearer" = []), ("session" = [])), request_body = ChangePasswordInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
async fn change_password(ctx: Ctx, Checked(new): Checked<ChangePasswordInput>) -> ApiResult<Message> {
    ctx.service.change_password(&ctx.caller, &new).await?;
    Ok(Message { message: "The password is changed. All other sessions have ended." })
}

/// Mails a link to the new address; the account gets it when the link is followed (`/api/auth/verify/confirm`). Needs sudo.
#[utoipa::path(post, path = "/api/auth/change-email", tag = "identity", security(("bearer" = []), ("session" = [])), request_body = AddressInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn change_email(ctx: Ctx, Checked(email): Checked<AddressInput>) -> ApiResult<Message> {
    ctx.service.change_email(&ctx.caller, &email).await?;
    Ok(Message { message: "Follow the link in the mail to the new address." })
}

/// "This wasn't me", from a letter: ends every session, takes the password away and mails a link to a new one.
#[utoipa::path(post, path = "/api/auth/not-me", tag = "identity", request_body = TokenInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn not_me(ctx: Ctx, Checked(token): Checked<TokenInput>) -> ApiResult<Message> {
    ctx.service.not_me(&ctx.caller, &token).await?;
    Ok(Message { message: "Everything was undone. A mail with a link to a new password is on its way." })
}

/// The devices that the account was used on, last used first.
#[utoipa::path(get, path = "/api/auth/devices", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Vec<DeviceView>>), (status = 401, body = ErrorBody)))]
async fn devices(ctx: Ctx) -> ApiResult<Data<Vec<DeviceView>>> {
    Ok(Data::new(ctx.service.devices(&ctx.caller).await?))
}
