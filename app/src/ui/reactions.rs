//! Reactions: buttons of one form on the page, so that each costs one element.
//!
//! The form has the id `rx` and posts to `/react`. A button's name is `r`; its value says what is wanted of which target, as
//! [`crate::wish::Wish`] reads it.

use super::html::Html;
use crate::{
    context::Ctx,
    islands::{ReactionWords, Reactions as LiveReactions},
    wish::Wish,
};
use aivalid_model::{
    Lang,
    community::{ReactionKind, Reactions, Target},
};
use leptos::prelude::*;
use std::borrow::Cow;

/// A reaction's icon.
pub const fn reaction_icon(kind: ReactionKind) -> &'static str {
    match kind {
        ReactionKind::Like => "thumbs-up",
        ReactionKind::Love => "heart",
        ReactionKind::Haha => "laugh",
        ReactionKind::Wow => "sparkles",
        ReactionKind::Sad => "frown",
        ReactionKind::Angry => "angry",
    }
}

/// A reaction in words.
pub fn reaction_words(lang: Lang, kind: ReactionKind) -> Cow<'static, str> {
    match kind {
        ReactionKind::Like => tr!(lang, "reaction.like"),
        ReactionKind::Love => tr!(lang, "reaction.love"),
        ReactionKind::Haha => tr!(lang, "reaction.haha"),
        ReactionKind::Wow => tr!(lang, "reaction.wow"),
        ReactionKind::Sad => tr!(lang, "reaction.sad"),
        ReactionKind::Angry => tr!(lang, "reaction.angry"),
    }
}

/// The form that the page's reactions belong to, and for those who may react the island that makes them work at once; once
/// a page.
#[component]
pub fn ReactionForm<'a>(ctx: &'a Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let island = ctx.caller.user.is_some().then(|| {
        let all = ReactionKind::ALL.map(|kind| ReactionWords {
            kind: kind.as_str().to_owned(),
            icon: reaction_icon(kind).to_owned(),
            words: reaction_words(lang, kind).into_owned(),
        });
        view! { <LiveReactions all=all.into()/> }
    });
    Html::of(
        view! { <form id="rx" method="post" action="/react" hidden><input type="hidden" name="back" value=ctx.path.clone()/></form>{island} },
    )
}

/// Writes a button for each kind that was used. Pressing one's own takes it back.
pub(super) fn write_used(html: &mut Html, lang: Lang, target: Target, counts: Reactions, mine: Option<ReactionKind>) {
    for (kind, count) in counts.used() {
        let pressed = mine == Some(kind);
        html.raw("<button class=\"reaction\" form=\"rx\" name=\"r\" value=\"");
        html.display(Wish { target, kind: (!pressed).then_some(kind) });
        html.raw("\" aria-pressed=\"").raw(if pressed { "true" } else { "false" }).raw("\" aria-label=\"");
        html.text(&reaction_words(lang, kind)).raw(", ").int(count).raw("\">").icon(reaction_icon(kind)).int(count).raw("</button>");
    }
}

/// Writes the six to choose from, as a menu. It costs a kilobyte: on the first post, and on the one reply that asks for it.
pub(super) fn write_picker(html: &mut Html, lang: Lang, target: Target, open: bool) {
    html.raw(if open { "<details class=\"menu menu-start\" open>" } else { "<details class=\"menu menu-start\">" });
    html.raw("<summary class=\"act\">")
        .icon("smile-plus")
        .text(&tr!(lang, "reaction.react"))
        .raw("</summary><div class=\"menu-list menu-list-row\">");
    for kind in ReactionKind::ALL {
        html.raw("<button form=\"rx\" name=\"r\" value=\"");
        html.display(Wish { target, kind: Some(kind) });
        html.raw("\" aria-label=\"").text(&reaction_words(lang, kind)).raw("\">").icon(reaction_icon(kind)).raw("</button>");
    }
    html.raw("</div></details>");
}

/// The reactions to a post and, for those who may, the picker.
#[component]
pub fn ReactionBar(lang: Lang, target: Target, counts: Reactions, mine: Option<ReactionKind>, picker: bool) -> impl IntoView {
    let mut html = Html::with_capacity(1024);
    write_used(&mut html, lang, target, counts, mine);
    if picker {
        write_picker(&mut html, lang, target, false);
    }
    html
}
