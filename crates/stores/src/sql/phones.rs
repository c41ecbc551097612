//! Phone numbers of accounts, and the state of the codes that are sent to numbers.

use super::{
    Conn, Store, dialect, jobs,
    transact::{Done, TRIES, failed, is_conflict},
    users::read_phone,
    ways_in::{Leaving, other_ways_in},
};
use aivalid_model::{Timestamp, id::UserId, identity::PhoneNumber};
use aivalid_service::store::{NewJob, PhoneCleared, PhoneGuard, PhoneSet, PhoneStore, StoreResult};
use async_trait::async_trait;

const GUARD: &str = "SELECT version, state FROM phone_guards WHERE phone = $1";
const GUARD_ADD: &str =
    "INSERT INTO phone_guards (phone, version, state, keep_until) VALUES ($1, 1, $2, $3) ON CONFLICT (phone) DO NOTHING";
const GUARD_SET: &str = "UPDATE phone_guards SET version = version + 1, state = $2, keep_until = $3 WHERE phone = $1 AND version = $4";
const SWEEP: &str = "DELETE FROM phone_guards WHERE keep_until <= $1";

async fn put(
    conn: &mut Conn,
    key: &[u8],
    from: Option<i64>,
    (state, keep_until): (&str, Timestamp),
    job: Option<&NewJob>,
) -> sqlx::Result<Done<bool>> {
    let changed = match from {
        None => sqlx::query(GUARD_ADD).bind(key).bind(state).bind(keep_until.0).execute(&mut *conn).await?,
        Some(version) => sqlx::query(GUARD_SET).bind(key).bind(state).bind(keep_until.0).bind(version).execute(&mut *conn).await?,
    };
    if changed.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    if let Some(job) = job {
        jobs::add(conn, job).await?;
    }
    Ok(Done::Commit(true))
}

const PRESENT: &str = concat!("SELECT phone, country_code FROM users WHERE id = $1 AND deleted_at IS NULL", for_update!());
const TAKEN: &str = "SELECT 1 FROM users WHERE phone = $1 AND id <> $2";
const SET: &str = "UPDATE users SET phone = $2, country_code = $3, phone_verified_at = $4, updated_at = $4 WHERE id = $1";
const CLEAR: &str = "UPDATE users SET phone = NULL, country_code = NULL, phone_verified_at = NULL, updated_at = $2 WHERE id = $1";

/// The number that an account has now, with its row locked; `None` when there is no such account.
async fn present(conn: &mut Conn, user: UserId) -> sqlx::Result<Option<Option<PhoneNumber>>> {
    let row = sqlx::query_as::<_, (Option<String>, Option<String>)>(PRESENT).bind(user.0).fetch_optional(conn).await?;
    Ok(row.map(|(phone, country)| phone.and_then(|phone| read_phone(&phone, country.as_deref()))))
}

/// The unique number has the last word between racing accounts: whoever comes second finds it taken.
async fn set(conn: &mut Conn, user: UserId, phone: &PhoneNumber, now: Timestamp) -> sqlx::Result<Done<PhoneSet>> {
    let Some(before) = present(conn, user).await? else { return Ok(Done::Rollback(PhoneSet::Missing)) };
    if sqlx::query(TAKEN).bind(phone.as_str()).bind(user.0).fetch_optional(&mut *conn).await?.is_some() {
        return Ok(Done::Rollback(PhoneSet::Taken));
    }
    let set = sqlx::query(SET).bind(user.0).bind(phone.as_str()).bind(phone.country()).bind(now.0).execute(&mut *conn).await;
    match set {
        Ok(_) => Ok(Done::Commit(PhoneSet::Done { before })),
        Err(error) if error.as_database_error().is_some_and(|error| error.is_unique_violation()) => Ok(Done::Rollback(PhoneSet::Taken)),
        Err(error) => Err(error),
    }
}

async fn clear(conn: &mut Conn, user: UserId, now: Timestamp) -> sqlx::Result<Done<PhoneCleared>> {
    let Some(phone) = present(conn, user).await?.flatten() else { return Ok(Done::Rollback(PhoneCleared::Missing)) };
    if other_ways_in(conn, user, Leaving::Phone, false).await? == 0 {
        return Ok(Done::Rollback(PhoneCleared::LastWay));
    }
    sqlx::query(CLEAR).bind(user.0).bind(now.0).execute(&mut *conn).await?;
    Ok(Done::Commit(PhoneCleared::Done(phone)))
}

#[async_trait]
impl PhoneStore for Store {
    async fn phone_guard(&self, key: &[u8]) -> StoreResult<Option<PhoneGuard>> {
        let row = sqlx::query_as::<_, (i64, String)>(GUARD).bind(key).fetch_optional(&self.reads).await;
        Ok(row.map_err(failed("phone_guard"))?.map(|(version, state)| PhoneGuard { version, state }))
    }

    async fn phone_guard_put(
        &self,
        key: &[u8],
        from: Option<i64>,
        state: &str,
        keep_until: Timestamp,
        job: Option<&NewJob>,
    ) -> StoreResult<bool> {
        transact!(self, "phone_guard_put", |conn| put(conn, key, from, (state, keep_until), job))
    }

    async fn phone_guards_sweep(&self, now: Timestamp) -> StoreResult<u64> {
        let query = sqlx::query(SWEEP).bind(now.0).execute(&self.writes);
        Ok(query.await.map_err(failed("phone_guards_sweep"))?.rows_affected())
    }

    async fn phone_set(&self, user: UserId, phone: &PhoneNumber, now: Timestamp) -> StoreResult<PhoneSet> {
        transact!(self, "phone_set", |conn| set(conn, user, phone, now))
    }

    async fn phone_clear(&self, user: UserId, now: Timestamp) -> StoreResult<PhoneCleared> {
        transact!(self, "phone_clear", |conn| clear(conn, user, now))
    }
}
