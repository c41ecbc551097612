//! Checked values of accounts.

use crate::check::{Check, Problem, text_value};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A username: 3 to 20 of `a-z`, `0-9` and `_`, kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(String);

/// Names that would read as the system speaking, or that stand in addresses.
const RESERVED: [&str; 36] = [
    "about",
    "account",
    "admin",
    "administrator",
    "aivalid",
    "anonymous",
    "api",
    "auth",
    "billing",
    "deleted",
    "docs",
    "everyone",
    "forum",
    "help",
    "info",
    "login",
    "logout",
    "mail",
    "me",
    "moderator",
    "my",
    "null",
    "postmaster",
    "privacy",
    "register",
    "root",
    "search",
    "security",
    "status",
    "support",
    "system",
    "team",
    "terms",
    "undefined",
    "wallet",
    "webmaster",
];

impl Username {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For names the system itself makes, such as `user_7k2mq9x4`; still checked for form.
    pub fn generated(text: String) -> Option<Self> {
        Self::check(text).ok()
    }
}

impl Check for Username {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        let name = input.trim().to_ascii_lowercase();
        match name.chars().count() {
            0 => return Err(Problem::Required),
            1..=2 => return Err(Problem::TooShort { min: 3 }),
            3..=20 => {}
            _ => return Err(Problem::TooLong { max: 20 }),
        }
        if !name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
            return Err(Problem::Malformed);
        }
        if RESERVED.contains(&name.as_str()) {
            return Err(Problem::Reserved);
        }
        Ok(Self(name))
    }
}

/// An e-mail address, kept in lower case: at most 254 bytes, one `@`, a dotted domain, before it letters and digits of any
/// script and the marks that RFC 5322 allows without quotes: nothing that can't be seen, and nothing that mail can't be sent to. Whether it exists is for the verification mail to find out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

impl fmt::Debug for Email {
    /// Masked: addresses are personal data and must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl Check for Email {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        let address = input.trim().to_lowercase();
        if address.is_empty() {
            return Err(Problem::Required);
        }
        if address.len() > 254 {
            return Err(Problem::TooLong { max: 254 });
        }
        let Some((local, domain)) = address.rsplit_once('@') else { return Err(Problem::Malformed) };
        let local_ok = (1..=64).contains(&local.len())
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c));
        let label_ok = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let domain_ok = domain.contains('.') && domain.split('.').all(label_ok);
        if local_ok && domain_ok { Ok(Self(address)) } else { Err(Problem::Malformed) }
    }
}

/// A password as typed: 8 to 128 characters, never trimmed or truncated. It shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The fewest characters.
    pub const MIN: usize = 8;

    /// The secret, for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it holds the account's own e-mail name or username, which is the first thing an attacker tries.
    pub fn resembles(&self, email: &Email, username: Option<&Username>) -> bool {
        let secret = self.0.to_lowercase();
        let holds = |part: &str| part.chars().count() >= 4 && secret.contains(part);
        holds(email.as_str()) || holds(email.local()) || username.is_some_and(|name| holds(name.as_str())) || secret.contains("aivalid")
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Check for Password {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        match input.chars().count() {
            0 => Err(Problem::Required),
            1..Self::MIN => Err(Problem::TooShort { min: Self::MIN }),
            Self::MIN..=128 => Ok(Self(input)),
            _ => Err(Problem::TooLong { max: 128 }),
        }
    }
}

/// An opaque token from a link or cookie, not yet looked up: 16 to 512 visible ASCII characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The secret.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Check for Token {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        let token = input.trim();
        if token.is_empty() {
            return Err(Problem::Required);
        }
        if (16..=512).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(token.to_owned()))
        } else {
            Err(Problem::Malformed)
        }
    }
}

