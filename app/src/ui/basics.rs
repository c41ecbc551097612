//! The smallest pieces.

use aivalid_model::{identity::UserCard, money::Rupiah};
use leptos::{prelude::*, text_prop::TextProp};

/// HTML that we made or sanitised ourselves, without an element around it.
#[component]
pub fn Raw(html: String) -> impl IntoView {
    leptos::tachys::html::InertElement::new(html)
}

/// An icon of the sprite; always beside words, or in a control with a label of its own.
#[component]
pub fn Icon(#[prop(into)] name: std::borrow::Cow<'static, str>) -> impl IntoView {
    Raw(RawProps { html: format!("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/icons.svg#i-{name}\"/></svg>") })
}

/// One of eight colours, by anything's number.
pub fn hue(id: i64) -> &'static str {
    ["hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7", "hue-8"].get(usize::try_from(id.rem_euclid(8)).unwrap_or(0)).copied().unwrap_or("hue-1")
}

/// Someone's picture, or their initials. Decoration: the name stands beside it.
#[component]
pub fn Avatar(card: UserCard) -> impl IntoView {
    match card.avatar_url {
        Some(url) => view! { <img class="avatar" src=url alt="" width="32" height="32" loading="lazy"/> }.into_any(),
        None => {
            let initials: String = match card.full_name.as_deref().filter(|name| !name.is_empty()) {
                Some(name) => name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect(),
                None => card.username.chars().take(2).collect(),
            };
            view! { <span class=format!("avatar {}", hue(card.id.0)) aria-hidden="true">{initials.to_uppercase()}</span> }.into_any()
        }
    }
}

/// A state in words with its shape; `kind` is empty or one of `success`, `info`, `accent`, `warning`, `danger`.
#[component]
pub fn Chip(kind: &'static str, icon: &'static str, #[prop(into)] words: TextProp) -> impl IntoView {
    let class = if kind.is_empty() { "chip".to_owned() } else { format!("chip chip-{kind}") };
    view! { <span class=class><Icon name=icon/>{words.get()}</span> }
}

/// An amount.
#[component]
pub fn Money(amount: Rupiah) -> impl IntoView {
    view! { <data class="money" value=amount.0.to_string()>{amount.to_string().replace(' ', "\u{a0}")}</data> }
}
