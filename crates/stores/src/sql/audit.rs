//! The audit log.

use super::{
    Conn, Db, Store, dialect,
    rows::{count, unreadable},
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{
    Timestamp,
    audit::{AuditCursor, AuditFilter, AuditSeal, AuditTarget},
    id::{AuditId, SessionId, UserId},
};
use aivalid_service::{
    audit::chain::entry_hash,
    store::{AuditHead, AuditRecord, AuditStore, Failures, NewAuditEntry, SealTurn, StoreResult},
};
use async_trait::async_trait;
use sqlx::{FromRow, QueryBuilder};

/// The columns of an [`AuditRow`].
macro_rules! audit_columns {
    () => {
        "id, at, event, outcome, actor_id, subject_id, target_kind, target_id, session_id, ip, user_agent, request_id, details, seq, previous, hash"
    };
}

#[derive(FromRow)]
struct AuditRow {
    id: i64,
    at: i64,
    event: String,
    outcome: String,
    actor_id: Option<i64>,
    subject_id: Option<i64>,
    target_kind: Option<String>,
    target_id: Option<String>,
    session_id: Option<i64>,
    ip: String,
    user_agent: String,
    request_id: String,
    details: String,
    seq: Option<i64>,
    previous: Option<String>,
    hash: Option<String>,
}

impl TryFrom<AuditRow> for AuditRecord {
    type Error = sqlx::Error;

    fn try_from(row: AuditRow) -> sqlx::Result<Self> {
        let target = row.target_kind.zip(row.target_id).map(|(kind, id)| AuditTarget { kind, id });
        let seal = row.seq.map(|seq| AuditSeal { seq, previous: row.previous.unwrap_or_default(), hash: row.hash.unwrap_or_default() });
        let entry = NewAuditEntry {
            at: Timestamp(row.at),
            event: row.event,
            outcome: row.outcome.parse().map_err(|()| unreadable("audit_log", "outcome", row.id))?,
            actor: row.actor_id.map(UserId),
            subject: row.subject_id.map(UserId),
            target,
            session: row.session_id.map(SessionId),
            ip: row.ip,
            user_agent: row.user_agent,
            request_id: row.request_id,
            details: row.details,
        };
        Ok(Self { id: AuditId(row.id), entry, seal })
    }
}

const APPEND: &str = "INSERT INTO audit_log \
     (at, event, outcome, actor_id, subject_id, target_kind, target_id, session_id, ip, user_agent, request_id, details) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id";

/// Writes an entry, also in the same transaction as the change it tells of.
pub(super) async fn append(conn: &mut Conn, entry: &NewAuditEntry) -> sqlx::Result<AuditId> {
    let query = sqlx::query_scalar::<_, i64>(APPEND).bind(entry.at.0).bind(&entry.event).bind(entry.outcome.as_str());
    let query = query.bind(entry.actor.map(|id| id.0)).bind(entry.subject.map(|id| id.0));
    let query = query.bind(entry.target.as_ref().map(|target| &target.kind)).bind(entry.target.as_ref().map(|target| &target.id));
    let query = query.bind(entry.session.map(|id| id.0)).bind(&entry.ip).bind(&entry.user_agent).bind(&entry.request_id);
    query.bind(&entry.details).fetch_one(conn).await.map(AuditId)
}

/// Most of the time nothing waits, and finding that out must not need the writer.
const WAITING: &str = "SELECT 1 FROM audit_log WHERE seq IS NULL LIMIT 1";

/// Takes the turn, and the head's row lock with it: whatever the clocks say, sealers follow one another.
const TAKE_TURN: &str = "UPDATE audit_head SET sealer = $1, lease_until = $3 \
     WHERE id = 1 AND (sealer = $1 OR lease_until <= $2) RETURNING seq, hash";
const UNSEALED: &str = concat!("SELECT ", audit_columns!(), " FROM audit_log WHERE seq IS NULL ORDER BY id LIMIT $1");
const SEAL: &str = "UPDATE audit_log SET seq = $2, previous = $3, hash = $4 WHERE id = $1 AND seq IS NULL";
const MOVE_HEAD: &str = "UPDATE audit_head SET seq = $2, hash = $3 WHERE id = 1 AND seq = $1";

async fn seal(conn: &mut Conn, turn: &SealTurn) -> sqlx::Result<Done<u64>> {
    let query = sqlx::query_as::<_, (i64, String)>(TAKE_TURN).bind(&turn.sealer).bind(turn.now.0).bind(turn.lease_until.0);
    let Some((from, mut hash)) = query.fetch_optional(&mut *conn).await? else { return Ok(Done::Rollback(0)) };
    let rows: Vec<AuditRow> = sqlx::query_as(UNSEALED).bind(turn.limit).fetch_all(&mut *conn).await?;
    let (mut seq, mut sealed) = (from, 0);
    for row in rows {
        let record = AuditRecord::try_from(row)?;
        seq += 1;
        let next = entry_hash(record.id, &record.entry, seq, &hash);
        let previous = std::mem::replace(&mut hash, next);
        let query = sqlx::query(SEAL).bind(record.id.0).bind(seq).bind(previous).bind(&hash);
        if query.execute(&mut *conn).await?.rows_affected() != 1 {
            return Err(forked());
        }
        sealed += 1;
    }
    let moved = sqlx::query(MOVE_HEAD).bind(from).bind(seq).bind(hash).execute(conn).await?;
    if moved.rows_affected() == 1 { Ok(Done::Commit(sealed)) } else { Err(forked()) }
}

/// Somebody else sealed in spite of the lock: nothing of this step is kept.
fn forked() -> sqlx::Error {
    sqlx::Error::Protocol("another sealer moved the audit log's head".to_owned())
}

const HEAD: &str = "SELECT seq, hash FROM audit_head WHERE id = 1";
const CHAIN: &str = concat!("SELECT ", audit_columns!(), " FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2");
const GET: &str = concat!("SELECT ", audit_columns!(), " FROM audit_log WHERE id = $1");
const FAILURES: &str = "SELECT COUNT(*), COUNT(DISTINCT target_id) FROM audit_log \
     WHERE ip = $2 AND at >= $3 AND event = $1 AND outcome = 'failed'";

async fn list(store: &Store, filter: &AuditFilter, after: Option<AuditCursor>, limit: i64) -> sqlx::Result<Vec<AuditRecord>> {
    let mut query = QueryBuilder::<Db>::new(concat!("SELECT ", audit_columns!(), " FROM audit_log WHERE 1 = 1"));
    if let Some(user) = filter.user {
        query.push(" AND (actor_id = ").push_bind(user.0).push(" OR subject_id = ").push_bind(user.0).push(")");
    }
    if let Some(subject) = filter.subject {
        query.push(" AND subject_id = ").push_bind(subject.0);
    }
    match filter.event.as_deref().map(|event| (event, event.strip_suffix('.'))) {
        None => {}
        // What begins with the area and a dot lies before the area and what follows a dot in ASCII.
        Some((event, Some(area))) => {
            query.push(" AND event >= ").push_bind(event.to_owned()).push(" AND event < ").push_bind(format!("{area}/"));
        }
        Some((event, None)) => {
            query.push(" AND event = ").push_bind(event.to_owned());
        }
    }
    if let Some(outcome) = filter.outcome {
        query.push(" AND outcome = ").push_bind(outcome.as_str());
    }
    for (column, text) in [("target_id", &filter.target), ("ip", &filter.ip), ("request_id", &filter.request)] {
        if let Some(text) = text {
            query.push(" AND ").push(column).push(" = ").push_bind(text.clone());
        }
    }
    if let Some(since) = filter.since {
        query.push(" AND at >= ").push_bind(since.0);
    }
    if let Some(until) = filter.until {
        query.push(" AND at < ").push_bind(until.0);
    }
    if let Some(after) = after {
        query.push(" AND (at, id) < (").push_bind(after.at.0).push(", ").push_bind(after.id.0).push(")");
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit);
    let rows: Vec<AuditRow> = query.build_query_as().fetch_all(&store.reads).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

async fn append_alone(store: &Store, entry: &NewAuditEntry) -> sqlx::Result<AuditId> {
    let mut conn = store.writes.acquire().await?;
    append(&mut conn, entry).await
}

async fn chain(store: &Store, after: i64, limit: i64) -> sqlx::Result<Vec<AuditRecord>> {
    let rows: Vec<AuditRow> = sqlx::query_as(CHAIN).bind(after).bind(limit).fetch_all(&store.reads).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

async fn get(store: &Store, id: AuditId) -> sqlx::Result<Option<AuditRecord>> {
    let row: Option<AuditRow> = sqlx::query_as(GET).bind(id.0).fetch_optional(&store.reads).await?;
    row.map(TryInto::try_into).transpose()
}

#[async_trait]
impl AuditStore for Store {
    async fn audit_append(&self, entry: &NewAuditEntry) -> StoreResult<AuditId> {
        append_alone(self, entry).await.map_err(failed("audit_append"))
    }

    async fn audit_seal(&self, turn: &SealTurn) -> StoreResult<u64> {
        let waiting = sqlx::query(WAITING).fetch_optional(&self.reads).await.map_err(failed("audit_seal"))?;
        if waiting.is_none() {
            return Ok(0);
        }
        transact!(self, "audit_seal", |conn| seal(conn, turn))
    }

    async fn audit_head(&self) -> StoreResult<AuditHead> {
        let query = sqlx::query_as::<_, (i64, String)>(HEAD);
        let (seq, hash) = query.fetch_one(&self.reads).await.map_err(failed("audit_head"))?;
        Ok(AuditHead { seq, hash })
    }

    async fn audit_chain(&self, after: i64, limit: i64) -> StoreResult<Vec<AuditRecord>> {
        chain(self, after, limit).await.map_err(failed("audit_chain"))
    }

    async fn audit_list(&self, filter: &AuditFilter, after: Option<AuditCursor>, limit: i64) -> StoreResult<Vec<AuditRecord>> {
        list(self, filter, after, limit).await.map_err(failed("audit_list"))
    }

    async fn audit_get(&self, id: AuditId) -> StoreResult<Option<AuditRecord>> {
        get(self, id).await.map_err(failed("audit_get"))
    }

    async fn audit_failures(&self, event: &str, ip: &str, since: Timestamp) -> StoreResult<Failures> {
        let query = sqlx::query_as::<_, (i64, i64)>(FAILURES).bind(event).bind(ip).bind(since.0);
        let (failures, targets) = query.fetch_one(&self.reads).await.map_err(failed("audit_failures"))?;
        Ok(Failures { count: count(failures), targets: count(targets) })
    }
}
