//! Finding cases.

use super::filter::Asked;
use crate::{
    context::Ctx,
    i18n::plural,
    page::{Page, PageResult},
    pages::lists::{list_end, sort_tabs},
    paths,
    query::Asks,
    ui::{Breadcrumb, CaseRows, EmptyState, Html, Icon, Tabs},
};
use aivalid_model::{
    community::{Category, CategoryKind, Sort},
    page::PageRequest,
};
use axum::extract::Path;
use leptos::prelude::*;

const ALL: &str = "/validation-cases";
const FEED: &str = "/feeds/validation-cases.atom";

/// `GET /validation-cases`; `?category=` is what the form sends.
pub async fn show(ctx: Ctx, Asks(asked): Asks<Asked>) -> PageResult {
    let category = match asked.category.as_str() {
        "" => None,
        slug => Some(ctx.service.category(&ctx.caller, CategoryKind::Case, slug).await?),
    };
    list(&ctx, &asked, category).await
}

/// `GET /validation-cases/category/{slug}`.
pub async fn in_category(ctx: Ctx, Path(slug): Path<String>, Asks(asked): Asks<Asked>) -> PageResult {
    let category = ctx.service.category(&ctx.caller, CategoryKind::Case, &slug).await?;
    list(&ctx, &asked, Some(category)).await
}

async fn list(ctx: &Ctx, asked: &Asked, category: Option<Category>) -> PageResult {
    let lang = ctx.lang();
    let categories = ctx.service.categories(&ctx.caller).await?;
    let filter = asked.filter(category.as_ref());
    let cases = ctx.service.cases(&ctx.caller, &filter, PageRequest::new(asked.page, None), None).await?;
    let path = category.as_ref().map_or_else(|| ALL.to_owned(), paths::category);
    let tabs_base = format!("{path}?{}", asked.chosen());
    let base = match asked.sort() {
        Sort::Latest => tabs_base.clone(),
        sort => format!("{tabs_base}sort={}&", sort.as_str()),
    };
    let new = category
        .as_ref()
        .map_or_else(|| "/validation-cases/new".to_owned(), |category| format!("/validation-cases/new?category={}", category.slug));
    let total = cases.pagination.total;
    let rows = if total > 0 {
        Html::of(view! { <CaseRows ctx rows=cases.items categories=&categories level=2/> })
    } else if asked.narrows() {
        let all = path.clone();
        Html::of(view! {
            <EmptyState icon="funnel" title=tr!(lang, "filter.none") words=tr!(lang, "filter.none_words")>
                <a class="btn" href=all>{tr!(lang, "filter.clear")}</a>
            </EmptyState>
        })
    } else {
        let new = new.clone();
        Html::of(view! {
            <EmptyState icon="briefcase" title=tr!(lang, "case.none") words=tr!(lang, "case.none_words")>
                <a class="btn" href=new>{tr!(lang, "case.new")}</a>
            </EmptyState>
        })
    };
    let (title, description, trail) = match &category {
        None => (tr!(lang, "case.title").into_owned(), tr!(lang, "case.description").into_owned(), None),
        Some(category) => {
            let trail = vec![(tr!(lang, "case.title").into_owned(), ALL.to_owned())];
            (category.name(lang).to_owned(), category.description(lang).to_owned(), Some(view! { <Breadcrumb lang trail/> }))
        }
    };
    let body = view! {
        {trail}
        <div class="page-head">
            <div>
                <h1>{title.clone()}</h1>
                <p class="small">{description.clone()}" "{plural(lang, "case.count", total)}" · "<a href=FEED><Icon name="rss"/>" Atom"</a></p>
            </div>
            <a class="btn btn-primary" href=new><Icon name="plus"/>{tr!(lang, "case.new")}</a>
        </div>
        {asked.form(ctx, &categories, category.as_ref())}
        <Tabs lang label=tr!(lang, "ui.sort").into_owned() tabs=sort_tabs(lang, &tabs_base, asked.sort())/>
        {rows}
        {list_end(ctx, &cases.pagination, base)}
    };
    Ok(Page::new(title, body).description(description).canonical(path).feed(FEED))
}
