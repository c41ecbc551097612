//! Rows of lists: cases and threads look the same wherever they are listed.

use super::{Avatar, Icon, Money, StatusChip, TagLink, Tile, Time, UserLink, time::short_day};
use crate::{
    context::Ctx,
    i18n::{number, plural},
    paths,
};
use aivalid_model::{
    cases::{CaseRow, CaseStatus},
    community::{Category, ThreadRow},
    id::CategoryId,
    money::Rupiah,
};
use leptos::{either::Either, prelude::*};

/// The level of the rows' headings: 2 where the list is the page, 3 in a section with a heading of its own.
pub type Level = u8;

fn heading(level: Level, inner: impl IntoView) -> impl IntoView {
    if level == 2 {
        Either::Left(view! { <h2 class="row-title" dir="auto">{inner}</h2> })
    } else {
        Either::Right(view! { <h3 class="row-title" dir="auto">{inner}</h3> })
    }
}

fn category_of(categories: &[Category], id: CategoryId) -> Option<&Category> {
    categories.iter().find(|category| category.id == id)
}

/// How many replies, as a number beside its icon.
fn replies(ctx: &Ctx, count: u64) -> impl IntoView + use<> {
    let lang = ctx.lang();
    view! { <span title=plural(lang, "ui.replies", count)><Icon name="message-square"/>" "{number(lang, count)}<span class="visually-hidden">{tr!(lang, "ui.replies_hidden")}</span></span> }
}

/// Cases as rows.
#[component]
pub fn CaseRows<'a>(
    ctx: &'a Ctx,
    rows: Vec<CaseRow>,
    categories: &'a [Category],
    #[prop(default = 3)] level: Level,
) -> impl IntoView + use<> {
    let rows = rows.into_iter().map(|row| case_row(ctx, row, categories, level)).collect::<Vec<_>>();
    view! { <ul class="rows">{rows}</ul> }
}

fn case_row(ctx: &Ctx, row: CaseRow, categories: &[Category], level: Level) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let tile = category_of(categories, row.category_id)
        .map(|category| view! { <Tile icon=category.icon.clone() colour=category.colour.clone()/> });
    let deadline = row.deadline.filter(|_| row.status == CaseStatus::Open).map(|at| {
        let words = tr!(lang, "case.deadline_short", date = short_day(lang, ctx.now, at, ctx.zone()));
        view! { <span><Icon name="calendar"/>{words}</span> }
    });
    let bounty = match row.bounty_amount {
        Rupiah(0) => Either::Left(view! { <span class="muted">{tr!(lang, "case.no_bounty")}</span> }),
        amount => Either::Right(view! { <Money amount/> }),
    };
    let href = paths::case(row.id, &row.title);
    let tags = row.tags.into_iter().map(|slug| view! { <TagLink slug/> }).collect::<Vec<_>>();
    view! {
        <li class="row">
            <div class="row-lead">{tile}</div>
            <div class="row-main">
                {heading(level, view! { <a href=href>{row.title}</a> })}
                <p class="row-meta">
                    <span><StatusChip lang status=row.status/></span>
                    <span>{tr!(lang, "ui.by")}" "<UserLink lang card=&row.owner/></span>
                    {deadline}
                    {replies(ctx, row.reply_count)}
                    {tags}
                </p>
            </div>
            <div class="row-end">{bounty}<span class="muted"><Time ctx at=row.last_activity_at/></span></div>
        </li>
    }
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
    let rows = rows.into_iter().map(|row| thread_row(ctx, row, if name_category { categories } else { &[] }, level)).collect::<Vec<_>>();
    view! { <ul class="rows">{rows}</ul> }
}

fn thread_row(ctx: &Ctx, row: ThreadRow, categories: &[Category], level: Level) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let mark = |shown: bool, icon: &'static str, words: std::borrow::Cow<'static, str>| {
        shown.then(|| view! { <Icon name=icon/><span class="visually-hidden">{words}": "</span>" " })
    };
    let pinned = mark(row.pinned, "pin", tr!(lang, "ui.pinned"));
    let locked = mark(row.locked, "lock", tr!(lang, "ui.locked"));
    let category = category_of(categories, row.category_id).map(|category| {
        view! { <span><a href=paths::category(category)>{category.name(lang).to_owned()}</a></span> }
    });
    let last = row.last_reply_by.as_ref().map(|card| view! { <span>{tr!(lang, "ui.last_by")}" "<UserLink lang card/></span> });
    let href = paths::thread(row.id, &row.title);
    let tags = row.tags.into_iter().map(|slug| view! { <TagLink slug/> }).collect::<Vec<_>>();
    view! {
        <li class="row">
            <div class="row-lead"><Avatar card=&row.author/></div>
            <div class="row-main">
                {heading(level, view! { {pinned}{locked}<a href=href>{row.title}</a> })}
                <p class="row-meta"><UserLink lang card=&row.author/>{category}{last}{tags}</p>
            </div>
            <div class="row-end">{replies(ctx, row.reply_count)}<span class="muted"><Time ctx at=row.last_activity_at/></span></div>
        </li>
    }
}
