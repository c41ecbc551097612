//! Ways through the site: tabs, breadcrumbs, page numbers.

use super::html::Html;
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
    let mut html = Html::with_capacity(128 * tabs.len() + 64);
    html.raw("<nav class=\"tabs\" aria-label=\"").text(&label).raw("\">");
    for Tab { href, words, count, here } in &tabs {
        html.raw("<a href=\"").text(href).raw("\"").attribute("aria-current", here.then_some("page")).raw(">").text(words);
        if let Some(count) = *count {
            html.raw("<span class=\"counter\">").raw(&number(lang, count)).raw("</span>");
        }
        html.raw("</a>");
    }
    html.raw("</nav>");
    html
}

/// The way from the top to here: names with their addresses. The page's own title is its `<h1>`, not a crumb.
#[component]
pub fn Breadcrumb(lang: Lang, trail: Vec<(String, String)>) -> impl IntoView {
    let mut html = Html::with_capacity(256);
    html.raw("<nav class=\"breadcrumb\" aria-label=\"").text(&tr!(lang, "ui.breadcrumb")).raw("\"><ol>");
    for (words, href) in &trail {
        html.raw("<li><a href=\"").text(href).raw("\">").text(words).raw("</a></li>");
    }
    html.raw("</ol></nav>");
    html
}

/// Page numbers; nothing for a list of one page. `base` is a path with its query up to where `page=N` is added.
#[component]
pub fn PageLinks<'a>(lang: Lang, pagination: &'a Pagination, base: String) -> impl IntoView + use<> {
    let mut html = Html::default();
    let (here, last) = (u64::from(pagination.page), pagination.total_pages);
    if last <= 1 {
        return html;
    }
    let open = |html: &mut Html, page: u64| {
        html.raw("<a href=\"").text(&base).raw("page=").display(page).raw("\"");
    };
    html.raw("<nav class=\"pagination\" aria-label=\"").text(&tr!(lang, "ui.pages")).raw("\">");
    if here > 1 {
        let words = tr!(lang, "ui.previous");
        open(&mut html, here - 1);
        html.raw(" rel=\"prev\" aria-label=\"").text(&words).raw("\">").icon("chevron-left");
        html.raw("<span class=\"wide\">").text(&words).raw("</span></a>");
    }
    for page in shown_pages(here, last) {
        let Some(page) = page else {
            html.raw("<span>…</span>");
            continue;
        };
        let written = number(lang, page);
        open(&mut html, page);
        html.attribute("aria-current", (page == here).then_some("page"));
        html.attribute("aria-label", Some(&tr!(lang, "ui.page", number = written))).raw(">").raw(&written).raw("</a>");
    }
    if here < last {
        let words = tr!(lang, "ui.next");
        open(&mut html, here + 1);
        html.raw(" rel=\"next\" aria-label=\"").text(&words).raw("\"><span class=\"wide\">").text(&words).raw("</span>");
        html.icon("chevron-right").raw("</a>");
    }
    html.raw("</nav>");
    html
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
