//! Forms that are sent as signed JSON requests (the WebAssembly module of `crates/pqc-web`). They are hidden until the module is
//! awake and the browser holds a key; until then a sentence stands in their place. A page with one says so with
//! [`Page::signing`](crate::page::Page::signing).

use super::Icon;
use crate::{context::Ctx, pages::account::pqc, paths};
use leptos::prelude::*;

/// What may go wrong with any signed request, in words, by code; the last one fits all others.
fn problems(ctx: &Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let words = [
        ("PQC_KEY_UNKNOWN", tr!(lang, "error.pqc_key_unknown")),
        ("PQC_KEY_LIMIT", tr!(lang, "error.pqc_key_limit")),
        ("PQC_TIMESTAMP_SKEWED", tr!(lang, "error.pqc_timestamp_skewed")),
        ("PQC_REPLAYED", tr!(lang, "error.pqc_replayed")),
        ("ASSURANCE_REQUIRED", tr!(lang, "error.assurance_required")),
        ("RATE_LIMITED", tr!(lang, "error.rate_limited")),
        ("UNAUTHENTICATED", tr!(lang, "error.unauthenticated")),
        ("VALIDATION", tr!(lang, "pqc.fields")),
        ("", tr!(lang, "pqc.failed")),
    ];
    words.map(|(when, words)| view! { <p class="error" role="alert" data-when=when hidden>{words}</p> }).collect_view()
}

/// A form with one button, whose fields are sent as a signed JSON object. A field is text, unless it says `data-json="number"` or
/// `data-json="boolean"`; empty ones that are not required are left out. Each time it is filled in it gets an `Idempotency-Key` of its own,
/// which a repetition after a lost answer keeps.
#[component]
pub fn SignedForm<'a>(
    ctx: &'a Ctx,
    /// Method and path: `POST /api/v1/deposits`. `{key}` stands for the key that signs.
    #[prop(into)]
    request: String,
    /// Where to go when it was accepted.
    #[prop(optional, into)]
    done: Option<String>,
    /// Where to come back to when the session must be elevated first.
    #[prop(into)]
    here: String,
    /// The button's words.
    #[prop(into)]
    words: String,
    /// The button's classes.
    #[prop(default = "btn btn-primary")]
    class: &'static str,
    /// Whether the request brings a new key: the browser makes it, and the form's fields go beside it.
    #[prop(optional)]
    makes: bool,
    /// The form's fields.
    #[prop(optional)]
    fields: Option<AnyView>,
    /// What is shown when it was accepted: `data-value="name"` is filled with that part of the answer.
    #[prop(optional)]
    result: Option<AnyView>,
) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let user = ctx.caller.id().map(|id| id.to_string());
    let no_key = (!makes).then(|| {
        view! {
            <p class="hint" data-no-key hidden>{tr!(lang, "pqc.no_key")}" "<a href=pqc::PATH>{tr!(lang, "pqc.set_up")}</a></p>
        }
    });
    let result = result.map(|result| view! { <div class="stack" data-result role="status" hidden>{result}</div> });
    view! {
        <div class="stack" data-signing=user>
            <form class="form" method="post" hidden data-signed=request data-makes=makes.then_some("") data-done=done data-sudo=paths::sudo_with_two(&here)>
                {fields}
                {problems(ctx)}
                <div class="cluster"><button class=class><Icon name="file-pen"/>{words}</button></div>
            </form>
            {result}
            <noscript><p class="hint">{tr!(lang, "pqc.needs_scripts")}</p></noscript>
            <p class="hint" data-no-signing hidden>{tr!(lang, "pqc.none_here")}</p>
            {no_key}
        </div>
    }
}
