//! What administrators do to accounts, each deed with its entry of the audit log.

use super::{
    Conn, Db, Store, audit, dialect,
    transact::{Done, TRIES, failed, is_conflict},
    user_changes,
    users::{self, UserRow},
};
use aivalid_model::{
    Timestamp,
    admin::{AccountCursor, Suspension, UserFilter, UserState},
    id::{BadgeId, UserId},
    identity::{AccountChange, BadgeCard, Role},
};
use aivalid_service::store::{Deed, NewAuditEntry, StoreResult, User, UserAdminStore, UserChanged};
use async_trait::async_trait;
use sqlx::QueryBuilder;

async fn search(store: &Store, filter: &UserFilter, after: Option<AccountCursor>, limit: i64, now: Timestamp) -> sqlx::Result<Vec<User>> {
    let mut query = QueryBuilder::<Db>::new(users::ACCOUNTS);
    if let Some(text) = &filter.q {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let part = format!("%{escaped}%");
        query.push(" AND (u.username LIKE ").push_bind(part.clone()).push(" ESCAPE '\\' OR u.email LIKE ").push_bind(part.clone());
        query.push(" ESCAPE '\\' OR LOWER(u.full_name) LIKE ").push_bind(part).push(" ESCAPE '\\'");
        // As people write a number: without its beginning, which they write in several ways.
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        if digits.len() >= 4 && text.chars().all(|c| c.is_ascii_digit() || "+-. ()".contains(c)) {
            query.push(" OR u.phone LIKE ").push_bind(format!("%{digits}%"));
        }
        if let Ok(id) = text.parse::<i64>() {
            query.push(" OR u.id = ").push_bind(id);
        }
        query.push(")");
    }
    if let Some(role) = filter.role {
        query.push(" AND u.role = ").push_bind(role.as_str());
    }
    let suspended = "u.suspended_at IS NOT NULL AND (u.suspended_until IS NULL OR u.suspended_until > ";
    match filter.state {
        None => {}
        Some(UserState::Active) => {
            query.push(" AND (u.email_verified OR u.phone IS NOT NULL) AND NOT (").push(suspended).push_bind(now.0).push("))");
        }
        Some(UserState::Unconfirmed) => {
            query.push(" AND NOT u.email_verified AND u.phone IS NULL");
        }
        Some(UserState::Suspended) => {
            query.push(" AND ").push(suspended).push_bind(now.0).push(")");
        }
    }
    if let Some(after) = after {
        query.push(" AND (u.created_at, u.id) < (").push_bind(after.created_at.0).push(", ").push_bind(after.id.0).push(")");
    }
    query.push(" ORDER BY u.created_at DESC, u.id DESC LIMIT ").push_bind(limit);
    let rows: Vec<UserRow> = query.build_query_as().fetch_all(&store.reads).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Administrators who can sign in, locked in one order, so that two of them can't take each other's role at once.
const ADMINS: &str = concat!(
    "SELECT id FROM users WHERE role = 'admin' AND deleted_at IS NULL AND (suspended_at IS NULL OR suspended_until <= $1) ORDER BY id",
    for_update!()
);

/// Whether nobody but this account could manage the others.
async fn is_last_admin(conn: &mut Conn, id: UserId, now: Timestamp) -> sqlx::Result<bool> {
    let admins: Vec<i64> = sqlx::query_scalar(ADMINS).bind(now.0).fetch_all(conn).await?;
    Ok(admins == [id.0])
}

const EXISTS: &str = "SELECT 1 FROM users WHERE id = $1 AND deleted_at IS NULL";
const ROLE: &str = "UPDATE users SET role = $3 WHERE id = $1 AND role = $2 AND deleted_at IS NULL";

/// What it means that an update found no row.
async fn missed(conn: &mut Conn, id: UserId) -> sqlx::Result<Done<Deed>> {
    let there = sqlx::query(EXISTS).bind(id.0).fetch_optional(conn).await?.is_some();
    Ok(Done::Rollback(if there { Deed::Otherwise } else { Deed::Missing }))
}

async fn role(conn: &mut Conn, id: UserId, from: Role, to: Role, now: Timestamp, entry: &NewAuditEntry) -> sqlx::Result<Done<Deed>> {
    if from == Role::Admin && is_last_admin(conn, id, now).await? {
        return Ok(Done::Rollback(Deed::LastAdmin));
    }
    let changed = sqlx::query(ROLE).bind(id.0).bind(from.as_str()).bind(to.as_str()).execute(&mut *conn).await?;
    if changed.rows_affected() == 0 {
        return missed(conn, id).await;
    }
    audit::append(conn, entry).await?;
    Ok(Done::Commit(Deed::Done))
}

const SUSPEND: &str = "UPDATE users SET suspended_at = $2, suspended_until = $3, suspended_reason = $4 \
     WHERE id = $1 AND deleted_at IS NULL AND (suspended_at IS NULL OR suspended_until <= $2)";
const UNSUSPEND: &str = "UPDATE users SET suspended_at = NULL, suspended_until = NULL, suspended_reason = NULL \
     WHERE id = $1 AND deleted_at IS NULL AND suspended_at IS NOT NULL";

async fn suspend(conn: &mut Conn, id: UserId, suspension: &Suspension, entry: &NewAuditEntry) -> sqlx::Result<Done<Deed>> {
    if is_last_admin(conn, id, suspension.since).await? {
        return Ok(Done::Rollback(Deed::LastAdmin));
    }
    let query = sqlx::query(SUSPEND).bind(id.0).bind(suspension.since.0).bind(suspension.until.map(|at| at.0)).bind(&suspension.reason);
    if query.execute(&mut *conn).await?.rows_affected() == 0 {
        return missed(conn, id).await;
    }
    audit::append(conn, entry).await?;
    Ok(Done::Commit(Deed::Done))
}

async fn unsuspend(conn: &mut Conn, id: UserId, entry: &NewAuditEntry) -> sqlx::Result<Done<Deed>> {
    if sqlx::query(UNSUSPEND).bind(id.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return missed(conn, id).await;
    }
    audit::append(conn, entry).await?;
    Ok(Done::Commit(Deed::Done))
}

async fn fix(conn: &mut Conn, id: UserId, change: &AccountChange, now: Timestamp, entry: &NewAuditEntry) -> sqlx::Result<Done<Deed>> {
    match user_changes::change(conn, id, change, now).await? {
        Done::Commit(UserChanged::Done) => {
            audit::append(conn, entry).await?;
            Ok(Done::Commit(Deed::Done))
        }
        Done::Commit(UserChanged::UsernameTaken) | Done::Rollback(UserChanged::UsernameTaken) => Ok(Done::Rollback(Deed::NameTaken)),
        Done::Commit(UserChanged::Missing) | Done::Rollback(_) => Ok(Done::Rollback(Deed::Missing)),
    }
}

const BADGE: &str = "SELECT 1 FROM badges WHERE id = $1";
const HAS_BADGE: &str = "SELECT 1 FROM user_badges WHERE user_id = $1 AND badge_id = $2";
const TAKE_BADGE: &str = "DELETE FROM user_badges WHERE user_id = $1 AND badge_id = $2";
/// The newest of those that are left takes its place beside the name.
const HIDE_BADGE: &str = "UPDATE users SET badge_id = (SELECT badge_id FROM user_badges WHERE user_id = $1 \
     ORDER BY granted_at DESC, badge_id DESC LIMIT 1) WHERE id = $1 AND badge_id = $2";
const BADGES: &str = "SELECT id, slug, name_id, name_en, description_id, description_en, icon, colour FROM badges ORDER BY slug";

async fn badge_grant(
    conn: &mut Conn,
    id: UserId,
    badge: BadgeId,
    (reason, now): (&str, Timestamp),
    entry: &NewAuditEntry,
) -> sqlx::Result<Done<Deed>> {
    let account = sqlx::query(EXISTS).bind(id.0).fetch_optional(&mut *conn).await?;
    let known = sqlx::query(BADGE).bind(badge.0).fetch_optional(&mut *conn).await?;
    if account.is_none() || known.is_none() {
        return Ok(Done::Rollback(Deed::Missing));
    }
    if sqlx::query(HAS_BADGE).bind(id.0).bind(badge.0).fetch_optional(&mut *conn).await?.is_some() {
        return Ok(Done::Rollback(Deed::Otherwise));
    }
    user_changes::grant_badge(conn, id, badge, reason, now).await?;
    audit::append(conn, entry).await?;
    Ok(Done::Commit(Deed::Done))
}

async fn badge_revoke(conn: &mut Conn, id: UserId, badge: BadgeId, entry: &NewAuditEntry) -> sqlx::Result<Done<Deed>> {
    if sqlx::query(TAKE_BADGE).bind(id.0).bind(badge.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(Deed::Missing));
    }
    sqlx::query(HIDE_BADGE).bind(id.0).bind(badge.0).execute(&mut *conn).await?;
    audit::append(conn, entry).await?;
    Ok(Done::Commit(Deed::Done))
}

