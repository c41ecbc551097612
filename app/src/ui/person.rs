//! People: their name as a link, and the badge beside it.

use super::html::Html;
use aivalid_model::{
    Lang,
    identity::{BadgeCard, UserCard},
};
use aivalid_service::operator::Contact;
use leptos::prelude::*;

/// The username of accounts that are gone; it leads nowhere.
const GONE: &str = "deleted";

/// Writes a name as a link with a class, or as plain text for accounts that are gone.
pub(super) fn write_user(html: &mut Html, lang: Lang, card: &UserCard, class: &str) {
    if card.username == GONE {
        html.raw("<span>").text(&tr!(lang, "ui.gone")).raw("</span>");
        return;
    }
    html.raw("<a");
    if !class.is_empty() {
        html.raw(" class=\"").raw(class).raw("\"");
    }
    // Usernames are letters, digits and underscores.
    html.raw(" href=\"/user/").text(&card.username).raw("\">").text(&card.username).raw("</a>");
}

/// Writes the badge that someone shows beside their name.
pub(super) fn write_badge(html: &mut Html, lang: Lang, badge: &BadgeCard) {
    html.raw("<span class=\"badge\" title=\"")
        .text(badge.description(lang))
        .raw("\">")
        .icon(&badge.icon)
        .text(badge.name(lang))
        .raw("</span>");
}

/// A username as a link to the profile.
#[component]
pub fn UserLink<'a>(lang: Lang, card: &'a UserCard, #[prop(default = "")] class: &'static str) -> impl IntoView + use<> {
    let mut html = Html::with_capacity(80);
    write_user(&mut html, lang, card, class);
    html
}

/// A badge with its icon and, for those who point at it, what it stands for.
#[component]
pub fn Badge<'a>(lang: Lang, badge: &'a BadgeCard) -> impl IntoView + use<> {
    let mut html = Html::with_capacity(256);
    write_badge(&mut html, lang, badge);
    html
}

/// Writes a tag.
pub(super) fn write_tag(html: &mut Html, slug: &str) {
    html.raw("<a class=\"tag\" href=\"/tags/").text(slug).raw("\">").text(slug).raw("</a>");
}

/// A tag.
#[component]
pub fn TagLink(slug: String) -> impl IntoView {
    let mut html = Html::with_capacity(64);
    write_tag(&mut html, &slug);
    html
}

/// How the operator is reached.
#[component]
pub fn ContactLink<'a>(contact: &'a Contact) -> impl IntoView + use<> {
    let mut html = Html::with_capacity(128);
    html.raw("<a href=\"").text(&contact.href()).raw("\">").text(contact.words()).raw("</a>");
    html
}
