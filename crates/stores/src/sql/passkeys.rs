//! Passkeys. Counters rise in one conditional statement; whether a passkey may go is decided while the account is locked.

use super::{
    Conn, Store, dialect,
    transact::{Done, TRIES, failed, is_conflict},
    ways_in::{Leaving, other_ways_in},
};
use aivalid_model::{
    Timestamp,
    id::{PasskeyId, UserId},
};
use aivalid_service::store::{Passkey, PasskeyAdded, PasskeyDeleted, PasskeyRing, PasskeyStore, StoreResult};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! passkey_columns {
    () => {
        "p.id, p.user_id, p.credential, p.public_key, p.name, p.counter, p.backup_eligible, p.backed_up, p.transports, p.aaguid, \
         p.created_at, p.last_used_at"
    };
}

#[derive(FromRow)]
struct PasskeyRow {
    id: i64,
    user_id: i64,
    credential: Vec<u8>,
    public_key: Vec<u8>,
    name: String,
    counter: i64,
    backup_eligible: bool,
    backed_up: bool,
    transports: String,
    aaguid: String,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<PasskeyRow> for Passkey {
    type Error = sqlx::Error;
    fn try_from(row: PasskeyRow) -> sqlx::Result<Self> {
        let counter = u32::try_from(row.counter).map_err(|_| super::rows::unreadable("passkeys", "counter", row.id))?;
        Ok(Self {
            id: PasskeyId(row.id),
            user: UserId(row.user_id),
            credential: row.credential,
            key: row.public_key,
            name: row.name,
            counter,
            backup_eligible: row.backup_eligible,
            backed_up: row.backed_up,
            transports: row.transports.split_whitespace().map(str::to_owned).collect(),
            aaguid: row.aaguid,
            created_at: Timestamp(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp),
        })
    }
}

/// A passkey beside its owner's handle.
#[derive(FromRow)]
struct HeldRow {
    handle: Vec<u8>,
    #[sqlx(flatten)]
    passkey: PasskeyRow,
}

const HANDLE_MAKE: &str = "INSERT INTO passkey_handles (user_id, handle) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING";
const HANDLE: &str = "SELECT handle FROM passkey_handles WHERE user_id = $1";

async fn handle(conn: &mut Conn, user: UserId, fresh: &[u8]) -> sqlx::Result<Done<Vec<u8>>> {
    sqlx::query(HANDLE_MAKE).bind(user.0).bind(fresh).execute(&mut *conn).await?;
    Ok(Done::Commit(sqlx::query_scalar(HANDLE).bind(user.0).fetch_one(&mut *conn).await?))
}

/// A handle without passkeys gives one row of which everything but the handle is empty, so the columns are read by hand.
const RING: &str = concat!(
    "SELECT h.handle, ",
    passkey_columns!(),
    " FROM passkey_handles h LEFT JOIN passkeys p ON p.user_id = h.user_id WHERE h.user_id = $1 ORDER BY p.created_at, p.id"
);

const BY_CREDENTIAL: &str = concat!(
    "SELECT h.handle, ",
    passkey_columns!(),
    " FROM passkeys p JOIN passkey_handles h ON h.user_id = p.user_id WHERE p.credential = $1"
);

async fn ring(store: &Store, user: UserId) -> sqlx::Result<Option<PasskeyRing>> {
    use sqlx::Row;
    let rows = sqlx::query(RING).bind(user.0).fetch_all(&store.reads).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let handle = first.try_get("handle")?;
    let mut passkeys = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.try_get::<Option<i64>, _>("id")?.is_some() {
            passkeys.push(PasskeyRow::from_row(row)?.try_into()?);
        }
    }
    Ok(Some(PasskeyRing { handle, passkeys }))
}

async fn by_credential(store: &Store, credential: &[u8]) -> sqlx::Result<Option<(Passkey, Vec<u8>)>> {
    let row = sqlx::query_as::<_, HeldRow>(BY_CREDENTIAL).bind(credential).fetch_optional(&store.reads).await?;
    row.map(|row| Ok((row.passkey.try_into()?, row.handle))).transpose()
}

/// Changes of one account's ways to sign in take turns, so that none decides by what another is about to take away.
const LOCK_USER: &str = concat!("SELECT id FROM users WHERE id = $1", for_update!());
const COUNT: &str = "SELECT COUNT(*) FROM passkeys WHERE user_id = $1";
const ADD: &str = "INSERT INTO passkeys (id, user_id, credential, public_key, name, counter, backup_eligible, backed_up, transports, \
     aaguid, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (credential) DO NOTHING";

