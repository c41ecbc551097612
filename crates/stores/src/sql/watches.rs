//! Who watches or muted which thread or case.

use super::{Conn, Pool, Store, rows::unreadable, transact::failed};
use aivalid_model::{
    Timestamp,
    community::{Target, WatchLevel},
    id::UserId,
};
use aivalid_service::store::{StoreResult, WatchStore};
use async_trait::async_trait;

const SET: &str = "INSERT INTO watches (target_kind, target_id, user_id, level, at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (target_kind, target_id, user_id) DO UPDATE SET level = excluded.level, at = excluded.at \
     WHERE watches.level <> excluded.level";
const START: &str = "INSERT INTO watches (target_kind, target_id, user_id, level, at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (target_kind, target_id, user_id) DO NOTHING";
const CLEAR: &str = "DELETE FROM watches WHERE target_kind = $1 AND target_id = $2 AND user_id = $3";
const OF: &str = "SELECT level FROM watches WHERE target_kind = $1 AND target_id = $2 AND user_id = $3";
const WATCHERS: &str = "SELECT user_id FROM watches WHERE target_kind = $1 AND target_id = $2 AND user_id > $3 AND level = 'watching' \
     ORDER BY user_id LIMIT $4";

/// Makes a watch, unless there is one or the target is muted.
pub(super) async fn start(conn: &mut Conn, user: UserId, target: Target, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query(START).bind(target.kind.as_str()).bind(target.id).bind(user.0);
    query.bind(WatchLevel::Watching.as_str()).bind(now.0).execute(conn).await?;
    Ok(())
}

async fn of(pool: &Pool, user: UserId, target: Target) -> sqlx::Result<Option<WatchLevel>> {
    let query = sqlx::query_scalar::<_, String>(OF).bind(target.kind.as_str()).bind(target.id).bind(user.0);
    let level = query.fetch_optional(pool).await?;
    level.map(|word| word.parse().map_err(|()| unreadable("watches", "level", user.0))).transpose()
}

/// Most who write somewhere watch it already, and looking waits for no other writer.
async fn start_unless_there(store: &Store, user: UserId, target: Target, now: Timestamp) -> sqlx::Result<()> {
    if of(&store.reads, user, target).await?.is_some() {
        return Ok(());
    }
    let mut conn = store.writes.acquire().await?;
    start(&mut conn, user, target, now).await
}

#[async_trait]
impl WatchStore for Store {
    async fn watch_set(&self, user: UserId, target: Target, level: WatchLevel, now: Timestamp) -> StoreResult<()> {
        let query = sqlx::query(SET).bind(target.kind.as_str()).bind(target.id).bind(user.0).bind(level.as_str()).bind(now.0);
        query.execute(&self.writes).await.map(drop).map_err(failed("watch_set"))
    }

    async fn watch_start(&self, user: UserId, target: Target, now: Timestamp) -> StoreResult<()> {
        start_unless_there(self, user, target, now).await.map_err(failed("watch_start"))
    }

    async fn watch_clear(&self, user: UserId, target: Target) -> StoreResult<()> {
        let query = sqlx::query(CLEAR).bind(target.kind.as_str()).bind(target.id).bind(user.0);
        query.execute(&self.writes).await.map(drop).map_err(failed("watch_clear"))
    }

    async fn watch_of(&self, user: UserId, target: Target) -> StoreResult<Option<WatchLevel>> {
        of(&self.reads, user, target).await.map_err(failed("watch_of"))
    }

    async fn watchers(&self, target: Target, after: Option<UserId>, limit: i64) -> StoreResult<Vec<UserId>> {
        // Ids are positive.
        let query = sqlx::query_scalar::<_, i64>(WATCHERS).bind(target.kind.as_str()).bind(target.id);
        let query = query.bind(after.map_or(0, |id| id.0)).bind(limit.max(0));
        Ok(query.fetch_all(&self.reads).await.map_err(failed("watchers"))?.into_iter().map(UserId).collect())
    }
}
