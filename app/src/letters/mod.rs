//! What letters look like. `words` says what a letter says, as a few parts; `html` and `text` write the same parts, so that
//! neither form lacks what the other has.
//!
//! To add a letter: its words in `locales/letter.*.yml`, its parts in `words`, a sample in the tests, whose pictures
//! `INSTA_UPDATE=always cargo nextest run -p aivalid-app --features ssr letters` makes anew.

mod html;
mod links;
mod sms;
mod text;
mod words;

pub use sms::sms;

use aivalid_service::mail::Mail;

/// A letter, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Constant for each letter: nothing that people chose stands in a header.
    pub subject: String,
    /// For people and programs that read text.
    pub text: String,
    /// A whole document.
    pub html: String,
}

/// A piece of a letter.
enum Part {
    /// A paragraph.
    Words(String),
    /// What somebody else wrote, in their own words.
    Quote(String),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// The one thing to do: what it is called and where it leads.
    Action(String, String),
    /// What to do if it was not the reader: words, what it is called and where it leads.
    Alarm(String, String, String),
}

/// A letter's subject, and its parts after the greeting.
struct Draft {
    subject: String,
    username: String,
    parts: Vec<Part>,
}

/// Writes a letter. `origin` is the public origin, without a final slash.
pub fn write(origin: &str, mail: &Mail) -> Written {
    let draft = words::draft(origin, mail.lang, &mail.letter);
    let (text, html) = (text::write(origin, mail.lang, &draft), html::write(origin, mail.lang, &draft));
    Written { subject: draft.subject, text, html }
}

/// What people chose, fit for a letter: one line, without marks that no eye sees or that turn the writing round, and short.
fn plain(text: &str) -> String {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
    };
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !invisible(*c)).collect();
    if line.chars().count() <= LONGEST { line } else { line.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// The longest value in a letter, in characters.
const LONGEST: usize = 500;

#[cfg(test)]
mod tests;
