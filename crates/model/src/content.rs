//! What people write: Markdown, or a table with typed columns.

use crate::{
    Result,
    check::{Check, CheckAll, Fields, Problem, line, lines},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most characters of a thread's or case's Markdown.
pub const POST_MAX: usize = 50_000;
/// The most characters of a reply.
pub const REPLY_MAX: usize = 20_000;

/// Content as a client sends it: `{"type": "markdown", "text": "…"}` or `{"type": "table", "columns": […], "rows": [[…]]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum ContentInput {
    /// `CommonMark` with tables, task lists, strikethrough, footnotes, highlighted code and `$math$`.
    Markdown {
        /// The source.
        text: String,
    },
    /// A table with typed columns.
    Table {
        /// The columns, from first to last.
        columns: Vec<Column>,
        /// Rows of cells, each as wide as there are columns. A cell is a string, a number, a boolean or null.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<Option<serde_json::Value>>>))]
        rows: Vec<Vec<Value>>,
    },
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The heading, 1 to 60 characters.
    pub name: String,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// What a column's cells hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Strings.
    Text,
    /// Numbers.
    Number,
    /// Booleans.
    YesNo,
}

/// Checked content of a thread or case.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Markdown source.
    Markdown(String),
    /// A table whose cells fit their columns.
    Table(Table),
}

/// A table whose cells fit their columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; every row is as wide as there are columns.
    pub rows: Vec<Vec<Value>>,
}

/// Which of the two, as stores and the API name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ContentType {
    /// Markdown.
    Markdown,
    /// A typed table.
    Table,
}

impl ContentType {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Table => "table",
        }
    }
}

impl Content {
    /// Which kind this is.
    pub const fn content_type(&self) -> ContentType {
        match self {
            Self::Markdown(_) => ContentType::Markdown,
            Self::Table(_) => ContentType::Table,
        }
    }

    /// The stored source: the Markdown itself, or the table as JSON.
    pub fn source(&self) -> String {
        match self {
            Self::Markdown(text) => text.clone(),
            Self::Table(table) => serde_json::to_string(table).unwrap_or_default(),
        }
    }
}

const MAX_COLUMNS: usize = 20;
const MAX_ROWS: usize = 500;
const CELL_MAX: usize = 1_000;
/// The most problems of one table that are named.
const MAX_NAMED: usize = 50;

impl Content {
    /// Checks content as the field `content` of something. What is wrong in a table is named by its place:
    /// `content.columns[1].name`, `content.rows[3]` for a row of another width, `content.rows[3][1]` for a cell.
    pub fn check_in(fields: &mut Fields, input: ContentInput) -> Option<Self> {
        match input {
            ContentInput::Markdown { text } => fields.note("content", lines(&text, 1, POST_MAX)).map(Self::Markdown),
            ContentInput::Table { columns, rows } => check_table(fields, columns, rows).map(Self::Table),
        }
    }
}

/// Content by itself, for previews.
impl CheckAll for ContentInput {
    type Checked = Content;
    fn check_all(self) -> Result<Content> {
        let mut fields = Fields::new();
        let content = Content::check_in(&mut fields, self);
        fields.finish(content)
    }
}

