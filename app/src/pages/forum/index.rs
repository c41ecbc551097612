//! The forum's first page: its categories, and what was written last.

use crate::{
    context::Ctx,
    i18n::plural,
    page::{Page, PageResult},
    paths,
    ui::{Html, Icon, ThreadRows, Tile, Time},
};
use aivalid_model::{
    community::{Category, CategoryKind, ThreadFilter},
    page::PageRequest,
};
use leptos::prelude::*;

/// Threads below the categories.
const ROWS: u32 = 10;

/// `GET /forum`.
pub async fn show(ctx: Ctx) -> PageResult {
    let lang = ctx.lang();
    let categories = ctx.service.categories(&ctx.caller).await?;
    let rows = ctx.service.threads(&ctx.caller, &ThreadFilter::default(), PageRequest::new(None, Some(ROWS)), None).await?.items;
    let list = categories
        .iter()
        .filter(|category| category.kind == CategoryKind::Forum)
        .map(|category| category_row(&ctx, category))
        .collect::<Vec<_>>();
    let newest = (!rows.is_empty()).then(|| {
        view! { <section><div class="rows-title"><h2>{tr!(lang, "forum.newest")}</h2></div><ThreadRows ctx=&ctx rows categories=&categories/></section> }
    });
    let body = view! {
        <div class="page-head">
            <div><h1>{tr!(lang, "forum.title")}</h1><p class="small"><a href="/feeds/threads.atom"><Icon name="rss"/>" Atom"</a></p></div>
            <a class="btn btn-primary" href="/threads/new"><Icon name="plus"/>{tr!(lang, "forum.new")}</a>
        </div>
        <div class="stack stack-lg">
            <section><h2 class="visually-hidden">{tr!(lang, "forum.categories")}</h2><ul class="rows">{list}</ul></section>
            {newest}
        </div>
    };
    Ok(Page::new(tr!(lang, "forum.title"), body)
        .description(tr!(lang, "forum.description"))
        .canonical("/forum")
        .feed("/feeds/threads.atom"))
}

fn category_row(ctx: &Ctx, category: &Category) -> Html {
    let lang = ctx.lang();
    let href = paths::category(category);
    let last = category.last_activity_at.map(|at| view! { <span class="muted"><Time ctx at/></span> });
    Html::of(view! {
        <li class="row">
            <div class="row-lead"><Tile icon=category.icon.clone() colour=category.colour.clone()/></div>
            <div class="row-main">
                <h3 class="row-title"><a href=href>{category.name(lang).to_owned()}</a></h3>
                <p class="row-text">{category.description(lang).to_owned()}</p>
            </div>
            <div class="row-end"><span>{plural(lang, "forum.threads", category.post_count)}</span>{last}</div>
        </li>
    })
}
