//! Everything that carries a tag.

use crate::{
    context::Ctx,
    page::{Page, PageResult},
    pages::lists::list_end,
    paths,
    query::Asks,
    ui::{CaseRows, Html, Tab, Tabs, ThreadRows},
};
use aivalid_model::{Error, cases::CaseFilter, check::Check, community::ThreadFilter, page::PageRequest, slug::Slug};
use axum::extract::Path;
use leptos::prelude::*;
use serde::Deserialize;

/// Rows of each kind on the first view.
const FEW: u32 = 8;

/// What the address may ask for.
#[derive(Deserialize)]
pub struct Asked {
    page: Option<u32>,
    of: Option<String>,
}

/// `GET /tags/{slug}`: both kinds, or one of them in full (`?of=threads`, `?of=cases`).
pub async fn show(ctx: Ctx, Path(slug): Path<String>, Asks(asked): Asks<Asked>) -> PageResult {
    let lang = ctx.lang();
    let slug = Slug::check(slug).map_err(|_| Error::NotFound)?.as_str().to_owned();
    let categories = ctx.service.categories(&ctx.caller).await?;
    let (wants_threads, wants_cases) = (asked.of.as_deref() != Some("cases"), asked.of.as_deref() != Some("threads"));
    let both = wants_threads && wants_cases;
    let page = if both { PageRequest::new(None, Some(FEW)) } else { PageRequest::new(asked.page, None) };
    let thread_filter = ThreadFilter { tag: Some(slug.clone()), ..ThreadFilter::default() };
    let case_filter = CaseFilter { tag: Some(slug.clone()), ..CaseFilter::default() };
    let (cases, threads) = match (wants_cases, wants_threads) {
        (false, _) => (None, Some(ctx.service.threads(&ctx.caller, &thread_filter, page, None).await?)),
        (true, false) => (Some(ctx.service.cases(&ctx.caller, &case_filter, page, None).await?), None),
        (true, true) => {
            let (cases, threads) = ctx.service.page_of_both(&ctx.caller, &case_filter, &thread_filter, page).await?;
            (Some(cases), Some(threads))
        }
    };
    let count = |total: Option<u64>| total.unwrap_or(0);
    if both && count(threads.as_ref().map(|list| list.pagination.total)) + count(cases.as_ref().map(|list| list.pagination.total)) == 0 {
        return Err(Error::NotFound.into());
    }
    let path = paths::tag(&slug);
    let tab = |of: Option<&str>, words: String, count: Option<u64>| Tab {
        href: of.map_or_else(|| path.clone(), |of| format!("{path}?of={of}")),
        words,
        count,
        here: of.map_or(both, |of| asked.of.as_deref() == Some(of)),
    };
    let tabs = vec![
        tab(None, tr!(lang, "ui.all").into_owned(), None),
        tab(Some("threads"), tr!(lang, "tag.threads").into_owned(), threads.as_ref().map(|list| list.pagination.total)),
        tab(Some("cases"), tr!(lang, "tag.cases").into_owned(), cases.as_ref().map(|list| list.pagination.total)),
    ];
    let list = match (threads, cases) {
        (Some(threads), Some(cases)) => {
            let threads = (!threads.items.is_empty()).then(|| {
                view! { <section><div class="rows-title"><h2>{tr!(lang, "tag.threads")}</h2><a href=format!("{path}?of=threads")>{tr!(lang, "ui.all")}</a></div><ThreadRows ctx=&ctx rows=threads.items categories=&categories/></section> }
            });
            let cases = (!cases.items.is_empty()).then(|| {
                view! { <section><div class="rows-title"><h2>{tr!(lang, "tag.cases")}</h2><a href=format!("{path}?of=cases")>{tr!(lang, "ui.all")}</a></div><CaseRows ctx=&ctx rows=cases.items categories=&categories/></section> }
            });
            Html::of(view! { <div class="stack stack-lg">{cases}{threads}</div> })
        }
        (Some(list), None) => Html::of(view! {
            <ThreadRows ctx=&ctx rows=list.items categories=&categories level=2/>
            {list_end(&ctx, &list.pagination, format!("{path}?of=threads&"))}
        }),
        (_, cases) => Html::of(cases.map(|list| {
            view! {
                <CaseRows ctx=&ctx rows=list.items categories=&categories level=2/>
                {list_end(&ctx, &list.pagination, format!("{path}?of=cases&"))}
            }
        })),
    };
    let title = tr!(lang, "tag.title", tag = slug);
    let body = view! {
        <div class="page-head"><h1>{title.clone()}</h1></div>
        <Tabs lang label=title.clone().into_owned() tabs/>
        {list}
    };
    Ok(Page::new(title, body).canonical(path).within(Some("/forum".to_owned())))
}
