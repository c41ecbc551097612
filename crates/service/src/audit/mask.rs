//! Masks personal data in what goes into the log: enough is left for its owner to recognise it, too little to find them by.

use serde_json::Value;

/// A value with every text in it masked, keys excepted.
pub fn value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(self::text(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(self::value).collect()),
        Value::Object(map) => Value::Object(map.into_iter().map(|(key, item)| (key, self::value(item))).collect()),
        plain => plain,
    }
}

/// A text in which e-mail addresses keep their first letter and domain, and telephone numbers their last three digits.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for (place, part) in text.char_indices() {
        let rest = text.get(place + 1..).unwrap_or_default();
        let goes_on = !ends_word(part) && (part != ' ' || number_goes_on(&word, rest));
        if goes_on {
            word.push(part);
        } else {
            out.push_str(&masked(&std::mem::take(&mut word)));
            out.push(part);
        }
    }
    out.push_str(&masked(&word));
    out
}

/// What stands between words; blanks are looked at more closely.
fn ends_word(c: char) -> bool {
    (c.is_whitespace() && c != ' ') || c.is_control() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | ',' | ';' | ':')
}

/// Whether a blank stands inside a telephone number, which may be written in groups: `+62 812-3456-7890`.
fn number_goes_on(word: &str, rest: &str) -> bool {
    !word.is_empty() && word.chars().all(is_of_number) && rest.starts_with(|c: char| c.is_ascii_digit())
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ' ')
}

fn masked(word: &str) -> String {
    if let Some((local, domain)) = word.split_once('@')
        && let Some(first) = local.chars().next()
        && !domain.is_empty()
    {
        return format!("{first}***@{}", domain.replace('@', "*"));
    }
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits >= 8 && word.starts_with(['+', '0']) && word.chars().all(is_of_number) {
        let last: String = word.chars().filter(char::is_ascii_digit).skip(digits - 3).collect();
        return format!("***{last}");
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_and_numbers_are_masked_where_they_stand() {
        for (plain, expected) in [
            ("budi@contoh.id", "b***@contoh.id"),
            ("dari <budi.s+x@contoh.id>, lalu", "dari <b***@contoh.id>, lalu"),
            ("+62 812-3456-7890", "***890"),
            ("081234567890 lalu 3", "***890 lalu 3"),
            ("telp: +6281234567890.", "telp: ***890"),
            ("biasa saja 12345678", "biasa saja 12345678"),
            ("@budi", "@budi"),
            ("2026-11-21", "2026-11-21"),
            ("kunci kantor", "kunci kantor"),
        ] {
            assert_eq!(text(plain), expected, "{plain}");
        }
        let nested = serde_json::json!({"a": ["x@y.id", 5, null], "b": {"c": "x@y.id"}});
        assert_eq!(value(nested), serde_json::json!({"a": ["x***@y.id", 5, null], "b": {"c": "x***@y.id"}}));
    }

    proptest! {
        #[test]
        fn no_address_survives(before in "[a-z ,<]{0,8}", local in "[a-z0-9.+]{3,12}", domain in "[a-z]{2,8}\\.(id|com)", after in "[ ,>]?[a-z ]{0,8}") {
            let plain = format!("{before}{local}@{domain}{after}");
            let address = format!("{local}@");
            prop_assert!(!text(&plain).contains(&address), "{}", text(&plain));
        }

        #[test]
        fn no_number_survives(number in "\\+62 ?8[0-9]{2}[- ]?[0-9]{4}[- ]?[0-9]{4}") {
            let masked = text(&format!("nomor {number} saya"));
            prop_assert!(masked.chars().filter(char::is_ascii_digit).count() == 3);
        }
    }
}
