//! PostgreSQL, READ COMMITTED.
//!
//! Races are settled by conditional updates and by rows locked in one order: post, category, tags by name. What the
//! database gives up all the same (40001, 40P01) is tried again as a whole.

#[macro_use]
mod dialect;
#[path = "../sql/mod.rs"]
mod sql;

pub use sql::BulkLoader;

use aivalid_service::{
    StoreError,
    store::{Health, StoreResult},
};
use sqlx::{
    PgConnection, PgPool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};

type Db = Postgres;
type Conn = PgConnection;
type Pool = PgPool;
type Store = PostgresStore;

/// How long a request waits for a connection.
const TURN: Duration = Duration::from_secs(15);
/// Prepared statements kept on each connection: more than there are.
const STATEMENTS: usize = 256;

/// All of AIValid's data in a PostgreSQL database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    /// One pool under two names: the shared SQL says which of its statements write.
    reads: Pool,
    writes: Pool,
}

impl PostgresStore {
    /// Connects to the database of a URL such as `postgres://user:password@host/aivalid`.
    pub async fn connect(url: &str, max_connections: u32) -> StoreResult<Self> {
        let failed = sql::failed("postgres_connect");
        let options = PgConnectOptions::from_str(url).map_err(failed)?.statement_cache_capacity(STATEMENTS).application_name("aivalid");
        let pool = PgPoolOptions::new()
            .max_connections(max_connections.max(1))
            .acquire_timeout(TURN)
            .test_before_acquire(true)
            .connect_with(options)
            .await
            .map_err(failed)?;
        Ok(Self { reads: pool.clone(), writes: pool })
    }

    /// Brings the schema up to date. Instances that start together take turns.
    pub async fn migrate(&self) -> StoreResult<()> {
        sqlx::migrate!("../../migrations/postgres").run(&self.writes).await.map_err(|error| StoreError::new("postgres_migrate", error))
    }

    /// Waits until every connection is closed.
    pub async fn close(&self) {
        self.writes.close().await;
    }
}

#[async_trait::async_trait]
impl Health for PostgresStore {
    fn name(&self) -> &'static str {
        "postgres"
    }

    async fn ping(&self) -> StoreResult<()> {
        sql::ping(self).await
    }
}
