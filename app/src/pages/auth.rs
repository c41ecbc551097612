//! Registering, confirming an address, signing in and out.

pub mod login;
pub mod logout;
pub mod register;
pub mod verify;

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::Icon,
};
use leptos::prelude::*;

/// One card under a title.
fn card(title: String, body: impl IntoAny, foot: impl IntoAny) -> Page {
    let body = body.into_any();
    let foot = foot.into_any();
    let heading = title.clone();
    Page::new(title, view! { <h1 class="auth-title">{heading}</h1>{body}{foot} }).layout(Layout::Card)
}

/// A line for users who can't write yet because their address is not confirmed; nothing for all others.
pub fn verify_notice(ctx: &Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let waits = ctx.caller.user.as_ref().is_some_and(|user| !user.email_verified);
    waits.then(|| {
        view! {
            <div class="flash flash-warning" role="status">
                <Icon name="mail"/><p>{tr!(lang, "auth.unverified")}" "<a href="/verify">{tr!(lang, "auth.unverified_link")}</a></p>
            </div>
        }
    })
}