text_value! {
    /// A web address to show on a profile: `http` or `https`, at most 200 characters, or empty.
    Website = |text| {
        let text = crate::check::line(text, 0, 200)?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        match rest {
            _ if text.is_empty() => Ok(text),
            Some(rest) if rest.contains('.') && !rest.starts_with('.') && !text.contains([' ', '"', '<', '>', '@']) => Ok(text),
            _ => Err(Problem::Malformed),
        }
    };
}

/// A time zone as whole hours east of Greenwich, -12 to 14. Indonesia's have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone(i8);

impl TimeZone {
    /// Waktu Indonesia Barat, UTC+7.
    pub const WIB: Self = Self(7);

    /// Hours east of Greenwich.
    pub const fn hours(self) -> i8 {
        self.0
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            7 => f.write_str("WIB"),
            8 => f.write_str("WITA"),
            9 => f.write_str("WIT"),
            0 => f.write_str("UTC"),
            hours => write!(f, "UTC{hours:+}"),
        }
    }
}

impl FromStr for TimeZone {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        match text {
            "WIB" => Ok(Self(7)),
            "WITA" => Ok(Self(8)),
            "WIT" => Ok(Self(9)),
            "UTC" => Ok(Self(0)),
            _ => text
                .strip_prefix("UTC")
                .and_then(|hours| hours.parse().ok())
                .filter(|hours| (-12..=14).contains(hours))
                .map(Self)
                .ok_or(Problem::UnknownValue),
        }
    }
}

impl Check for TimeZone {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        input.trim().parse()
    }
}

impl Serialize for TimeZone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeZone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("unknown time zone"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usernames() {
        assert_eq!(Username::check(" Bima_Arya ".into()).unwrap().as_str(), "bima_arya");
        assert_eq!(Username::check("admin".into()), Err(Problem::Reserved));
        assert_eq!(Username::check("a-b-c".into()), Err(Problem::Malformed));
        assert_eq!(Username::check("ab".into()), Err(Problem::TooShort { min: 3 }));
        assert_eq!(Username::check("x".repeat(21)), Err(Problem::TooLong { max: 20 }));
    }

    #[test]
    fn addresses() {
        for good in ["a@b.co", "Dewi.Lestari+x@kampus.ac.id", "é@exämple.id"] {
            assert!(Email::check(good.into()).is_ok(), "{good}");
        }
        for bad in [
            "a@b",
            "a b@c.id",
            "@c.id",
            "a@.id",
            "a@c..id",
            "a@-c.id",
            "<a>@c.id",
            "a@c.id\n.x",
            "a..b@c.id",
            "a\u{202e}b@c.id",
            "a\u{200b}@c.id",
            "e\u{301}@c.id",
        ] {
            assert_eq!(Email::check(bad.into()), Err(Problem::Malformed), "{bad:?}");
        }
        assert_eq!(format!("{:?}", Email::check("a@b.co".into()).unwrap()), "Email(…)");
    }

    #[test]
    fn passwords_that_resemble_the_account() {
        let email = Email::check("bima.arya@contoh.id".into()).unwrap();
        let name = Username::check("bimarya".into()).unwrap();
        let like = |text: &str| Password::check(text.into()).unwrap().resembles(&email, Some(&name));
        assert!(like("xxBIMARYAxx") && like("bima.arya2026") && like("AIValid-2026"));
        assert!(!like("kuda lumping hijau"));
    }

    #[test]
    fn zones_and_websites() {
        assert_eq!("WITA".parse::<TimeZone>().unwrap().hours(), 8);
        assert_eq!("UTC-5".parse::<TimeZone>().unwrap().to_string(), "UTC-5");
        assert!("UTC+15".parse::<TimeZone>().is_err());
        assert!(Website::check("https://example.org/a".into()).is_ok());
        assert!(Website::check(String::new()).is_ok());
        assert_eq!(Website::check("javascript:alert(1)".into()), Err(Problem::Malformed));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*") {
            let _ = Username::check(text.clone());
            let _ = Email::check(text.clone());
            let _ = Website::check(text.clone());
            let _ = Token::check(text);
        }
    }
}
