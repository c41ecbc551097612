//! The few words that are PostgreSQL's own.

use super::{Conn, Db, Store};
use crate::bulk::Cell;
use sqlx::Transaction;
use std::fmt::Write;

/// Locks the selected rows until the transaction ends.
macro_rules! for_update {
    () => {
        " FOR UPDATE"
    };
}

/// Locks the selected rows, but for those that others have locked.
macro_rules! skip_locked {
    () => {
        " FOR UPDATE SKIP LOCKED"
    };
}

/// Whether a value is among those of [`ids`], bound at `$place`.
macro_rules! in_ids {
    ($place:literal) => {
        concat!("= ANY(", $place, ")")
    };
}

/// The argument that `in_ids!` takes.
pub(super) fn ids(ids: impl IntoIterator<Item = i64>) -> Vec<i64> {
    ids.into_iter().collect()
}

/// Begins a transaction.
pub(super) const BEGIN_ALONE: &str = "BEGIN";

/// A transaction that may write.
pub(super) struct Turn(Transaction<'static, Db>);

/// Begins one; they run beside one another.
pub(super) async fn begin_write(store: &Store) -> sqlx::Result<Turn> {
    store.writes.begin().await.map(Turn)
}

impl Turn {
    /// The connection to write on.
    #[expect(clippy::unnecessary_wraps, reason = "where writers share a transaction there may be none any more")]
    pub fn conn(&mut self) -> sqlx::Result<&mut Conn> {
        Ok(&mut self.0)
    }

    /// Keeps what was written.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.0.commit().await
    }

    /// Undoes what was written.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.0.rollback().await
    }
}

/// Whether the same transaction may succeed when it is tried again: serialization failure, deadlock.
pub(super) fn is_conflict(code: &str) -> bool {
    matches!(code, "40001" | "40P01")
}

/// Whether the database could not be used at all for now: lost connections, too many of them, shutting down.
pub(super) fn is_outage(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("57P") || code == "53300"
}

/// How much is sent at once.
const CHUNK: usize = 1 << 20;

/// Adds rows with COPY.
pub(super) async fn insert_rows(conn: &mut Conn, table: &str, columns: &[&str], rows: &[Vec<Cell<'_>>]) -> sqlx::Result<()> {
    let mut copy = conn.copy_in_raw(&format!("COPY {table} ({}) FROM STDIN", columns.join(", "))).await?;
    let mut lines = String::with_capacity(CHUNK + CHUNK / 4);
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                lines.push('\t');
            }
            write_cell(&mut lines, cell);
        }
        lines.push('\n');
        if lines.len() >= CHUNK {
            copy.send(lines.as_bytes()).await?;
            lines.clear();
        }
    }
    copy.send(lines.as_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// A value in COPY's text format.
fn write_cell(line: &mut String, cell: &Cell<'_>) {
    match cell {
        Cell::Null => line.push_str("\\N"),
        Cell::Int(value) => {
            // Writing into a String can't fail.
            let _ = write!(line, "{value}");
        }
        Cell::Bool(value) => line.push(if *value { 't' } else { 'f' }),
        Cell::Text(text) => write_text(line, text),
        Cell::Owned(text) => write_text(line, text),
    }
}

fn write_text(line: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            c => line.push(c),
        }
    }
}

/// What makes a bulk load faster before it begins.
pub(super) const BEFORE_LOAD: &[&str] = &["SET LOCAL maintenance_work_mem = '256MB'", "SET LOCAL work_mem = '128MB'"];

/// Brings what depends on the highest ids up to date after rows came with ids of their own.
pub(super) const AFTER_LOAD: &[&str] = &[
    "SELECT setval(pg_get_serial_sequence('threads', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM threads), false)",
    "SELECT setval(pg_get_serial_sequence('cases', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM cases), false)",
];

/// What tidies up once the load is kept: without this, reading along an index alone waits for the next autovacuum.
pub(super) const AFTER_COMMIT: &[&str] = &["VACUUM (ANALYZE)"];

/// The statements that make the secondary indexes of these tables.
pub(super) const INDEXES: &str = "SELECT i.indexname::text AS name, i.indexdef AS sql FROM pg_indexes i \
     WHERE i.schemaname = current_schema() AND i.tablename IN ('threads', 'cases', 'replies', 'tallies') AND i.indexname NOT LIKE '%\\_pkey'";
