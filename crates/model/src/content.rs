//! What people write: Markdown, or a table with typed columns.

use crate::check::{Check, Problem, lines};
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

impl Check for Content {
    type Input = ContentInput;
    fn check(input: ContentInput) -> Result<Self, Problem> {
        match input {
            ContentInput::Markdown { text } => lines(&text, 1, POST_MAX).map(Self::Markdown),
            ContentInput::Table { columns, rows } => check_table(columns, rows).map(Self::Table),
        }
    }
}

fn check_table(columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Result<Table, Problem> {
    match columns.len() {
        0 => return Err(Problem::Required),
        1..=MAX_COLUMNS => {}
        _ => return Err(Problem::TooMany { max: MAX_COLUMNS }),
    }
    if rows.len() > MAX_ROWS {
        return Err(Problem::TooMany { max: MAX_ROWS });
    }
    let columns = columns
        .into_iter()
        .map(|column| crate::check::line(&column.name, 1, 60).map(|name| Column { name, ..column }))
        .collect::<Result<Vec<_>, _>>()?;
    let rows = rows
        .into_iter()
        .map(|row| {
            if row.len() != columns.len() {
                return Err(Problem::Malformed);
            }
            row.into_iter().zip(&columns).map(|(cell, column)| check_cell(cell, column.kind)).collect()
        })
        .collect::<Result<Vec<Vec<Value>>, _>>()?;
    Ok(Table { columns, rows })
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

    fn table(value: Value) -> Result<Content, Problem> {
        Content::check(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn cells_fit_their_columns() {
        let columns = json!([{"name": "Item", "kind": "text"}, {"name": "N", "kind": "number"}, {"name": "OK", "kind": "yes_no"}]);
        assert!(table(json!({"type": "table", "columns": columns, "rows": [["a", 1.5, true], [null, null, null]]})).is_ok());
        assert_eq!(table(json!({"type": "table", "columns": columns, "rows": [["a", "1", true]]})), Err(Problem::WrongType));
        assert_eq!(table(json!({"type": "table", "columns": columns, "rows": [["a"]]})), Err(Problem::Malformed));
        assert_eq!(table(json!({"type": "table", "columns": [], "rows": []})), Err(Problem::Required));
    }

    #[test]
    fn a_hundred_thousand_characters_are_refused() {
        assert_eq!(ReplyText::check("x".repeat(100_000)), Err(Problem::TooLong { max: REPLY_MAX }));
        assert_eq!(ReplyText::check("  \n ".into()), Err(Problem::Required));
    }
}
