//! The grid in which a table is typed. Every change of its shape is a button of the form, so it works without scripts.

use super::{
    post::PostFields,
    sheet::{Place, kind_word},
};
use crate::{
    context::Ctx,
    form::FormState,
    ui::{Around, Choice, Icon},
};
use aivalid_model::{Lang, content::ColumnKind};
use leptos::prelude::*;

/// The grid as a field of the form.
pub(super) fn grid(ctx: &Ctx, state: &FormState<PostFields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let sheet = &state.values.sheet;
    let around = Around::of(ctx, state, "content", Some(tr!(lang, "write.table_hint").into_owned()), true);
    let bad = |place: Place| Some(place.path()).filter(|path| state.fields.iter().any(|error| error.field == *path));
    let heads = sheet
        .names
        .iter()
        .zip(&sheet.kinds)
        .enumerate()
        .map(|(index, (name, kind))| head(lang, index, name, *kind, sheet.names.len() > 1, bad(Place::Column(index))))
        .collect_view();
    let last = sheet.rows.len().saturating_sub(1);
    let rows = sheet.rows.iter().enumerate().map(|(index, row)| {
        let cells = row.iter().zip(sheet.names.iter().zip(&sheet.kinds)).enumerate().map(|(place, (text, (name, kind)))| {
            let column = if name.is_empty() { (place + 1).to_string() } else { name.clone() };
            let label = tr!(lang, "write.cell", row = index + 1, column = column).into_owned();
            let bad = bad(Place::Cell(index, place));
            let added = state.values.pressed == "add-row" && index == last && place == 0;
            let focus = added || bad.as_ref().is_some_and(|path| state.is_first_bad(lang, path));
            cell(lang, text, *kind, label, bad, focus)
        });
        let cells = cells.collect_view();
        let drop = drop_button(format!("drop-row-{index}"), tr!(lang, "write.drop_row", row = index + 1).into_owned());
        view! { <tr>{cells}<td>{drop}</td></tr> }
    });
    let rows = rows.collect_view();
    let described_by = around.described_by();
    around.fieldset(view! {
        <div class="stack stack-sm">
            <div class="table-box" tabindex="0" role="region" aria-label=tr!(lang, "write.table") aria-describedby=described_by>
                <table class="grid-table"><thead><tr>{heads}<td></td></tr></thead><tbody>{rows}</tbody></table>
            </div>
            <div class="cluster">
                <button class="btn btn-sm" name="do" value="add-row" formaction="#content"><Icon name="plus"/>{tr!(lang, "write.add_row")}</button>
                <button class="btn btn-sm" name="do" value="add-column" formaction="#content"><Icon name="plus"/>{tr!(lang, "write.add_column")}</button>
                <button class="btn btn-sm push" name="do" value="preview" formaction="#preview"><Icon name="eye"/>{tr!(lang, "write.preview")}</button>
            </div>
        </div>
    })
}

fn head(lang: Lang, index: usize, name: &str, kind: ColumnKind, can_go: bool, bad: Option<String>) -> impl IntoView + use<> {
    let kinds = [
        (ColumnKind::Text, tr!(lang, "write.kind_text")),
        (ColumnKind::Number, tr!(lang, "write.kind_number")),
        (ColumnKind::YesNo, tr!(lang, "write.kind_yes_no")),
    ];
    let options = options(kinds.into_iter().map(|(kind, words)| Choice::new(kind_word(kind), words)), kind_word(kind));
    let drop = can_go.then(|| drop_button(format!("drop-column-{index}"), tr!(lang, "write.drop_column", column = index + 1).into_owned()));
    view! {
        <th scope="col">
            <input class="input input-sm" name="column" aria-invalid=bad.is_some().then_some("true") id=bad value=name.to_owned() maxlength="60" aria-label=tr!(lang, "write.column_name", column = index + 1)/>
            <div class="cluster">
                <select class="select input-sm" name="kind" aria-label=tr!(lang, "write.column_kind", column = index + 1)>{options}</select>
                {drop}
            </div>
        </th>
    }
}

fn cell(lang: Lang, text: &str, kind: ColumnKind, label: String, bad: Option<String>, focus: bool) -> AnyView {
    let (text, invalid) = (text.to_owned(), bad.is_some().then_some("true"));
    match kind {
        ColumnKind::YesNo => {
            let words = [("", "–".into()), ("yes", tr!(lang, "write.yes")), ("no", tr!(lang, "write.no"))];
            let options = options(words.into_iter().map(|(value, words)| Choice::new(value, words)), &text);
            view! { <td><select name="cell" aria-label=label autofocus=focus aria-invalid=invalid id=bad>{options}</select></td> }.into_any()
        }
        ColumnKind::Number => {
            view! { <td class="end"><input name="cell" value=text inputmode="decimal" aria-label=label autofocus=focus aria-invalid=invalid id=bad/></td> }.into_any()
        }
        ColumnKind::Text => view! { <td><input name="cell" value=text maxlength="1000" dir="auto" aria-label=label autofocus=focus aria-invalid=invalid id=bad/></td> }.into_any(),
    }
}

fn options(choices: impl Iterator<Item = Choice>, chosen: &str) -> AnyView {
    choices
        .map(|choice| view! { <option selected=choice.value == chosen value=choice.value>{choice.words}</option> })
        .collect_view()
        .into_any()
}

fn drop_button(value: String, label: String) -> impl IntoView + use<> {
    view! { <button class="btn btn-ghost btn-icon btn-sm" name="do" value=value formaction="#content" aria-label=label><Icon name="x"/></button> }
}