fn check_table(fields: &mut Fields, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Option<Table> {
    let size = match (columns.len(), rows.len()) {
        (0, _) => Err(Problem::Required),
        (1..=MAX_COLUMNS, 0..=MAX_ROWS) => Ok(()),
        (1..=MAX_COLUMNS, _) => Err(Problem::TooMany { max: MAX_ROWS }),
        _ => Err(Problem::TooMany { max: MAX_COLUMNS }),
    };
    fields.note("content", size)?;
    // After the first so many the rest would only repeat the mistake.
    let mut left = MAX_NAMED;
    let mut note = |path: String, problem: Problem| {
        if left > 0 {
            left -= 1;
            fields.add(&path, problem);
        }
    };
    let mut table = Table { columns: Vec::with_capacity(columns.len()), rows: Vec::with_capacity(rows.len()) };
    for (index, column) in columns.into_iter().enumerate() {
        match line(&column.name, 1, 60) {
            Ok(name) => table.columns.push(Column { name, ..column }),
            Err(problem) => {
                note(format!("content.columns[{index}].name"), problem);
                table.columns.push(column);
            }
        }
    }
    for (index, row) in rows.into_iter().enumerate() {
        if row.len() != table.columns.len() {
            note(format!("content.rows[{index}]"), Problem::Malformed);
            continue;
        }
        let cells = row.into_iter().zip(&table.columns).enumerate().filter_map(|(place, (cell, column))| {
            check_cell(cell, column.kind).map_err(|problem| note(format!("content.rows[{index}][{place}]"), problem)).ok()
        });
        let cells = cells.collect();
        table.rows.push(cells);
    }
    (left == MAX_NAMED).then_some(table)
}

fn check_cell(cell: Value, kind: ColumnKind) -> Result<Value, Problem> {
    match (kind, cell) {
        (_, Value::Null) => Ok(Value::Null),
        (ColumnKind::Text, Value::String(text)) => lines(&text, 0, CELL_MAX).map(Value::String),
        (ColumnKind::Number, number @ Value::Number(_)) | (ColumnKind::YesNo, number @ Value::Bool(_)) => Ok(number),
        _ => Err(Problem::WrongType),
    }
}

/// A reply's Markdown, 1 to [`REPLY_MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyText(String);

impl ReplyText {
    /// The source.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Check for ReplyText {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        lines(&input, 1, REPLY_MAX).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What is wrong, by place.
    fn bad(columns: &Value, rows: &Value) -> Vec<(String, Problem)> {
        let input: ContentInput = serde_json::from_value(json!({"type": "table", "columns": columns, "rows": rows})).unwrap();
        match input.check_all() {
            Ok(_) => vec![],
            Err(crate::Error::Validation { fields }) => fields.into_iter().map(|error| (error.field, error.problem)).collect(),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn cells_fit_their_columns() {
        let columns = json!([{"name": "Item", "kind": "text"}, {"name": "N", "kind": "number"}, {"name": "OK", "kind": "yes_no"}]);
        assert_eq!(bad(&columns, &json!([["a", 1.5, true], [null, null, null]])), []);
        let rows = json!([["a", "1", true], ["a"], [5, 1, "ya"]]);
        let expected = [
            ("content.rows[0][1]", Problem::WrongType),
            ("content.rows[1]", Problem::Malformed),
            ("content.rows[2][0]", Problem::WrongType),
            ("content.rows[2][2]", Problem::WrongType),
        ];
        assert_eq!(bad(&columns, &rows), expected.map(|(path, problem)| (path.to_owned(), problem)));
        assert_eq!(bad(&json!([]), &json!([])), [("content".to_owned(), Problem::Required)]);
        let unnamed = json!([{"name": "Item", "kind": "text"}, {"name": " ", "kind": "text"}]);
        assert_eq!(bad(&unnamed, &json!([["a", "b"]])), [("content.columns[1].name".to_owned(), Problem::Required)]);
    }

    #[test]
    fn there_is_an_end_to_what_is_named() {
        let columns = json!([{"name": "N", "kind": "number"}]);
        assert_eq!(bad(&columns, &json!(vec![["x"]; MAX_ROWS])).len(), MAX_NAMED);
        assert_eq!(bad(&columns, &json!(vec![[1]; MAX_ROWS + 1])), [("content".to_owned(), Problem::TooMany { max: MAX_ROWS })]);
    }

    #[test]
    fn a_hundred_thousand_characters_are_refused() {
        assert_eq!(ReplyText::check("x".repeat(100_000)), Err(Problem::TooLong { max: REPLY_MAX }));
        assert_eq!(ReplyText::check("  \n ".into()), Err(Problem::Required));
    }
}
