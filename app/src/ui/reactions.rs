//! Reactions: buttons of one form on the page, so that each costs one element.
//!
//! The form has the id `rx` and posts to `/react`. A button's name is `r`; its value says what is wanted of which target, as
//! [`Wish`] reads it.

use super::{Raw, html::Html};
use crate::context::Ctx;
use aivalid_model::{
    Lang,
    community::{ReactionKind, Reactions, Target, TargetKind},
};
use leptos::prelude::*;
use std::borrow::Cow;

/// What a reaction's button asks for: `81:like` for a reply, `t12:love` and `c3:wow` for a thread and a case; without a
/// kind, as in `81:`, the reaction is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// To what.
    pub target: Target,
    /// Which; `None` takes it back.
    pub kind: Option<ReactionKind>,
}

impl Wish {
    /// Reads a button's value.
    pub fn parse(value: &str) -> Option<Self> {
        let (target, kind) = value.split_once(':')?;
        let (of, id) = match target.strip_prefix('t') {
            Some(id) => (TargetKind::Thread, id),
            None => match target.strip_prefix('c') {
                Some(id) => (TargetKind::Case, id),
                None => (TargetKind::Reply, target),
            },
        };
        let kind = if kind.is_empty() { None } else { Some(kind.parse().ok()?) };
        Some(Self { target: Target { kind: of, id: id.parse().ok()? }, kind })
    }

    fn write(self, html: &mut Html) {
        html.raw(match self.target.kind {
            TargetKind::Thread => "t",
            TargetKind::Case => "c",
            TargetKind::Reply => "",
        });
        html.int(self.target.id).raw(":").raw(self.kind.map_or("", ReactionKind::as_str));
    }
}

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

/// The form that the page's reactions belong to; once a page.
#[component]
pub fn ReactionForm<'a>(ctx: &'a Ctx) -> impl IntoView + use<> {
    view! { <form id="rx" method="post" action="/react" hidden><input type="hidden" name="back" value=ctx.path.clone()/></form> }
}

/// Writes a button for each kind that was used. Pressing one's own takes it back.
pub(super) fn write_used(html: &mut Html, lang: Lang, target: Target, counts: Reactions, mine: Option<ReactionKind>) {
    for (kind, count) in counts.used() {
        let pressed = mine == Some(kind);
        html.raw("<button class=\"reaction\" form=\"rx\" name=\"r\" value=\"");
        Wish { target, kind: (!pressed).then_some(kind) }.write(html);
        html.raw("\" aria-pressed=\"").raw(if pressed { "true" } else { "false" }).raw("\" aria-label=\"");
        html.text(&reaction_words(lang, kind)).raw(", ").int(count).raw("\">").icon(reaction_icon(kind)).int(count).raw("</button>");
    }
}

/// Writes the six to choose from, as a menu. It costs a kilobyte: on the first post, and on the one reply that asks for it.
pub(super) fn write_picker(html: &mut Html, lang: Lang, target: Target, open: bool) {
    html.raw(if open { "<details class=\"menu menu-start\" open>" } else { "<details class=\"menu menu-start\">" });
    html.raw("<summary class=\"act\">").icon("smile-plus").text(&tr!(lang, "reaction.react")).raw("</summary><div class=\"menu-list menu-list-row\">");
    for kind in ReactionKind::ALL {
        html.raw("<button form=\"rx\" name=\"r\" value=\"");
        Wish { target, kind: Some(kind) }.write(html);
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
    view! { <Raw html=html.into_string()/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::id::{CaseId, ReplyId, ThreadId};

    #[test]
    fn what_a_button_writes_is_what_is_read() {
        for target in [Target::from(ThreadId(12)), CaseId(3).into(), ReplyId(1_234_567_890_123).into()] {
            for kind in ReactionKind::ALL.map(Some).into_iter().chain([None]) {
                let wish = Wish { target, kind };
                let mut html = Html::default();
                wish.write(&mut html);
                assert_eq!(Wish::parse(&html.into_string()), Some(wish));
            }
        }
    }

    #[test]
    fn what_no_button_wrote_is_refused() {
        for bad in ["", "81", "x81:like", "t:like", "81:adore", "tt1:like"] {
            assert_eq!(Wish::parse(bad), None, "{bad}");
        }
    }
}