#[async_trait]
impl UserAdminStore for Store {
    async fn user_search(&self, filter: &UserFilter, after: Option<AccountCursor>, limit: i64, now: Timestamp) -> StoreResult<Vec<User>> {
        search(self, filter, after, limit, now).await.map_err(failed("user_search"))
    }

    async fn user_role(&self, id: UserId, from: Role, to: Role, now: Timestamp, entry: &NewAuditEntry) -> StoreResult<Deed> {
        transact!(self, "user_role", |conn| role(conn, id, from, to, now, entry))
    }

    async fn user_suspend(&self, id: UserId, suspension: &Suspension, entry: &NewAuditEntry) -> StoreResult<Deed> {
        transact!(self, "user_suspend", |conn| suspend(conn, id, suspension, entry))
    }

    async fn user_unsuspend(&self, id: UserId, entry: &NewAuditEntry) -> StoreResult<Deed> {
        transact!(self, "user_unsuspend", |conn| unsuspend(conn, id, entry))
    }

    async fn user_fix(&self, id: UserId, change: &AccountChange, now: Timestamp, entry: &NewAuditEntry) -> StoreResult<Deed> {
        transact!(self, "user_fix", |conn| fix(conn, id, change, now, entry))
    }

    async fn user_badge_grant(&self, id: UserId, badge: BadgeId, reason: &str, now: Timestamp, entry: &NewAuditEntry) -> StoreResult<Deed> {
        transact!(self, "user_badge_grant", |conn| badge_grant(conn, id, badge, (reason, now), entry))
    }

    async fn user_badge_revoke(&self, id: UserId, badge: BadgeId, entry: &NewAuditEntry) -> StoreResult<Deed> {
        transact!(self, "user_badge_revoke", |conn| badge_revoke(conn, id, badge, entry))
    }

    async fn badge_list(&self) -> StoreResult<Vec<BadgeCard>> {
        let rows: Vec<users::BadgeRow> = sqlx::query_as(BADGES).fetch_all(&self.reads).await.map_err(failed("badge_list"))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}
