//! What AIValid's pages ask of the database, with as little around it as sqlx allows.

use sqlx::{
    FromRow, PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::str::FromStr;

/// A thread's row.
#[derive(FromRow)]
pub struct Thread {
    /// Who wrote it.
    pub author_id: i64,
    /// Its title.
    pub title: String,
    /// When, in microseconds since 1970.
    pub created_at: i64,
    /// Its text.
    pub content_html: String,
}

/// A reply's row.
#[derive(FromRow)]
pub struct Reply {
    /// Its id.
    pub id: i64,
    /// Who wrote it.
    pub author_id: i64,
    /// When, in microseconds since 1970.
    pub created_at: i64,
    /// Its text.
    pub content_html: String,
}

/// A case's row in a list.
#[derive(FromRow)]
pub struct Case {
    /// Whose it is.
    pub owner_id: i64,
    /// Its title.
    pub title: String,
    /// Its summary.
    pub summary: String,
    /// Rupiah.
    pub bounty: i64,
    /// Its state.
    pub status: String,
}

/// A user's row.
#[derive(FromRow)]
pub struct Author {
    /// Their id.
    pub id: i64,
    /// Their name.
    pub username: String,
}

/// The database that AIValid filled.
#[derive(Clone)]
pub enum Database {
    /// One file.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

const THREAD: &str = "SELECT author_id, title, created_at, content_html FROM threads WHERE id = $1 AND deleted_at IS NULL";
const REPLIES: &str = "SELECT id, author_id, created_at, content_html FROM replies \
     WHERE target_kind = 'thread' AND target_id = $1 AND placed ORDER BY path LIMIT $2";
const CASES: &str = "SELECT owner_id, title, summary, bounty, status FROM cases WHERE deleted_at IS NULL \
     ORDER BY last_activity_at DESC, id DESC LIMIT $1";
const AUTHORS_SQLITE: &str = "SELECT id, username FROM users WHERE id IN (SELECT value FROM json_each($1))";
const AUTHORS_POSTGRES: &str = "SELECT id, username FROM users WHERE id = ANY($1)";

impl Database {
    /// Opens it with the settings that AIValid uses.
    pub async fn open(url: &str) -> sqlx::Result<Self> {
        if !url.starts_with("sqlite:") {
            return Ok(Self::Postgres(PgPoolOptions::new().max_connections(16).connect(url).await?));
        }
        let options = SqliteConnectOptions::from_str(url)?.statement_cache_capacity(256);
        let options = options.pragma("mmap_size", "1073741824").pragma("cache_size", "-16384").pragma("query_only", "on");
        let pool = SqlitePoolOptions::new().max_connections(8).idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        Ok(Self::Sqlite(pool.connect_with(options).await?))
    }

    /// One thread.
    pub async fn thread(&self, id: i64) -> sqlx::Result<Option<Thread>> {
        match self {
            Self::Sqlite(pool) => sqlx::query_as(THREAD).bind(id).fetch_optional(pool).await,
            Self::Postgres(pool) => sqlx::query_as(THREAD).bind(id).fetch_optional(pool).await,
        }
    }

    /// Its first replies.
    pub async fn replies(&self, thread: i64, limit: i64) -> sqlx::Result<Vec<Reply>> {
        match self {
            Self::Sqlite(pool) => sqlx::query_as(REPLIES).bind(thread).bind(limit).fetch_all(pool).await,
            Self::Postgres(pool) => sqlx::query_as(REPLIES).bind(thread).bind(limit).fetch_all(pool).await,
        }
    }

    /// The latest cases.
    pub async fn cases(&self, limit: i64) -> sqlx::Result<Vec<Case>> {
        match self {
            Self::Sqlite(pool) => sqlx::query_as(CASES).bind(limit).fetch_all(pool).await,
            Self::Postgres(pool) => sqlx::query_as(CASES).bind(limit).fetch_all(pool).await,
        }
    }

    /// Users by their ids.
    pub async fn authors(&self, ids: Vec<i64>) -> sqlx::Result<Vec<Author>> {
        match self {
            Self::Sqlite(pool) => {
                let ids = serde_json::to_string(&ids).unwrap_or_default();
                sqlx::query_as(AUTHORS_SQLITE).bind(ids).fetch_all(pool).await
            }
            Self::Postgres(pool) => sqlx::query_as(AUTHORS_POSTGRES).bind(ids).fetch_all(pool).await,
        }
    }
}
