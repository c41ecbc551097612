//! Fields to type into.

use super::Around;
use crate::{
    context::Ctx,
    form::{Form, FormState},
    islands::PasswordMeter,
    ui::html::escape,
};
use leptos::prelude::*;

/// A field of one line.
#[component]
pub fn TextField<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] hint: Option<String>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(default = true)] required: bool,
    #[prop(optional)] maxlength: Option<&'static str>,
    #[prop(default = false)] autofocus: bool,
    #[prop(default = false)] readonly: bool,
    /// What stands before the text, such as `Rp`.
    #[prop(optional)]
    lead: Option<&'static str>,
    /// The input's classes.
    #[prop(default = "input")]
    class: &'static str,
) -> impl IntoView + use<T> {
    let around = Around::of(ctx, state, name, hint, required);
    let autofocus = around.first || (autofocus && !state.is_bad());
    let input = view! {
        <input class=class id=name name=name type=kind value=value required=required maxlength=maxlength autofocus=autofocus readonly=readonly
            autocomplete=autocomplete inputmode=inputmode aria-invalid=around.invalid() aria-describedby=around.described_by()/>
    };
    match lead {
        Some(lead) => around.field(view! { <div class="input-group input-short"><span>{lead}</span>{input}</div> }),
        None => around.field(input),
    }
}

/// A field for a new password, with a word on how good it is while it is typed.
#[component]
pub fn NewPasswordField<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    #[prop(into)] hint: String,
    #[prop(default = false)] autofocus: bool,
) -> impl IntoView + use<T> {
    let label = tr!(ctx.lang(), "password.rated.label").into_owned();
    view! {
        <div>
            <TextField ctx state name kind="password" value="" autocomplete="new-password" hint autofocus/>
            <p class="meter" role="status" hidden><meter min="0" max="4" low="2" high="3" optimum="4" aria-label=label></meter><span></span></p>
            <PasswordMeter/>
        </div>
    }
}

/// A field of several lines.
#[component]
pub fn TextArea<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(optional)] hint: Option<String>,
    #[prop(default = true)] required: bool,
    #[prop(optional)] maxlength: Option<&'static str>,
    #[prop(default = false)] autofocus: bool,
) -> impl IntoView + use<T> {
    let around = Around::of(ctx, state, name, hint, required);
    let autofocus = around.first || (autofocus && !state.is_bad());
    let area = view! {
        <textarea class="textarea" id=name name=name dir="auto" required=required maxlength=maxlength autofocus=autofocus
            aria-invalid=around.invalid() aria-describedby=around.described_by()>{kept(value)}</textarea>
    };
    around.field(area)
}

/// Text for inside a `<textarea>`, escaped: Leptos writes the children of this element as they are. Browsers swallow one line break
/// right after the tag.
pub fn kept(text: String) -> String {
    let text = escape(&text);
    if text.starts_with('\n') { format!("\n{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_inside_the_field() {
        assert_eq!(kept("</textarea><b>\"&".to_owned()), "&lt;/textarea&gt;&lt;b&gt;&quot;&amp;");
        assert_eq!(kept("\na".to_owned()), "\n\na");
        let area = view! { <textarea>{kept("</textarea><b>".to_owned())}</textarea> };
        assert_eq!(area.to_html(), "<textarea>&lt;/textarea&gt;&lt;b&gt;</textarea>");
    }
}
