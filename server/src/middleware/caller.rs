//! Who asks: address, language, device, session; then the general rate limit and the check against forged requests. What comes
//! of it is the [`Ctx`] that every handler takes.

use super::envelope::{Nonce, RequestId};
use crate::{api::error::ApiError, app::AppState, net};
use aivalid_app::{
    context::{Ctx, CtxData, Flash},
    page::Failure,
    session,
};
use aivalid_model::{
    Error, Lang, Result,
    identity::{IdentityError, Scope, Theme, TokenPair},
};
use aivalid_service::{
    Caller,
    identity::API_TOKEN_PREFIX,
    limits::refused,
    store::{Admission, Limit},
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{net::SocketAddr, sync::Arc};

/// How a request said who it is.
enum Credentials {
    None,
    Bearer,
    Cookies,
}

/// What a request tells of who sent it.
struct Known {
    caller: Caller,
    credentials: Credentials,
    /// What the answer sets, where the session went on or ended.
    cookies: Vec<HeaderValue>,
    /// A message that its sender should see: a key below `flash.`.
    notice: Option<&'static str>,
}

/// The layer.
pub async fn layer(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let is_api = is_api(parts.uri.path());
    if is_health(parts.uri.path()) {
        // Whoever asks whether we live must hear it even where sessions and limits can't be looked up.
        parts.extensions.insert(Ctx::new(context(&state, &parts, guest(&state, &parts), None)));
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Known { caller, credentials, cookies: mut new_cookies, notice } = match recognise(&state, &parts).await {
        Ok(known) => known,
        Err(error) => {
            let ctx = Ctx::new(context(&state, &parts, guest(&state, &parts), None));
            return aivalid_app::page::render_response(&ctx, failure(is_api, error)).await;
        }
    };
    let ctx = Ctx::new(context(&state, &parts, caller, notice));
    parts.extensions.insert(ctx.clone());
    // Signing in with another service is begun by browsers, who then go on as the device that they were.
    let is_browsing = !is_api || parts.uri.path().starts_with("/api/auth/oauth/");
    if ctx.caller.device.is_none() && is_browsing {
        new_cookies.extend(new_device(&state));
    }

    let (limit, admission) = match ctx.service.admit_request(&ctx.caller).await {
        Ok(admitted) => admitted,
        Err(error) => return aivalid_app::page::render_response(&ctx, failure(is_api, error)).await,
    };
    let inner = async {
        if !admission.allowed {
            return failure(is_api, refused(limit, admission));
        }
        if let Err(error) = ctx.caller.allows(scope(&parts.method)) {
            return failure(is_api, error);
        }
        if is_forged(&state, &parts, &credentials, is_api) {
            return failure(is_api, Error::Csrf);
        }
        next.run(Request::from_parts(parts, body)).await
    };
    // Error pages of this layer are written by the same layer as all pages.
    let mut response = aivalid_app::page::render_response(&ctx, inner.await).await;
    limit_headers(response.headers_mut(), limit, admission);
    // What caches may hand to everybody sets nobody's cookies. A session that was refreshed on the way is refreshed by the next
    // request once more, which its old token allows.
    if !is_public(response.headers()) {
        keep_cookies(response.headers_mut(), new_cookies);
        message_cookie(response.headers_mut(), &ctx, notice);
    }
    response
}

/// Whether shared caches may keep an answer.
fn is_public(headers: &HeaderMap) -> bool {
    text(headers, header::CACHE_CONTROL).is_some_and(|rules| rules.split(',').any(|rule| rule.trim() == "public"))
}

/// Sets what this layer found out, but for what the answer sets itself: somebody who signs in or out with an outdated access token had
/// their session refreshed on the way, and must not get it back.
fn keep_cookies(headers: &mut HeaderMap, cookies: Vec<HeaderValue>) {
    let name = |cookie: &HeaderValue| cookie.as_bytes().split(|byte| *byte == b'=').next().unwrap_or_default().to_vec();
    let own: Vec<Vec<u8>> = headers.get_all(header::SET_COOKIE).iter().map(name).collect();
    for cookie in cookies.into_iter().filter(|cookie| !own.contains(&name(cookie))) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// A message that was shown is spent; one that this answer could not show waits for the next page, unless the answer has
/// one of its own.
fn message_cookie(headers: &mut HeaderMap, ctx: &Ctx, notice: Option<&'static str>) {
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let own = format!("{}=", Flash::COOKIE);
    let has_own = headers.get_all(header::SET_COOKIE).iter().any(|cookie| cookie.as_bytes().starts_with(own.as_bytes()));
    let cookie = match (is_page && ctx.flash.is_some(), notice) {
        (true, _) => Some(Flash::spent()),
        (false, Some(key)) if !has_own => Flash::cookie(key),
        _ => None,
    };
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
}

/// In the API's own form, or as a page that [`aivalid_app::page::render_response`] writes.
fn failure(is_api: bool, error: Error) -> Response {
    if is_api { ApiError(error).into_response() } else { Failure(error).into_response() }
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Several headers of one name are one list (RFC 9110, 5.3): what a proxy added stands last, whichever way it wrote it.
fn forwarded(headers: &HeaderMap) -> String {
    let lines = headers.get_all("x-forwarded-for").iter().map(|value| value.to_str().unwrap_or_default());
    lines.collect::<Vec<_>>().join(",")
}

/// The token of `Authorization: Bearer …`; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path == "/health"
}

/// What a program must have been given to send such a request at all.
fn scope(method: &Method) -> Scope {
    if is_read(method) { Scope::Read } else { Scope::Write }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_health(path: &str) -> bool {
    path == "/health" || path == "/api/v1/health" || path.starts_with("/api/v1/health/")
}

/// The caller as far as the request itself tells.
fn guest(state: &AppState, request: &Parts) -> Caller {
    let headers = &request.headers;
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    Caller {
        user: None,
        lang: language(request, None),
        ip: net::client_ip(peer, &forwarded(headers), &state.trusted_proxies),
        user_agent: text(headers, header::USER_AGENT).unwrap_or_default().chars().take(512).collect(),
        device: session::device(&state.service.settings().origin, headers).and_then(|cookie| state.keys.device(cookie)),
        request_id: request.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    }
}

async fn recognise(state: &AppState, request: &Parts) -> Result<Known> {
    let mut known = identify(state, request, guest(state, request)).await?;
    known.caller.lang = language(request, known.caller.user.as_ref().and_then(|user| user.locale));
    Ok(known)
}

async fn identify(state: &AppState, request: &Parts, mut caller: Caller) -> Result<Known> {
    let headers = &request.headers;
    if let Some(token) = bearer(headers) {
        caller.user = if token.starts_with(API_TOKEN_PREFIX) {
            // Programs use the API; pages are for people.
            if is_api(request.uri.path()) { state.service.authenticate_token(&caller, token).await? } else { None }
        } else {
            state.service.authenticate(&caller, token).await?
        };
        return Ok(Known { caller, credentials: Credentials::Bearer, cookies: vec![], notice: None });
    }
    let origin = &state.service.settings().origin;
    let (access, refresh) = (session::access_token(origin, headers), session::refresh_token(origin, headers));
    if access.is_none() && refresh.is_none() {
        return Ok(Known { caller, credentials: Credentials::None, cookies: vec![], notice: None });
    }
    if let Some(access) = access {
        caller.user = state.service.authenticate(&caller, &access).await?;
    }
    let (mut cookies, mut notice) = (Vec::new(), None);
    // A request refreshes at most once, here, before anything else looks at the session. The endpoint that refreshes does so itself.
    if caller.user.is_none()
        && let Some(refresh) = refresh
        && request.uri.path() != "/api/auth/refresh"
    {
        match state.service.refresh(&caller, &refresh).await {
            Ok(refreshed) => {
                let TokenPair { access, .. } = &refreshed.tokens;
                caller.user = state.service.authenticate(&caller, access).await?;
                cookies = session::cookies(origin, &refreshed.tokens);
            }
            // The newer session's cookies are on their way to this browser, or there already.
            Err(Error::Identity(IdentityError::SessionSucceeded)) => {}
            Err(Error::Identity(error)) => {
                cookies = session::cleared(origin);
                notice = (error == IdentityError::SessionReplaced).then_some("session_replaced");
            }
            Err(Error::Unauthenticated) => cookies = session::cleared(origin),
            Err(error) => return Err(error),
        }
    }
    Ok(Known { caller, credentials: Credentials::Cookies, cookies, notice })
}

/// From `?lang=`, the account, the cookie, or `Accept-Language`, in this order.
fn language(request: &Parts, account: Option<Lang>) -> Lang {
    let asked = request.uri.query().and_then(|query| query.split('&').find_map(|part| part.strip_prefix("lang=")));
    let headers = &request.headers;
    asked
        .and_then(|tag| tag.parse().ok())
        .or(account)
        .or_else(|| session::cookie(headers, session::LANGUAGE)?.parse().ok())
        .or_else(|| Lang::from_accept(text(headers, header::ACCEPT_LANGUAGE)?))
        .unwrap_or_default()
}

fn context(state: &AppState, request: &Parts, caller: Caller, notice: Option<&'static str>) -> CtxData {
    let headers = &request.headers;
    // A page that is fetched ahead may never be seen: it must not use the message up.
    let ahead = ["sec-purpose", "purpose"].iter().any(|name| text(headers, *name).is_some_and(|value| value.contains("prefetch")));
    let is_read = request.method == Method::GET;
    let message = notice.or_else(|| session::cookie(headers, Flash::COOKIE).filter(|_| is_read));
    let flash = message.filter(|_| !ahead).and_then(Flash::of_cookie);
    let theme = session::cookie(headers, session::THEME).and_then(|word| Theme::ALL.into_iter().find(|theme| theme.as_str() == word));
    CtxData {
        service: state.service.clone(),
        caller,
        own_page: session::is_of_own_page(&state.service.settings().origin, headers),
        nonce: request.extensions.get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default(),
        theme: theme.unwrap_or_default(),
        path: request.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        flash,
        scripted: text(headers, "x-form") == Some("script"),
        assets: state.assets.clone(),
        now: state.service.now(),
        development: state.development,
        mailbox: state.mailbox.clone(),
    }
}

/// A random id for a browser that has none, signed so that only ours count.
fn new_device(state: &AppState) -> Option<HeaderValue> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    session::device_cookie(&state.service.settings().origin, &state.keys.sign_device(&hex::encode(bytes)))
}

/// Whether a write comes with a browser's cookies but not from our own pages (spec section 3). Forms of our pages are checked
/// even without cookies, because signing someone else in is an attack as well.
fn is_forged(state: &AppState, request: &Parts, credentials: &Credentials, is_api: bool) -> bool {
    if is_read(&request.method) {
        return false;
    }
    match credentials {
        Credentials::Bearer => return false,
        Credentials::None if is_api => return false,
        Credentials::None | Credentials::Cookies => {}
    }
    let headers = &request.headers;
    let own_site = text(headers, "sec-fetch-site").map(|site| site == "same-origin");
    let own_origin = text(headers, header::ORIGIN).map(|origin| origin == state.service.settings().origin);
    match (own_site, own_origin) {
        (Some(site), Some(_)) => !site,
        (Some(own), None) | (None, Some(own)) => !own,
        (None, None) => true,
    }
}

/// The general limit's figures, where no tighter limit was hit on the way.
fn limit_headers(headers: &mut HeaderMap, limit: Limit, admission: Admission) {
    let figures = [
        ("ratelimit-limit", u64::from(limit.count)),
        ("ratelimit-remaining", u64::from(admission.remaining)),
        ("ratelimit-reset", limit.window.as_secs()),
    ];
    for (name, figure) in figures {
        headers.entry(name).or_insert(HeaderValue::from(figure));
    }
}
