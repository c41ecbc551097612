//! `/api/auth`: flat `snake_case` objects, as the predecessors answered.

mod account;
mod credentials;
mod oauth;
mod passkeys;
mod phone;
mod recovery;
mod second_factor;
mod sudo;
mod tokens;
mod whoami;

use super::{
    envelope::{Data, Message},
    error::{ApiResult, ErrorBody},
    extract::{Checked, Id},
};
use account::Account;
use aivalid_app::{context::Ctx, session};
use aivalid_model::{
    Error,
    check::{CheckAll, Fields},
    id::{SessionId, UserId},
    identity::{AddressInput, LoginInput, Method, RegisterInput, SessionView, Token, TokenPair},
};
use aivalid_service::identity::{SignIn, SignedInNow};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(verify_request))
        .routes(routes!(verify_confirm))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(logout_all))
        .routes(routes!(sessions))
        .routes(routes!(session_end))
        .merge(credentials::router())
        .merge(oauth::router())
        .merge(passkeys::router())
        .merge(phone::router())
        .merge(recovery::router())
        .merge(second_factor::router())
        .merge(sudo::router())
        .merge(tokens::router())
        .merge(whoami::router())
}

/// The answer to a registration.
#[derive(Serialize, ToSchema)]
struct Registered {
    /// The new account; an id of nobody's where the address is taken.
    user_id: UserId,
    /// What happens next.
    message: &'static str,
}

/// Makes an account and mails a link that confirms the address. The answer is the same whether or not the address is taken.
#[utoipa::path(post, path = "/api/auth/register", tag = "identity", request_body = RegisterInput,
    responses((status = 200, body = Registered), (status = 400, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn register(ctx: Ctx, Checked(input): Checked<RegisterInput>) -> ApiResult<Json<Registered>> {
    let user_id = ctx.service.register(&ctx.caller, input).await?;
    Ok(Json(Registered { user_id, message: "Check your mail and confirm the address." }))
}

/// Mails a new link, if the address belongs to an account that is not confirmed. The answer is always the same.
#[utoipa::path(post, path = "/api/auth/verify/request", tag = "identity", request_body = AddressInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn verify_request(ctx: Ctx, Checked(email): Checked<AddressInput>) -> ApiResult<Message> {
    ctx.service.verify_request(&ctx.caller, &email).await?;
    Ok(Message { message: "If this address waits for confirmation, a mail is on its way." })
}

/// The token of a mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenInput {
    /// The token.
    token: String,
}

impl CheckAll for TokenInput {
    type Checked = Token;
    fn check_all(self) -> Result<Token, Error> {
        let mut fields = Fields::new();
        let token = fields.check::<Token>("token", self.token);
        fields.finish(token)
    }
}

/// Confirms an address.
#[utoipa::path(post, path = "/api/auth/verify/confirm", tag = "identity", request_body = TokenInput,
    responses((status = 200, body = Message), (status = 400, body = ErrorBody)))]
async fn verify_confirm(ctx: Ctx, Checked(token): Checked<TokenInput>) -> ApiResult<Message> {
    ctx.service.verify_confirm(&ctx.caller, &token).await?;
    Ok(Message { message: "The address is confirmed." })
}

