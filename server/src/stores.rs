//! Which stores are used: chosen by the URLs (spec section 13).

use crate::config::Config;
use aivalid_service::store::{
    AuditStore, BlockStore, CaseStore, CatalogStore, ChallengeStore, Health, IdempotencyStore, JobStore, RateLimiter, ReplyStore,
    SessionCache, SessionStore, Signals, Stores, ThreadStore, TokenStore, TotpStore, UserAdminStore, UserStore, WatchStore,
};
use aivalid_stores::{memory::MemoryCache, mongo::MongoReplies, postgres::PostgresStore, redis::RedisCache, sqlite::SqliteStore};
use anyhow::{Context, Result};
use std::sync::Arc;

/// Opens every configured store and brings the database up to date.
pub async fn open(config: &Config) -> Result<Stores> {
    let sqlite = config.database_url.starts_with("sqlite:");
    let mut stores = if sqlite {
        std::fs::create_dir_all(&config.data_dir).with_context(|| format!("can't make {}", config.data_dir.display()))?;
        let store = SqliteStore::open(&config.database_url).await.context("the SQLite database can't be opened")?;
        store.migrate().await.context("the SQLite database can't be migrated")?;
        over_sql(store)
    } else {
        let store =
            PostgresStore::connect(&config.database_url, config.database_connections).await.context("PostgreSQL can't be reached")?;
        store.migrate().await.context("the PostgreSQL database can't be migrated")?;
        over_sql(store)
    };
    if let Some(url) = &config.mongodb_url {
        let store = Arc::new(MongoReplies::connect(url, "aivalid").await.context("MongoDB can't be reached")?);
        stores.replies = store.clone();
        stores.health.push(store);
    }
    if let Some(url) = &config.redis_url {
        let store = Arc::new(RedisCache::connect(url, "aivalid").await.context("Redis can't be reached")?);
        stores.session_cache = store.clone();
        stores.limiter = store.clone();
        stores.idempotency = store.clone();
        stores.challenges = store.clone();
        stores.signals = store.clone();
        stores.health.push(store);
    }
    Ok(stores)
}

/// Everything in one SQL database, with memory for what may be forgotten.
fn over_sql<S>(store: S) -> Stores
where
    S: UserStore
        + UserAdminStore
        + SessionStore
        + TokenStore
        + JobStore
        + TotpStore
        + CatalogStore
        + ThreadStore
        + CaseStore
        + WatchStore
        + BlockStore
        + AuditStore
        + ReplyStore
        + Health
        + 'static,
{
    let (sql, memory) = (Arc::new(store), Arc::new(MemoryCache::new()));
    Stores {
        users: sql.clone(),
        user_admin: sql.clone(),
        sessions: sql.clone(),
        tokens: sql.clone(),
        jobs: sql.clone(),
        totp: sql.clone(),
        catalog: sql.clone(),
        threads: sql.clone(),
        cases: sql.clone(),
        watches: sql.clone(),
        blocks: sql.clone(),
        audit: sql.clone(),
        replies: sql.clone(),
        session_cache: memory.clone() as Arc<dyn SessionCache>,
        limiter: memory.clone() as Arc<dyn RateLimiter>,
        idempotency: memory.clone() as Arc<dyn IdempotencyStore>,
        challenges: memory.clone() as Arc<dyn ChallengeStore>,
        signals: memory as Arc<dyn Signals>,
        health: vec![sql],
    }
}