async fn add(conn: &mut Conn, passkey: &Passkey, most: i64) -> sqlx::Result<Done<PasskeyAdded>> {
    sqlx::query(LOCK_USER).bind(passkey.user.0).execute(&mut *conn).await?;
    let have: i64 = sqlx::query_scalar(COUNT).bind(passkey.user.0).fetch_one(&mut *conn).await?;
    if have >= most {
        return Ok(Done::Rollback(PasskeyAdded::TooMany));
    }
    let add = sqlx::query(ADD).bind(passkey.id.0).bind(passkey.user.0).bind(passkey.credential.as_slice()).bind(passkey.key.as_slice());
    let add = add.bind(&passkey.name).bind(i64::from(passkey.counter)).bind(passkey.backup_eligible).bind(passkey.backed_up);
    let add = add.bind(passkey.transports.join(" ")).bind(&passkey.aaguid).bind(passkey.created_at.0);
    let added = add.bind(passkey.last_used_at.map(|at| at.0)).execute(&mut *conn).await?.rows_affected() == 1;
    Ok(if added { Done::Commit(PasskeyAdded::Done) } else { Done::Rollback(PasskeyAdded::Taken) })
}

const USED: &str = "UPDATE passkeys SET counter = $2, backed_up = $3, \
     last_used_at = CASE WHEN last_used_at > $4 THEN last_used_at ELSE $4 END \
     WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))";

const RENAME: &str = "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2";

const ONE: &str = concat!("SELECT ", passkey_columns!(), " FROM passkeys p WHERE p.id = $1 AND p.user_id = $2");
const DELETE: &str = "DELETE FROM passkeys WHERE id = $1 AND user_id = $2";

/// What counted only beside a passkey does not begin to count by itself when the last one goes: who set it was never shown.
const MAILED_PASSWORD_CLEAR: &str = "UPDATE users SET password_hash = NULL, password_mailed = FALSE \
     WHERE id = $1 AND password_mailed AND NOT EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1)";

async fn delete(conn: &mut Conn, user: UserId, id: PasskeyId, sms: bool) -> sqlx::Result<Done<PasskeyDeleted>> {
    sqlx::query(LOCK_USER).bind(user.0).execute(&mut *conn).await?;
    let row = sqlx::query_as::<_, PasskeyRow>(ONE).bind(id.0).bind(user.0).fetch_optional(&mut *conn).await?;
    let Some(row) = row else { return Ok(Done::Rollback(PasskeyDeleted::Missing)) };
    if other_ways_in(conn, user, Leaving::Passkey(id), sms).await? == 0 {
        return Ok(Done::Rollback(PasskeyDeleted::LastWay));
    }
    sqlx::query(DELETE).bind(id.0).bind(user.0).execute(&mut *conn).await?;
    sqlx::query(MAILED_PASSWORD_CLEAR).bind(user.0).execute(&mut *conn).await?;
    Ok(Done::Commit(PasskeyDeleted::Done(Box::new(row.try_into()?))))
}

#[async_trait]
impl PasskeyStore for Store {
    async fn passkey_handle(&self, user: UserId, fresh: &[u8]) -> StoreResult<Vec<u8>> {
        transact!(self, "passkey_handle", |conn| handle(conn, user, fresh))
    }

    async fn passkey_ring(&self, user: UserId) -> StoreResult<Option<PasskeyRing>> {
        ring(self, user).await.map_err(failed("passkey_ring"))
    }

    async fn passkey_by_credential(&self, credential: &[u8]) -> StoreResult<Option<(Passkey, Vec<u8>)>> {
        by_credential(self, credential).await.map_err(failed("passkey_by_credential"))
    }

    async fn passkey_add(&self, passkey: &Passkey, most: i64) -> StoreResult<PasskeyAdded> {
        transact!(self, "passkey_add", |conn| add(conn, passkey, most))
    }

    async fn passkey_used(&self, id: PasskeyId, counter: u32, backed_up: bool, now: Timestamp) -> StoreResult<bool> {
        let query = sqlx::query(USED).bind(id.0).bind(i64::from(counter)).bind(backed_up).bind(now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("passkey_used"))?.rows_affected() == 1)
    }

    async fn passkey_rename(&self, user: UserId, id: PasskeyId, name: &str) -> StoreResult<bool> {
        let query = sqlx::query(RENAME).bind(id.0).bind(user.0).bind(name);
        Ok(query.execute(&self.writes).await.map_err(failed("passkey_rename"))?.rows_affected() == 1)
    }

    async fn passkey_delete(&self, user: UserId, id: PasskeyId, sms: bool) -> StoreResult<PasskeyDeleted> {
        transact!(self, "passkey_delete", |conn| delete(conn, user, id, sms))
    }
}
