//! The contract, on SQLite.

use crate::tampering;
use aivalid_stores::sqlite::SqliteStore;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use std::{
    ops::Deref,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// An empty store in a file of its own, which goes with it.
pub struct TestStore {
    store: SqliteStore,
    /// Where the file is.
    pub path: PathBuf,
}

impl TestStore {
    /// The store itself, to be shared among tasks.
    pub fn handle(&self) -> SqliteStore {
        self.store.clone()
    }
}

impl TestStore {
    /// The statements of all indexes.
    pub async fn indexes(&self) -> Vec<String> {
        let mut conn = SqliteConnection::connect(&format!("sqlite:{}", self.path.display())).await.unwrap();
        let all = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
        sqlx::query_scalar(all).fetch_all(&mut conn).await.unwrap()
    }
}

impl Deref for TestStore {
    type Target = SqliteStore;
    fn deref(&self) -> &SqliteStore {
        &self.store
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut file = self.path.clone().into_os_string();
            file.push(suffix);
            // The last two are there only while the file is open.
            let _ = std::fs::remove_file(file);
        }
    }
}

/// An empty, migrated store.
pub async fn open() -> TestStore {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("aivalid-test-{}-{}.db", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    TestStore { store, path }
}

aivalid_service::core_suite!(crate::sqlite::open);
aivalid_service::reply_suite!(crate::sqlite::open);

#[tokio::test]
async fn migrating_again_changes_nothing_and_urls_are_understood() {
    let store = open().await;
    store.migrate().await.unwrap();
    let url = format!("sqlite:{}", store.path.display());
    let again = SqliteStore::open(&url).await.unwrap();
    again.migrate().await.unwrap();
    aivalid_service::store::Health::ping(&again).await.unwrap();
}

#[tokio::test]
async fn the_log_refuses_changes_made_around_the_store() {
    let store = open().await;
    aivalid_service::contract::cases::a_case_begins_its_log(&*store).await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", store.path.display())).await.unwrap();
    for sql in ["UPDATE case_log SET action = 'x'", "DELETE FROM case_log"] {
        let error = sqlx::query(sql).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{error}");
    }
}

#[tokio::test]
async fn the_audit_log_refuses_changes_and_shows_those_made_all_the_same() {
    let template = open().await;
    for (change, place) in tampering::CHANGES {
        let store = open().await;
        tampering::fill(&*store).await;
        let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", store.path.display())).await.unwrap();
        for trigger in ["audit_log_seal_only", "audit_log_no_delete", "audit_log_unsealed_first", "audit_head_forward", "audit_head_stays"]
        {
            sqlx::query(AssertSqlSafe(format!("DROP TRIGGER {trigger}"))).execute(&pool).await.unwrap();
        }
        sqlx::raw_sql(*change).execute(&pool).await.unwrap();
        assert_eq!(tampering::first_break(&*store).await, Some(*place), "{change}");
    }
    tampering::fill(&*template).await;
    tampering::write(&*template, 1).await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", template.path.display())).await.unwrap();
    let replace = "INSERT OR REPLACE INTO audit_log (id, at, event, outcome, ip, user_agent, request_id, details) VALUES (3, 1, '', 'done', '', '', '', '')";
    for sql in tampering::REFUSED.iter().chain([&replace]) {
        let error = sqlx::query(*sql).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains("append-only") || error.contains("only goes forward"), "{sql}: {error}");
    }
    assert_eq!(tampering::first_break(&*template).await, None);
}
