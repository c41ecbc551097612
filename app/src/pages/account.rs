//! One's own account: profile, language and appearance, safety, sessions.

pub mod avatar;
pub mod connect;
pub mod connections;
pub mod credentials;
pub mod data;
pub mod kyc;
pub mod passkey_offer;
pub mod passkeys;
pub mod phone;
pub mod pqc;
pub mod preferences;
pub mod profile;
pub mod security;
pub mod sessions;
pub mod sudo;
pub mod tokens;
pub mod two_factor;

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::{Html, Icon},
};
use leptos::prelude::*;

/// A section of the settings in their common frame.
fn section(ctx: &Ctx, path: &'static str, title: String, body: impl IntoView) -> Page {
    let lang = ctx.lang();
    let body = Html::of(body);
    let entry = |href: &'static str, icon: &'static str, words: String| {
        let here = (href == path).then_some("page");
        view! { <a href=href aria-current=here><Icon name=icon/>{words}</a> }
    };
    let view = view! {
        <div class="page-head"><h1>{tr!(lang, "account.title")}</h1></div>
        <div class="sections">
            <nav aria-label=tr!(lang, "account.title")>
                {entry("/account", "user", tr!(lang, "account.profile").into_owned())}
                {entry("/account/preferences", "languages", tr!(lang, "account.preferences_short").into_owned())}
                {entry("/account/kyc", "badge-check", tr!(lang, "kyc.title").into_owned())}
                {entry(security::PATH, "shield-check", tr!(lang, "security.title").into_owned())}
                {entry("/account/passkeys", "key-round", tr!(lang, "passkeys.title").into_owned())}
                {entry(pqc::PATH, "file-pen", tr!(lang, "pqc.title").into_owned())}
                {entry("/account/sessions", "laptop", tr!(lang, "account.sessions").into_owned())}
                {entry("/account/credentials", "mail", tr!(lang, "credentials.title").into_owned())}
                {ctx.service.has_connections().then(|| entry(connections::PATH, "link", tr!(lang, "connections.title").into_owned()))}
                {entry(phone::PATH, "smartphone", tr!(lang, "phone.title").into_owned())}
                {entry("/account/two-factor", "lock", tr!(lang, "two_factor.title").into_owned())}
                {entry(tokens::PATH, "code", tr!(lang, "tokens.title").into_owned())}
                {entry("/account/data", "download", tr!(lang, "data.title").into_owned())}
            </nav>
            <div class="stack stack-lg">{body}</div>
        </div>
    };
    Page::new(title, view).layout(Layout::Wide)
}
