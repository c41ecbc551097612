//! Sessions and one-time tokens. Every step is one conditional statement, so that of racing ones one succeeds.

use super::{
    Conn, Store, dialect,
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{
    Timestamp,
    id::{SessionId, UserId},
    identity::Methods,
};
use aivalid_service::store::{NewSession, NewlyShown, OneTime, Rotation, Session, SessionStore, StoreResult, TokenStore};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! select_session {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, login_method, device, ip, user_agent, created_at, last_active_at, expires_at, methods, ",
            "authenticated_at, elevated_at, elevated_by, revoked_at, revoked_reason, refresh, ",
            "refresh_parent, rotated_at, (SELECT r.waits_until FROM recoveries r WHERE r.user_id = sessions.user_id ",
            "AND r.state IN ('waiting', 'review', 'ready')) AS recovery_until FROM sessions WHERE ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct SessionRow {
    id: i64,
    user_id: i64,
    login_method: String,
    device: Option<String>,
    ip: String,
    user_agent: String,
    created_at: i64,
    last_active_at: i64,
    expires_at: i64,
    methods: String,
    authenticated_at: i64,
    elevated_at: Option<i64>,
    elevated_by: String,
    revoked_at: Option<i64>,
    revoked_reason: Option<String>,
    refresh: Vec<u8>,
    refresh_parent: Option<Vec<u8>>,
    rotated_at: i64,
    recovery_until: Option<i64>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: SessionId(row.id),
            user: UserId(row.user_id),
            login_method: row.login_method,
            device: row.device,
            ip: row.ip,
            user_agent: row.user_agent,
            created_at: Timestamp(row.created_at),
            last_active_at: Timestamp(row.last_active_at),
            expires_at: Timestamp(row.expires_at),
            methods: Methods::of_words(&row.methods),
            authenticated_at: Timestamp(row.authenticated_at),
            elevated_at: row.elevated_at.map(Timestamp),
            elevated_by: Methods::of_words(&row.elevated_by),
            revoked_at: row.revoked_at.map(Timestamp),
            revoked_reason: row.revoked_reason,
            refresh: row.refresh,
            refresh_parent: row.refresh_parent,
            rotated_at: Timestamp(row.rotated_at),
            recovery_until: row.recovery_until.map(Timestamp),
        }
    }
}

/// Sign-ins of one user take turns, so that none miscounts the live sessions.
const LOCK_USER: &str = concat!("SELECT id FROM users WHERE id = $1", for_update!());

const OPEN: &str = "INSERT INTO sessions \
     (id, user_id, login_method, device, ip, user_agent, created_at, last_active_at, authenticated_at, expires_at, refresh, methods, rotated_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8, $9, $10, $7)";

/// Whoever shows a session may end it, whose account it is does not matter.
const SUCCEED: &str = "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2";

const REVOKE_OLDEST: &str = "UPDATE sessions SET revoked_at = $3, revoked_reason = $5 WHERE id IN ( \
     SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $3 \
     ORDER BY created_at DESC, id DESC LIMIT 1000000 OFFSET $4) RETURNING id";

async fn open(conn: &mut Conn, session: &NewSession, max_live: i64) -> sqlx::Result<Done<Vec<SessionId>>> {
    sqlx::query(LOCK_USER).bind(session.user.0).execute(&mut *conn).await?;
    if let Some(old) = session.instead_of {
        sqlx::query(SUCCEED).bind(old.0).bind(session.now.0).bind(Session::SUCCEEDED).execute(&mut *conn).await?;
    }
    let open = sqlx::query(OPEN).bind(session.id.0).bind(session.user.0).bind(&session.login_method).bind(&session.device);
    let open = open.bind(&session.ip).bind(&session.user_agent).bind(session.now.0).bind(session.expires_at.0);
    open.bind(session.refresh.as_slice()).bind(session.methods.words()).execute(&mut *conn).await?;
    let revoke = sqlx::query_scalar(REVOKE_OLDEST).bind(session.user.0).bind(session.id.0).bind(session.now.0);
    let revoked: Vec<i64> = revoke.bind(max_live.max(1) - 1).bind(Session::LIMIT).fetch_all(&mut *conn).await?;
    Ok(Done::Commit(revoked.into_iter().map(SessionId).collect()))
}

const GET: &str = select_session!("id = $1");
const LIST: &str = select_session!("user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY last_active_at DESC, id DESC");

const ROTATE: &str = "UPDATE sessions SET refresh_parent = refresh, refresh = $3, rotated_at = $4, \
     last_active_at = CASE WHEN last_active_at > $4 THEN last_active_at ELSE $4 END \
     WHERE id = $1 AND refresh = $2 AND revoked_at IS NULL AND expires_at > $4";

const RENEW: &str = "UPDATE sessions SET rotated_at = $3 WHERE id = $1 AND rotated_at = $2 AND revoked_at IS NULL AND expires_at > $3";

const TOUCH: &str = "UPDATE sessions SET ip = $2, user_agent = $3, last_active_at = $4 \
     WHERE id = $1 AND revoked_at IS NULL AND last_active_at <= $4";

