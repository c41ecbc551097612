//! Fields to choose a file with, and what a form with files shows while they are on their way (`islands::UploadForms`).

use super::Around;
use crate::{
    context::Ctx,
    form::{Form, FormState, problem_words},
    islands::{UploadForms, UploadWords},
    ui::Icon,
};
use aivalid_model::{Lang, check::Problem, files::FileKind};
use leptos::prelude::*;

/// One file. The island shows what was chosen, and says of what would be refused what the server says of it.
#[component]
pub fn FileField<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    /// The kinds that are taken, and the most bytes.
    takes: (&'static [FileKind], u64),
    hint: String,
    #[prop(default = true)] required: bool,
    /// Whether there is one already.
    #[prop(optional)]
    taken: bool,
) -> impl IntoView + use<T> {
    let lang = ctx.lang();
    let around = Around::of(ctx, state, name, Some(hint), required);
    let (kinds, max) = takes;
    let listed = |part: fn(FileKind) -> &'static str, mark: &str| kinds.iter().map(|kind| part(*kind)).collect::<Vec<_>>().join(mark);
    let give_up = tr!(lang, "upload.give_up", name = around.label);
    let control = view! {
        <div class="drop">
            <input type="file" id=name name=name accept=listed(FileKind::media_type, ",") required=required autofocus=around.first
                aria-invalid=around.invalid() aria-describedby=around.described_by()
                data-kinds=listed(FileKind::as_str, " ") data-most=max.to_string() data-taken=taken
                data-empty=problem_words(lang, &Problem::Required) data-wrong=problem_words(lang, &Problem::FileType)
                data-large=problem_words(lang, &Problem::FileTooLarge { max })/>
            <span class="drop-words">{tr!(lang, "upload.drop")}</span>
        </div>
        <div class="chosen" hidden>
            <img alt="" hidden/>
            <Icon name="file-text"/>
            <p><b></b><span class="hint"></span></p>
            <button class="btn btn-ghost btn-icon" type="button" aria-label=give_up><Icon name="x"/></button>
        </div>
    };
    around.field(control)
}

/// How far sending is, and what went wrong with it: inside a form with files, before its button.
#[component]
pub fn UploadProgress(lang: Lang) -> impl IntoView {
    view! {
        <div class="uploading" tabindex="-1" hidden>
            <p><b>{tr!(lang, "upload.sending")}</b><span class="num"></span></p>
            <progress max="100" aria-label=tr!(lang, "upload.sending")></progress>
            <button class="btn" type="button">{tr!(lang, "upload.stop")}</button>
        </div>
        <div class="upload-failed" role="alert" hidden>
            <Icon name="triangle-alert"/>
            <p></p>
            <button class="btn">{tr!(lang, "upload.again")}</button>
        </div>
        <p class="visually-hidden" role="status"></p>
    }
}

/// Wakes the page's forms with files. Once a page, inside `main`.
#[component]
pub fn UploadsAwake(lang: Lang) -> impl IntoView {
    let words = UploadWords {
        sending: tr!(lang, "upload.sending").into_owned(),
        checking: tr!(lang, "upload.checking").into_owned(),
        cancelled: tr!(lang, "upload.cancelled").into_owned(),
        broken: tr!(lang, "upload.broken").into_owned(),
        unanswered: tr!(lang, "upload.unanswered").into_owned(),
        failed: tr!(lang, "upload.failed").into_owned(),
    };
    view! { <UploadForms words/> }
}
