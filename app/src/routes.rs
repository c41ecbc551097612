//! Which address is which page.

use crate::pages::{account, auth, dev, forum, preferences};
use axum::{
    Router,
    routing::{get, post},
};

/// Every page. The server puts the request's context before it, and [`crate::page::render_response`] around it.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/threads/{id}", get(forum::thread::show)).merge(accounts())
}

/// Signing in, and what belongs to one's account.
fn accounts<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/login", get(auth::login::show).post(auth::login::submit))
        .route("/register", get(auth::register::show).post(auth::register::submit))
        .route("/verify", get(auth::verify::show).post(auth::verify::submit))
        .route("/logout", post(auth::logout::submit))
        .route("/preferences", post(preferences::submit))
        .route("/account", get(account::profile::show).post(account::profile::submit))
        .route("/account/preferences", get(account::preferences::show).post(account::preferences::submit))
        .route("/account/sessions", get(account::sessions::show).post(account::sessions::submit))
        .route("/dev/mailbox", get(dev::mailbox::show))
}