const AUTHENTICATED: &str = "UPDATE sessions SET methods = $2, authenticated_at = $4, elevated_by = $5, \
     elevated_at = CASE WHEN $3 THEN $4 ELSE elevated_at END WHERE id = $1 AND revoked_at IS NULL AND expires_at > $4";

const REVOKE: &str = "UPDATE sessions SET revoked_at = $4, revoked_reason = $3 \
     WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $4";

const REVOKE_ALL: &str = "UPDATE sessions SET revoked_at = $4, revoked_reason = $3 \
     WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $4 RETURNING id";

const SWEEP: &str = "DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1";

#[async_trait]
impl SessionStore for Store {
    async fn session_open(&self, session: &NewSession, max_live: i64) -> StoreResult<Vec<SessionId>> {
        transact!(self, "session_open", |conn| open(conn, session, max_live))
    }

    async fn session_get(&self, id: SessionId) -> StoreResult<Option<Session>> {
        let query = sqlx::query_as::<_, SessionRow>(GET).bind(id.0);
        let row = query.fetch_optional(&self.reads).await.map_err(failed("session_get"))?;
        Ok(row.map(Into::into))
    }

    async fn session_list(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Session>> {
        let query = sqlx::query_as::<_, SessionRow>(LIST).bind(user.0).bind(now.0);
        let rows = query.fetch_all(&self.reads).await.map_err(failed("session_list"))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn session_rotate(&self, id: SessionId, step: &Rotation) -> StoreResult<bool> {
        let query = sqlx::query(ROTATE).bind(id.0).bind(step.from.as_slice()).bind(step.to.as_slice()).bind(step.now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("session_rotate"))?.rows_affected() == 1)
    }

    async fn session_renew(&self, id: SessionId, rotated_at: Timestamp, now: Timestamp) -> StoreResult<bool> {
        let query = sqlx::query(RENEW).bind(id.0).bind(rotated_at.0).bind(now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("session_renew"))?.rows_affected() == 1)
    }

    async fn session_touch(&self, id: SessionId, ip: &str, user_agent: &str, now: Timestamp) -> StoreResult<()> {
        let query = sqlx::query(TOUCH).bind(id.0).bind(ip).bind(user_agent).bind(now.0);
        query.execute(&self.writes).await.map(|_| ()).map_err(failed("session_touch"))
    }

    async fn session_authenticated(&self, id: SessionId, shown: &NewlyShown) -> StoreResult<bool> {
        let query = sqlx::query(AUTHENTICATED).bind(id.0).bind(shown.methods.words()).bind(shown.elevate).bind(shown.now.0);
        let query = query.bind(shown.elevated_by.words());
        Ok(query.execute(&self.writes).await.map_err(failed("session_authenticated"))?.rows_affected() == 1)
    }

    async fn session_revoke(&self, user: UserId, id: SessionId, reason: &str, now: Timestamp) -> StoreResult<bool> {
        let query = sqlx::query(REVOKE).bind(id.0).bind(user.0).bind(reason).bind(now.0);
        Ok(query.execute(&self.writes).await.map_err(failed("session_revoke"))?.rows_affected() == 1)
    }

    async fn session_revoke_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        reason: &str,
        now: Timestamp,
    ) -> StoreResult<Vec<SessionId>> {
        // Session ids are positive.
        let query = sqlx::query_scalar::<_, i64>(REVOKE_ALL).bind(user.0).bind(except.map_or(0, |id| id.0)).bind(reason).bind(now.0);
        let revoked = query.fetch_all(&self.writes).await.map_err(failed("session_revoke_all"))?;
        Ok(revoked.into_iter().map(SessionId).collect())
    }

    async fn session_sweep(&self, before: Timestamp) -> StoreResult<u64> {
        let swept = sqlx::query(SWEEP).bind(before.0).execute(&self.writes).await.map_err(failed("session_sweep"))?;
        Ok(swept.rows_affected())
    }
}

const PUT: &str = "INSERT INTO one_time_tokens (purpose, user_id, digest, expires_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (purpose, user_id) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at";

const TAKE: &str = "DELETE FROM one_time_tokens WHERE purpose = $1 AND digest = $2 AND expires_at > $3 RETURNING user_id";

#[async_trait]
impl TokenStore for Store {
    async fn token_put(&self, purpose: OneTime, digest: &[u8], user: UserId, expires_at: Timestamp) -> StoreResult<()> {
        let query = sqlx::query(PUT).bind(purpose.as_str()).bind(user.0).bind(digest).bind(expires_at.0);
        query.execute(&self.writes).await.map(|_| ()).map_err(failed("token_put"))
    }

    async fn token_take(&self, purpose: OneTime, digest: &[u8], now: Timestamp) -> StoreResult<Option<UserId>> {
        let query = sqlx::query_scalar::<_, i64>(TAKE).bind(purpose.as_str()).bind(digest).bind(now.0);
        Ok(query.fetch_optional(&self.writes).await.map_err(failed("token_take"))?.map(UserId))
    }
}
