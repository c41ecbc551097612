//! Personal API tokens: what programs of third parties act with in an account's name, limited to the scopes they were given.

use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, Problem, line, text_value},
    id::ApiTokenId,
};
use serde::{Deserialize, Serialize};
use std::{str::FromStr, time::Duration};

/// How long tokens can live at most, in days.
pub const MOST_DAYS: u16 = 365;

/// What a program may be allowed. A session is allowed everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Asking: every `GET`.
    Read,
    /// Doing: everything that is not a `GET`.
    Write,
    /// Moving money, besides [`Scope::Write`].
    Finance,
    /// Using the permissions of the account's role.
    Admin,
}

impl Scope {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Finance, Self::Admin];

    /// The word that is stored and told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Finance => "finance",
            Self::Admin => "admin",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl FromStr for Scope {
    type Err = Problem;
    fn from_str(word: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or(Problem::UnknownValue)
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// Every scope.
    pub const ALL: Self = Self(0b1111);

    /// Whether the set holds it.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// These and one more.
    #[must_use]
    pub const fn and(self, scope: Scope) -> Self {
        Self(self.0 | scope.bit())
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, scope: Scope) -> Self {
        Self(self.0 & !scope.bit())
    }

    /// One by one.
    pub fn list(self) -> Vec<Scope> {
        Scope::ALL.into_iter().filter(|scope| self.has(*scope)).collect()
    }

    /// The words, separated by spaces, as they are stored.
    pub fn words(self) -> String {
        self.list().into_iter().map(Scope::as_str).collect::<Vec<_>>().join(" ")
    }

    /// From stored words; unknown ones count for nothing.
    pub fn of_words(words: &str) -> Self {
        words.split(' ').filter_map(|word| word.parse().ok()).fold(Self::default(), Self::and)
    }
}

text_value! {
    /// What the owner calls a token: 1 to 60 characters on one line.
    ApiTokenName = |text| line(text, 1, 60);
}

/// `POST /api/auth/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiTokenInput {
    /// 1 to 60 characters: what the token is for.
    pub name: String,
    /// At least one of `read`, `write`, `finance`, `admin`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Scope>))]
    pub scopes: Vec<String>,
    /// 1 to 365; 30 when left out.
    #[serde(default)]
    pub expires_in_days: Option<u16>,
}

/// A checked wish for a token.
#[derive(Clone, Debug)]
pub struct ApiTokenDraft {
    /// What its owner calls it.
    pub name: ApiTokenName,
    /// What it may.
    pub scopes: Scopes,
    /// How long it lives.
    pub life: Duration,
}

impl CheckAll for ApiTokenInput {
    type Checked = ApiTokenDraft;
    fn check_all(self) -> Result<ApiTokenDraft> {
        let mut fields = Fields::new();
        let name = fields.check::<ApiTokenName>("name", self.name);
        let (mut scopes, mut unknown) = (Scopes::default(), false);
        for word in &self.scopes {
            match word.parse() {
                Ok(scope) => scopes = scopes.and(scope),
                Err(_) => unknown = true,
            }
        }
        if unknown {
            fields.add("scopes", Problem::UnknownValue);
        } else if scopes == Scopes::default() {
            fields.add("scopes", Problem::Required);
        }
        let days = self.expires_in_days.unwrap_or(30);
        if !(1..=MOST_DAYS).contains(&days) {
            fields.add("expires_in_days", Problem::OutOfRange { min: 1, max: MOST_DAYS.into() });
        }
        let life = Duration::from_hours(24 * u64::from(days));
        fields.finish(name.map(|name| ApiTokenDraft { name, scopes, life }))
    }
}

/// A token as its owner sees it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiTokenView {
    /// Which.
    pub id: ApiTokenId,
    /// What its owner calls it.
    pub name: String,
    /// What it may.
    pub scopes: Vec<Scope>,
    /// Its last four characters, to tell it from others.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it has ended.
    pub expired: bool,
    /// When it was last used, to within a few minutes.
    pub last_used_at: Option<Timestamp>,
    /// From which address.
    pub last_used_ip: Option<String>,
}

/// A token just made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiTokenMade {
    /// The token itself, for `Authorization: Bearer`. It is shown this once: only its digest is kept.
    pub token: String,
    /// What else there is to know of it.
    #[serde(flatten)]
    pub view: ApiTokenView,
}

impl std::fmt::Debug for ApiTokenMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.view.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_were() {
        for bits in 0..16 {
            assert_eq!(Scopes::of_words(&Scopes(bits).words()), Scopes(bits));
        }
        assert_eq!(Scopes::of_words("read everything"), Scopes::default().and(Scope::Read));
        assert!(!Scopes::ALL.without(Scope::Admin).has(Scope::Admin));
    }

    #[test]
    fn every_bad_field_is_named() {
        let input = |name: &str, scopes: &[&str], days| ApiTokenInput {
            name: name.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            expires_in_days: days,
        };
        let draft = input("CI", &["read", "read", "write"], None).check_all().unwrap();
        assert_eq!((draft.scopes.words().as_str(), draft.life.as_secs()), ("read write", 30 * 86_400));
        let names = |input: ApiTokenInput| match input.check_all() {
            Err(crate::Error::Validation { fields }) => fields.into_iter().map(|field| field.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(names(input("", &[], Some(0))), ["name", "scopes", "expires_in_days"]);
        assert_eq!(names(input("CI", &["read", "root"], Some(366))), ["scopes", "expires_in_days"]);
    }
}
