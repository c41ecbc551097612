//! Profiles and what their owners change about them.

use super::{Role, TimeZone, Username, Website};
use crate::{
    Lang, Result, Timestamp,
    check::{Check, CheckAll, Fields, Problem, line, lines, text_value},
    id::{BadgeId, UserId},
};
use serde::{Deserialize, Serialize};

/// Who wrote something: what stands beside a name in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserCard {
    /// The account.
    pub id: UserId,
    /// The username; `deleted` for accounts that are gone.
    pub username: String,
    /// The name they go by, if they gave one.
    pub full_name: Option<String>,
    /// Their picture's address, if they have one.
    pub avatar_url: Option<String>,
    /// The badge they chose to show.
    pub badge: Option<BadgeCard>,
}

/// A badge as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BadgeCard {
    /// The badge.
    pub id: BadgeId,
    /// For addresses.
    pub slug: String,
    /// In Indonesian.
    pub name_id: String,
    /// In English.
    pub name_en: String,
    /// What it stands for, in Indonesian.
    pub description_id: String,
    /// What it stands for, in English.
    pub description_en: String,
    /// An icon of the sprite.
    pub icon: String,
    /// A colour of the design's palette.
    pub colour: String,
}

impl BadgeCard {
    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.name_id,
            Lang::En => &self.name_en,
        }
    }

    /// The description in a language.
    pub fn description(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.description_id,
            Lang::En => &self.description_en,
        }
    }
}

/// A badge that someone was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BadgeGrant {
    /// Which.
    pub badge: BadgeCard,
    /// Why.
    pub reason: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Timestamp))]
    pub granted_at: Timestamp,
}

/// A profile as everyone sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Name, picture and badge.
    #[serde(flatten)]
    pub card: UserCard,
    /// A few sentences.
    pub bio: String,
    /// A city or region, as they wrote it.
    pub location: String,
    /// `http` or `https`, or empty.
    pub website: String,
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub created_at: Timestamp,
    /// Threads they started.
    pub thread_count: u64,
    /// Cases they opened.
    pub case_count: u64,
}

/// The signed-in account, as only its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Name, picture and badge.
    #[serde(flatten)]
    pub card: UserCard,
    /// The address that mails go to; accounts made with a phone number may have none.
    pub email: Option<String>,
    /// Whether it was confirmed.
    pub email_verified: bool,
    /// The phone number, in E.164.
    pub phone: Option<String>,
    /// Whether a code that was sent to it came back; no number is kept without.
    pub phone_verified: bool,
    /// The phone number's country (ISO 3166-1, two letters).
    pub country_code: Option<String>,
    /// A few sentences.
    pub bio: String,
    /// A city or region.
    pub location: String,
    /// `http` or `https`, or empty.
    pub website: String,
    /// Their Telegram name; shared only by consent.
    pub telegram: String,
    /// For showing times.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub time_zone: TimeZone,
    /// The chosen language; absent: as the browser asks.
    pub locale: Option<Lang>,
    /// The chosen theme.
    pub theme: Theme,
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub created_at: Timestamp,
    /// When the username may be changed next, if that is not now.
    pub username_change_at: Option<Timestamp>,
}

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Check for Theme {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == input).ok_or(Problem::UnknownValue)
    }
}

text_value! {
    /// The name someone goes by: at most 80 characters, or empty.
    FullName = |text| line(text, 0, 80);
    /// A few sentences about oneself: at most 500 characters, or empty.
    Bio = |text| lines(text, 0, 500);
    /// A city or region: at most 80 characters, or empty.
    Location = |text| line(text, 0, 80);
    /// A Telegram name without `@`: 5 to 32 of `A-Z`, `a-z`, `0-9` and `_`, or empty.
    Telegram = |text| {
        let name = text.trim().trim_start_matches('@');
        match name.len() {
            0 => Ok(String::new()),
            5..=32 if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => Ok(name.to_owned()),
            _ => Err(Problem::Malformed),
        }
    };
}

/// `PUT /api/account`: what is left out stays as it is; an empty text clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccountInput {
    /// A new username; once in 30 days.
    pub username: Option<String>,
    /// At most 80 characters.
    pub full_name: Option<String>,
    /// At most 500 characters.
    pub bio: Option<String>,
    /// At most 80 characters.
    pub location: Option<String>,
    /// `http` or `https`, at most 200 characters.
    pub website: Option<String>,
    /// 5 to 32 characters.
    pub telegram: Option<String>,
    /// `WIB`, `WITA`, `WIT`, `UTC` or `UTC+7`.
    pub time_zone: Option<String>,
    /// `id`, `en`, or empty for the browser's.
    pub locale: Option<String>,
    /// `system`, `light` or `dark`.
    pub theme: Option<String>,
}

/// Checked changes to an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// A new username.
    pub username: Option<Username>,
    /// A new name; empty clears.
    pub full_name: Option<String>,
    /// A new text; empty clears.
    pub bio: Option<String>,
    /// A new place; empty clears.
    pub location: Option<String>,
    /// A new address; empty clears.
    pub website: Option<String>,
    /// A new Telegram name; empty clears.
    pub telegram: Option<String>,
    /// A new time zone.
    pub time_zone: Option<TimeZone>,
    /// A new language, or the browser's.
    pub locale: Option<Option<Lang>>,
    /// A new theme.
    pub theme: Option<Theme>,
}

impl CheckAll for AccountInput {
    type Checked = AccountChange;
    fn check_all(self) -> Result<AccountChange> {
        let mut fields = Fields::new();
        let username = fields.optional::<Username>("username", self.username);
        let full_name = fields.optional::<FullName>("fullName", self.full_name);
        let bio = fields.optional::<Bio>("bio", self.bio);
        let location = fields.optional::<Location>("location", self.location);
        let website = fields.optional::<Website>("website", self.website);
        let telegram = fields.optional::<Telegram>("telegram", self.telegram);
        let time_zone = fields.optional::<TimeZone>("timeZone", self.time_zone);
        let theme = fields.optional::<Theme>("theme", self.theme);
        let locale = match self.locale.as_deref() {
            None => Some(None),
            Some("") => Some(Some(None)),
            Some(tag) => fields.note("locale", tag.parse::<Lang>().map_err(|()| Problem::UnknownValue)).map(|lang| Some(Some(lang))),
        };
        let change = (|| {
            Some(AccountChange {
                username: username?,
                full_name: full_name?.map(FullName::into_inner),
                bio: bio?.map(Bio::into_inner),
                location: location?.map(Location::into_inner),
                website: website?.map(Website::into_inner),
                telegram: telegram?.map(Telegram::into_inner),
                time_zone: time_zone?,
                locale: locale?,
                theme: theme?,
            })
        })();
        fields.finish(change)
    }
}
