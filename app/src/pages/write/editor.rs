//! The page on which threads and cases are written.

use super::{desk::Desk, grid::grid, post::PostFields};
use crate::{
    context::Ctx,
    form::FormState,
    page::{Layout, Page},
    pages::auth::verify_notice,
    ui::{Around, Choice, Composer, ErrorSummary, Icon, Raw, SelectField, TextField},
};
use aivalid_model::{Result, community::CategoryKind};
use leptos::prelude::*;

/// The page: the form as it stands, with a preview if one was asked for.
pub(super) async fn page(ctx: &Ctx, desk: &Desk, state: FormState<PostFields>, preview: Option<String>) -> Result<Page> {
    let lang = ctx.lang();
    let kind = desk.kind();
    let categories = ctx.service.categories(&ctx.caller).await?;
    let choices = categories
        .iter()
        .filter(|category| category.kind == kind)
        .map(|category| Choice::new(category.slug.clone(), category.name(lang)))
        .collect();
    let words = desk.words(lang);
    let state = &state;
    let values = &state.values;
    let case_fields = (kind == CategoryKind::Case).then(|| bounty_and_deadline(ctx, state));
    let shown = preview.map(|html| {
        view! {
            <section class="card stack" id="preview" aria-labelledby="h-preview">
                <h2 id="h-preview">{tr!(lang, "write.preview")}</h2>
                <div class="prose" dir="auto"><Raw html/></div>
            </section>
        }
    });
    let delete = desk
        .path()
        .map(|path| view! { <a class="btn btn-lg btn-danger push" href=format!("{path}/delete")>{tr!(lang, "write.delete")}</a> });
    let body = view! {
        <nav class="breadcrumb" aria-label=tr!(lang, "write.breadcrumb")><ol>
            <li><a href=words.up.0.clone()>{words.up.1.clone()}</a></li><li aria-current="page">{words.title.clone()}</li>
        </ol></nav>
        <div class="page-head"><h1>{words.title.clone()}</h1></div>
        {verify_notice(ctx)}
        // The address is said in full: without it a browser would keep the place that a preview jumped to.
        <form class="form" method="post" action=ctx.path.clone() novalidate>
            // Enter in a field presses the first button of a form: this one, which publishes.
            <button class="visually-hidden" tabindex="-1" aria-hidden="true">{words.send.clone()}</button>
            <ErrorSummary ctx state/>
            {shown}
            <TextField ctx state name="title" value=values.title.clone() hint=words.title_hint maxlength="255" autofocus=values.pressed.is_empty()/>
            <SelectField ctx state name="category" value=values.category.clone() choices/>
            {content(ctx, state, desk)}
            {case_fields}
            <TextField ctx state name="tags" value=values.tags.clone() required=false hint=tr!(lang, "write.tags_hint").into_owned()/>
            <TextField ctx state name="summary" value=values.summary.clone() required=false hint=tr!(lang, "write.summary_hint").into_owned() maxlength="500"/>
            <div class="form-actions">
                <button class="btn btn-primary btn-lg">{words.send}</button>
                <a class="btn btn-lg btn-ghost" href=words.up.0>{tr!(lang, "form.cancel")}</a>
                {delete}
            </div>
        </form>
    };
    Ok(Page::new(words.title, body).layout(Layout::Narrow).of_form(state))
}

/// Markdown or table: one is shown, the other waits in hidden fields, so that changing one's mind costs nothing.
fn content(ctx: &Ctx, state: &FormState<PostFields>, desk: &Desk) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let values = &state.values;
    let is_table = values.is_table();
    let way = |value: &'static str, icon: &'static str, words: String, here: bool| {
        let pressed = if here { "true" } else { "false" };
        view! { <button class="btn btn-sm" name="do" value=value formaction="#content" aria-pressed=pressed><Icon name=icon/>{words}</button> }
    };
    let field = if is_table {
        let waiting = (!values.content.is_empty()).then(|| view! { <input type="hidden" name="content" value=values.content.clone()/> });
        view! { {grid(ctx, state)}{waiting} }.into_any()
    } else {
        let around = Around::of(ctx, state, "content", Some(desk.words(lang).content_hint), true);
        let composer = view! {
            <Composer ctx draft=desk.draft_key() value=values.content.clone() maxlength="50000" described_by=around.described_by() is_bad=around.error.is_some() autofocus=around.first/>
        };
        view! { {around.field(composer)}{waiting_sheet(values)} }.into_any()
    };
    view! {
        <fieldset class="field">
            <legend>{tr!(lang, "write.form")}</legend>
            <div class="cluster">
                {way("markdown", "file-text", "Markdown".to_owned(), !is_table)}
                {way("table", "table", tr!(lang, "write.table").into_owned(), is_table)}
            </div>
        </fieldset>
        <input type="hidden" name="contentType" value=if is_table { "table" } else { "markdown" }/>
        {field}
    }
}

fn waiting_sheet(values: &PostFields) -> impl IntoView + use<> {
    let sheet = (!values.sheet.is_blank()).then(|| values.sheet.clone());
    sheet.map(|sheet| {
        let hidden = |name: &'static str, value: String| view! { <input type="hidden" name=name value=value/> };
        let names = sheet.names.into_iter().map(|text| hidden("column", text)).collect_view();
        let kinds = sheet.kinds.into_iter().map(|kind| hidden("kind", super::sheet::kind_word(kind).to_owned())).collect_view();
        let cells = sheet.rows.into_iter().flatten().map(|text| hidden("cell", text)).collect_view();
        view! { {names}{kinds}{cells} }
    })
}

fn bounty_and_deadline(ctx: &Ctx, state: &FormState<PostFields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let values = &state.values;
    let zone = ctx.zone().to_string();
    view! {
        <div class="fields">
            <TextField ctx state name="bountyAmount" value=values.bounty_amount.clone() lead="Rp" class="input num" inputmode="numeric" hint=tr!(lang, "write.bounty_hint").into_owned()/>
            <TextField ctx state name="deadline" kind="date" value=values.deadline.clone() required=false class="input input-short"
                hint=tr!(lang, "write.deadline_hint", zone = zone).into_owned()/>
        </div>
    }
}
