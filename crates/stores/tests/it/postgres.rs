//! The contract, on PostgreSQL.

use crate::tampering;
use aivalid_stores::postgres::PostgresStore;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::ops::Deref;

/// The lock under which the template database is made: one process makes it, the others find it.
const TEMPLATE_LOCK: i64 = 0x0061_6976_616c_6964;

/// An empty store in a database of its own, which goes with it.
pub struct TestStore {
    store: PostgresStore,
    /// Where the database is.
    pub url: String,
    name: String,
}

impl TestStore {
    /// The statements of all indexes.
    pub async fn indexes(&self) -> Vec<String> {
        let mut conn = PgConnection::connect(&self.url).await.unwrap();
        let all = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname";
        sqlx::query_scalar(all).fetch_all(&mut conn).await.unwrap()
    }
}

impl Deref for TestStore {
    type Target = PostgresStore;
    fn deref(&self) -> &PostgresStore {
        &self.store
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { sqlx::query(AssertSqlSafe(drop)).execute(&mut admin().await).await.map(|_| ()) })
        });
        if !std::thread::panicking() {
            dropping.join().unwrap().unwrap();
        }
    }
}

fn admin_url() -> String {
    std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL must name a PostgreSQL server on which databases can be made")
}

async fn admin() -> PgConnection {
    PgConnection::connect(&admin_url()).await.unwrap()
}

/// The address of another database on the same server.
fn beside(database: &str) -> String {
    let url = admin_url();
    let (base, options) = url.split_once('?').map_or((url.as_str(), None), |(base, options)| (base, Some(options)));
    let after_scheme = base.find("://").unwrap() + 3;
    let end = base[after_scheme..].find('/').map_or(base.len(), |slash| after_scheme + slash);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{database}{options}", &base[..end])
}

/// The name of a database that holds the present schema and nothing else; made by whoever comes first.
async fn template(admin: &mut PgConnection) -> String {
    let schema = sqlx::migrate!("../../migrations/postgres");
    let fingerprint = schema
        .iter()
        .flat_map(|migration| migration.checksum.iter())
        .fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let name = format!("aivalid_template_{fingerprint:016x}");
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await.unwrap();
    let ready = "SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate";
    if sqlx::query(ready).bind(&name).fetch_optional(&mut *admin).await.unwrap().is_none() {
        // What a process left half made is made again.
        for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *admin).await.unwrap();
        }
        let store = PostgresStore::connect(&beside(&name), 1).await.unwrap();
        store.migrate().await.unwrap();
        store.close().await;
        let done = AssertSqlSafe(format!("ALTER DATABASE {name} WITH is_template true"));
        sqlx::query(done).execute(&mut *admin).await.unwrap();
    }
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await.unwrap();
    name
}

/// An empty, migrated store.
pub async fn open() -> TestStore {
    let mut admin = admin().await;
    let template = template(&mut admin).await;
    let unique: String = sqlx::query_scalar("SELECT replace(gen_random_uuid()::text, '-', '')").fetch_one(&mut admin).await.unwrap();
    let name = format!("aivalid_test_{unique}");
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"))).execute(&mut admin).await.unwrap();
    let url = beside(&name);
    let store = PostgresStore::connect(&url, 10).await.unwrap();
    TestStore { store, url, name }
}

aivalid_service::core_suite!(crate::postgres::open);
aivalid_service::reply_suite!(crate::postgres::open);

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let store = open().await;
    store.migrate().await.unwrap();
    aivalid_service::store::Health::ping(&*store).await.unwrap();
}

#[tokio::test]
async fn the_log_refuses_changes_made_around_the_store() {
    let store = open().await;
    aivalid_service::contract::cases::a_case_begins_its_log(&*store).await;
    let mut conn = PgConnection::connect(&store.url).await.unwrap();
    for sql in ["UPDATE case_log SET action = 'x'", "DELETE FROM case_log", "TRUNCATE case_log"] {
        let error = sqlx::query(sql).execute(&mut conn).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{error}");
    }
}

#[tokio::test]
async fn the_audit_log_refuses_changes_and_shows_those_made_all_the_same() {
    let store = open().await;
    tampering::fill(&*store).await;
    tampering::write(&*store, 1).await;
    let mut conn = PgConnection::connect(&store.url).await.unwrap();
    for sql in tampering::REFUSED.iter().chain([&"TRUNCATE audit_log", &"TRUNCATE audit_head"]) {
        let error = sqlx::query(*sql).execute(&mut conn).await.unwrap_err().to_string();
        assert!(error.contains("append-only") || error.contains("only goes forward"), "{sql}: {error}");
    }
    assert_eq!(tampering::first_break(&*store).await, None);
    for (change, place) in tampering::CHANGES {
        let store = open().await;
        tampering::fill(&*store).await;
        let mut conn = PgConnection::connect(&store.url).await.unwrap();
        for table in ["audit_log", "audit_head"] {
            sqlx::query(AssertSqlSafe(format!("ALTER TABLE {table} DISABLE TRIGGER ALL"))).execute(&mut conn).await.unwrap();
        }
        sqlx::raw_sql(*change).execute(&mut conn).await.unwrap();
        assert_eq!(tampering::first_break(&*store).await, Some(*place), "{change}");
    }
}
