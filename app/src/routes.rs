//! Which address is which page.

use crate::pages::{
    account, admin, auth, cases, dev, forum, home, preferences, profile, site,
    write::{self, cancel, react, remove, replies, threads},
};
use axum::{
    Router,
    routing::{get, post},
};

/// Every page. The server puts the request's context before it, and [`crate::page::render_response`] around it.
pub fn routes() -> Router {
    Router::new().merge(reading()).merge(accounts()).merge(writing()).merge(staff())
}

/// What everyone can read.
fn reading() -> Router {
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

/// Signing in, and what belongs to one's account.
fn accounts() -> Router {
    Router::new()
        .route("/login", get(auth::login::show).post(auth::login::submit))
        .route("/login/passkey", get(auth::passkey::show).post(auth::passkey::submit))
        .route("/login/otp", get(auth::otp::show).post(auth::otp::submit))
        .route("/login/2fa", get(auth::second_step::show).post(auth::second_step::submit))
        .route(auth::federated_register::PATH, get(auth::federated_register::show).post(auth::federated_register::submit))
        .route(account::connect::PATH, get(account::connect::show).post(account::connect::submit))
        .route(account::connections::PATH, get(account::connections::show).post(account::connections::submit))
        .route("/register", get(auth::register::show).post(auth::register::submit))
        .route("/verify", get(auth::verify::show).post(auth::verify::submit))
        .route("/forgot", get(auth::forgot::show).post(auth::forgot::submit))
        .route("/reset", get(auth::reset::show).post(auth::reset::submit))
        .route(auth::recovery::PATH, get(auth::recovery::show).post(auth::recovery::submit))
        .route(auth::recovery::stop::PATH, get(auth::recovery::stop::show).post(auth::recovery::stop::submit))
        .route(auth::recovery::finish::PATH, get(auth::recovery::finish::show).post(auth::recovery::finish::submit))
        .route("/not-me", get(auth::not_me::show).post(auth::not_me::submit))
        .route("/logout", post(auth::logout::submit))
        .route("/preferences", post(preferences::submit))
        .route("/account", get(account::profile::show).post(account::profile::submit))
        .route("/account/kyc", get(account::kyc::show))
        .route("/admin/kyc", get(admin::kyc::show))
        .route("/admin/kyc/{id}", get(admin::kyc::review::show).post(admin::kyc::review::submit))
        .route("/account/preferences", get(account::preferences::show).post(account::preferences::submit))
        .route(account::security::PATH, get(account::security::show))
        .route("/account/sessions", get(account::sessions::show).post(account::sessions::submit))
        .route("/account/credentials", get(account::credentials::show).post(account::credentials::submit))
        .route("/account/data", get(account::data::show).post(account::data::submit))
        .route("/account/two-factor", get(account::two_factor::show).post(account::two_factor::submit))
        .route(account::phone::PATH, get(account::phone::show).post(account::phone::submit))
        .route(account::tokens::PATH, get(account::tokens::show).post(account::tokens::submit))
        .route("/account/passkeys", get(account::passkeys::show).post(account::passkeys::submit))
        .route("/account/passkeys/offer", get(account::passkey_offer::show).post(account::passkey_offer::submit))
        .route(account::pqc::PATH, get(account::pqc::show).post(account::pqc::submit))
        .route("/account/sudo/passkey", get(account::sudo::back).post(account::sudo::by_passkey))
        .route("/account/sudo", get(account::sudo::show).post(account::sudo::submit))
        .route("/dev/mailbox", get(dev::mailbox::show))
}

/// Forms with files: the server gives them a larger body and more time.
pub fn upload_routes() -> Router {
    Router::new()
        .route("/account/avatar", get(account::avatar::show).post(account::avatar::submit))
        .route("/account/kyc", post(account::kyc::submit))
}

/// Writing, changing and deleting.
fn writing() -> Router {
    Router::new()
        .route("/threads/new", get(threads::fresh).post(threads::publish))
        .route("/threads/{id}/edit", get(threads::edit).post(threads::save))
        .route("/threads/{id}/delete", get(remove::ask_thread).post(remove::thread))
        .route("/threads/{id}/replies", get(replies::thread_form).post(replies::to_thread))
        .route("/validation-cases/new", get(write::cases::fresh).post(write::cases::open))
        .route("/validation-cases/{id}/edit", get(write::cases::edit).post(write::cases::save))
        .route("/validation-cases/{id}/cancel", get(cancel::ask).post(cancel::submit))
        .route("/validation-cases/{id}/delete", get(remove::ask_case).post(remove::case))
        .route("/validation-cases/{id}/replies", get(replies::case_form).post(replies::to_case))
        .route("/replies/{id}/edit", get(replies::edit).post(replies::save))
        .route("/replies/{id}/delete", get(remove::ask_reply).post(remove::reply))
        .route("/react", post(react::submit))
}

/// What the staff does.
fn staff() -> Router {
    Router::new()
        .route(admin::start::PATH, get(admin::start::show))
        .route(admin::users::PATH, get(admin::users::show))
        .route("/admin/users/{id}", get(admin::user::show))
        .route("/admin/users/{id}/{deed}", get(admin::deed::ask).post(admin::deed::submit))
        .route(admin::recovery::PATH, get(admin::recovery::show))
        .route("/admin/recovery/{id}", get(admin::recovery::review::show).post(admin::recovery::review::submit))
        .route(admin::audit::PATH, get(admin::audit::show))
        .route("/admin/audit/export", post(admin::audit::download))
}
