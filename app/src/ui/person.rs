//! People: their name as a link, and the badge beside it.

use super::{Icon, html::Html};
use crate::paths;
use aivalid_model::{
    Lang,
    identity::{BadgeCard, UserCard},
};
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
pub fn UserLink<'a>(lang: Lang, card: &'a UserCard, #[prop(optional)] class: Option<&'static str>) -> impl IntoView + use<> {
    match card.username.as_str() {
        GONE => leptos::either::Either::Left(view! { <span>{tr!(lang, "ui.gone")}</span> }),
        name => leptos::either::Either::Right(view! { <a class=class href=paths::user(name)>{name.to_owned()}</a> }),
    }
}

/// A badge with its icon and, for those who point at it, what it stands for.
#[component]
pub fn Badge<'a>(lang: Lang, badge: &'a BadgeCard) -> impl IntoView + use<> {
    let (description, name, icon) = (badge.description(lang).to_owned(), badge.name(lang).to_owned(), badge.icon.clone());
    view! { <span class="badge" title=description><Icon name=icon/>{name}</span> }
}

/// A tag.
#[component]
pub fn TagLink(slug: String) -> impl IntoView {
    let href = paths::tag(&slug);
    view! { <a class="tag" href=href>{slug}</a> }
}
