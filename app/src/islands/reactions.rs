//! Reacting without leaving the page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A reaction's name, icon and words, in the order they are offered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReactionWords {
    /// `like` and the like.
    pub kind: String,
    /// Its icon in the sprite.
    pub icon: String,
    /// What it is called.
    pub words: String,
}

/// Makes the page's reaction buttons work at once, and opens the picker in its place. Once a page; shows nothing itself.
#[island]
pub fn Reactions(
    /// The six reactions.
    all: Vec<ReactionWords>,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    live::start(all.into());
    #[cfg(not(feature = "hydrate"))]
    drop(all);
}

#[cfg(feature = "hydrate")]
mod live {
    use super::{
        super::dom::{all, around, find},
        ReactionWords,
    };
    use crate::wish::Wish;
    use aivalid_model::community::{ReactionKind, Reactions};
    use leptos::{ev, prelude::*};
    use std::{fmt::Write, rc::Rc};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlButtonElement, HtmlDetailsElement, HtmlElement, HtmlFormElement, HtmlInputElement};

    type All = Rc<[ReactionWords]>;

    pub(super) fn start(words: All) {
        window_event_listener(ev::click, move |event| {
            if let Some(button) = around::<HtmlButtonElement>(&event, "button[form=rx]") {
                if let (Some(wish), Ok(Some(footer))) = (Wish::parse(&button.value()), button.closest("footer")) {
                    event.prevent_default();
                    send(words.clone(), footer, wish);
                }
            } else if let Some(link) = around::<HtmlElement>(&event, "a.act[href*='react=']")
                && let Some(id) = link.get_attribute("href").as_deref().and_then(asked)
            {
                event.prevent_default();
                open_picker(&words, &link, id);
            }
        });
    }

    /// The number behind `react=` in a link.
    fn asked(href: &str) -> Option<i64> {
        href.split("react=").nth(1)?.split(['&', '#']).next()?.parse().ok()
    }

    /// Shows what the reaction will lead to, then what it led to.
    fn send(words: All, footer: Element, wish: Wish) {
        if let Some(menu) = find::<HtmlDetailsElement>(Some(&footer), "details[open]") {
            menu.set_open(false);
        }
        let (before, mine) = read(&words, &footer);
        let mut after = before;
        after.change(mine, wish.kind);
        show(&words, &footer, wish, after);
        leptos::task::spawn_local(async move {
            match crate::fns::react(wish.to_string()).await {
                Ok(counts) => show(&words, &footer, wish, counts),
                Err(_) => by_form(wish),
            }
        });
    }

    /// Sends the form instead; its page says what is wrong.
    fn by_form(wish: Wish) {
        let Some(form) = find::<HtmlFormElement>(None, "#rx") else { return };
        let Ok(Ok(field)) = document().create_element("input").map(JsCast::dyn_into::<HtmlInputElement>) else { return };
        field.set_name("r");
        field.set_value(&wish.to_string());
        if form.append_child(&field).is_ok() {
            // A form that can't be sent leaves the page as it is.
            let _ = form.submit();
        }
    }

    /// The counts that the page shows, and one's own reaction.
    fn read(words: &All, footer: &Element) -> (Reactions, Option<ReactionKind>) {
        let mut counts = Reactions::default();
        let mut mine = None;
        for button in all::<HtmlButtonElement>(footer, ".reaction") {
            let href = find::<Element>(Some(&button), "use").and_then(|icon| icon.get_attribute("href")).unwrap_or_default();
            let known = words.iter().find(|word| href.ends_with(&format!("-{}", word.icon)));
            let Some(kind) = known.and_then(|word| word.kind.parse::<ReactionKind>().ok()) else { continue };
            counts[kind] = button.text_content().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
            if button.get_attribute("aria-pressed").as_deref() == Some("true") {
                mine = Some(kind);
            }
        }
        (counts, mine)
    }

    /// Writes the buttons anew, before everything else in the footer; the focus stays where it was.
    fn show(words: &All, footer: &Element, wish: Wish, counts: Reactions) {
        let had_focus = document().active_element().is_some_and(|element| footer.contains(Some(&element)));
        for old in all::<Element>(footer, ".reaction") {
            old.remove();
        }
        let mut html = String::new();
        for word in words.iter() {
            let Ok(kind) = word.kind.parse::<ReactionKind>() else { continue };
            let count = counts[kind];
            if count == 0 {
                continue;
            }
            let pressed = wish.kind == Some(kind);
            let value = Wish { kind: (!pressed).then_some(kind), ..wish };
            // Writing to a string can't fail.
            let _ = write!(
                html,
                "<button class=\"reaction\" form=\"rx\" name=\"r\" value=\"{value}\" aria-pressed=\"{pressed}\" aria-label=\"{}, {count}\">{}{count}</button>",
                word.words,
                icon(&word.icon)
            );
        }
        let _ = footer.insert_adjacent_html("afterbegin", &html);
        let next = find::<HtmlElement>(Some(footer), "[aria-pressed=true]").or_else(|| find(Some(footer), ".act"));
        if let Some(next) = next.filter(|_| had_focus) {
            let _ = next.focus();
        }
    }

    /// Puts the picker before a reply's link to it, which it replaces.
    fn open_picker(words: &All, link: &HtmlElement, id: i64) {
        let label = link.get_attribute("aria-label").unwrap_or_default();
        let mut html = format!(
            "<details class=\"menu menu-start\" open><summary class=\"act\" aria-label=\"{label}\">{}</summary><div class=\"menu-list menu-list-row\">",
            icon("smile-plus")
        );
        for word in words.iter() {
            let _ = write!(
                html,
                "<button form=\"rx\" name=\"r\" value=\"{id}:{}\" aria-label=\"{}\">{}</button>",
                word.kind,
                word.words,
                icon(&word.icon)
            );
        }
        html.push_str("</div></details>");
        if link.insert_adjacent_html("beforebegin", &html).is_err() {
            return;
        }
        let first = link.previous_element_sibling().and_then(|picker| find::<HtmlElement>(Some(&picker), "button"));
        link.remove();
        if let Some(first) = first {
            let _ = first.focus();
        }
    }

    fn icon(name: &str) -> String {
        format!("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/icons.svg#i-{name}\"/></svg>")
    }
}
