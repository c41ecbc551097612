//! Pages as values, and the layer that writes them.

use crate::{
    context::{Ctx, Flash},
    form::FormState,
    frame, pages, paths,
    ui::Html,
};
use aivalid_model::{Error, identity::IdentityError};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// How wide a page is and what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Layout {
    /// With the rail of categories.
    #[default]
    Rail,
    /// Without the rail, full width.
    Wide,
    /// Forms and settings.
    Narrow,
    /// One card: signing in and the like.
    Card,
}

/// A page: what stands in its head, and its content.
pub struct Page {
    /// The title, without the product's name.
    pub title: String,
    /// For search engines and previews.
    pub description: Option<String>,
    /// The canonical path; pages without one are not for search engines.
    pub canonical: Option<String>,
    /// The path of the section that it belongs to where its own path does not say so: marked in the frame's navigation.
    pub within: Option<String>,
    /// The path of an Atom feed.
    pub feed: Option<&'static str>,
    /// The kind of thing it is for previews (OpenGraph).
    pub kind: &'static str,
    /// Structured data (schema.org).
    pub json_ld: Option<serde_json::Value>,
    /// Its width.
    pub layout: Layout,
    /// The HTTP status.
    pub status: StatusCode,
    /// Further headers: when to come back, where it was too much.
    pub headers: HeaderMap,
    /// Whether something on it is signed in the browser.
    pub signing: bool,
    /// The content.
    pub body: Html,
}

impl Page {
    /// A page with status 200 and the rail.
    pub fn new(title: impl Into<String>, body: impl IntoView) -> Self {
        Self {
            title: title.into(),
            description: None,
            canonical: None,
            within: None,
            feed: None,
            kind: "website",
            json_ld: None,
            layout: Layout::Rail,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            signing: false,
            body: Html::of(body),
        }
    }

    /// It shows a secret: no cache may keep it, nor the browser for the way back.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self
    }

    /// With a description.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// With a canonical path, so that search engines may list it.
    #[must_use]
    pub fn canonical(mut self, path: impl Into<String>) -> Self {
        self.canonical = Some(path.into());
        self
    }

    /// As a part of the section with this path.
    #[must_use]
    pub fn within(mut self, path: Option<String>) -> Self {
        self.within = path;
        self
    }

    /// With an Atom feed.
    #[must_use]
    pub const fn feed(mut self, path: &'static str) -> Self {
        self.feed = Some(path);
        self
    }

    /// As something that one person wrote.
    #[must_use]
    pub const fn article(mut self) -> Self {
        self.kind = "article";
        self
    }

    /// With structured data.
    #[must_use]
    pub fn json_ld(mut self, value: serde_json::Value) -> Self {
        self.json_ld = Some(value);
        self
    }

    /// With the module that signs requests.
    #[must_use]
    pub const fn signing(mut self) -> Self {
        self.signing = true;
        self
    }

    /// With another width.
    #[must_use]
    pub const fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// With another status.
    #[must_use]
    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With what a form's state says: its status, and when to come back where waiting helps.
    #[must_use]
    pub fn of_form<T>(mut self, state: &FormState<T>) -> Self {
        self.status = state.status();
        if let Some(error) = &state.problem {
            waiting_headers(error, &mut self.headers);
        }
        self
    }
}

/// What a handler of a page returns: the page, a redirect, or an error that becomes an error page.
pub type PageResult<T = Page> = Result<T, Failure>;

/// An error on its way to an error page.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// A page or failure that waits in the response for [`render_response`].
#[derive(Clone)]
struct Pending(Arc<Mutex<Option<Result<Page, Error>>>>);

fn pending(result: Result<Page, Error>) -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Pending(Arc::new(Mutex::new(Some(result)))));
    response
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        pending(Ok(self))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        pending(Err(self.0))
    }
}

/// After a form did its work: 303 to another page, which shows the message once.
pub struct Done {
    to: String,
    flash: Option<&'static str>,
    cookies: Vec<HeaderValue>,
}

