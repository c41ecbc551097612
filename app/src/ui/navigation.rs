//! Ways through the site: tabs, breadcrumbs, page numbers.

use super::Icon;
use crate::i18n::number;
use aivalid_model::{Lang, page::Pagination};
use leptos::prelude::*;

/// One of several views of a page.
pub struct Tab {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub words: String,
    /// How many things it holds, where that is known.
    pub count: Option<u64>,
    /// Whether it is the one that is shown.
    pub here: bool,
}

/// Links to the views of a page.
#[component]
pub fn Tabs(lang: Lang, label: String, tabs: Vec<Tab>) -> impl IntoView {
    let tabs = tabs.into_iter().map(|Tab { href, words, count, here }| {
        let count = count.map(|count| view! { <span class="counter">{number(lang, count)}</span> });
        view! { <a href=href aria-current=here.then_some("page")>{words}{count}</a> }
    });
    view! { <nav class="tabs" aria-label=label>{tabs.collect_view()}</nav> }
}

/// The way from the top to here: names with their addresses. The page's own title is its `<h1>`, not a crumb.
#[component]
pub fn Breadcrumb(lang: Lang, trail: Vec<(String, String)>) -> impl IntoView {
    let trail = trail.into_iter().map(|(words, href)| view! { <li><a href=href>{words}</a></li> });
    view! { <nav class="breadcrumb" aria-label=tr!(lang, "ui.breadcrumb")><ol>{trail.collect_view()}</ol></nav> }
}

/// Page numbers; nothing for a list of one page. `base` is a path with its query up to where `page=N` is added.
#[component]
pub fn PageLinks<'a>(lang: Lang, pagination: &'a Pagination, base: String) -> impl IntoView + use<> {
    let (here, last) = (u64::from(pagination.page), pagination.total_pages);
    if last <= 1 {
        return None;
    }
    let href = move |page: u64| format!("{base}page={page}");
    let previous = (here > 1).then(|| {
        let words = tr!(lang, "ui.previous");
        let label = words.clone();
        view! { <a href=href(here - 1) rel="prev" aria-label=label><Icon name="chevron-left"/><span class="wide">{words}</span></a> }
    });
    let next = (here < last).then(|| {
        let words = tr!(lang, "ui.next");
        let label = words.clone();
        view! { <a href=href(here + 1) rel="next" aria-label=label><span class="wide">{words}</span><Icon name="chevron-right"/></a> }
    });
    let numbers = shown_pages(here, last).into_iter().map(|page| match page {
        None => view! { <span>"…"</span> }.into_any(),
        Some(page) => {
            let written = number(lang, page);
            let label = tr!(lang, "ui.page", number = written);
            view! { <a href=href(page) aria-current=(page == here).then_some("page") aria-label=label>{written}</a> }.into_any()
        }
    });
    let numbers = numbers.collect_view();
    Some(view! { <nav class="pagination" aria-label=tr!(lang, "ui.pages")>{previous}{numbers}{next}</nav> })
}

/// First, last, and those around the present one; `None` where some are left out.
fn shown_pages(here: u64, last: u64) -> Vec<Option<u64>> {
    let mut shown = Vec::new();
    let mut before = 0;
    for page in 1..=last.min(2) {
        shown.push(page);
    }
    shown.extend(here.saturating_sub(1)..=here + 1);
    shown.push(last);
    shown.retain(|page| (1..=last).contains(page));
    shown.sort_unstable();
    shown.dedup();
    let mut out = Vec::with_capacity(shown.len() + 2);
    for page in shown {
        match page - before {
            1 => {}
            // A single page left out costs as much room as its number.
            2 => out.push(Some(page - 1)),
            _ => out.push(None),
        }
        out.push(Some(page));
        before = page;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::shown_pages;

    #[test]
    fn the_ends_and_the_neighbours_are_shown() {
        let text = |here, last| {
            shown_pages(here, last).into_iter().map(|page| page.map_or("…".into(), |page| page.to_string())).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(text(1, 2), "1 2");
        assert_eq!(text(1, 23), "1 2 … 23");
        assert_eq!(text(4, 23), "1 2 3 4 5 … 23");
        assert_eq!(text(12, 23), "1 2 … 11 12 13 … 23");
        assert_eq!(text(23, 23), "1 2 … 22 23");
        assert_eq!(text(99, 5), "1 2 … 5");
    }
}
