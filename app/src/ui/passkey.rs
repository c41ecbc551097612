//! Forms that a passkey fills in (`islands::PasskeyForms`). They are hidden until the island is awake; without scripts a sentence
//! stands in their place.

use super::Icon;
use crate::{context::Ctx, islands::PasskeyForms};
use leptos::prelude::*;

/// Begins the ceremony without a button where the browser can.
pub const AUTOFILL: &str = r#"{"mediation":"conditional"}"#;

/// A form with one button, which asks the browser for a passkey or for a new one and sends what it answers.
#[component]
pub fn PasskeyForm<'a>(
    ctx: &'a Ctx,
    /// `get` or `create`.
    verb: &'static str,
    /// Where the form is sent.
    #[prop(into)]
    action: String,
    /// Where the ceremony begins.
    begin: &'static str,
    /// What the beginning is told.
    #[prop(default = "{}")]
    ask: &'static str,
    /// What it is told where the browser acts without the button.
    #[prop(optional)]
    auto: Option<&'static str>,
    /// Where to go when the session must be elevated first.
    #[prop(optional, into)]
    sudo: Option<String>,
    /// The button's words.
    #[prop(into)]
    words: String,
    /// The button's classes.
    #[prop(default = "btn btn-lg btn-block")]
    class: &'static str,
    /// What stands in its place without scripts.
    #[prop(into)]
    without_scripts: String,
    /// More fields.
    #[prop(optional)]
    fields: Option<AnyView>,
) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let problems = [
        ("NotAllowedError", tr!(lang, "passkeys.cancelled")),
        ("InvalidStateError", tr!(lang, "passkeys.exists")),
        ("RATE_LIMITED", tr!(lang, "error.rate_limited")),
        ("PASSKEY_LIMIT", tr!(lang, "error.passkey_limit")),
        ("", tr!(lang, "passkeys.failed")),
    ];
    let problems = problems.map(|(when, words)| view! { <p class="error" role="alert" data-when=when hidden>{words}</p> }).collect_view();
    view! {
        <form class="form" method="post" action=action hidden data-passkey=verb data-begin=begin data-ask=ask data-auto=auto data-sudo=sudo>
            <input type="hidden" name="session_id"/>
            <input type="hidden" name="credential"/>
            {fields}
            {problems}
            <button class=class><Icon name="key-round"/>{words}</button>
        </form>
        <noscript><p class="hint">{without_scripts}</p></noscript>
        <p class="hint" data-no-passkeys hidden>{tr!(lang, "passkeys.none_here")}</p>
    }
}

/// Wakes the page's passkey forms; `signals` tells the browser of the account's passkeys. Once a page.
#[component]
pub fn PasskeysAwake(#[prop(optional)] signals: Vec<(String, String)>) -> impl IntoView {
    view! { <PasskeyForms signals/> }
}
