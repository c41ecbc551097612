//! Work for later.
//!
//! While a job is claimed its `due_at` is the end of the lease, so that whoever looks for due jobs finds the forgotten ones
//! too. A claim counts as an attempt at once: a job that takes its process down with it is not tried for ever.

use super::{
    Conn, Store, dialect,
    rows::count,
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{
    Timestamp,
    id::{JobId, UserId},
};
use aivalid_service::store::{Claim, ClaimToken, Job, JobFigures, JobRecord, JobStore, NewJob, StoreResult, TokenLetter};
use async_trait::async_trait;
use sqlx::FromRow;

const ADD: &str = "INSERT INTO jobs (kind, dedup, payload, due_at, created_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT DO NOTHING RETURNING id";

/// Adds a job in the transaction of the use case that it belongs to.
pub(super) async fn add(conn: &mut Conn, job: &NewJob) -> sqlx::Result<Option<JobId>> {
    let query = sqlx::query_scalar::<_, i64>(ADD).bind(&job.kind).bind(&job.dedup).bind(job.payload.as_slice());
    Ok(query.bind(job.due_at.0).bind(job.now.0).fetch_optional(conn).await?.map(JobId))
}

/// As `token_put`, but without an account nothing is kept.
const PUT_TOKEN: &str = "INSERT INTO one_time_tokens (purpose, user_id, digest, expires_at) \
     SELECT $1, id, $3, $4 FROM users WHERE id = $2 \
     ON CONFLICT (purpose, user_id) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at";

/// Keeps a token and adds its letter.
pub(super) async fn send_token(conn: &mut Conn, user: UserId, token: &TokenLetter) -> sqlx::Result<()> {
    let put = sqlx::query(PUT_TOKEN).bind(token.purpose.as_str()).bind(user.0).bind(token.digest.as_slice());
    put.bind(token.expires_at.0).execute(&mut *conn).await?;
    add(conn, &token.letter).await?;
    Ok(())
}

async fn send_token_alone(conn: &mut Conn, user: UserId, token: &TokenLetter) -> sqlx::Result<Done<()>> {
    send_token(conn, user, token).await.map(Done::Commit)
}

#[derive(FromRow)]
struct JobRow {
    id: i64,
    payload: Vec<u8>,
    attempts: i64,
    created_at: i64,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self { id: JobId(row.id), payload: row.payload, attempts: row.attempts, created_at: Timestamp(row.created_at) }
    }
}

#[derive(FromRow)]
struct RecordRow {
    id: i64,
    kind: String,
    payload: Vec<u8>,
    due_at: i64,
    claimed: bool,
    attempts: i64,
    last_error: Option<String>,
    created_at: i64,
    dead_at: Option<i64>,
}

impl From<RecordRow> for JobRecord {
    fn from(row: RecordRow) -> Self {
        let RecordRow { id, kind, payload, due_at, claimed, attempts, last_error, created_at, dead_at } = row;
        let (due_at, created_at, dead_at) = (Timestamp(due_at), Timestamp(created_at), dead_at.map(Timestamp));
        Self { id: JobId(id), kind, payload, due_at, claimed, attempts, last_error, created_at, dead_at }
    }
}

/// The rows are chosen once, in a step of its own, or PostgreSQL could choose more than the limit.
const CLAIM: &str = concat!(
    "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE kind = $1 AND dead_at IS NULL AND due_at <= $2 ORDER BY due_at, id LIMIT $3",
    skip_locked!(),
    ") UPDATE jobs SET claim = $4, due_at = $5, attempts = attempts + 1 FROM due WHERE jobs.id = due.id ",
    "RETURNING jobs.id, payload, attempts, created_at"
);

const DONE: &str = "DELETE FROM jobs WHERE id = $1 AND claim = $2";
const RETRY: &str = "UPDATE jobs SET claim = NULL, due_at = $3, last_error = $4 WHERE id = $1 AND claim = $2";
const BURY: &str = "UPDATE jobs SET claim = NULL, dead_at = $3, last_error = $4 WHERE id = $1 AND claim = $2";
const RELEASE: &str = "UPDATE jobs SET claim = NULL, due_at = $3, attempts = attempts - 1 WHERE id = $1 AND claim = $2";
const NEXT_DUE: &str = "SELECT MIN(due_at) FROM jobs WHERE kind = $1 AND dead_at IS NULL";

macro_rules! select_record {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, payload, due_at, claim IS NOT NULL AS claimed, attempts, last_error, created_at, dead_at FROM jobs ",
            $rest
        )
    };
}
const LIST_DEAD: &str = select_record!("WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT $1");
const LIST_LIVE: &str = select_record!("WHERE dead_at IS NULL ORDER BY due_at, id LIMIT $1");

