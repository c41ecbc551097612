//! Where Markdown is written. It is a text field with a preview button; the island adds the toolbar, keys, a live preview and a
//! draft that survives an accident.

use super::{Icon, html::Html, kept};
use crate::{context::Ctx, islands::ComposerTools};
use aivalid_model::Lang;
use leptos::prelude::*;

/// The composer as a field of a bigger form. The field's name and id is `content`; there is one on a page.
#[component]
pub fn Composer<'a>(
    ctx: &'a Ctx,
    /// Under which name the browser keeps the draft.
    draft: String,
    value: String,
    maxlength: &'static str,
    described_by: Option<String>,
    is_bad: bool,
    autofocus: bool,
) -> impl IntoView + use<> {
    Html::of(
        view! { <div class="composer"><ComposerParts ctx action=String::new() draft value maxlength label=None described_by is_bad autofocus send=None/></div> },
    )
}

/// What stands inside of a composer, for a form that is one itself: toolbar, text field, and a footer with the buttons.
#[component]
pub fn ComposerParts<'a>(
    ctx: &'a Ctx,
    /// Where the form posts to; empty for the page's own address.
    action: String,
    /// Under which name the browser keeps the draft.
    draft: String,
    value: String,
    maxlength: &'static str,
    /// The text field's label where no other element is one.
    label: Option<String>,
    described_by: Option<String>,
    is_bad: bool,
    autofocus: bool,
    /// The words of a button that sends.
    send: Option<String>,
) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let invalid = is_bad.then_some("true");
    // Two people at one computer must not find each other's drafts.
    let draft = format!("{}:{draft}", ctx.caller.id().map_or(0, |id| id.0));
    let send = send.map(|words| view! { <button class="btn btn-primary">{words}</button> });
    Html::of(view! {
        {toolbar(lang)}
        <textarea class="textarea" id="content" name="content" dir="auto" required maxlength=maxlength autofocus=autofocus
            aria-label=label aria-invalid=invalid aria-describedby=described_by>{kept(value)}</textarea>
        <footer>
            <span class="hint" role="status"></span>
            <button class="btn-link" type="button" hidden>{tr!(lang, "composer.drop")}</button>
            <button class="btn push" name="do" value="preview" formaction=format!("{action}#preview")>{tr!(lang, "composer.preview")}</button>
            {send}
        </footer>
        <ComposerTools draft saved=tr!(lang, "composer.saved").into_owned() restored=tr!(lang, "composer.restored").into_owned()/>
    })
}

/// The toolbar, hidden until the island that gives it life shows it.
fn toolbar(lang: Lang) -> Html {
    let button = |deed: &'static str, icon: &'static str, words: String| {
        let label = words.clone();
        view! { <button type="button" class="btn btn-ghost btn-icon btn-sm" value=deed aria-label=label title=words><Icon name=icon/></button> }
    };
    Html::of(view! {
        <div class="composer-bar" role="toolbar" aria-label=tr!(lang, "composer.toolbar") hidden>
            {button("bold", "bold", tr!(lang, "composer.bold").into_owned())}
            {button("italic", "italic", tr!(lang, "composer.italic").into_owned())}
            {button("link", "link", tr!(lang, "composer.link").into_owned())}
            {button("code", "code", tr!(lang, "composer.code").into_owned())}
            <i></i>
            {button("quote", "quote", tr!(lang, "composer.quote").into_owned())}
            {button("list", "list", tr!(lang, "composer.list").into_owned())}
        </div>
    })
}
