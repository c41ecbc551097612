//! Which address is which page.

use crate::pages::{
    account, auth, dev, forum, preferences,
    write::{cancel, cases, react, remove, replies, threads},
};
use axum::{
    Router,
    routing::{get, post},
};

/// Every page. The server puts the request's context before it, and [`crate::page::render_response`] around it.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/threads/{id}", get(forum::thread::show)).merge(accounts()).merge(writing())
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

/// Writing, changing and deleting.
fn writing<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/threads/new", get(threads::fresh).post(threads::publish))
        .route("/threads/{id}/edit", get(threads::edit).post(threads::save))
        .route("/threads/{id}/delete", get(remove::ask_thread).post(remove::thread))
        .route("/threads/{id}/replies", get(replies::thread_form).post(replies::to_thread))
        .route("/validation-cases/new", get(cases::fresh).post(cases::open))
        .route("/validation-cases/{id}/edit", get(cases::edit).post(cases::save))
        .route("/validation-cases/{id}/cancel", get(cancel::ask).post(cancel::submit))
        .route("/validation-cases/{id}/delete", get(remove::ask_case).post(remove::case))
        .route("/validation-cases/{id}/replies", get(replies::case_form).post(replies::to_case))
        .route("/replies/{id}/edit", get(replies::edit).post(replies::save))
        .route("/replies/{id}/delete", get(remove::ask_reply).post(remove::reply))
        .route("/react", post(react::submit))
}