const FIGURES: &str = "SELECT kind, COUNT(*) - COUNT(dead_at), COUNT(dead_at), MIN(CASE WHEN dead_at IS NULL THEN created_at END) \
     FROM jobs GROUP BY kind ORDER BY kind";
const REQUEUE: &str = "UPDATE jobs SET dead_at = NULL, dedup = NULL, due_at = $2, attempts = 0 \
     WHERE dead_at IS NOT NULL AND ($1 IS NULL OR id = $1)";
const SWEEP: &str = "DELETE FROM jobs WHERE dead_at < $1";

#[async_trait]
impl JobStore for Store {
    async fn job_add(&self, job: &NewJob) -> StoreResult<Option<JobId>> {
        let failed = failed("job_add");
        let mut conn = self.writes.acquire().await.map_err(failed)?;
        add(&mut conn, job).await.map_err(failed)
    }

    async fn job_claim(&self, claim: &Claim<'_>) -> StoreResult<Vec<Job>> {
        let query = sqlx::query_as::<_, JobRow>(CLAIM).bind(claim.kind).bind(claim.now.0).bind(claim.limit.max(0));
        let query = query.bind(claim.token.as_slice()).bind(claim.until.0);
        let mut rows = query.fetch_all(&self.writes).await.map_err(failed("job_claim"))?;
        rows.sort_by_key(|row| row.id);
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn job_done(&self, id: JobId, token: &ClaimToken) -> StoreResult<bool> {
        let query = sqlx::query(DONE).bind(id.0).bind(token.as_slice());
        Ok(query.execute(&self.writes).await.map_err(failed("job_done"))?.rows_affected() == 1)
    }

    async fn job_retry(&self, id: JobId, token: &ClaimToken, due_at: Timestamp, error: &str) -> StoreResult<bool> {
        let query = sqlx::query(RETRY).bind(id.0).bind(token.as_slice()).bind(due_at.0).bind(error);
        Ok(query.execute(&self.writes).await.map_err(failed("job_retry"))?.rows_affected() == 1)
    }

    async fn job_bury(&self, id: JobId, token: &ClaimToken, error: &str, now: Timestamp) -> StoreResult<bool> {
        let query = sqlx::query(BURY).bind(id.0).bind(token.as_slice()).bind(now.0).bind(error);
        Ok(query.execute(&self.writes).await.map_err(failed("job_bury"))?.rows_affected() == 1)
    }

    async fn job_release(&self, id: JobId, token: &ClaimToken, now: Timestamp) -> StoreResult<bool> {
        let query = sqlx::query(RELEASE).bind(id.0).bind(token.as_slice()).bind(now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("job_release"))?.rows_affected() == 1)
    }

    async fn job_next_due(&self, kind: &str) -> StoreResult<Option<Timestamp>> {
        let query = sqlx::query_scalar::<_, Option<i64>>(NEXT_DUE).bind(kind);
        Ok(query.fetch_one(&self.reads).await.map_err(failed("job_next_due"))?.map(Timestamp))
    }

    async fn job_list(&self, dead: bool, limit: i64) -> StoreResult<Vec<JobRecord>> {
        let query = sqlx::query_as::<_, RecordRow>(if dead { LIST_DEAD } else { LIST_LIVE }).bind(limit.max(0));
        Ok(query.fetch_all(&self.reads).await.map_err(failed("job_list"))?.into_iter().map(Into::into).collect())
    }

    async fn job_figures(&self) -> StoreResult<Vec<JobFigures>> {
        let query = sqlx::query_as::<_, (String, i64, i64, Option<i64>)>(FIGURES);
        let rows = query.fetch_all(&self.reads).await.map_err(failed("job_figures"))?;
        let figures = |(kind, live, dead, oldest): (String, i64, i64, Option<i64>)| JobFigures {
            kind,
            live: count(live),
            dead: count(dead),
            oldest: oldest.map(Timestamp),
        };
        Ok(rows.into_iter().map(figures).collect())
    }

    async fn job_requeue(&self, id: Option<JobId>, now: Timestamp) -> StoreResult<u64> {
        let query = sqlx::query(REQUEUE).bind(id.map(|id| id.0)).bind(now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("job_requeue"))?.rows_affected())
    }

    async fn job_sweep(&self, before: Timestamp) -> StoreResult<u64> {
        Ok(sqlx::query(SWEEP).bind(before.0).execute(&self.writes).await.map_err(failed("job_sweep"))?.rows_affected())
    }

    async fn token_send(&self, user: UserId, token: &TokenLetter) -> StoreResult<()> {
        transact!(self, "token_send", |conn| send_token_alone(conn, user, token))
    }
}
