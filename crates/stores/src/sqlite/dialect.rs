//! The few words that are SQLite's own.

use super::{Conn, Db, Store, group::Turn};
use crate::bulk::Cell;
use sqlx::{AssertSqlSafe, query::Query, sqlite::SqliteArguments};

/// Locks the selected rows: here the transaction already is the only writer.
macro_rules! for_update {
    () => {
        ""
    };
}

/// Locks the selected rows, but for those that others have locked: here there are no others.
macro_rules! skip_locked {
    () => {
        ""
    };
}

/// Whether a value is among those of [`ids`], bound at `$place`.
macro_rules! in_ids {
    ($place:literal) => {
        concat!("IN (SELECT value FROM json_each(", $place, "))")
    };
}

/// The argument that `in_ids!` takes.
pub(super) fn ids(ids: impl IntoIterator<Item = i64>) -> String {
    let ids: Vec<i64> = ids.into_iter().collect();
    serde_json::to_string(&ids).unwrap_or_default()
}

/// Begins a transaction that may write: it takes the write lock at once, so that it can't fail half way for the want of it.
pub(super) const BEGIN_ALONE: &str = "BEGIN IMMEDIATE";

/// A part of a transaction that may write, shared with who writes at the same moment.
pub(super) async fn begin_write(store: &Store) -> sqlx::Result<Turn> {
    store.group.turn().await
}

/// Whether the same transaction may succeed when it is tried again: `SQLITE_BUSY` and its extended codes.
pub(super) fn is_conflict(code: &str) -> bool {
    code.parse().is_ok_and(|code: i32| code & 0xFF == 5)
}

/// Whether the database could not be used at all for now; none but conflicts here.
pub(super) fn is_outage(_code: &str) -> bool {
    false
}

/// The most values that one statement may bind.
const BINDABLE: usize = 32_766;

/// Adds rows, many with each statement.
pub(super) async fn insert_rows(conn: &mut Conn, table: &str, columns: &[&str], rows: &[Vec<Cell<'_>>]) -> sqlx::Result<()> {
    let tuple = format!("({})", vec!["?"; columns.len()].join(", "));
    // Statements of few sizes are prepared once and kept.
    for chunk in rows.chunks((BINDABLE / columns.len().max(1)).clamp(1, 250)) {
        let tuples = vec![tuple.as_str(); chunk.len()].join(", ");
        let statement = format!("INSERT INTO {table} ({}) VALUES {tuples}", columns.join(", "));
        let query = chunk.iter().flatten().fold(sqlx::query(AssertSqlSafe(statement)), bind);
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

fn bind<'q>(query: Query<'q, Db, SqliteArguments>, cell: &Cell<'_>) -> Query<'q, Db, SqliteArguments> {
    match cell {
        Cell::Null => query.bind(None::<i64>),
        Cell::Int(value) => query.bind(*value),
        Cell::Bool(value) => query.bind(*value),
        Cell::Text(text) => query.bind((*text).to_owned()),
        Cell::Owned(text) => query.bind(text.clone()),
    }
}

/// What makes a bulk load faster before it begins; nothing that a crash could not undo.
pub(super) const BEFORE_LOAD: &[&str] = &[];

/// Brings what depends on the highest ids up to date after rows came with ids of their own, and tells the planner.
pub(super) const AFTER_LOAD: &[&str] = &["ANALYZE"];

/// What tidies up once the load is kept: the write-ahead log has grown as large as the data.
pub(super) const AFTER_COMMIT: &[&str] = &["PRAGMA wal_checkpoint(TRUNCATE)"];

/// The statements that make the secondary indexes of these tables.
pub(super) const INDEXES: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('threads', 'cases', 'replies', 'tallies')";
