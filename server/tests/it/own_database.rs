//! A PostgreSQL database of a test's own.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Empty; it goes with the test.
pub struct OwnDatabase {
    name: String,
    pub url: String,
}

fn admin_url() -> String {
    std::env::var("TEST_DATABASE_URL").expect("scripts/test-services run … starts a PostgreSQL and names it in TEST_DATABASE_URL")
}

impl OwnDatabase {
    pub async fn make() -> Self {
        let name = format!("aivalid_it_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
        let mut admin = PgConnection::connect(&admin_url()).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
        let url = admin_url();
        let (server, _) = url.rsplit_once('/').unwrap();
        Self { url: format!("{server}/{name}"), name }
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut admin = PgConnection::connect(&admin_url()).await?;
                sqlx::query(AssertSqlSafe(drop)).execute(&mut admin).await.map(|_| ())
            })
        });
        if !std::thread::panicking() {
            dropping.join().unwrap().unwrap();
        }
    }
}
