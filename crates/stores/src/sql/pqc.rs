//! Signing keys. Whether a signature counts is decided by two statements of one transaction: the key must be live, and the
//! signature's digest new.

use super::{
    Conn, Store, dialect,
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{Timestamp, id::UserId};
use aivalid_service::{
    pqc::KeyId,
    store::{PqcKey, PqcKeyAdded, PqcKeyStore, PqcUse, PqcUsed, StoreResult},
};
use async_trait::async_trait;
use sqlx::FromRow;

#[derive(FromRow)]
struct KeyRow {
    id: Vec<u8>,
    user_id: i64,
    public_key: Vec<u8>,
    name: String,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<KeyRow> for PqcKey {
    type Error = sqlx::Error;
    fn try_from(row: KeyRow) -> sqlx::Result<Self> {
        let id = KeyId::from_bytes(&row.id).ok_or_else(|| super::rows::unreadable("pqc_keys", "id", row.user_id))?;
        Ok(Self {
            id,
            user: UserId(row.user_id),
            public_key: row.public_key,
            name: row.name,
            created_at: Timestamp(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp),
        })
    }
}

/// A user's keys take turns being added, so that none is added by a count that another is about to change.
const LOCK_USER: &str = concat!("SELECT id FROM users WHERE id = $1", for_update!());
const COUNT: &str = "SELECT COUNT(*) FROM pqc_keys WHERE user_id = $1 AND revoked_at IS NULL";
const ADD: &str = "INSERT INTO pqc_keys (id, user_id, public_key, name, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (id) DO NOTHING";

async fn add(conn: &mut Conn, key: &PqcKey, most: i64) -> sqlx::Result<Done<PqcKeyAdded>> {
    sqlx::query(LOCK_USER).bind(key.user.0).execute(&mut *conn).await?;
    let add = sqlx::query(ADD).bind(key.id.as_bytes().as_slice()).bind(key.user.0).bind(key.public_key.as_slice()).bind(&key.name);
    let add = add.bind(key.created_at.0).bind(key.last_used_at.map(|at| at.0));
    if add.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(PqcKeyAdded::Taken));
    }
    let have: i64 = sqlx::query_scalar(COUNT).bind(key.user.0).fetch_one(&mut *conn).await?;
    Ok(if have <= most { Done::Commit(PqcKeyAdded::Done) } else { Done::Rollback(PqcKeyAdded::TooMany) })
}

const LIST: &str = "SELECT id, user_id, public_key, name, created_at, last_used_at FROM pqc_keys \
     WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at, id";

async fn list(store: &Store, user: UserId) -> sqlx::Result<Vec<PqcKey>> {
    let rows = sqlx::query_as::<_, KeyRow>(LIST).bind(user.0).fetch_all(&store.reads).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

const REMOVE: &str = "UPDATE pqc_keys SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL \
     RETURNING id, user_id, public_key, name, created_at, last_used_at";

async fn remove(store: &Store, user: UserId, id: KeyId, now: Timestamp) -> sqlx::Result<Option<PqcKey>> {
    let remove = sqlx::query_as::<_, KeyRow>(REMOVE).bind(id.as_bytes().as_slice()).bind(user.0).bind(now.0);
    remove.fetch_optional(&store.writes).await?.map(TryInto::try_into).transpose()
}

/// Also locks the key's row, so that a removal comes before or after but not between.
const USED: &str = "UPDATE pqc_keys SET last_used_at = CASE WHEN last_used_at > $3 THEN last_used_at ELSE $3 END \
     WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
const SPEND: &str = "INSERT INTO pqc_signatures (digest, expires_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";

async fn spend(conn: &mut Conn, user: UserId, id: KeyId, signature: PqcUse) -> sqlx::Result<Done<PqcUsed>> {
    let used = sqlx::query(USED).bind(id.as_bytes().as_slice()).bind(user.0).bind(signature.now.0);
    if used.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(PqcUsed::Gone));
    }
    let spend = sqlx::query(SPEND).bind(signature.digest.as_slice()).bind(signature.expires_at.0);
    if spend.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(PqcUsed::Replayed));
    }
    Ok(Done::Commit(PqcUsed::Done))
}

const SWEEP: &str = "DELETE FROM pqc_signatures WHERE expires_at <= $1";

#[async_trait]
impl PqcKeyStore for Store {
    async fn pqc_key_add(&self, key: &PqcKey, most: i64) -> StoreResult<PqcKeyAdded> {
        transact!(self, "pqc_key_add", |conn| add(conn, key, most))
    }

    async fn pqc_key_list(&self, user: UserId) -> StoreResult<Vec<PqcKey>> {
        list(self, user).await.map_err(failed("pqc_key_list"))
    }

    async fn pqc_key_remove(&self, user: UserId, id: KeyId, now: Timestamp) -> StoreResult<Option<PqcKey>> {
        remove(self, user, id, now).await.map_err(failed("pqc_key_remove"))
    }

    async fn pqc_use(&self, user: UserId, id: KeyId, signature: PqcUse) -> StoreResult<PqcUsed> {
        transact!(self, "pqc_use", |conn| spend(conn, user, id, signature))
    }

    async fn pqc_sweep(&self, now: Timestamp) -> StoreResult<u64> {
        Ok(sqlx::query(SWEEP).bind(now.0).execute(&self.writes).await.map_err(failed("pqc_sweep"))?.rows_affected())
    }
}
