//! Slugs: the readable part of an address.

use crate::check::{Check, Problem};

/// A stored slug of a category or tag: 1 to 50 of `a-z`, `0-9` and `-`, not starting or ending with `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Check for Slug {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        let text = input.trim().to_ascii_lowercase();
        match text.len() {
            0 => return Err(Problem::Required),
            1..=50 => {}
            _ => return Err(Problem::TooLong { max: 50 }),
        }
        let well_formed =
            text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) && !text.starts_with('-') && !text.ends_with('-');
        if well_formed { Ok(Self(text)) } else { Err(Problem::Malformed) }
    }
}

/// The most bytes of a title in an address.
const LONGEST: usize = 60;

/// A title made fit for an address: lower case, words joined by `-`, at most 60 bytes. It is decoration: the id decides.
pub fn slugify(title: &str) -> String {
    let mut slug = String::with_capacity(LONGEST);
    for c in title.chars() {
        if slug.len() >= LONGEST {
            break;
        }
        // Every link on a page comes by here, and nearly all of its letters are ASCII, which need no table of capitals.
        if c.is_ascii() {
            add(&mut slug, c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(|c| add(&mut slug, c));
        }
    }
    slug.truncate(slug.trim_end_matches('-').len().min(LONGEST));
    slug
}

fn add(slug: &mut String, lower: char) {
    match lower {
        'a'..='z' | '0'..='9' => slug.push(lower),
        'à'..='å' => slug.push('a'),
        'è'..='ë' => slug.push('e'),
        'ì'..='ï' => slug.push('i'),
        'ò'..='ö' => slug.push('o'),
        'ù'..='ü' => slug.push('u'),
        _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
        _ => {}
    }
}

/// `12-some-title`, or `12` where a title has no letters we can write.
pub fn id_slug(id: i64, title: &str) -> String {
    let slug = slugify(title);
    if slug.is_empty() { id.to_string() } else { format!("{id}-{slug}") }
}

/// The id at the head of `12-some-title`.
pub fn id_of(segment: &str) -> Option<i64> {
    segment.split('-').next()?.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_addresses_and_ids_come_back() {
        assert_eq!(slugify("Kappa 0,61 — cukup?  Résumé!"), "kappa-0-61-cukup-resume");
        assert_eq!(id_slug(7, "مرحبا"), "7");
        assert_eq!(id_of("12-some-title"), Some(12));
        assert_eq!(id_of("-3"), None);
        assert_eq!(id_of("x"), None);
        assert!(slugify(&"kata ".repeat(50)).len() <= 60);
    }

    #[test]
    fn stored_slugs_are_strict() {
        assert!(Slug::check("Inter-Rater".into()).is_ok());
        assert_eq!(Slug::check("-x".into()), Err(Problem::Malformed));
        assert_eq!(Slug::check("a b".into()), Err(Problem::Malformed));
    }
}
