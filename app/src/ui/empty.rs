//! Where there is nothing yet: what would be here, and what to do about it.

use super::{Icon, html::Html};
use leptos::prelude::*;

/// An empty list in words. The children are the next step, usually one link.
#[component]
pub fn EmptyState(
    icon: &'static str,
    #[prop(into)] title: String,
    #[prop(into)] words: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let next = children.map(|children| view! { <div class="cluster">{children()}</div> });
    Html::of(view! { <div class="empty"><Icon name=icon/><h2>{title}</h2><p>{words}</p>{next}</div> })
}
