//! SQLite: one file in WAL mode, one connection that writes, several that read.
//!
//! Writers queue for the one writing connection inside the process, so that `database is locked` cannot arise between them;
//! readers see the last committed state and never wait. `synchronous=FULL`: what was answered survives a power failure. Those
//! who write at the same moment share one commit (`group`).

#[macro_use]
mod dialect;
mod group;
#[path = "../sql/mod.rs"]
mod sql;

pub use sql::BulkLoader;

use aivalid_service::{
    StoreError,
    store::{Health, StoreResult},
};
use sqlx::{
    Sqlite, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

type Db = Sqlite;
type Conn = SqliteConnection;
type Pool = SqlitePool;
type Store = SqliteStore;

/// How long a writer waits for its turn, and a reader for a connection.
const TURN: Duration = Duration::from_mins(1);
/// How long SQLite waits for writers of other processes.
const BUSY: Duration = Duration::from_secs(30);
/// Connections that read; each has its own thread.
const READERS: u32 = 8;
/// Prepared statements kept on each connection: more than there are.
const STATEMENTS: usize = 256;

/// All of AIValid's data in one SQLite file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    reads: Pool,
    writes: Pool,
    group: group::Group,
}

impl SqliteStore {
    /// Opens the file named by a path or by a URL such as `sqlite:data/aivalid.db`; makes it, and its folder, when missing.
    pub async fn open(url_or_path: &str) -> StoreResult<Self> {
        let path = url_or_path.strip_prefix("sqlite://").or_else(|| url_or_path.strip_prefix("sqlite:")).unwrap_or(url_or_path);
        if let Some(folder) = Path::new(path).parent() {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::new("sqlite_open", error))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .statement_cache_capacity(STATEMENTS)
            .pragma("journal_size_limit", "67108864")
            .pragma("temp_store", "memory")
            .pragma("mmap_size", "1073741824");
        let pool = || SqlitePoolOptions::new().acquire_timeout(TURN).idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let failed = sql::failed("sqlite_open");
        // The writing connection first: it makes the file and sets the journal mode, which stays with the file.
        let for_writes = options.clone().pragma("cache_size", "-65536");
        let writes = pool().max_connections(1).connect_with(for_writes).await.map_err(failed)?;
        let for_reads = options.pragma("cache_size", "-16384").pragma("query_only", "on");
        let reads = pool().max_connections(READERS).connect_with(for_reads).await.map_err(failed)?;
        Ok(Self { reads, group: group::Group::new(writes.clone()), writes })
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> StoreResult<()> {
        sqlx::migrate!("../../migrations/sqlite").run(&self.writes).await.map_err(|error| StoreError::new("sqlite_migrate", error))
    }

    /// Waits until every connection is closed.
    pub async fn close(&self) {
        self.reads.close().await;
        self.writes.close().await;
    }
}

#[async_trait::async_trait]
impl Health for SqliteStore {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    async fn ping(&self) -> StoreResult<()> {
        sql::ping(self).await
    }
}
