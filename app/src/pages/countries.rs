//! Countries to choose from, for phone numbers.

use crate::{context::Ctx, ui::Choice};
use aivalid_model::{Lang, identity::Country};

/// Countries to whose numbers SMS are sent: Indonesia first, then by name, each with its calling code.
pub fn choices(ctx: &Ctx) -> Vec<Choice> {
    let lang = ctx.lang();
    let mut named: Vec<(String, Country)> =
        ctx.service.otp_countries().into_iter().map(|country| (country_words(lang, country), country)).collect();
    named.sort_by_key(|(name, country)| (country.iso != Country::INDONESIA.iso, folded(name)));
    named.into_iter().map(|(name, country)| Choice::new(country.iso, format!("{name} (+{})", country.code))).collect()
}

/// What a country is called.
pub fn country_words(lang: Lang, country: Country) -> String {
    let key = format!("country.{}", country.iso);
    tr!(lang, key.as_str()).into_owned()
}

/// For sorting: letters with marks among those without.
fn folded(name: &str) -> String {
    let plain = |c: char| match c {
        'Å' | 'å' => 'a',
        'Ô' | 'ô' | 'ó' | 'Ö' => 'o',
        'é' => 'e',
        'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    name.chars().map(plain).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_name() {
        for lang in Lang::ALL {
            for country in Country::all() {
                assert!(!country_words(lang, *country).contains("country."), "{} {}", lang.tag(), country.iso);
            }
        }
        assert_eq!(country_words(Lang::Id, Country::INDONESIA), "Indonesia");
    }
}
