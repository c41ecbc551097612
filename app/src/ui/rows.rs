//! Rows of lists: cases and threads look the same wherever they are listed.

use super::{
    basics::{write_avatar, write_money, write_tile},
    html::Html,
    person::{write_tag, write_user},
    status::write_status,
    time::{short_day, write_time},
};
use crate::{
    context::Ctx,
    i18n::{number, plural},
    paths,
};
use aivalid_model::{
    Lang, Timestamp,
    cases::{CaseRow, CaseStatus},
    community::{Category, ThreadRow},
    id::CategoryId,
    money::Rupiah,
};
use leptos::prelude::*;
use std::borrow::Cow;

/// The level of the rows' headings: 2 where the list is the page, 3 in a section with a heading of its own.
pub type Level = u8;

/// Bytes of a row.
const ROW: usize = 1400;

fn write_heading(html: &mut Html, level: Level, marks: &[Mark<'_>], href: &str, title: &str) {
    let level = if level == 2 { "2" } else { "3" };
    html.raw("<h").raw(level).raw(" class=\"row-title\" dir=\"auto\">");
    for (icon, words) in marks {
        html.icon(icon).raw("<span class=\"visually-hidden\">").text(words).raw(": </span> ");
    }
    html.raw("<a href=\"").raw(href).raw("\">").text(title).raw("</a></h").raw(level).raw(">");
}

/// An icon before a title, and what it says.
type Mark<'a> = (&'static str, Cow<'a, str>);

fn category_of(categories: &[Category], id: CategoryId) -> Option<&Category> {
    categories.iter().find(|category| category.id == id)
}

/// Writes how many replies there are, as a number beside its icon.
fn write_replies(html: &mut Html, lang: Lang, count: u64) {
    html.raw("<span title=\"").text(&plural(lang, "ui.replies", count)).raw("\">").icon("message-square").raw(" ");
    html.raw(&number(lang, count)).raw("<span class=\"visually-hidden\">").text(&tr!(lang, "ui.replies_hidden")).raw("</span></span>");
}

/// Cases as rows.
#[component]
pub fn CaseRows<'a>(
    ctx: &'a Ctx,
    rows: Vec<CaseRow>,
    categories: &'a [Category],
    #[prop(default = 3)] level: Level,
) -> impl IntoView + use<> {
    let mut html = Html::with_capacity(ROW * rows.len() + 32);
    html.raw("<ul class=\"rows\">");
    for row in &rows {
        write_case(&mut html, ctx, row, categories, level);
    }
    html.raw("</ul>");
    html
}

fn write_case(html: &mut Html, ctx: &Ctx, row: &CaseRow, categories: &[Category], level: Level) {
    let lang = ctx.lang();
    html.raw("<li class=\"row\"><div class=\"row-lead\">");
    if let Some(category) = category_of(categories, row.category_id) {
        write_tile(html, &category.icon, &category.colour);
    }
    html.raw("</div><div class=\"row-main\">");
    write_heading(html, level, &[], &paths::case(row.id, &row.title), &row.title);
    html.raw("<p class=\"row-meta\"><span>");
    write_status(html, lang, row.status);
    html.raw("</span><span>").text(&tr!(lang, "ui.by")).raw(" ");
    write_user(html, lang, &row.owner, "");
    html.raw("</span>");
    if let Some(at) = row.deadline.filter(|_| row.status == CaseStatus::Open) {
        html.raw("<span>").icon("calendar");
        if at > ctx.now {
            html.text(&tr!(lang, "case.deadline_short", date = short_day(lang, ctx.now, at, ctx.zone())));
        } else {
            html.text(&tr!(lang, "case.deadline_passed"));
        }
        html.raw("</span>");
    }
    write_replies(html, lang, row.reply_count);
    for slug in &row.tags {
        write_tag(html, slug);
    }
    html.raw("</p></div><div class=\"row-end\">");
    match row.bounty_amount {
        Rupiah(0) => drop(html.raw("<span class=\"muted\">").text(&tr!(lang, "case.no_bounty")).raw("</span>")),
        amount => write_money(html, amount),
    }
    write_activity(html, ctx, row.last_activity_at);
}

/// Writes the end of a row.
fn write_activity(html: &mut Html, ctx: &Ctx, at: Timestamp) {
    html.raw("<span class=\"muted\">");
    write_time(html, ctx, at);
    html.raw("</span></div></li>");
}

/// Threads as rows.
#[component]
pub fn ThreadRows<'a>(
    ctx: &'a Ctx,
    rows: Vec<ThreadRow>,
    categories: &'a [Category],
    #[prop(default = 3)] level: Level,
    /// Whether to name the category: not on a category's own page.
    #[prop(default = true)]
    name_category: bool,
) -> impl IntoView + use<> {
    let mut html = Html::with_capacity(ROW * rows.len() + 32);
    html.raw("<ul class=\"rows\">");
    for row in &rows {
        write_thread(&mut html, ctx, row, if name_category { categories } else { &[] }, level);
    }
    html.raw("</ul>");
    html
}

fn write_thread(html: &mut Html, ctx: &Ctx, row: &ThreadRow, categories: &[Category], level: Level) {
    let lang = ctx.lang();
    html.raw("<li class=\"row\"><div class=\"row-lead\">");
    write_avatar(html, &row.author, "", "32");
    html.raw("</div><div class=\"row-main\">");
    let marks = [(row.pinned, ("pin", tr!(lang, "ui.pinned"))), (row.locked, ("lock", tr!(lang, "ui.locked")))];
    let marks: Vec<Mark<'_>> = marks.into_iter().filter_map(|(shown, mark)| shown.then_some(mark)).collect();
    write_heading(html, level, &marks, &paths::thread(row.id, &row.title), &row.title);
    html.raw("<p class=\"row-meta\">");
    write_user(html, lang, &row.author, "");
    if let Some(category) = category_of(categories, row.category_id) {
        html.raw("<span><a href=\"").text(&paths::category(category)).raw("\">").text(category.name(lang)).raw("</a></span>");
    }
    if let Some(card) = &row.last_reply_by {
        html.raw("<span>").text(&tr!(lang, "ui.last_by")).raw(" ");
        write_user(html, lang, card, "");
        html.raw("</span>");
    }
    for slug in &row.tags {
        write_tag(html, slug);
    }
    html.raw("</p></div><div class=\"row-end\">");
    write_replies(html, lang, row.reply_count);
    write_activity(html, ctx, row.last_activity_at);
}
