//! From what a client sent to what a service may see.
//!
//! A value type implements [`Check`]; a transfer object implements [`CheckAll`] with a [`Fields`] collector, so that every
//! bad field is named in one answer.

use crate::{community::CategoryKind, error::Error};
use serde::{Deserialize, Serialize};

/// What is wrong with one field. The tag is stable: clients and translations go by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was given.
    Required,
    /// Fewer characters than allowed.
    TooShort {
        /// The least.
        min: usize,
    },
    /// More characters than allowed.
    TooLong {
        /// The most.
        max: usize,
    },
    /// A number outside its range.
    OutOfRange {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// More entries than allowed.
    TooMany {
        /// The most.
        max: usize,
    },
    /// Not in the form that this field has (an e-mail address, a username, a date, …).
    Malformed,
    /// Control or other characters that can't be kept.
    BadCharacters,
    /// None of the values this field can have.
    UnknownValue,
    /// Names something that does not exist.
    NotFound,
    /// Someone has it already.
    Taken,
    /// A name that is kept for the system.
    Reserved,
    /// A password that is too easily guessed or known from a breach.
    WeakPassword,
    /// Must be agreed to.
    MustAccept,
    /// A time that has passed already.
    InThePast,
    /// Not a field of this request.
    UnknownField,
    /// Of another JSON type than expected.
    WrongType,
    /// A file of a type that is not taken here, told by its content.
    FileType,
    /// A file that is larger than allowed.
    FileTooLarge {
        /// The most, in bytes.
        max: u64,
    },
    /// A picture that can't be read: damaged, or of dimensions that no camera makes.
    Unreadable,
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name as the client wrote it; a path such as `content.rows[3][0]` inside a nested value.
    pub field: String,
    /// What is wrong.
    #[serde(flatten)]
    pub problem: Problem,
}

/// A value with a rule of its own.
pub trait Check: Sized {
    /// What it is made from.
    type Input;
    /// The value, or what is wrong with the input.
    fn check(input: Self::Input) -> Result<Self, Problem>;
}

/// A transfer object that becomes checked input.
pub trait CheckAll: Sized {
    /// The checked form that a service takes.
    type Checked: Send;
    /// Of which kind the category is that the field `category` names; looking it up is the service's.
    const CATEGORY: Option<CategoryKind> = None;
    /// Every field checked; all that are wrong are named.
    fn check_all(self) -> Result<Self::Checked, Error>;
}

/// Collects what is wrong with a transfer object's fields.
#[derive(Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// A collector with nothing wrong yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks one field. `None` means that it was wrong and is noted.
    pub fn check<T: Check>(&mut self, field: &str, input: T::Input) -> Option<T> {
        self.note(field, T::check(input))
    }

    /// Checks a field that may be left out; an absent one is `Some(None)`.
    pub fn optional<T: Check>(&mut self, field: &str, input: Option<T::Input>) -> Option<Option<T>> {
        match input {
            None => Some(None),
            Some(input) => self.check(field, input).map(Some),
        }
    }

    /// Keeps a result's value, or notes its problem.
    pub fn note<T>(&mut self, field: &str, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(field, problem);
                None
            }
        }
    }

    /// Notes a problem.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.push(FieldError { field: field.to_owned(), problem });
    }

    /// The checked object when nothing is wrong. `None` without a noted problem can't happen and counts as malformed.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => {
                if self.0.is_empty() {
                    self.add("", Problem::Malformed);
                }
                Err(Error::Validation { fields: self.0 })
            }
        }
    }
}

/// A single line of `min..=max` characters: trimmed, inner runs of white space folded, no control characters.
pub(crate) fn line(text: &str, min: usize, max: usize) -> Result<String, Problem> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().any(|c| c.is_control() || is_bidi_override(c)) {
        return Err(Problem::BadCharacters);
    }
    length(&folded, min, max).map(|()| folded)
}

/// Text of several lines: line ends made `\n`, trailing space cut, no control characters but newline and tab.
pub(crate) fn lines(text: &str, min: usize, max: usize) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_end();
    if text.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || is_bidi_override(c)) {
        return Err(Problem::BadCharacters);
    }
    length(text.trim(), min, max).map(|()| text.to_owned())
}

/// The characters that make text read otherwise than it is stored; plain right-to-left letters need none of them.
const fn is_bidi_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn length(text: &str, min: usize, max: usize) -> Result<(), Problem> {
    let count = text.chars().count();
    match count {
        0 if min > 0 => Err(Problem::Required),
        _ if count < min => Err(Problem::TooShort { min }),
        _ if count > max => Err(Problem::TooLong { max }),
        _ => Ok(()),
    }
}

/// A newtype around a checked string.
macro_rules! text_value {
    ($($(#[$doc:meta])* $name:ident = $check:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text, taken out.
            pub fn into_inner(self) -> String {
                self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl $crate::check::Check for $name {
            type Input = String;
            fn check(input: String) -> Result<Self, $crate::check::Problem> {
                let rule: fn(&str) -> Result<String, $crate::check::Problem> = $check;
                rule(&input).map(Self)
            }
        }
    )+};
}
pub(crate) use text_value;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_folded_and_counted_in_characters() {
        assert_eq!(line("  a\t b \n c ", 1, 9), Ok("a b c".to_owned()));
        assert_eq!(line(" \n ", 1, 9), Err(Problem::Required));
        assert_eq!(line("ab", 3, 9), Err(Problem::TooShort { min: 3 }));
        assert_eq!(line("é".repeat(9).as_str(), 1, 9), Ok("é".repeat(9)));
        assert_eq!(line("a\0b", 1, 9), Err(Problem::BadCharacters));
        assert_eq!(line("a\u{202E}b", 1, 9), Err(Problem::BadCharacters));
    }

    #[test]
    fn lines_keep_their_shape() {
        assert_eq!(lines("a\r\n\r\n  b  \n\n", 1, 99), Ok("a\n\n  b".to_owned()));
        assert_eq!(lines("مرحبا", 1, 99), Ok("مرحبا".to_owned()));
    }

    #[test]
    fn every_bad_field_is_named() {
        let mut fields = Fields::new();
        fields.add("title", Problem::Required);
        fields.add("bounty", Problem::OutOfRange { min: 0, max: 5 });
        let Err(Error::Validation { fields }) = fields.finish::<()>(None) else { panic!() };
        assert_eq!(
            serde_json::to_value(&fields).unwrap(),
            serde_json::json!([{"field": "title", "code": "required"}, {"field": "bounty", "code": "out_of_range", "min": 0, "max": 5}])
        );
    }
}
