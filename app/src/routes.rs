//! Which address is which page.

use crate::pages::{cases, dev, forum, home, profile, site};
use axum::{Router, routing::get};

/// Every page. The server puts the request's context before it, and [`crate::page::render_response`] around it.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().merge(reading())
}

/// What everyone can read.
fn reading<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(home::show))
        .route("/validation-cases", get(cases::list::show))
        .route("/validation-cases/category/{slug}", get(cases::list::in_category))
        .route("/validation-cases/{id}", get(cases::record::show))
        .route("/forum", get(forum::index::show))
        .route("/forum/{category}", get(forum::category::show))
        .route("/threads/{id}", get(forum::thread::show))
        .route("/tags/{slug}", get(forum::tag::show))
        .route("/user/{username}", get(profile::show))
        .route("/about", get(site::about))
        .route("/privacy", get(site::privacy))
        .route("/terms", get(site::terms))
        .route("/status", get(site::status::show))
        .route("/offline", get(site::offline::show))
        .route("/dev/components", get(dev::components::show))
}
