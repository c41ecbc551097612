//! The threads of one category.

use crate::{
    context::Ctx,
    i18n::plural,
    page::{Page, PageResult},
    pages::lists::{list_end, sort_of, sort_tabs},
    paths,
    query::Asks,
    ui::{Breadcrumb, EmptyState, Html, Icon, Tabs, ThreadRows},
};
use aivalid_model::{
    community::{CategoryKind, Sort, ThreadFilter},
    page::PageRequest,
};
use axum::extract::Path;
use leptos::prelude::*;
use serde::Deserialize;

/// What the address may ask for.
#[derive(Deserialize)]
pub struct Asked {
    page: Option<u32>,
    sort: Option<String>,
}

/// `GET /forum/{category}`.
pub async fn show(ctx: Ctx, Path(slug): Path<String>, Asks(asked): Asks<Asked>) -> PageResult {
    let lang = ctx.lang();
    let category = ctx.service.category(&ctx.caller, CategoryKind::Forum, &slug).await?;
    let sort = sort_of(asked.sort.as_deref());
    let filter = ThreadFilter { category: Some(category.id), sort, ..ThreadFilter::default() };
    let threads = ctx.service.threads(&ctx.caller, &filter, PageRequest::new(asked.page, None), None).await?;
    let path = paths::category(&category);
    let new = format!("/threads/new?category={}", category.slug);
    let base = if sort == Sort::Latest { format!("{path}?") } else { format!("{path}?sort={}&", sort.as_str()) };
    let list = if threads.pagination.total == 0 {
        let new = new.clone();
        Html::of(view! {
            <EmptyState icon="messages-square" title=tr!(lang, "forum.none") words=tr!(lang, "forum.none_words")>
                <a class="btn" href=new>{tr!(lang, "forum.new")}</a>
            </EmptyState>
        })
    } else {
        Html::of(view! { <ThreadRows ctx=&ctx rows=threads.items categories=&[] level=2 name_category=false/> })
    };
    let name = category.name(lang).to_owned();
    let description = category.description(lang).to_owned();
    let body = view! {
        <Breadcrumb lang trail=vec![(tr!(lang, "forum.title").into_owned(), "/forum".to_owned())]/>
        <div class="page-head">
            <div><h1>{name.clone()}</h1><p class="small">{description.clone()}" "{plural(lang, "forum.threads", category.post_count)}"."</p></div>
            <a class="btn btn-primary" href=new><Icon name="plus"/>{tr!(lang, "forum.new")}</a>
        </div>
        <Tabs lang label=tr!(lang, "ui.sort").into_owned() tabs=sort_tabs(lang, &format!("{path}?"), sort)/>
        {list}
        {list_end(&ctx, &threads.pagination, base)}
    };
    Ok(Page::new(name, body).description(description).canonical(path).feed("/feeds/threads.atom"))
}
