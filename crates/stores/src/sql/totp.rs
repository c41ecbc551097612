//! Authenticator apps and backup codes.

use super::{
    Conn, Store, dialect,
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{Timestamp, id::UserId};
use aivalid_service::store::{StoreResult, TotpRecord, TotpStore};
use async_trait::async_trait;

const BEGIN: &str = "INSERT INTO totp (user_id, secret, last_step, created_at) VALUES ($1, $2, 0, $3) \
     ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0, created_at = excluded.created_at \
     WHERE totp.enabled_at IS NULL";
const GET: &str = "SELECT secret, last_step, enabled_at FROM totp WHERE user_id = $1";
const ENABLE: &str = "UPDATE totp SET enabled_at = $4, last_step = $3 WHERE user_id = $1 AND secret = $2 AND enabled_at IS NULL";
const USE: &str = "UPDATE totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2 AND enabled_at IS NOT NULL";
const DISABLE: &str = "DELETE FROM totp WHERE user_id = $1 AND enabled_at IS NOT NULL";
const LOCK: &str = concat!("SELECT user_id FROM totp WHERE user_id = $1 AND enabled_at IS NOT NULL", for_update!());
const FORGET_CODES: &str = "DELETE FROM backup_codes WHERE user_id = $1";
const ADD_CODE: &str = "INSERT INTO backup_codes (user_id, digest) VALUES ($1, $2)";
const USE_CODE: &str = "UPDATE backup_codes SET used_at = $3 WHERE user_id = $1 AND digest = $2 AND used_at IS NULL";
const CODES_LEFT: &str = "SELECT count(*) FROM backup_codes WHERE user_id = $1 AND used_at IS NULL";

async fn replace_codes(conn: &mut Conn, user: UserId, codes: &[Vec<u8>]) -> sqlx::Result<()> {
    sqlx::query(FORGET_CODES).bind(user.0).execute(&mut *conn).await?;
    for code in codes {
        sqlx::query(ADD_CODE).bind(user.0).bind(code.as_slice()).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn enable(conn: &mut Conn, user: UserId, secret: &[u8], step: i64, codes: &[Vec<u8>], now: Timestamp) -> sqlx::Result<Done<bool>> {
    let enable = sqlx::query(ENABLE).bind(user.0).bind(secret).bind(step).bind(now.0);
    if enable.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    replace_codes(conn, user, codes).await?;
    Ok(Done::Commit(true))
}

async fn disable(conn: &mut Conn, user: UserId) -> sqlx::Result<Done<bool>> {
    if sqlx::query(DISABLE).bind(user.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    replace_codes(conn, user, &[]).await?;
    Ok(Done::Commit(true))
}

async fn replace(conn: &mut Conn, user: UserId, codes: &[Vec<u8>]) -> sqlx::Result<Done<bool>> {
    if sqlx::query(LOCK).bind(user.0).fetch_optional(&mut *conn).await?.is_none() {
        return Ok(Done::Rollback(false));
    }
    replace_codes(conn, user, codes).await?;
    Ok(Done::Commit(true))
}

#[async_trait]
impl TotpStore for Store {
    async fn totp_begin(&self, user: UserId, secret: &[u8], now: Timestamp) -> StoreResult<bool> {
        let query = sqlx::query(BEGIN).bind(user.0).bind(secret).bind(now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("totp_begin"))?.rows_affected() == 1)
    }

    async fn totp_get(&self, user: UserId) -> StoreResult<Option<TotpRecord>> {
        let query = sqlx::query_as::<_, (Vec<u8>, i64, Option<i64>)>(GET).bind(user.0);
        let row = query.fetch_optional(&self.reads).await.map_err(failed("totp_get"))?;
        Ok(row.map(|(secret, last_step, enabled_at)| TotpRecord { secret, last_step, enabled_at: enabled_at.map(Timestamp) }))
    }

    async fn totp_enable(&self, user: UserId, secret: &[u8], step: i64, codes: &[Vec<u8>], now: Timestamp) -> StoreResult<bool> {
        transact!(self, "totp_enable", |conn| enable(conn, user, secret, step, codes, now))
    }

    async fn totp_use(&self, user: UserId, step: i64) -> StoreResult<bool> {
        let query = sqlx::query(USE).bind(user.0).bind(step);
        Ok(query.execute(&self.writes).await.map_err(failed("totp_use"))?.rows_affected() == 1)
    }

    async fn totp_disable(&self, user: UserId) -> StoreResult<bool> {
        transact!(self, "totp_disable", |conn| disable(conn, user))
    }

    async fn backup_codes_replace(&self, user: UserId, codes: &[Vec<u8>]) -> StoreResult<bool> {
        transact!(self, "backup_codes_replace", |conn| replace(conn, user, codes))
    }

    async fn backup_code_use(&self, user: UserId, digest: &[u8], now: Timestamp) -> StoreResult<bool> {
        let query = sqlx::query(USE_CODE).bind(user.0).bind(digest).bind(now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("backup_code_use"))?.rows_affected() == 1)
    }

    async fn backup_codes_left(&self, user: UserId) -> StoreResult<u64> {
        let count: i64 = sqlx::query_scalar(CODES_LEFT).bind(user.0).fetch_one(&self.reads).await.map_err(failed("backup_codes_left"))?;
        Ok(count.unsigned_abs())
    }
}
