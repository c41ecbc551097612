//! What happened, from first to last.

use super::{Icon, Time, html::Html};
use crate::context::Ctx;
use aivalid_model::Timestamp;
use leptos::prelude::*;

/// One thing that happened.
pub struct Event {
    /// Its icon.
    pub icon: &'static str,
    /// Who did what.
    pub words: Html,
    /// When.
    pub at: Timestamp,
    /// Its hash, shown short with the whole in `title`.
    pub hash: Option<(i64, String)>,
    /// Whether money moved or a state ended.
    pub key: bool,
}

/// Events from first to last.
#[component]
pub fn Timeline<'a>(ctx: &'a Ctx, events: Vec<Event>) -> impl IntoView + use<> {
    let items = events.into_iter().map(|Event { icon, words, at, hash, key }| {
        let hash = hash.map(|(seq, hash)| {
            let short = format!("#{seq} {}", shortened(&hash));
            view! { <code class="hash" title=format!("SHA-256 {hash}")>{short}</code> }
        });
        view! { <li class=key.then_some("key")><Icon name=icon/><div>{words}" "<Time ctx at/>{hash}</div></li> }
    });
    Html::of(view! { <ol class="timeline">{items.collect::<Vec<_>>()}</ol> })
}

/// A hash's beginning and end.
pub fn shortened(hash: &str) -> String {
    match (hash.get(..14), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) if hash.len() > 20 => format!("{head}…{tail}"),
        _ => hash.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn hashes_are_shortened_in_the_middle() {
        assert_eq!(shortened(&"ab".repeat(32)), "ababababababab…abab");
        assert_eq!(shortened("short"), "short");
    }
}