impl Done {
    /// A redirect to a path of ours.
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), flash: None, cookies: Vec::new() }
    }

    /// With a message: a key below `flash.`.
    #[must_use]
    pub const fn flash(mut self, key: &'static str) -> Self {
        self.flash = Some(key);
        self
    }

    /// With cookies to set.
    #[must_use]
    pub fn cookies(mut self, cookies: impl IntoIterator<Item = HeaderValue>) -> Self {
        self.cookies.extend(cookies);
        self
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let location = if is_own_path(&self.to) { self.to } else { "/".to_owned() };
        if let Ok(value) = HeaderValue::try_from(location) {
            response.headers_mut().insert(header::LOCATION, value);
        }
        if let Some(value) = self.flash.and_then(Flash::cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        for cookie in self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// The same content at another address of ours: a title or a name was changed. Browsers ask again each time, because
/// either can be changed back.
pub struct Moved {
    to: String,
    status: StatusCode,
}

impl Moved {
    /// 301 to a path of ours.
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), status: StatusCode::MOVED_PERMANENTLY }
    }

    /// 302: where it is now is no lasting address.
    #[must_use]
    pub const fn for_now(mut self) -> Self {
        self.status = StatusCode::FOUND;
        self
    }
}

impl IntoResponse for Moved {
    fn into_response(self) -> Response {
        let to = if is_own_path(&self.to) { self.to } else { "/".to_owned() };
        let location = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
        (self.status, [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))]).into_response()
    }
}

/// Whether a path leads to our own origin: begins with one slash and holds nothing that browsers read as another host.
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '\t'])
}

/// Writes a pending page into the frame; every other response passes through.
pub async fn render_response(ctx: &Ctx, response: Response) -> Response {
    let Some(Pending(cell)) = response.extensions().get::<Pending>().cloned() else { return for_island(ctx, response) };
    let Some(result) = cell.lock().ok().and_then(|mut cell| cell.take()) else { return response };
    let mut page = match result {
        Ok(page) => page,
        Err(Error::Identity(IdentityError::SudoRequired)) => return for_island(ctx, Done::to(paths::sudo(&ctx.path)).into_response()),
        Err(error @ Error::Identity(IdentityError::AssuranceRequired)) => match ctx.service.sudo_needs(&ctx.caller).await {
            Ok(needs) if needs.can_show_two() => return for_island(ctx, Done::to(paths::sudo_with_two(&ctx.path)).into_response()),
            Ok(_) => pages::problem::second_factor(ctx),
            Err(_) => pages::problem::page(ctx, &error),
        },
        Err(error) => pages::problem::page(ctx, &error),
    };
    let (status, further) = (page.status, std::mem::take(&mut page.headers));
    let frame = match frame::Around::load(ctx, page.layout).await {
        Ok(around) => around,
        Err(error) => return bare_error(&error),
    };
    let mut out = Response::new(Body::from(frame::document(ctx, &page, &frame)));
    *out.status_mut() = status;
    let headers = out.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.extend(further);
    headers.extend(response.headers().iter().map(|(name, value)| (name.clone(), value.clone())));
    out
}

/// An island that sent a form must not follow where it is sent to: whoever asks for the next page uses its message up. So it is only
/// told where (204 with `Location`), and the browser goes there.
fn for_island(ctx: &Ctx, mut response: Response) -> Response {
    if ctx.scripted && response.status() == StatusCode::SEE_OTHER {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

/// When to come back, and the limit that was hit, for errors that pass by waiting; nothing for others.
pub fn waiting_headers(error: &Error, headers: &mut HeaderMap) {
    let (Error::RateLimited { retry_after, .. } | Error::Unavailable { retry_after }) = *error else { return };
    headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    if let Error::RateLimited { limit, .. } = *error {
        let figures = [("ratelimit-limit", u64::from(limit)), ("ratelimit-remaining", 0), ("ratelimit-reset", retry_after)];
        headers.extend(figures.map(|(name, figure)| (HeaderName::from_static(name), HeaderValue::from(figure))));
    }
}

/// When not even the frame can be had.
fn bare_error(error: &Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, error.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn redirects_stay_at_home() {
        assert!(is_own_path("/threads/1-x?page=2#reply-3"));
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nSet-Cookie: x=y"] {
            assert!(!is_own_path(bad), "{bad:?}");
        }
    }
}
