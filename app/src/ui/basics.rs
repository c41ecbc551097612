//! The smallest pieces.

use super::html::Html;
use aivalid_model::{identity::UserCard, money::Rupiah};
use leptos::{prelude::*, text_prop::TextProp};

/// HTML that we made or sanitised ourselves, without an element around it.
#[component]
pub fn Raw(html: String) -> impl IntoView {
    Html::from(html)
}

/// An icon of the sprite; always beside words, or in a control with a label of its own.
#[component]
pub fn Icon(#[prop(into)] name: std::borrow::Cow<'static, str>, #[prop(optional)] large: bool) -> impl IntoView {
    let mut html = Html::with_capacity(80);
    if large {
        html.raw("<svg class=\"icon icon-lg\" aria-hidden=\"true\"><use href=\"/icons.svg#i-").raw(&name).raw("\"/></svg>");
    } else {
        html.icon(&name);
    }
    html
}

/// One of eight colours, by anything's number.
pub fn hue(id: i64) -> &'static str {
    ["hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7", "hue-8"]
        .get(usize::try_from(id.rem_euclid(8)).unwrap_or(0))
        .copied()
        .unwrap_or("hue-1")
}

/// The hue nearest to a colour's name, as categories and badges have one; grey has none.
pub fn hue_named(colour: &str) -> &'static str {
    match colour {
        "red" => "hue-1",
        "orange" | "amber" => "hue-2",
        "lime" | "yellow" => "hue-3",
        "green" => "hue-4",
        "teal" | "cyan" => "hue-5",
        "blue" => "hue-6",
        "indigo" | "violet" => "hue-7",
        "pink" => "hue-8",
        _ => "",
    }
}

/// Writes a category's icon on its colour.
pub(super) fn write_tile(html: &mut Html, icon: &str, colour: &str) {
    html.raw("<span class=\"tile ").raw(hue_named(colour)).raw("\">").icon(icon).raw("</span>");
}

/// A category's icon on its colour. Decoration: the name stands beside it.
#[component]
pub fn Tile(icon: String, colour: String) -> impl IntoView {
    let mut html = Html::with_capacity(128);
    write_tile(&mut html, &icon, &colour);
    html
}

/// Writes someone's picture, or their initials; `class` is empty or ` avatar-sm`, ` avatar-lg`.
pub fn write_avatar(html: &mut Html, card: &UserCard, class: &str, size: &str) {
    if let Some(url) = &card.avatar_url {
        // Our own pictures have a smaller size, enough for dense screens wherever they are not large.
        let small = if url.starts_with("/media/avatars/") && size != "72" { "-64" } else { "" };
        html.raw("<img class=\"avatar").raw(class).raw("\" src=\"").text(url).raw(small).raw("\" alt=\"\" width=\"").raw(size);
        html.raw("\" height=\"").raw(size).raw("\" loading=\"lazy\">");
        return;
    }
    html.raw("<span class=\"avatar")
        .raw(class)
        .raw(" ")
        .raw(hue(card.id.0))
        .raw("\" aria-hidden=\"true\">")
        .text(&initials(card))
        .raw("</span>");
}

fn initials(card: &UserCard) -> String {
    let letters = |text: &str| text.chars().take(1).flat_map(char::to_uppercase).collect::<String>();
    match card.full_name.as_deref().filter(|name| !name.trim().is_empty()) {
        Some(name) => name.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic)).take(2).map(letters).collect(),
        None => card.username.chars().take(2).flat_map(char::to_uppercase).collect(),
    }
}

/// How large a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AvatarSize {
    /// 24 pixels.
    Small,
    /// 32 pixels.
    #[default]
    Usual,
    /// 72 pixels.
    Large,
}

/// Someone's picture, or their initials. Decoration: the name stands beside it.
#[component]
pub fn Avatar<'a>(card: &'a UserCard, #[prop(optional)] size: AvatarSize) -> impl IntoView + use<> {
    let (class, pixels) = match size {
        AvatarSize::Small => (" avatar-sm", "24"),
        AvatarSize::Usual => ("", "32"),
        AvatarSize::Large => (" avatar-lg", "72"),
    };
    let mut html = Html::with_capacity(96);
    write_avatar(&mut html, card, class, pixels);
    html
}

/// Writes a [`Chip`].
pub(super) fn write_chip(html: &mut Html, kind: &str, icon: &str, words: &str) {
    html.raw("<span class=\"chip");
    if !kind.is_empty() {
        html.raw(" chip-").raw(kind);
    }
    html.raw("\">").icon(icon).text(words).raw("</span>");
}

/// A state in words with its shape; `kind` is empty or one of `success`, `info`, `accent`, `warning`, `danger`.
#[component]
pub fn Chip(kind: &'static str, icon: &'static str, #[prop(into)] words: TextProp) -> impl IntoView {
    let mut html = Html::with_capacity(160);
    write_chip(&mut html, kind, icon, &words.get());
    html
}

/// Writes an amount.
pub(super) fn write_money(html: &mut Html, amount: Rupiah) {
    html.raw("<data class=\"money\" value=\"").int(amount.0).raw("\">");
    html.raw(&amount.to_string().replace(' ', "\u{a0}")).raw("</data>");
}

/// An amount.
#[component]
pub fn Money(amount: Rupiah) -> impl IntoView {
    let mut html = Html::with_capacity(64);
    write_money(&mut html, amount);
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::id::UserId;
    use std::{fs, path::Path};

    const SPRITE: &str = include_str!("../../../public/icons.svg");

    fn sources(folder: &Path, out: &mut String) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                sources(&entry, out);
            } else if !entry.ends_with("ui/basics.rs") {
                out.push_str(&fs::read_to_string(entry).unwrap());
            }
        }
    }

    /// Icons whose names come from elsewhere are looked for in every page that the HTTP tests see.
    #[test]
    fn every_icon_that_is_named_is_in_the_sprite() {
        let mut text = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
        let mut used = 0;
        for mark in ["<Icon name=\"", ".icon(\"", " icon=\"", "icon: \""] {
            for rest in text.split(mark).skip(1) {
                let name = rest.split('"').next().unwrap();
                used += 1;
                assert!(SPRITE.contains(&format!("id=\"i-{name}\"")), "no icon {name}: add it to scripts/icons");
            }
        }
        assert!(used > 40, "{used}");
    }

    #[test]
    fn initials_come_from_the_name_or_the_username() {
        let card = |full_name: Option<&str>| UserCard {
            id: UserId(1),
            username: "rina_ayu".into(),
            full_name: full_name.map(str::to_owned),
            avatar_url: None,
            badge: None,
        };
        assert_eq!(initials(&card(Some("Rina Ayu Ningtyas"))), "RA");
        assert_eq!(initials(&card(Some("dr. Élan"))), "DÉ");
        assert_eq!(initials(&card(None)), "RI");
        assert_eq!(initials(&card(Some(" "))), "RI");
    }
}
