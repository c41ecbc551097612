//! Registering, confirming an address, signing in and out.

pub mod federated;
pub mod federated_register;
pub mod forgot;
pub mod login;
pub mod logout;
mod mailed_link;
pub mod not_me;
pub mod otp;
pub mod passkey;
pub mod recovery;
pub mod register;
pub mod reset;
pub mod second_step;
pub mod verify;

use crate::{
    context::Ctx,
    page::{Done, Layout, Page},
    pages::preferences::without,
    paths, session,
    ui::{Html, Icon},
};
use aivalid_service::identity::{SignIn, SignedInNow};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

/// One card under a title.
pub(in crate::pages) fn card(title: String, body: impl IntoView, foot: impl IntoView) -> Page {
    let (body, foot) = (Html::of(body), Html::of(foot));
    let heading = title.clone();
    Page::new(title, view! { <h1 class="auth-title">{heading}</h1>{body}{foot} }).layout(Layout::Card)
}

/// After a first factor: signed in, or on to the second one. A language that the address asked for gives way to the account's.
pub(in crate::pages) fn go_on(ctx: &Ctx, sign_in: SignIn, next: &str) -> Response {
    match sign_in {
        SignIn::Done(signed_in) => finish(ctx, *signed_in, next),
        SignIn::SecondFactor { token, .. } => {
            let way = if next == "/" { "/login/2fa".to_owned() } else { format!("/login/2fa?next={}", paths::query_value(next)) };
            Done::to(way).cookies(session::pending_cookie(ctx.origin(), &token)).into_response()
        }
    }
}

/// Signs this browser in, and leads on.
pub(super) fn finish(ctx: &Ctx, signed_in: SignedInNow, next: &str) -> Response {
    let (next, flash) = match (signed_in.recovered, signed_in.replaced) {
        (true, _) => ("/account/two-factor", "recovered_set_up"),
        (false, 0) => (next, "signed_in"),
        (false, _) => (next, "signed_in_replaced"),
    };
    finish_new(ctx, signed_in, next, flash)
}

/// The same with a message of one's own.
fn finish_new(ctx: &Ctx, signed_in: SignedInNow, next: &str, flash: &'static str) -> Response {
    let SignedInNow { user, tokens, .. } = signed_in;
    let lang = user.locale.and_then(|lang| session::preference_cookie(ctx.origin(), session::LANGUAGE, lang.tag()));
    let theme = session::preference_cookie(ctx.origin(), session::THEME, user.theme.as_str());
    let cookies =
        session::cookies(ctx.origin(), &tokens).into_iter().chain(lang).chain(theme).chain(session::pending_cleared(ctx.origin()));
    Done::to(without(next, "lang")).flash(flash).cookies(cookies).into_response()
}

/// A line for users who can't write yet because their address is not confirmed; nothing for all others.
pub fn verify_notice(ctx: &Ctx) -> Option<Html> {
    let lang = ctx.lang();
    let waits = ctx.caller.user.as_ref().is_some_and(|user| !user.email_verified);
    waits.then(|| {
        Html::of(view! {
            <div class="flash flash-warning" role="status">
                <Icon name="mail"/><p>{tr!(lang, "auth.unverified")}" "<a href="/verify">{tr!(lang, "auth.unverified_link")}</a></p>
            </div>
        })
    })
}
