//! Form fields: label, hint, problem, control, joined by `aria-describedby`.

use crate::{context::Ctx, form::{FormState, error_words}};
use leptos::prelude::*;

/// What is wrong with a form, as a list of links to the fields; nothing for a form that is fine.
#[component]
pub fn ErrorSummary<'a, T>(ctx: &'a Ctx, state: &'a FormState<T>, labels: &'a [(&'static str, String)]) -> impl IntoView + use<T> {
    if !state.is_bad() {
        return ().into_any();
    }
    let lang = ctx.lang();
    let problem = state.problem.as_ref().map(|error| view! { <p>{error_words(lang, error)}</p> });
    let fields = state.fields.iter().filter_map(|error| {
        let words = state.error(lang, &error.field)?;
        let label = labels.iter().find(|(name, _)| *name == error.field).map_or_else(|| error.field.clone(), |(_, label)| label.clone());
        Some(view! { <li><a href=format!("#{}", error.field)>{label}": "{words}</a></li> })
    });
    view! {
        <div class="error-summary" role="alert" tabindex="-1" id="errors">
            <h2>{tr!(lang, "form.problems")}</h2>
            {problem}
            <p>{tr!(lang, "form.kept")}</p>
            <ul>{fields.collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// The words of one field's problem; nothing when it has none.
#[component]
pub fn FieldError(name: &'static str, words: Option<String>) -> impl IntoView {
    words.map(|words| view! { <p class="error" id=format!("{name}-e")>{words}</p> })
}

/// A field of one line.
#[component]
pub fn TextField(
    name: &'static str,
    label: String,
    #[prop(default = "text")] kind: &'static str,
    value: String,
    error: Option<String>,
    #[prop(optional)] hint: Option<String>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(default = true)] required: bool,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(default = false)] autofocus: bool,
    /// More classes of the input, such as `input-short`.
    #[prop(default = "input")] class: &'static str,
) -> impl IntoView {
    let bad = error.is_some();
    let describedby = [(hint.is_some(), "h"), (bad, "e")].into_iter().filter(|(there, _)| *there).map(|(_, end)| format!("{name}-{end}")).collect::<Vec<_>>().join(" ");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-h")>{hint}</p> })}
            <FieldError name words=error/>
            <input class=class id=name name=name type=kind value=value required=required maxlength=maxlength autofocus=autofocus || bad
                autocomplete=autocomplete aria-invalid=bad.then_some("true")
                aria-describedby=(!describedby.is_empty()).then_some(describedby)/>
        </div>
    }
}
