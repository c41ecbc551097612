//! Which address is which page.

use crate::pages::forum;
use axum::{Router, routing::get};

/// Every page. The server puts the request's context before it, and [`crate::page::render_response`] around it.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/threads/{id}", get(forum::thread::show))
}
