//! Personal API tokens.

use super::{
    Conn, Store, dialect, jobs,
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{
    Timestamp,
    id::{ApiTokenId, UserId},
    identity::Scopes,
};
use aivalid_service::store::{ApiToken, ApiTokenStore, NewJob, StoreResult};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! columns {
    () => {
        "id, user_id, name, scopes, hint, created_at, expires_at, last_used_at, last_used_ip"
    };
}

#[derive(FromRow)]
struct TokenRow {
    id: i64,
    user_id: i64,
    name: String,
    scopes: String,
    hint: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    last_used_ip: Option<String>,
}

impl From<TokenRow> for ApiToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: ApiTokenId(row.id),
            user: UserId(row.user_id),
            name: row.name,
            scopes: Scopes::of_words(&row.scopes),
            hint: row.hint,
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            last_used_at: row.last_used_at.map(Timestamp),
            last_used_ip: row.last_used_ip,
        }
    }
}

/// Tokens of one account are made in turns, so that racing ones stay within the limit.
const LOCK_USER: &str = concat!("SELECT id FROM users WHERE id = $1", for_update!());
const COUNT: &str = "SELECT COUNT(*) FROM api_tokens WHERE user_id = $1 AND expires_at > $2";
const ADD: &str = "INSERT INTO api_tokens (id, user_id, digest, name, scopes, hint, created_at, expires_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FIND: &str = concat!("SELECT ", columns!(), " FROM api_tokens WHERE digest = $1 AND expires_at > $2");
const LIST: &str = concat!("SELECT ", columns!(), " FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC, id");
const USED: &str = "UPDATE api_tokens SET last_used_at = $2, last_used_ip = $3 WHERE id = $1 AND COALESCE(last_used_at, 0) < $2";
const REVOKE: &str = concat!("DELETE FROM api_tokens WHERE id = $1 AND user_id = $2 RETURNING ", columns!());
const ENDING: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM api_tokens WHERE expires_at > $1 AND expires_at <= $2 AND expires_at - created_at > $2 - $1 AND end_told_at IS NULL ",
    "ORDER BY expires_at, id LIMIT $3"
);
const END_TOLD: &str = "UPDATE api_tokens SET end_told_at = $2 WHERE id = $1 AND end_told_at IS NULL";
const SWEEP: &str = "DELETE FROM api_tokens WHERE expires_at < $1";

async fn add(conn: &mut Conn, token: &ApiToken, digest: &[u8], most: i64) -> sqlx::Result<Done<bool>> {
    sqlx::query(LOCK_USER).bind(token.user.0).execute(&mut *conn).await?;
    let have: i64 = sqlx::query_scalar(COUNT).bind(token.user.0).bind(token.created_at.0).fetch_one(&mut *conn).await?;
    if have >= most {
        return Ok(Done::Rollback(false));
    }
    let add = sqlx::query(ADD).bind(token.id.0).bind(token.user.0).bind(digest).bind(&token.name).bind(token.scopes.words());
    add.bind(&token.hint).bind(token.created_at.0).bind(token.expires_at.0).execute(&mut *conn).await?;
    Ok(Done::Commit(true))
}

async fn end_told(conn: &mut Conn, id: ApiTokenId, letter: Option<&NewJob>, now: Timestamp) -> sqlx::Result<Done<bool>> {
    if sqlx::query(END_TOLD).bind(id.0).bind(now.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    if let Some(letter) = letter {
        jobs::add(conn, letter).await?;
    }
    Ok(Done::Commit(true))
}

#[async_trait]
impl ApiTokenStore for Store {
    async fn api_token_add(&self, token: &ApiToken, digest: &[u8], most: i64) -> StoreResult<bool> {
        transact!(self, "api_token_add", |conn| add(conn, token, digest, most))
    }

    async fn api_token_find(&self, digest: &[u8], now: Timestamp) -> StoreResult<Option<ApiToken>> {
        let query = sqlx::query_as::<_, TokenRow>(FIND).bind(digest).bind(now.0).fetch_optional(&self.reads);
        Ok(query.await.map_err(failed("api_token_find"))?.map(Into::into))
    }

    async fn api_token_list(&self, user: UserId) -> StoreResult<Vec<ApiToken>> {
        let query = sqlx::query_as::<_, TokenRow>(LIST).bind(user.0).fetch_all(&self.reads);
        Ok(query.await.map_err(failed("api_token_list"))?.into_iter().map(Into::into).collect())
    }

    async fn api_token_used(&self, id: ApiTokenId, ip: &str, now: Timestamp) -> StoreResult<()> {
        let query = sqlx::query(USED).bind(id.0).bind(now.0).bind(ip).execute(&self.writes);
        query.await.map_err(failed("api_token_used")).map(drop)
    }

    async fn api_token_revoke(&self, user: UserId, id: ApiTokenId) -> StoreResult<Option<ApiToken>> {
        let query = sqlx::query_as::<_, TokenRow>(REVOKE).bind(id.0).bind(user.0).fetch_optional(&self.writes);
        Ok(query.await.map_err(failed("api_token_revoke"))?.map(Into::into))
    }

    async fn api_tokens_ending(&self, now: Timestamp, until: Timestamp, limit: i64) -> StoreResult<Vec<ApiToken>> {
        let query = sqlx::query_as::<_, TokenRow>(ENDING).bind(now.0).bind(until.0).bind(limit).fetch_all(&self.reads);
        Ok(query.await.map_err(failed("api_tokens_ending"))?.into_iter().map(Into::into).collect())
    }

    async fn api_token_end_told(&self, id: ApiTokenId, letter: Option<&NewJob>, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "api_token_end_told", |conn| end_told(conn, id, letter, now))
    }

    async fn api_tokens_sweep(&self, before: Timestamp) -> StoreResult<u64> {
        let query = sqlx::query(SWEEP).bind(before.0).execute(&self.writes);
        Ok(query.await.map_err(failed("api_tokens_sweep"))?.rows_affected())
    }
}
