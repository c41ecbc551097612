//! The signed-in account as `/api/auth` writes it: the same as [`Me`], in `snake_case`.

use aivalid_model::{
    Lang, Timestamp,
    id::{BadgeId, UserId},
    identity::{BadgeCard, Me, Role, Theme, TimeZone, UserCard},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The signed-in account.
#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    /// The account.
    id: UserId,
    /// The username.
    username: String,
    /// The name they go by, if they gave one.
    full_name: Option<String>,
    /// Their picture's address, if they have one.
    avatar_url: Option<String>,
    /// The badge they chose to show.
    badge: Option<AccountBadge>,
    /// The address that mails go to; accounts made with a phone number may have none.
    email: Option<String>,
    /// Whether it was confirmed.
    email_verified: bool,
    /// The phone number, in E.164.
    phone: Option<String>,
    /// Whether a code that was sent to it came back; no number is kept without.
    phone_verified: bool,
    /// The phone number's country (ISO 3166-1, two letters).
    country_code: Option<String>,
    /// A few sentences.
    bio: String,
    /// A city or region.
    location: String,
    /// `http` or `https`, or empty.
    website: String,
    /// Their Telegram name; shared only by consent.
    telegram: String,
    /// For showing times.
    #[schema(value_type = String)]
    time_zone: TimeZone,
    /// The chosen language; absent: as the browser asks.
    locale: Option<Lang>,
    /// The chosen theme.
    theme: Theme,
    /// Their role.
    role: Role,
    /// When they joined.
    created_at: Timestamp,
    /// When the username may be changed next, if that is not now.
    username_change_at: Option<Timestamp>,
}

/// A badge as shown.
#[derive(Serialize, ToSchema)]
struct AccountBadge {
    /// The badge.
    id: BadgeId,
    /// For addresses.
    slug: String,
    /// In Indonesian.
    name_id: String,
    /// In English.
    name_en: String,
    /// What it stands for, in Indonesian.
    description_id: String,
    /// What it stands for, in English.
    description_en: String,
    /// An icon of the sprite.
    icon: String,
    /// A colour of the design's palette.
    colour: String,
}

impl From<Me> for Account {
    fn from(me: Me) -> Self {
        let UserCard { id, username, full_name, avatar_url, badge } = me.card;
        Self {
            id,
            username,
            full_name,
            avatar_url,
            badge: badge.map(Into::into),
            email: me.email,
            email_verified: me.email_verified,
            phone: me.phone,
            phone_verified: me.phone_verified,
            country_code: me.country_code,
            bio: me.bio,
            location: me.location,
            website: me.website,
            telegram: me.telegram,
            time_zone: me.time_zone,
            locale: me.locale,
            theme: me.theme,
            role: me.role,
            created_at: me.created_at,
            username_change_at: me.username_change_at,
        }
    }
}

impl From<BadgeCard> for AccountBadge {
    fn from(badge: BadgeCard) -> Self {
        let BadgeCard { id, slug, name_id, name_en, description_id, description_en, icon, colour } = badge;
        Self { id, slug, name_id, name_en, description_id, description_en, icon, colour }
    }
}
