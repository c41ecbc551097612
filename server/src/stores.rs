//! Which stores are used: chosen by the URLs (spec section 13).

use crate::config::Config;
use aivalid_service::store::{
    ApiTokenStore, AuditStore, AvatarStore, BlockStore, CaseStore, CatalogStore, ChallengeStore, CredentialStore, FederatedStore,
    FileIndex, FileStore, Health, IdempotencyStore, JobStore, KycStore, PasskeyStore, PhoneStore, PqcKeyStore, RateLimiter, RecoveryStore,
    ReplyStore, SessionCache, SessionStore, Signals, Stores, ThreadStore, TokenStore, TotpStore, UserAdminStore, UserStore, WatchStore,
};
use aivalid_stores::{
    files::ObjectFiles, memory::MemoryCache, mongo::MongoReplies, postgres::PostgresStore, redis::RedisCache, sqlite::SqliteStore,
};
use anyhow::{Context, Result};
use std::sync::Arc;

/// Opens every configured store and brings the database up to date.
pub async fn open(config: &Config) -> Result<Stores> {
    let files = files(config)?;
    let contents: Arc<dyn FileStore> = files.clone();
    let sqlite = config.database_url.starts_with("sqlite:");
    let mut stores = if sqlite {
        std::fs::create_dir_all(&config.data_dir).with_context(|| format!("can't make {}", config.data_dir.display()))?;
        let store = SqliteStore::open(&config.database_url).await.context("the SQLite database can't be opened")?;
        store.migrate().await.context("the SQLite database can't be migrated")?;
        over_sql(store, contents)
    } else {
        let store =
            PostgresStore::connect(&config.database_url, config.database_connections).await.context("PostgreSQL can't be reached")?;
        store.migrate().await.context("the PostgreSQL database can't be migrated")?;
        over_sql(store, contents)
    };
    if config.bucket.is_some() {
        stores.health.push(files);
    }
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

/// Where files are kept.
fn files(config: &Config) -> Result<Arc<ObjectFiles>> {
    let files = match &config.bucket {
        Some(bucket) => ObjectFiles::s3(bucket).context("the S3 bucket can't be used")?,
        None => {
            let folder = config.data_dir.join("files");
            ObjectFiles::folder(&folder).with_context(|| format!("can't make {}", folder.display()))?
        }
    };
    Ok(Arc::new(files))
}

/// Everything in one SQL database, with memory for what may be forgotten.
fn over_sql<S>(store: S, files: Arc<dyn FileStore>) -> Stores
where
    S: UserStore
        + UserAdminStore
        + SessionStore
        + TokenStore
        + JobStore
        + TotpStore
        + CredentialStore
        + PasskeyStore
        + PqcKeyStore
        + FederatedStore
        + PhoneStore
        + ApiTokenStore
        + RecoveryStore
        + CatalogStore
        + ThreadStore
        + CaseStore
        + WatchStore
        + BlockStore
        + AuditStore
        + KycStore
        + AvatarStore
        + FileIndex
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
        credentials: sql.clone(),
        passkeys: sql.clone(),
        pqc: sql.clone(),
        federated: sql.clone(),
        phones: sql.clone(),
        api_tokens: sql.clone(),
        recoveries: sql.clone(),
        catalog: sql.clone(),
        threads: sql.clone(),
        cases: sql.clone(),
        watches: sql.clone(),
        blocks: sql.clone(),
        audit: sql.clone(),
        kyc: sql.clone(),
        avatars: sql.clone(),
        file_index: sql.clone(),
        files,
        replies: sql.clone(),
        session_cache: memory.clone() as Arc<dyn SessionCache>,
        limiter: memory.clone() as Arc<dyn RateLimiter>,
        idempotency: memory.clone() as Arc<dyn IdempotencyStore>,
        challenges: memory.clone() as Arc<dyn ChallengeStore>,
        signals: memory as Arc<dyn Signals>,
        health: vec![sql],
    }
}
