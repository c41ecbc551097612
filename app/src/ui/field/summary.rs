//! What is wrong with a form, above it.

use crate::{
    context::Ctx,
    form::{Form, FormState, error_words, problem_words},
    ui::html::Html,
};
use aivalid_model::{Error, identity::IdentityError};
use leptos::prelude::*;

/// What is wrong with a form, as a list of links to the fields; nothing for a form that is fine. Where no field is to blame it
/// takes the focus itself.
#[component]
pub fn ErrorSummary<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    /// Whether to say that what was typed is kept.
    #[prop(default = true)]
    kept: bool,
) -> impl IntoView + use<T> {
    if !state.is_bad() {
        return Html::default();
    }
    let lang = ctx.lang();
    let problem = state.problem.as_ref().map(|error| view! { <p>{error_words(lang, error)}{way_out(ctx, error)}</p> });
    let fields = state.bad_fields(lang);
    let list = (!fields.is_empty()).then(|| {
        let items = fields.into_iter().map(|(error, label)| {
            let words = format!("{label}: {}", problem_words(lang, &error.problem));
            view! { <li><a href=format!("#{}", error.field)>{words}</a></li> }
        });
        view! { <ul>{items.collect_view()}</ul> }
    });
    let alone = list.is_none();
    Html::of(view! {
        <div class="error-summary" role="alert" tabindex="-1" id="errors" autofocus=alone>
            <h2>{tr!(lang, "form.problems")}</h2>
            {problem}
            {kept.then(|| view! { <p>{tr!(lang, "form.kept")}</p> })}
            {list}
        </div>
    })
}

/// Where to go to make it work; in another tab, so that what was typed stays.
pub fn way_out(ctx: &Ctx, error: &Error) -> Option<Html> {
    let lang = ctx.lang();
    let (href, words) = match error {
        Error::Unauthenticated => ("/login", tr!(lang, "form.sign_in_beside")),
        Error::Identity(IdentityError::EmailNotVerified) => ("/verify", tr!(lang, "form.verify_beside")),
        _ => return None,
    };
    Some(Html::of(view! { " "<a href=href target="_blank">{words}</a> }))
}
