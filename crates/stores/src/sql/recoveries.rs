//! Requests to recover accounts. Every step is one conditional update, so that of racing ones one succeeds.

use super::{
    Conn, Store, audit,
    credentials::{API_TOKENS_FORGET, end_sessions},
    dialect, jobs,
    rows::{count, unreadable},
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{
    Timestamp,
    id::{RecoveryId, SessionId, UserId},
    page::PageRequest,
};
use aivalid_service::store::{Listing, Recovery, RecoveryStep, RecoveryStore, StoreResult, Told};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! select_recoveries {
    ($rest:expr) => {
        concat!(
            "SELECT id, user_id, state, statement, ip, user_agent, asked_at, waits_until, announced, link_until, decided_by, decided_at, ",
            "reason, ended_at, stopped_by FROM recoveries WHERE ",
            $rest
        )
    };
}

/// Those that may still come to something: also the condition of a unique index.
macro_rules! is_open {
    () => {
        "state IN ('waiting', 'review', 'ready')"
    };
}

#[derive(FromRow)]
struct RecoveryRow {
    id: i64,
    user_id: i64,
    state: String,
    statement: Option<String>,
    ip: String,
    user_agent: String,
    asked_at: i64,
    waits_until: i64,
    announced: i64,
    link_until: Option<i64>,
    decided_by: Option<i64>,
    decided_at: Option<i64>,
    reason: Option<String>,
    ended_at: Option<i64>,
    stopped_by: Option<String>,
}

impl TryFrom<RecoveryRow> for Recovery {
    type Error = sqlx::Error;

    fn try_from(row: RecoveryRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: RecoveryId(row.id),
            user: UserId(row.user_id),
            state: row.state.parse().map_err(|()| unreadable("recoveries", "state", row.id))?,
            statement: row.statement,
            ip: row.ip,
            user_agent: row.user_agent,
            asked_at: Timestamp(row.asked_at),
            waits_until: Timestamp(row.waits_until),
            announced: row.announced,
            link_until: row.link_until.map(Timestamp),
            decided_by: row.decided_by.map(UserId),
            decided_at: row.decided_at.map(Timestamp),
            reason: row.reason,
            ended_at: row.ended_at.map(Timestamp),
            stopped_by: row.stopped_by,
        })
    }
}

fn one(row: sqlx::Result<Option<RecoveryRow>>) -> sqlx::Result<Option<Recovery>> {
    row?.map(TryInto::try_into).transpose()
}

fn all(rows: sqlx::Result<Vec<RecoveryRow>>) -> sqlx::Result<Vec<Recovery>> {
    rows?.into_iter().map(TryInto::try_into).collect()
}

async fn tell(conn: &mut Conn, told: &Told) -> sqlx::Result<()> {
    for letter in &told.letters {
        jobs::add(conn, letter).await?;
    }
    audit::append(conn, &told.entry).await.map(drop)
}

const BEGIN: &str = "INSERT INTO recoveries (id, user_id, state, statement, ip, user_agent, asked_at, waits_until, announced, next_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

