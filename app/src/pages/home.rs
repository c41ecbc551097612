//! The first page: for guests what AIValid is and how much there is of it, for everyone the newest cases and threads.

use crate::{
    context::Ctx,
    i18n::number,
    page::{Page, PageResult},
    pages::auth::verify_notice,
    ui::{CaseRows, EmptyState, Html, ThreadRows},
};
use aivalid_model::{
    cases::{CaseFilter, CaseRow, CaseStatus},
    community::{Category, Sort, ThreadFilter, ThreadRow},
};
use aivalid_service::community::Figures;
use leptos::prelude::*;

/// Rows of each list.
const ROWS: u32 = 6;

/// `GET /`.
pub async fn show(ctx: Ctx) -> PageResult {
    let categories = ctx.service.categories(&ctx.caller).await?;
    let open = CaseFilter { status: Some(CaseStatus::Open), sort: Sort::Newest, ..CaseFilter::default() };
    let (cases, threads) = ctx.service.first_of_both(&ctx.caller, &open, &ThreadFilter::default(), ROWS).await?;
    let lang = ctx.lang();
    let lists = view! { {case_section(&ctx, cases, &categories)}{thread_section(&ctx, threads, &categories)} };
    let body = match &ctx.caller.user {
        None => {
            let figures = ctx.service.figures(&ctx.caller).await?;
            Html::of(view! { {welcome(&ctx)}<div class="stack stack-lg">{figure_list(&ctx, figures)}{lists}</div> })
        }
        Some(user) => {
            let greeting = tr!(lang, "home.hello", name = user.username);
            Html::of(view! {
                {verify_notice(&ctx)}
                <div class="page-head"><h1>{greeting}</h1><a class="btn btn-primary" href="/validation-cases/new">{tr!(lang, "case.new")}</a></div>
                <div class="stack stack-lg">{lists}</div>
            })
        }
    };
    Ok(Page::new(tr!(lang, "home.title"), body).description(tr!(lang, "home.lead")).canonical("/"))
}

fn welcome(ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    Html::of(view! {
        <section class="page-head">
            <div><h1 class="headline">{tr!(lang, "home.headline")}</h1><p>{tr!(lang, "home.lead")}</p></div>
            <div class="cluster">
                <a class="btn btn-primary" href="/register">{tr!(lang, "home.join")}</a>
                <a class="btn" href="/about">{tr!(lang, "home.how")}</a>
            </div>
        </section>
    })
}

fn figure_list(ctx: &Ctx, figures: Figures) -> Html {
    let lang = ctx.lang();
    let figure = |words: std::borrow::Cow<'static, str>, count: u64| view! { <div><dt>{words}</dt><dd>{number(lang, count)}</dd></div> };
    Html::of(view! {
        <dl class="figures">
            {figure(tr!(lang, "home.open_cases"), figures.open_cases)}
            {figure(tr!(lang, "home.completed_cases"), figures.completed_cases)}
            {figure(tr!(lang, "home.threads"), figures.threads)}
            {figure(tr!(lang, "home.members"), figures.members)}
        </dl>
    })
}

fn case_section(ctx: &Ctx, rows: Vec<CaseRow>, categories: &[Category]) -> Html {
    let lang = ctx.lang();
    let list = if rows.is_empty() {
        Html::of(view! {
            <EmptyState icon="briefcase" title=tr!(lang, "case.none") words=tr!(lang, "case.none_words")>
                <a class="btn" href="/validation-cases/new">{tr!(lang, "case.new")}</a>
            </EmptyState>
        })
    } else {
        Html::of(view! { <CaseRows ctx rows categories/> })
    };
    Html::of(
        view! { <section><div class="rows-title"><h2>{tr!(lang, "home.newest_cases")}</h2><a href="/validation-cases">{tr!(lang, "home.all_cases")}</a></div>{list}</section> },
    )
}

fn thread_section(ctx: &Ctx, rows: Vec<ThreadRow>, categories: &[Category]) -> Html {
    let lang = ctx.lang();
    let list = if rows.is_empty() {
        Html::of(view! {
            <EmptyState icon="messages-square" title=tr!(lang, "forum.none") words=tr!(lang, "forum.none_words")>
                <a class="btn" href="/threads/new">{tr!(lang, "forum.new")}</a>
            </EmptyState>
        })
    } else {
        Html::of(view! { <ThreadRows ctx rows categories/> })
    };
    Html::of(
        view! { <section><div class="rows-title"><h2>{tr!(lang, "home.newest_threads")}</h2><a href="/forum">{tr!(lang, "home.to_forum")}</a></div>{list}</section> },
    )
}
