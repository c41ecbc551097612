//! What happened to accounts, in words. The words of an event `area.what` stand under `audit.event.area_what`.

use aivalid_model::Lang;

/// An event in words; one without words is told by its own name.
pub fn event_words(lang: Lang, event: &str, name: Option<&str>) -> String {
    let key = format!("audit.event.{}", event.replace('.', "_"));
    let words = tr!(lang, key.as_str(), name = name.unwrap_or_default()).into_owned();
    if words.contains("audit.event.") { event.to_owned() } else { words }
}

/// An event's icon, by its area.
pub fn event_icon(event: &str) -> &'static str {
    match event.split('.').next().unwrap_or_default() {
        "alert" => "triangle-alert",
        "login" => "log-in",
        "session" => "log-out",
        "account" => "user",
        "role" => "users",
        "user" => "gavel",
        "badge" => "award",
        "passkey" => "fingerprint",
        "password" | "totp" | "sudo" | "token" | "pqc" => "key-round",
        "federated" => "link",
        "phone" => "smartphone",
        "kyc" => "clipboard-check",
        "recovery" => "life-buoy",
        _ => "history",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    fn sources(folder: &Path, out: &mut String) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                sources(&entry, out);
            } else if entry.extension().is_some_and(|end| end == "rs") {
                out.push_str(&fs::read_to_string(entry).unwrap());
            }
        }
    }

    #[test]
    fn every_event_that_is_written_has_words() {
        let mut text = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/service/src"), &mut text);
        let mut events = BTreeSet::new();
        for mark in ["Event::new(\"", "Event::failed(\""] {
            events.extend(text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()));
        }
        events.remove("area.what");
        assert!(events.len() > 5);
        for lang in Lang::ALL {
            let missing: Vec<_> = events.iter().filter(|event| event_words(lang, event, None) == **event).collect();
            assert!(missing.is_empty(), "no words in {} (audit.event.area_what in locales/) for {missing:?}", lang.tag());
        }
    }
}
