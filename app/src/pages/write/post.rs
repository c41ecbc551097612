//! What the forms for threads and cases send.

use super::{
    amounts::{day, end_of_day, rupiah, rupiah_words},
    sheet::{Place, Sheet},
};
use crate::form::Form;
use aivalid_model::{
    Error, Lang, Result, Timestamp,
    cases::{Case, CaseDraft, CaseInput},
    check::{CheckAll, FieldError, Problem},
    community::{Thread, ThreadDraft, ThreadInput},
    content::{Content, ContentInput, ContentType},
    identity::TimeZone,
};
use serde::Deserialize;

/// The fields of both forms; a thread's leaves bounty and deadline out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PostFields {
    pub(super) title: String,
    pub(super) category: String,
    pub(super) summary: String,
    pub(super) tags: String,
    /// `markdown` or `table`.
    pub(super) content_type: String,
    pub(super) content: String,
    pub(super) column: Vec<String>,
    pub(super) kind: Vec<String>,
    pub(super) cell: Vec<String>,
    pub(super) bounty_amount: String,
    pub(super) deadline: String,
    /// Which button was pressed, where it was not the one that publishes.
    #[serde(rename = "do")]
    pub(super) pressed: String,
    /// The table, once read from its parts.
    #[serde(skip)]
    pub(super) sheet: Sheet,
}

impl Form for PostFields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("title", tr!(lang, "write.title").into_owned()),
            ("category", tr!(lang, "write.category").into_owned()),
            ("content", tr!(lang, "write.content").into_owned()),
            ("bountyAmount", tr!(lang, "write.bounty").into_owned()),
            ("deadline", tr!(lang, "write.deadline").into_owned()),
            ("tags", tr!(lang, "write.tags").into_owned()),
            ("summary", tr!(lang, "write.summary").into_owned()),
        ]
    }

    fn label(lang: Lang, field: &str) -> Option<String> {
        Some(match Place::of(field)? {
            Place::Column(column) => tr!(lang, "write.column_name", column = column + 1).into_owned(),
            Place::Row(row) => tr!(lang, "write.row", row = row + 1).into_owned(),
            Place::Cell(row, column) => tr!(lang, "write.cell", row = row + 1, column = column + 1).into_owned(),
        })
    }
}

impl PostFields {
    /// The table's parts put together.
    #[must_use]
    pub(super) fn assembled(mut self) -> Self {
        self.sheet = Sheet::read(&self.column, &self.kind, &self.cell);
        self
    }

    /// A thread to edit.
    pub(super) fn of_thread(thread: Thread) -> Self {
        let Thread { row, content_type, content, .. } = thread;
        Self { title: row.title, summary: row.summary, tags: row.tags.join(", "), ..Self::of_content(content_type, content) }
    }

    /// A case to edit.
    pub(super) fn of_case(case: Case, zone: TimeZone) -> Self {
        let Case { row, content_type, content, .. } = case;
        Self {
            title: row.title,
            summary: row.summary,
            tags: row.tags.join(", "),
            bounty_amount: rupiah_words(row.bounty_amount),
            deadline: row.deadline.map(|at| day(at, zone)).unwrap_or_default(),
            ..Self::of_content(content_type, content)
        }
    }

    fn of_content(kind: ContentType, content: String) -> Self {
        let content_type = kind.as_str().to_owned();
        match kind {
            ContentType::Markdown => Self { content_type, content, ..Self::default() },
            ContentType::Table => {
                Self { content_type, sheet: serde_json::from_str(&content).map(Sheet::of).unwrap_or_default(), ..Self::default() }
            }
        }
    }

    /// Whether the content is a table.
    pub(super) fn is_table(&self) -> bool {
        self.content_type == ContentType::Table.as_str()
    }

    /// The content as the service takes it.
    pub(super) fn content_input(&self) -> ContentInput {
        if self.is_table() { self.sheet.input() } else { ContentInput::Markdown { text: self.content.clone() } }
    }

    /// The content, checked.
    pub(super) fn checked_content(&self) -> Result<Content> {
        self.content_input().check_all().map_err(|error| self.located(error))
    }

