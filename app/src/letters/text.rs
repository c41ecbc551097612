//! A letter as text.

use super::{Draft, Part};
use aivalid_model::Lang;

/// Paragraphs with an empty line between them; addresses stand alone on their lines.
pub(super) fn write(origin: &str, lang: Lang, draft: &Draft) -> String {
    let greeting = tr!(lang, "letter.greeting", name = draft.username).into_owned();
    let footer = format!("-- \n{}\n", tr!(lang, "letter.footer", origin = origin));
    let parts = draft.parts.iter().map(part);
    std::iter::once(greeting).chain(parts).chain([footer]).collect::<Vec<_>>().join("\n\n")
}

fn part(part: &Part) -> String {
    match part {
        Part::Words(text) => text.clone(),
        Part::Quote(text) => format!("> {text}"),
        Part::Facts(facts) => facts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n"),
        Part::Action(label, address) => format!("{label}:\n{address}"),
        Part::Alarm(text, label, address) => format!("{text}\n\n{label}:\n{address}"),
    }
}
