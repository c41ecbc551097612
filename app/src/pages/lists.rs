//! What lists of cases and threads have in common.

use crate::{
    context::Ctx,
    ui::{EmptyState, Html, PageLinks, Tab},
};
use aivalid_model::{Lang, community::Sort, page::Pagination};
use leptos::prelude::*;
use std::borrow::Cow;

/// An order in words.
pub fn sort_words(lang: Lang, sort: Sort) -> Cow<'static, str> {
    match sort {
        Sort::Latest => tr!(lang, "sort.latest"),
        Sort::Newest => tr!(lang, "sort.newest"),
        Sort::Top => tr!(lang, "sort.top"),
        Sort::Unanswered => tr!(lang, "sort.unanswered"),
    }
}

/// The order that an address asks for; the usual one for words that are none.
pub fn sort_of(asked: Option<&str>) -> Sort {
    asked.and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// A tab for each order. `base` is the list's path with its query up to where `sort=` is added.
pub fn sort_tabs(lang: Lang, base: &str, here: Sort) -> Vec<Tab> {
    let tab = |sort: Sort| Tab {
        href: format!("{base}sort={}", sort.as_str()),
        words: sort_words(lang, sort).into_owned(),
        count: None,
        here: sort == here,
    };
    Sort::ALL.map(tab).into()
}

/// The links below a list; on a page beyond its end, the way back. `base` as [`PageLinks`] has it.
pub fn list_end(ctx: &Ctx, pagination: &Pagination, base: String) -> Html {
    let lang = ctx.lang();
    if u64::from(pagination.page) > pagination.total_pages && pagination.total > 0 {
        let first = format!("{base}page=1");
        return Html::of(view! {
            <EmptyState icon="list" title=tr!(lang, "ui.empty_page") words=tr!(lang, "ui.empty_page_words")>
                <a class="btn" href=first>{tr!(lang, "ui.first_page")}</a>
            </EmptyState>
        });
    }
    Html::of(view! { <PageLinks lang pagination base/> })
}