async fn begin(conn: &mut Conn, recovery: &Recovery, next_at: Timestamp, told: &Told) -> sqlx::Result<Done<bool>> {
    let begin = sqlx::query(BEGIN).bind(recovery.id.0).bind(recovery.user.0).bind(recovery.state.as_str()).bind(&recovery.statement);
    let begin = begin.bind(&recovery.ip).bind(&recovery.user_agent).bind(recovery.asked_at.0).bind(recovery.waits_until.0);
    if begin.bind(recovery.announced).bind(next_at.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    tell(conn, told).await?;
    Ok(Done::Commit(true))
}

const STEP: &str = "UPDATE recoveries SET state = $4, announced = $5, next_at = $6, digest = $7, link_until = $8, \
     decided_by = COALESCE($9, decided_by), reason = COALESCE($10, reason), \
     decided_at = CASE WHEN COALESCE($9, 0) = 0 THEN decided_at ELSE $11 END, \
     ended_at = CASE WHEN $12 THEN ended_at ELSE $11 END \
     WHERE id = $1 AND state = $2 AND announced = $3 AND user_id <> COALESCE($9, 0)";

async fn step(conn: &mut Conn, step: &RecoveryStep) -> sqlx::Result<Done<bool>> {
    let (digest, link_until) = step.link.as_ref().map(|(digest, until)| (digest.as_slice(), until.0)).unzip();
    let (by, reason) =
        (step.verdict.as_ref().map(|verdict| verdict.by.0), step.verdict.as_ref().and_then(|verdict| verdict.reason.as_ref()));
    let query = sqlx::query(STEP).bind(step.id.0).bind(step.from.0.as_str()).bind(step.from.1);
    let query = query.bind(step.to.0.as_str()).bind(step.to.1).bind(step.next_at.map(|at| at.0)).bind(digest).bind(link_until);
    let query = query.bind(by).bind(reason).bind(step.now.0).bind(step.to.0.is_open());
    if query.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    tell(conn, &step.told).await?;
    Ok(Done::Commit(true))
}

const STOP: &str = concat!(
    "UPDATE recoveries SET state = 'stopped', stopped_by = $2, ended_at = $3, next_at = NULL, digest = NULL, link_until = NULL WHERE id = $1 AND ",
    is_open!()
);
const STOP_OF: &str = concat!(
    "UPDATE recoveries SET state = 'stopped', stopped_by = $2, ended_at = $3, next_at = NULL, digest = NULL, link_until = NULL ",
    "WHERE user_id = $1 AND ",
    is_open!()
);

/// Stops whatever is open, in the transaction of what makes it needless or suspicious.
pub(super) async fn stop_of(conn: &mut Conn, user: UserId, by: &str, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(STOP_OF).bind(user.0).bind(by).bind(now.0).execute(conn).await.map(drop)
}

async fn stop(conn: &mut Conn, id: RecoveryId, by: &str, now: Timestamp, told: &Told) -> sqlx::Result<Done<bool>> {
    if sqlx::query(STOP).bind(id.0).bind(by).bind(now.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    tell(conn, told).await?;
    Ok(Done::Commit(true))
}

/// Whatever changes what guards an account takes its row first.
const LOCK_USER: &str = concat!("SELECT id FROM users WHERE id = $1 AND deleted_at IS NULL", for_update!());
const FINISH: &str = "UPDATE recoveries SET state = 'done', ended_at = $3, next_at = NULL, digest = NULL, link_until = NULL \
     WHERE user_id = $1 AND digest = $2 AND state = 'ready' AND link_until > $3 AND waits_until <= $3";
const NOTE_RECOVERED: &str = "UPDATE users SET recovered_at = $2, password_mailed = FALSE, updated_at = $2 WHERE id = $1";
const FORGET: [&str; 3] = ["DELETE FROM totp WHERE user_id = $1", "DELETE FROM backup_codes WHERE user_id = $1", API_TOKENS_FORGET];

async fn finish(conn: &mut Conn, user: UserId, digest: &[u8], now: Timestamp, told: &Told) -> sqlx::Result<Done<Option<Vec<SessionId>>>> {
    if sqlx::query(LOCK_USER).bind(user.0).fetch_optional(&mut *conn).await?.is_none() {
        return Ok(Done::Rollback(None));
    }
    if sqlx::query(FINISH).bind(user.0).bind(digest).bind(now.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(None));
    }
    for sql in FORGET {
        sqlx::query(sql).bind(user.0).execute(&mut *conn).await?;
    }
    sqlx::query(NOTE_RECOVERED).bind(user.0).bind(now.0).execute(&mut *conn).await?;
    let ended = end_sessions(conn, user, None, "recovered", now).await?;
    tell(conn, told).await?;
    Ok(Done::Commit(Some(ended)))
}

const OPEN: &str = select_recoveries!(concat!("user_id = $1 AND ", is_open!()));
const GET: &str = select_recoveries!("id = $1");
const BY_LINK: &str = select_recoveries!("digest = $1 AND state = 'ready' AND link_until > $2");
const OF_USER: &str = select_recoveries!("user_id = $1 ORDER BY asked_at DESC, id DESC");
const QUEUE: &str = select_recoveries!("state = 'review' ORDER BY waits_until, id LIMIT $1 OFFSET $2");
const QUEUED: &str = "SELECT COUNT(*) FROM recoveries WHERE state = 'review'";
const DUE: &str = select_recoveries!("next_at <= $1 ORDER BY next_at, id LIMIT $2");

async fn queue(store: &Store, page: PageRequest) -> sqlx::Result<Listing<Recovery>> {
    let total: i64 = sqlx::query_scalar(QUEUED).fetch_one(&store.reads).await?;
    let rows = sqlx::query_as(QUEUE).bind(i64::from(page.limit)).bind(page.offset()).fetch_all(&store.reads).await;
    Ok(Listing { items: all(rows)?, total: count(total), next: None })
}

#[async_trait]
impl RecoveryStore for Store {
    async fn recovery_begin(&self, recovery: &Recovery, next_at: Timestamp, told: &Told) -> StoreResult<bool> {
        transact!(self, "recovery_begin", |conn| begin(conn, recovery, next_at, told))
    }

    async fn recovery_open(&self, user: UserId) -> StoreResult<Option<Recovery>> {
        one(sqlx::query_as(OPEN).bind(user.0).fetch_optional(&self.reads).await).map_err(failed("recovery_open"))
    }

    async fn recovery_get(&self, id: RecoveryId) -> StoreResult<Option<Recovery>> {
        one(sqlx::query_as(GET).bind(id.0).fetch_optional(&self.reads).await).map_err(failed("recovery_get"))
    }

    async fn recovery_by_link(&self, digest: &[u8], now: Timestamp) -> StoreResult<Option<Recovery>> {
        one(sqlx::query_as(BY_LINK).bind(digest).bind(now.0).fetch_optional(&self.reads).await).map_err(failed("recovery_by_link"))
    }

    async fn recovery_list(&self, user: UserId) -> StoreResult<Vec<Recovery>> {
        all(sqlx::query_as(OF_USER).bind(user.0).fetch_all(&self.reads).await).map_err(failed("recovery_list"))
    }

    async fn recovery_queue(&self, page: PageRequest) -> StoreResult<Listing<Recovery>> {
        queue(self, page).await.map_err(failed("recovery_queue"))
    }

    async fn recovery_due(&self, now: Timestamp, limit: i64) -> StoreResult<Vec<Recovery>> {
        all(sqlx::query_as(DUE).bind(now.0).bind(limit).fetch_all(&self.reads).await).map_err(failed("recovery_due"))
    }

    async fn recovery_step(&self, taken: &RecoveryStep) -> StoreResult<bool> {
        transact!(self, "recovery_step", |conn| step(conn, taken))
    }

    async fn recovery_stop(&self, id: RecoveryId, by: &str, now: Timestamp, told: &Told) -> StoreResult<bool> {
        transact!(self, "recovery_stop", |conn| stop(conn, id, by, now, told))
    }

    async fn recovery_finish(&self, user: UserId, digest: &[u8], now: Timestamp, told: &Told) -> StoreResult<Option<Vec<SessionId>>> {
        transact!(self, "recovery_finish", |conn| finish(conn, user, digest, now, told))
    }
}
