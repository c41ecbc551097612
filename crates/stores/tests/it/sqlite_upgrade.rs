//! A database of an earlier version with rows in it, brought up to date: accounts may then be without an address.

use aivalid_model::{
    id::{SessionId, UserId},
    identity::{Country, PhoneNumber},
};
use aivalid_service::store::{CredentialStore, NewUser, PasskeyStore, SessionStore, UserCreated, UserStore};
use aivalid_stores::sqlite::SqliteStore;
use sqlx::{
    AssertSqlSafe, Connection, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{borrow::Cow, path::Path};

/// The migration that is looked at.
const PHONE: i64 = 15;

/// Two people with all that refers to them, and one who is gone.
const ROWS: &str = "
INSERT INTO users (id, email, username, password_hash, email_verified, role, terms_version, created_at, updated_at, bio, kyc_level)
    VALUES (1, 'ani@contoh.id', 'ani', '$argon2id$x', TRUE, 'user', '2026-01', 1, 1, 'email TEXT NOT NULL UNIQUE', 0),
           (2, 'budi@contoh.id', 'budi', NULL, FALSE, 'admin', '2026-01', 2, 2, '', 0);
INSERT INTO users (id, email, username, email_verified, role, terms_version, created_at, updated_at, deleted_at, kyc_level)
    VALUES (3, '3@deleted.invalid', 'cici', TRUE, 'user', '2026-01', 3, 3, 3, 0);
INSERT INTO usernames (username, user_id) VALUES ('ani', 1), ('budi', 2), ('cici', 3), ('ani_lama', 1);
INSERT INTO sessions (id, user_id, login_method, ip, user_agent, created_at, last_active_at, expires_at, refresh, rotated_at)
    VALUES (11, 1, 'password', '203.0.113.7', 'x', 1, 1, 9000000000000000, x'00', 1);
INSERT INTO known_devices (user_id, device, first_at, last_at, ip, user_agent) VALUES (1, 'laptop', 1, 1, '203.0.113.7', 'x');
INSERT INTO passkey_handles (user_id, handle) VALUES (1, x'01');
INSERT INTO passkeys (id, user_id, credential, public_key, name, counter, backup_eligible, backed_up, transports, aaguid, created_at)
    VALUES (21, 1, x'02', x'03', 'Ponsel', 0, FALSE, FALSE, '', '', 1);
";

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
    SqliteConnection::connect_with(&options.journal_mode(SqliteJournalMode::Wal)).await.unwrap()
}

/// A database with these migrations only, and rows.
async fn earlier(path: &Path, has: impl Fn(i64) -> bool) -> SqliteConnection {
    let all = sqlx::migrate!("../../migrations/sqlite");
    let some: Vec<_> = all.iter().filter(|migration| has(migration.version)).cloned().collect();
    let mut conn = connect(path).await;
    let some = Migrator { migrations: Cow::Owned(some), ..Migrator::DEFAULT };
    some.run(&mut conn).await.unwrap();
    // What came with later versions is left out where it is not there.
    let rows = if has(16) {
        ROWS.to_owned()
    } else {
        ROWS.replace(", kyc_level)", ")").replace(", '', 0)", ", '')").replace("UNIQUE', 0)", "UNIQUE')").replace("3, 3, 3, 0)", "3, 3, 3)")
    };
    sqlx::raw_sql(AssertSqlSafe(rows)).execute(&mut conn).await.unwrap();
    conn
}

/// Everything is there, everything holds, and accounts may be without an address.
async fn check(path: &Path) {
    let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    let ani = store.user_by_email("ani@contoh.id").await.unwrap().unwrap();
    assert_eq!((ani.card.id, ani.card.username.as_str(), ani.bio.as_str()), (UserId(1), "ani", "email TEXT NOT NULL UNIQUE"));
    assert_eq!((ani.password_hash.as_deref(), ani.phone), (Some("$argon2id$x"), None));
    assert_eq!(store.user_by_id(UserId(2)).await.unwrap().unwrap().email.as_deref(), Some("budi@contoh.id"));
    assert_eq!(store.user_by_username("ani_lama").await.unwrap().unwrap().card.id, UserId(1));
    assert!(store.session_get(SessionId(11)).await.unwrap().is_some());
    assert_eq!(store.device_list(UserId(1)).await.unwrap().len(), 1);
    assert_eq!(store.passkey_ring(UserId(1)).await.unwrap().unwrap().passkeys.len(), 1);
    for (id, number) in [(5, "081211111111"), (6, "081222222222")] {
        let phone = PhoneNumber::parse(number, Some(Country::INDONESIA)).ok();
        let new = NewUser { phone, ..somebody(id) };
        assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::Done);
    }
    let taken = NewUser { email: Some("ani@contoh.id".into()), ..somebody(7) };
    assert_eq!(store.user_create(&taken, 3).await.unwrap(), UserCreated::EmailTaken);
    store.close().await;

    let mut conn = connect(path).await;
    let wrong: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check").fetch_all(&mut conn).await.unwrap();
    assert_eq!(wrong, [] as [&str; 0]);
    let integrity: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap();
    assert_eq!(integrity, "ok");
    let refused = sqlx::query("UPDATE users SET email = 'budi@contoh.id' WHERE id = 1").execute(&mut conn).await;
    assert!(refused.unwrap_err().to_string().contains("UNIQUE constraint failed: users.email"));
    let refused = sqlx::query("DELETE FROM users WHERE id = 1").execute(&mut conn).await;
    assert!(refused.unwrap_err().to_string().contains("FOREIGN KEY"), "what refers to users still does");
    let gone: Option<String> = sqlx::query_scalar("SELECT email FROM users WHERE id = 3").fetch_one(&mut conn).await.unwrap();
    assert_eq!(gone, None);
}

fn somebody(id: i64) -> NewUser {
    NewUser {
        id: UserId(id),
        email: None,
        phone: None,
        username: format!("orang_{id}"),
        password_hash: None,
        locale: None,
        role: aivalid_model::identity::Role::User,
        email_verified: false,
        device: None,
        terms_version: "2026-01".into(),
        now: aivalid_model::Timestamp(1),
    }
}

#[tokio::test]
async fn everything_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    for (name, has) in [("before", (|version| version < PHONE) as fn(i64) -> bool), ("beside", |version| version < PHONE || version == 16)]
    {
        let path = folder.path().join(format!("{name}.db"));
        earlier(&path, has).await.close().await.unwrap();
        check(&path).await;
    }
}

/// What a process that died half way leaves on the disk is the database as it was before.
#[tokio::test]
async fn a_migration_that_was_cut_off_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("aivalid.db");
    let mut conn = earlier(&path, |version| version < PHONE).await;
    // So that what was not committed reaches the disk too.
    sqlx::raw_sql("PRAGMA cache_size = 1; PRAGMA cache_spill = ON").execute(&mut conn).await.unwrap();
    let all = sqlx::migrate!("../../migrations/sqlite");
    let sql = all.iter().find(|migration| migration.version == PHONE).unwrap().sql.as_str().to_owned();
    let mut half = conn.begin().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *half).await.unwrap();
    let crashed = folder.path().join("crashed.db");
    for end in ["", "-wal"] {
        std::fs::copy(format!("{}{end}", path.display()), format!("{}{end}", crashed.display())).unwrap();
    }
    half.rollback().await.unwrap();
    conn.close().await.unwrap();
    let mut after = connect(&crashed).await;
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info('users')").fetch_all(&mut after).await.unwrap();
    assert!(!columns.contains(&"phone".to_owned()));
    after.close().await.unwrap();
    check(&crashed).await;
    check(&path).await;
}
