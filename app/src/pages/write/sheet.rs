//! A typed table as a form sends it, and the steps that change it without scripts.

use aivalid_model::{
    check::FieldError,
    content::{Column, ColumnKind, ContentInput, Table},
};
use serde_json::{Number, Value};

/// The most columns and rows that the form offers; the model says what is allowed.
const COLUMNS: usize = 20;
const ROWS: usize = 500;

/// The texts of a table's inputs. Cells stand row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The columns' headings.
    pub names: Vec<String>,
    /// What the columns hold.
    pub kinds: Vec<ColumnKind>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

/// A step that changes the table's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// One more column at the end.
    AddColumn,
    /// One more row at the end.
    AddRow,
    /// Without a column.
    DropColumn(usize),
    /// Without a row.
    DropRow(usize),
}

impl Step {
    /// A button's value: `add-row`, `drop-column-2`, …
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "add-column" => Some(Self::AddColumn),
            "add-row" => Some(Self::AddRow),
            _ => match value.strip_prefix("drop-column-") {
                Some(index) => index.parse().ok().map(Self::DropColumn),
                None => value.strip_prefix("drop-row-")?.parse().ok().map(Self::DropRow),
            },
        }
    }
}

/// The word a form sends for a kind.
pub(super) const fn kind_word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Number => "number",
        ColumnKind::YesNo => "yes_no",
    }
}

fn kind_of(word: &str) -> ColumnKind {
    match word {
        "number" => ColumnKind::Number,
        "yes_no" => ColumnKind::YesNo,
        _ => ColumnKind::Text,
    }
}

impl Sheet {
    /// What a form sent. Cells that do not fill a row are left out.
    pub fn read(names: &[String], kinds: &[String], cells: &[String]) -> Self {
        let names: Vec<_> = names.iter().take(COLUMNS).cloned().collect();
        let kinds = (0..names.len()).map(|index| kinds.get(index).map_or(ColumnKind::Text, |word| kind_of(word))).collect();
        let rows = if names.is_empty() { vec![] } else { cells.chunks_exact(names.len()).take(ROWS).map(<[String]>::to_vec).collect() };
        Self { names, kinds, rows }
    }

    /// A table to begin with.
    pub fn fresh() -> Self {
        Self { names: vec![String::new(); 2], kinds: vec![ColumnKind::Text; 2], rows: vec![vec![String::new(); 2]; 2] }
    }

    /// A stored table.
    pub fn of(table: Table) -> Self {
        let (names, kinds) = table.columns.into_iter().map(|column| (column.name, column.kind)).unzip();
        let rows = table.rows.into_iter().map(|row| row.iter().map(text).collect()).collect();
        Self { names, kinds, rows }
    }

    /// Whether nothing was typed.
    pub fn is_blank(&self) -> bool {
        self.names.iter().chain(self.rows.iter().flatten()).all(|text| text.trim().is_empty())
    }

    /// Makes a step; one that leads nowhere changes nothing.
    pub fn step(&mut self, step: Step) {
        match step {
            Step::AddColumn if self.names.len() < COLUMNS => {
                self.names.push(String::new());
                self.kinds.push(ColumnKind::Text);
                for row in &mut self.rows {
                    row.push(String::new());
                }
            }
            Step::AddRow if self.rows.len() < ROWS => self.rows.push(vec![String::new(); self.names.len()]),
            Step::DropColumn(index) if index < self.names.len() && self.names.len() > 1 => {
                self.names.remove(index);
                self.kinds.remove(index);
                for row in &mut self.rows {
                    row.remove(index);
                }
            }
            Step::DropRow(index) if index < self.rows.len() => {
                self.rows.remove(index);
            }
            _ => {}
        }
    }

    /// As the service takes it. Rows without any text are left out; a cell that is not of its column's kind stays text, for the
    /// check to name.
    pub fn input(&self) -> ContentInput {
        let columns = self.names.iter().zip(&self.kinds).map(|(name, kind)| Column { name: name.clone(), kind: *kind }).collect();
        let rows = self.filled().map(|(_, row)| row.iter().zip(&self.kinds).map(|(cell, kind)| value(cell, *kind)).collect()).collect();
        ContentInput::Table { columns, rows }
    }

    /// The rows with any text, and their places.
    fn filled(&self) -> impl Iterator<Item = (usize, &Vec<String>)> {
        self.rows.iter().enumerate().filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()))
    }

    /// A problem of what [`Sheet::input`] gave, at the place that it has here, where empty rows count.
    pub fn located(&self, error: FieldError) -> FieldError {
        let here = |row: usize| self.filled().nth(row).map_or(row, |(place, _)| place);
        let place = match Place::of(&error.field) {
            Some(Place::Row(row)) => Place::Row(here(row)),
            Some(Place::Cell(row, column)) => Place::Cell(here(row), column),
            Some(Place::Column(_)) | None => return error,
        };
        FieldError { field: place.path(), ..error }
    }
}

/// A place in a table, as the model names it in a field's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A column's name.
    Column(usize),
    /// A whole row.
    Row(usize),
    /// Row and column of a cell.
    Cell(usize, usize),
}