/// A session's tokens.
#[derive(Serialize, ToSchema)]
struct Tokens {
    /// Whose.
    user_id: UserId,
    /// For requests. Pages of our own get no tokens here, only cookies that their scripts can't read.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// For the next pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// `Bearer`, where there are tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// Seconds until the access token ends.
    expires_in: u64,
    /// The account, when signing in.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Account>,
    /// How many older sessions ended, where the account had too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions_ended: Option<usize>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

impl Tokens {
    /// With the tokens, for a program, or without, for a browser that has them as cookies.
    fn new(user_id: UserId, tokens: Option<TokenPair>, expires_in: u64) -> Self {
        let token_type = tokens.is_some().then_some("Bearer");
        let (access_token, refresh_token) = tokens.map(|TokenPair { access, refresh }| (access, refresh)).unzip();
        Self { user_id, access_token, refresh_token, token_type, expires_in, user: None, sessions_ended: None, message: None }
    }
}

/// Tokens in the body for API clients, and as cookies for browsers.
fn token_answer(cookies: Vec<HeaderValue>, body: Tokens) -> Response {
    let mut response = no_store(Json(body));
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Signs in with e-mail and password. An account has at most five sessions: the oldest make room, and the answer says so.
#[utoipa::path(post, path = "/api/auth/login", tag = "identity", request_body = LoginInput,
    responses((status = 200, body = LoginAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn login(ctx: Ctx, Checked(input): Checked<LoginInput>) -> ApiResult<Response> {
    Ok(sign_in_answer(&ctx, ctx.service.login(&ctx.caller, input).await?))
}

/// What a first factor answers: tokens, or what is still to be shown. For the OpenAPI document.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, clippy::large_enum_variant, reason = "describes an answer that is written by `sign_in_answer`; none is ever made")]
enum LoginAnswer {
    Tokens(Tokens),
    SecondFactor(SecondFactorNeeded),
}

/// The account asks for a second factor.
#[derive(Serialize, ToSchema)]
struct SecondFactorNeeded {
    /// Always true.
    mfa_required: bool,
    /// For the second step; five minutes, used once.
    mfa_token: String,
    /// What can be shown: `otp` (an authenticator app), `code` (a backup code), or `passkey` (beside a password that was set with a
    /// mailed link).
    methods: Vec<&'static str>,
}

/// The answer to any first factor.
fn sign_in_answer(ctx: &Ctx, sign_in: SignIn) -> Response {
    match sign_in {
        SignIn::Done(signed_in) => signed_in_answer(ctx, *signed_in),
        SignIn::SecondFactor { token, methods } => {
            let methods = methods.into_iter().map(Method::word).collect();
            no_store(Json(SecondFactorNeeded { mfa_required: true, mfa_token: token, methods }))
        }
    }
}

/// The answer to a sign-in that is done.
fn signed_in_answer(ctx: &Ctx, signed_in: SignedInNow) -> Response {
    let cookies = session::cookies(ctx.origin(), &signed_in.tokens);
    let mut body = Tokens::new(signed_in.user.card.id, Some(signed_in.tokens).filter(|_| !ctx.own_page), 900);
    body.user = Some(signed_in.user.into());
    if signed_in.replaced > 0 {
        body.sessions_ended = Some(signed_in.replaced);
        body.message = Some("The account was signed in on too many devices, so its oldest session has ended.");
    }
    token_answer(cookies, body)
}

/// An answer that no cache may keep.
fn no_store(answer: impl IntoResponse) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], answer).into_response()
}

/// A refresh token; browsers send it as a cookie instead.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct RefreshInput {
    /// The token.
    refresh_token: Option<String>,
}

impl CheckAll for RefreshInput {
    type Checked = Option<String>;
    fn check_all(self) -> Result<Option<String>, Error> {
        Ok(self.refresh_token.filter(|token| !token.is_empty()))
    }
}

/// A new pair for a refresh token. Parallel requests with one token all get the same pair. Who sends the token as a cookie gets
/// cookies alone.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "identity", request_body = RefreshInput,
    responses((status = 200, body = Tokens), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn refresh(
    ctx: Ctx,
    headers: HeaderMap,
    super::extract::CheckedOrEmpty(token): super::extract::CheckedOrEmpty<RefreshInput>,
) -> ApiResult<Response> {
    let is_program = token.is_some();
    let token = token.or_else(|| session::refresh_token(ctx.origin(), &headers)).ok_or(Error::Unauthenticated)?;
    let refreshed = ctx.service.refresh(&ctx.caller, &token).await?;
    let cookies = session::cookies(ctx.origin(), &refreshed.tokens);
    Ok(token_answer(cookies, Tokens::new(refreshed.user, Some(refreshed.tokens).filter(|_| is_program), refreshed.expires_in)))
}

/// Ends this session.
#[utoipa::path(post, path = "/api/auth/logout", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody)))]
async fn logout(ctx: Ctx) -> ApiResult<Response> {
    ctx.service.logout(&ctx.caller).await?;
    Ok(signed_out(&ctx, "Signed out."))
}

/// Ends all of one's sessions.
#[utoipa::path(post, path = "/api/auth/logout-all", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody)))]
async fn logout_all(ctx: Ctx) -> ApiResult<Response> {
    ctx.service.session_end_all(&ctx.caller, false).await?;
    Ok(signed_out(&ctx, "Signed out everywhere."))
}

fn signed_out(ctx: &Ctx, message: &'static str) -> Response {
    let mut response = Message { message }.into_response();
    for cookie in session::cleared(ctx.origin()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// One's live sessions, last used first.
#[utoipa::path(get, path = "/api/auth/sessions", tag = "identity", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Vec<SessionView>>), (status = 401, body = ErrorBody)))]
async fn sessions(ctx: Ctx) -> ApiResult<Data<Vec<SessionView>>> {
    Ok(Data::new(ctx.service.sessions(&ctx.caller).await?))
}

/// Ends one of one's sessions.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", tag = "identity", security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The session")),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn session_end(ctx: Ctx, Id(id): Id<SessionId>) -> ApiResult<Message> {
    ctx.service.session_end(&ctx.caller, id).await?;
    Ok(Message { message: "The session has ended." })
}
