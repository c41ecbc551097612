//! `/.well-known/security.txt` (RFC 9116): whom to tell of a weakness. It exists where the operator says how they are reached.

use aivalid_app::context::Ctx;
use aivalid_model::{Error, Lang};
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use std::time::Duration;

/// RFC 9116 (2.5.5) recommends less than a year. The text is made anew at each request, so it never grows old.
const LIFE: Duration = Duration::from_hours(180 * 24);

/// The address.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/.well-known/security.txt", get(show))
}

async fn show(ctx: Ctx) -> Response {
    let Some(contact) = &ctx.service.settings().operator.contact else {
        return aivalid_app::page::Failure(Error::NotFound).into_response();
    };
    let languages = Lang::ALL.map(Lang::tag).join(", ");
    let text = format!(
        "Contact: {}\nExpires: {}\nPreferred-Languages: {languages}\nCanonical: {}/.well-known/security.txt\n",
        contact.href(),
        ctx.now.plus(LIFE),
        ctx.origin(),
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=86400")], text).into_response()
}