impl Place {
    /// The place that a path means, if it means one.
    pub fn of(path: &str) -> Option<Self> {
        let inner = path.strip_prefix("content.")?.split_once('[')?;
        match (inner, inner.1.trim_end_matches(".name").strip_suffix(']')?) {
            (("columns", _), column) => Some(Self::Column(column.parse().ok()?)),
            (("rows", _), places) => match places.split_once("][") {
                None => Some(Self::Row(places.parse().ok()?)),
                Some((row, column)) => Some(Self::Cell(row.parse().ok()?, column.parse().ok()?)),
            },
            _ => None,
        }
    }

    /// Its path; also the id of its input while it is bad, for links to it.
    pub fn path(self) -> String {
        match self {
            Self::Column(column) => format!("content.columns[{column}].name"),
            Self::Row(row) => format!("content.rows[{row}]"),
            Self::Cell(row, column) => format!("content.rows[{row}][{column}]"),
        }
    }
}

fn value(cell: &str, kind: ColumnKind) -> Value {
    let trimmed = cell.trim();
    if trimmed.is_empty() {
        return Value::Null;
    }
    let known = match kind {
        ColumnKind::Text => None,
        ColumnKind::Number => number(trimmed).map(Value::Number),
        ColumnKind::YesNo => match trimmed {
            "yes" => Some(Value::Bool(true)),
            "no" => Some(Value::Bool(false)),
            _ => None,
        },
    };
    known.unwrap_or_else(|| Value::String(cell.to_owned()))
}

/// `12`, `-0.5` or `0,61`: a single comma is a decimal one, as Indonesians write it.
fn number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b".,-+eE".contains(&b));
    Number::from_f64(text.replacen(',', ".", 1).parse().ok()?).filter(|_| plain)
}

fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::{Error, check::CheckAll, content::Content};
    use serde_json::json;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    fn sheet() -> Sheet {
        Sheet::read(
            &texts(&["Soal", "Kappa", "Lulus"]),
            &texts(&["text", "number", "yes_no"]),
            &texts(&["Waris", "0,61", "yes", "", " ", "", "Zakat", "", "no"]),
        )
    }

    #[test]
    fn a_table_comes_back_as_it_was_typed() {
        let content = sheet().input().check_all().unwrap();
        let Content::Table(table) = content else { panic!() };
        assert_eq!(table.rows, [vec![json!("Waris"), json!(0.61), json!(true)], vec![json!("Zakat"), Value::Null, json!(false)]]);
        let again = Sheet::of(table);
        assert_eq!(again.rows, [texts(&["Waris", "0.61", "yes"]), texts(&["Zakat", "", "no"])]);
        assert_eq!(again.kinds, sheet().kinds);
    }

    #[test]
    fn steps_keep_every_row_as_wide_as_the_columns() {
        let mut sheet = sheet();
        for step in ["add-column", "drop-column-0", "add-row", "drop-row-1", "drop-row-99", "drop-column-9"] {
            sheet.step(Step::parse(step).unwrap());
            assert!(sheet.rows.iter().all(|row| row.len() == sheet.names.len()), "{step}");
            assert_eq!(sheet.kinds.len(), sheet.names.len());
        }
        assert_eq!(sheet.names, texts(&["Kappa", "Lulus", ""]));
        assert_eq!(sheet.rows.len(), 3);
        assert_eq!(Step::parse("preview"), None);
    }

    #[test]
    fn the_last_column_stays_and_there_is_an_end() {
        let mut sheet = Sheet::read(&texts(&["A"]), &[], &[]);
        sheet.step(Step::DropColumn(0));
        assert_eq!(sheet.names.len(), 1);
        for _ in 0..30 {
            sheet.step(Step::AddColumn);
        }
        assert_eq!(sheet.names.len(), COLUMNS);
    }

    #[test]
    fn cells_of_another_kind_are_named() {
        for good in ["0,61", "", "-3"] {
            assert!(!value(good, ColumnKind::Number).is_string(), "{good}");
        }
        for bad in ["tiga", "NaN", "inf", "1.2.3"] {
            assert!(value(bad, ColumnKind::Number).is_string(), "{bad}");
        }
        let mut sheet = sheet();
        sheet.rows[2][1] = "tiga".to_owned();
        let Err(Error::Validation { fields }) = sheet.input().check_all() else { panic!() };
        let places: Vec<_> = fields.into_iter().map(|error| Place::of(&sheet.located(error).field)).collect();
        assert_eq!(places, [Some(Place::Cell(2, 1))], "the empty row before it counts here");
    }

    #[test]
    fn places_are_read_as_they_are_written() {
        for place in [Place::Column(3), Place::Row(12), Place::Cell(0, 19)] {
            assert_eq!(Place::of(&place.path()), Some(place));
        }
        for other in ["content", "content.text", "title", "content.rows", "content.rows[x]", "content.rows[0"] {
            assert_eq!(Place::of(other), None, "{other}");
        }
    }
}
