//! Forms that work without scripts: a form posts to its page's own address. What worked answers 303 with a message; what did
//! not renders the same page with 422, everything typed kept, and each problem beside its field.
//!
//! A form is a struct of the fields' texts that implements [`Form`]; [`Posted`] reads it ([`Upload`] where it has files), [`FormState`] shows it again.

mod posted;
mod upload;

pub use posted::Posted;
pub use upload::{Part, UPLOAD_BODY, Upload};

use aivalid_model::{
    Error, Lang,
    check::{FieldError, Problem},
};
use axum::http::StatusCode;

/// What a form's fields are called.
pub trait Form: Send + 'static {
    /// Each field's name and label, in the order of the form.
    fn labels(lang: Lang) -> Vec<(&'static str, String)>;

    /// The label of a place inside a field, where it has such places.
    fn label(_lang: Lang, _field: &str) -> Option<String> {
        None
    }
}

/// A form as it is shown: what was typed, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct FormState<T> {
    /// What was typed, or what the form starts with.
    pub values: T,
    /// Which fields are wrong.
    pub fields: Vec<FieldError>,
    /// What went wrong besides.
    pub problem: Option<Error>,
}

impl<T> FormState<T> {
    /// A fresh form.
    pub const fn fresh(values: T) -> Self {
        Self { values, fields: Vec::new(), problem: None }
    }

    /// A form that comes back with what was wrong.
    pub fn failed(values: T, error: Error) -> Self {
        match error {
            Error::Validation { fields } => Self { values, fields, problem: None },
            other => Self { values, fields: Vec::new(), problem: Some(other) },
        }
    }

    /// 200 for a fresh form; for one that comes back 422, or the error's own status where that says more (429, 401, 409, …).
    pub fn status(&self) -> StatusCode {
        match &self.problem {
            None if self.fields.is_empty() => StatusCode::OK,
            None => StatusCode::UNPROCESSABLE_ENTITY,
            Some(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
        }
    }

    /// Whether anything is wrong.
    pub const fn is_bad(&self) -> bool {
        !self.fields.is_empty() || self.problem.is_some()
    }
}

impl<T: Form> FormState<T> {
    /// A field's label.
    pub fn label(lang: Lang, field: &str) -> String {
        let own = || T::labels(lang).into_iter().find(|(name, _)| *name == field).map(|(_, label)| label);
        own().or_else(|| T::label(lang, field)).unwrap_or_else(|| field.to_owned())
    }

    /// The words for a field's problem, or for the first one inside it.
    pub fn error(&self, lang: Lang, field: &str) -> Option<String> {
        self.fields.iter().find(|error| is_within(&error.field, field)).map(|error| {
            let words = problem_words(lang, &error.problem);
            if error.field == field { words } else { format!("{}: {words}", Self::label(lang, &error.field)) }
        })
    }

    /// The bad fields in the order of the form, those that it does not show at the end.
    pub fn bad_fields(&self, lang: Lang) -> Vec<(&FieldError, String)> {
        let labels = T::labels(lang);
        let place = |error: &FieldError| labels.iter().position(|(name, _)| is_within(&error.field, name)).unwrap_or(usize::MAX);
        let mut bad: Vec<_> = self.fields.iter().map(|error| (error, Self::label(lang, &error.field))).collect();
        bad.sort_by_key(|(error, _)| place(error));
        bad
    }

    /// Whether this is the field to look at first.
    pub fn is_first_bad(&self, lang: Lang, field: &str) -> bool {
        self.bad_fields(lang).first().is_some_and(|(error, _)| error.field == field)
    }
}

/// Whether a path is a field's, or of a place inside it.
fn is_within(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A field's problem in words.
pub fn problem_words(lang: Lang, problem: &Problem) -> String {
    match problem {
        Problem::Required => tr!(lang, "problem.required"),
        Problem::TooShort { min } => tr!(lang, "problem.too_short", min = min),
        Problem::TooLong { max } => tr!(lang, "problem.too_long", max = max),
        Problem::OutOfRange { min, max } => {
            let (min, max) = (crate::i18n::number(lang, min.unsigned_abs()), crate::i18n::number(lang, max.unsigned_abs()));
            tr!(lang, "problem.out_of_range", min = min, max = max)
        }
        Problem::TooMany { max } => tr!(lang, "problem.too_many", max = max),
        Problem::Malformed => tr!(lang, "problem.malformed"),
        Problem::BadCharacters => tr!(lang, "problem.bad_characters"),
        Problem::UnknownValue => tr!(lang, "problem.unknown_value"),
        Problem::NotFound => tr!(lang, "problem.not_found"),
        Problem::Taken => tr!(lang, "problem.taken"),
        Problem::Reserved => tr!(lang, "problem.reserved"),
        Problem::WeakPassword => tr!(lang, "problem.weak_password"),
        Problem::MustAccept => tr!(lang, "problem.must_accept"),
        Problem::InThePast => tr!(lang, "problem.in_the_past"),
        Problem::UnknownField => tr!(lang, "problem.unknown_field"),
        Problem::WrongType => tr!(lang, "problem.wrong_type"),
        Problem::FileType => tr!(lang, "problem.file_type"),
        Problem::FileTooLarge { max } => tr!(lang, "problem.file_too_large", max = max / (1024 * 1024)),
        Problem::Unreadable => tr!(lang, "problem.unreadable"),
    }
    .into_owned()
}

/// An error in words for people, by its code.
pub fn error_words(lang: Lang, error: &Error) -> String {
    let code = error.code().to_ascii_lowercase();
    let key = format!("error.{code}");
    tr!(lang, key.as_str()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Example;

    impl Form for Example {
        fn labels(_: Lang) -> Vec<(&'static str, String)> {
            vec![("title", "Title".into()), ("tags", "Tags".into())]
        }
    }

    fn failed() -> FormState<Example> {
        assert!(is_within("content.rows[1]", "content") && is_within("tags[0]", "tags") && !is_within("contents", "content"));
        let bad = |field: &str| FieldError { field: field.into(), problem: Problem::Required };
        FormState::failed(Example, Error::Validation { fields: vec![bad("tags"), bad("other"), bad("title")] })
    }

    #[test]
    fn bad_fields_come_in_the_order_of_the_form() {
        let state = failed();
        let order: Vec<_> = state.bad_fields(Lang::En).into_iter().map(|(error, label)| (error.field.clone(), label)).collect();
        assert_eq!(order, [("title".into(), "Title".into()), ("tags".into(), "Tags".into()), ("other".into(), "other".to_owned())]);
        assert!(state.is_first_bad(Lang::En, "title") && !state.is_first_bad(Lang::En, "tags"));
    }

    #[test]
    fn statuses_say_what_happened() {
        assert_eq!(FormState::fresh(Example).status(), StatusCode::OK);
        assert_eq!(failed().status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(FormState::failed(Example, Error::Unauthenticated).status(), StatusCode::UNAUTHORIZED);
    }
}
