//! The interface's words: `locales/*.id.yml` and `locales/*.en.yml`, one pair a page area. A test fails on a key that one
//! language lacks or that no file has.

use aivalid_model::Lang;

/// The words for a key: `tr!(lang, "thread.reply")`, with values `tr!(lang, "x.y", name = name)`.
#[macro_export]
macro_rules! tr {
    ($lang:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        rust_i18n::t!($key, locale = $lang.tag() $(, $name = $value)*)
    };
}

/// The words for a number: `key.one` for one in English, else `key.other`, with `%{count}` written as people write numbers.
pub fn plural(lang: Lang, key: &str, count: u64) -> String {
    // Indonesian has one form.
    let form = if lang == Lang::En && count == 1 { "one" } else { "other" };
    let count = number(lang, count);
    tr!(lang, format!("{key}.{form}"), count = count).into_owned()
}

/// A number with its thousands grouped: `12.345` in Indonesian, `12,345` in English.
pub fn number(lang: Lang, value: u64) -> String {
    let mark = match lang {
        Lang::Id => '.',
        Lang::En => ',',
    };
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    fn keys(lang: Lang) -> BTreeMap<String, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
        let ending = format!(".{}.yml", lang.tag());
        let mut all = BTreeMap::new();
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if !file.to_string_lossy().ends_with(&ending) {
                continue;
            }
            for line in fs::read_to_string(&file).unwrap().lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
                let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("{file:?}: `{line}` is not `key: value`"));
                assert!(all.insert(key.to_owned(), value.to_owned()).is_none(), "{key} stands twice in {}", lang.tag());
            }
        }
        all
    }

    fn names(value: &str) -> BTreeSet<&str> {
        value.split("%{").skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_values() {
        let (id, en) = (keys(Lang::Id), keys(Lang::En));
        assert_eq!(id.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
        for (key, value) in &id {
            assert_eq!(names(value), names(&en[key]), "{key}");
        }
    }

    fn sources(folder: &Path, out: &mut String) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                sources(&entry, out);
            } else if !entry.ends_with("i18n.rs") {
                out.push_str(&fs::read_to_string(entry).unwrap());
            }
        }
    }

    /// Keys in the sources stand in `tr!(lang, "…"` or `plural(lang, "…"`.
    #[test]
    fn every_key_that_is_used_has_words() {
        let all = keys(Lang::Id);
        let mut text = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut used = 0;
        for (mark, ending) in [("tr!(", ""), ("plural(", ".other")] {
            for rest in text.split(mark).skip(1) {
                let Some(key) = rest.split_once(',').and_then(|(_, rest)| rest.trim_start().strip_prefix('"')) else { continue };
                let key = format!("{}{ending}", key.split('"').next().unwrap());
                used += 1;
                assert!(all.contains_key(&key), "no words for {key}");
            }
        }
        assert!(used > 0);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((number(Lang::Id, 1_234_567), number(Lang::En, 1_234)), ("1.234.567".into(), "1,234".into()));
        assert_eq!(number(Lang::Id, 999), "999");
    }
}