    /// What is wrong, with rows under the numbers that they have in the form.
    fn located(&self, error: Error) -> Error {
        match error {
            Error::Validation { fields } => {
                Error::Validation { fields: fields.into_iter().map(|error| self.sheet.located(error)).collect() }
            }
            other => other,
        }
    }

    fn tag_list(&self) -> Vec<String> {
        self.tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
    }

    /// As a thread.
    pub(super) fn thread(&self) -> Result<ThreadDraft> {
        let (category, title, summary) = (self.category.clone(), self.title.clone(), Some(self.summary.clone()));
        let input = ThreadInput { category, title, summary, content: self.content_input(), tags: self.tag_list() };
        input.check_all().map_err(|error| self.located(error))
    }

    /// As a case. A day that is the deadline's own keeps its hour, which other programs may have set.
    pub(super) fn case(&self, zone: TimeZone, before: Option<Timestamp>, now: Timestamp) -> Result<CaseDraft> {
        let bounty = rupiah(&self.bounty_amount);
        let deadline = match before.filter(|at| day(*at, zone) == self.deadline) {
            Some(before) => Ok(Some(before)),
            None => end_of_day(&self.deadline, zone)
                .and_then(|at| if at.is_some_and(|at| at <= now) { Err(Problem::InThePast) } else { Ok(at) }),
        };
        let input = CaseInput {
            category: self.category.clone(),
            title: self.title.clone(),
            summary: Some(self.summary.clone()),
            content: self.content_input(),
            bounty_amount: bounty.clone().unwrap_or_default(),
            tags: self.tag_list(),
            deadline: deadline.clone().unwrap_or_default(),
        };
        // What can't be read here stands beside what the model finds, so that everything is named at once.
        let mut fields: Vec<_> = [noted("bountyAmount", bounty.err()), noted("deadline", deadline.err())].into_iter().flatten().collect();
        match input.check_all().map_err(|error| self.located(error)) {
            Ok(draft) if fields.is_empty() => Ok(draft),
            Ok(_) => Err(Error::Validation { fields }),
            Err(Error::Validation { fields: more }) => {
                fields.extend(more);
                Err(Error::Validation { fields })
            }
            Err(error) => Err(error),
        }
    }
}

fn noted(field: &str, problem: Option<Problem>) -> Option<FieldError> {
    problem.map(|problem| FieldError { field: field.to_owned(), problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn fields() -> PostFields {
        PostFields {
            title: "Cek kappa".into(),
            category: "methods".into(),
            content: "Isi".into(),
            tags: "hukum, Inter Rater,,".into(),
            bounty_amount: "1.250.000".into(),
            deadline: "2026-12-01".into(),
            ..PostFields::default()
        }
    }

    #[test]
    fn a_case_is_read_from_what_people_type() {
        let draft = fields().case(TimeZone::WIB, None, NOW).unwrap();
        assert_eq!(draft.bounty.rupiah().0, 1_250_000);
        assert_eq!(draft.tags.slugs().collect::<Vec<_>>(), ["hukum", "inter-rater"]);
        assert_eq!(draft.deadline.unwrap().rfc3339(), "2026-12-01T16:59:59Z");
    }

    #[test]
    fn an_untouched_deadline_keeps_its_hour() {
        let before = Timestamp::from_secs(1_796_090_400);
        assert_eq!(day(before, TimeZone::WIB), "2026-12-01");
        assert_eq!(fields().case(TimeZone::WIB, Some(before), NOW).unwrap().deadline, Some(before));
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let bad = PostFields { title: "x".into(), bounty_amount: "banyak".into(), deadline: "besok".into(), ..fields() };
        let Err(Error::Validation { fields }) = bad.case(TimeZone::WIB, None, NOW) else { panic!() };
        let names: Vec<_> = fields.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(names, ["bountyAmount", "deadline", "title"]);
        let late = PostFields { deadline: "2026-11-01".into(), ..self::fields() };
        assert_eq!(late.case(TimeZone::WIB, None, NOW), Err(Error::field("deadline", Problem::InThePast)));
    }
}
