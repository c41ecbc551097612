//! Signing in with other services. The beginning and the way back are navigations of a browser, so they answer with redirects, and
//! what goes wrong is said on the page that they lead to.

use super::no_store;
use crate::api::{
    envelope::Message,
    error::{ApiError, ApiResult, ErrorBody},
};
use aivalid_app::{context::Ctx, page::is_own_path, pages::auth::federated, session};
use aivalid_model::{
    Error,
    identity::{Connections, IdentityError},
};
use aivalid_service::identity::{FederatedAim, FederatedGoal, FederatedReturn, FederatedStart};
use axum::{
    Json,
    extract::{Path, Query, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(start)).routes(routes!(callback)).routes(routes!(remove))
}

/// The longest path that is worth coming back to.
const LONGEST_NEXT: usize = 1000;

/// The services that there are to sign in with, and, for who is signed in, those that the account is connected with.
#[utoipa::path(get, path = "/api/auth/oauth", tag = "identity", operation_id = "oauth_list",
    responses((status = 200, body = Connections)))]
async fn list(ctx: Ctx) -> ApiResult<Response> {
    Ok(no_store(Json(ctx.service.connections(&ctx.caller).await?)))
}

/// What the beginning may be asked.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    next: String,
    connect: Option<String>,
    sudo: Option<String>,
}

impl Asked {
    fn aim(&self) -> FederatedAim<'_> {
        match (&self.connect, &self.sudo) {
            (Some(token), _) => FederatedAim::Connect(token),
            (None, Some(token)) => FederatedAim::Sudo(token),
            (None, None) => FederatedAim::SignIn,
        }
    }

    /// A path of ours, and never back to where one signs in.
    fn next(&self) -> &str {
        let fits = is_own_path(&self.next) && self.next.len() <= LONGEST_NEXT && !self.next.starts_with("/login");
        if fits { &self.next } else { "/" }
    }
}

/// Sends a browser to a service to sign in (authorization code with PKCE). It must keep the cookie that comes with it.
#[utoipa::path(get, path = "/api/auth/oauth/{provider}/start", tag = "identity", operation_id = "oauth_start",
    params(("provider" = String, Path, description = "`google`, `github`, or an issuer's name"),
        ("next" = Option<String>, Query, description = "Where to go afterwards: a path of this site"),
        ("connect" = Option<String>, Query, description = "The token of the account page's link: connects the service with one's account"),
        ("sudo" = Option<String>, Query, description = "The token of a link of `/account/sudo`: the person signs in there once more, which elevates the session")),
    responses((status = 303, description = "To the service, or to the sign-in page with a message"), (status = 404, body = ErrorBody)))]
async fn start(
    ctx: Ctx,
    Path(provider): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Query(asked) = asked.unwrap_or_default();
    let browser = session::federated_browser(ctx.origin(), &headers);
    match ctx.service.federated_begin(&ctx.caller, &provider, asked.next(), asked.aim(), browser).await {
        Ok(FederatedStart { url, browser }) => {
            let location = HeaderValue::try_from(url).map_err(|_| Error::Internal)?;
            let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
            let cookie = session::federated_cookie(ctx.origin(), &browser);
            response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            Ok(no_store(response))
        }
        Err(Error::NotFound) => Err(Error::NotFound.into()),
        Err(error) => Ok(no_store(federated::back(&error, asked.aim().goal(), asked.next()))),
    }
}

/// What a browser comes back with (RFC 6749, 4.1.2; RFC 9207). A parameter that stands twice makes it nobody's answer.
#[derive(Deserialize)]
struct Back {
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// Where a service sends the browser back to. It leads on: signed in, to the second step, to a page that makes or connects an account,
/// or to the sign-in page with a message.
#[utoipa::path(get, path = "/api/auth/oauth/{provider}/callback", tag = "identity", operation_id = "oauth_callback",
    params(("provider" = String, Path, description = "The service"),
        ("state" = String, Query, description = "As at the beginning"), ("code" = Option<String>, Query, description = "The authorization code"),
        ("iss" = Option<String>, Query, description = "Who answers"), ("error" = Option<String>, Query, description = "What went wrong there")),
    responses((status = 303, description = "Where to go on"), (status = 404, body = ErrorBody)))]
async fn callback(
    ctx: Ctx,
    Path(provider): Path<String>,
    back: Result<Query<Back>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !ctx.service.federated_providers().iter().any(|known| known.provider == provider) {
        return Err(Error::NotFound.into());
    }
    let Ok(Query(Back { state, code, iss, error })) = back else {
        return Ok(no_store(federated::back(&IdentityError::FederatedExpired.into(), FederatedGoal::SignIn, "/")));
    };
    let browser = session::federated_browser(ctx.origin(), &headers);
    let outcome = ctx.service.federated_finish(&ctx.caller, &provider, FederatedReturn { state, code, iss, error }, browser).await;
    Ok(no_store(federated::returned(&ctx, &headers, outcome).await))
}

/// Disconnects a service from one's account, unless it is the last way to sign in.
#[utoipa::path(delete, path = "/api/auth/oauth/{provider}", tag = "identity", operation_id = "oauth_remove", security(("bearer" = []), ("session" = [])),
    params(("provider" = String, Path, description = "The service")),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn remove(ctx: Ctx, Path(provider): Path<String>) -> ApiResult<Message> {
    ctx.service.federated_unlink(&ctx.caller, &provider).await?;
    Ok(Message { message: "The service is disconnected." })
}
