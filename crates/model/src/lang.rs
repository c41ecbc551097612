//! The interface's languages.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A language of the interface. Indonesian is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Bahasa Indonesia.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// Every language, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Id, Self::En];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language's own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "Bahasa Indonesia",
            Self::En => "English",
        }
    }

    /// The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4), if any is acceptable.
    pub fn from_accept(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',').take(16) {
            let mut pieces = part.split(';');
            let primary = pieces.next().unwrap_or_default().trim().split('-').next().unwrap_or_default();
            let Ok(lang) = primary.to_ascii_lowercase().parse::<Self>() else { continue };
            let quality = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if quality > 0.0 && best.is_none_or(|(most, _)| quality > most) {
                best = Some((quality, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }
}

impl FromStr for Lang {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            // "in" is the tag that Indonesian had until 1989 and that old Android phones still send.
            "id" | "in" => Ok(Self::Id),
            "en" => Ok(Self::En),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_is_weighed() {
        assert_eq!(Lang::from_accept("en-US,en;q=0.9,id;q=0.8"), Some(Lang::En));
        assert_eq!(Lang::from_accept("fr, id;q=0.5, en;q=0.4"), Some(Lang::Id));
        assert_eq!(Lang::from_accept("id;q=0, de"), None);
        assert_eq!(Lang::from_accept(""), None);
        assert_eq!(Lang::from_accept("in-ID"), Some(Lang::Id));
    }
}
