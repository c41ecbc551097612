//! Fields to choose a file with.

use super::Around;
use crate::{
    context::Ctx,
    form::{Form, FormState},
};
use leptos::prelude::*;

/// One file.
#[component]
pub fn FileField<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    /// The media types that are taken, separated by commas.
    accept: &'static str,
    #[prop(optional)] hint: Option<String>,
    #[prop(default = true)] required: bool,
) -> impl IntoView + use<T> {
    let around = Around::of(ctx, state, name, hint, required);
    let input = view! {
        <input type="file" id=name name=name accept=accept required=required autofocus=around.first
            aria-invalid=around.invalid() aria-describedby=around.described_by()/>
    };
    around.field(input)
}
