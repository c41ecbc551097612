//! Who blocks whom.

use super::{Pool, Store, dialect, rows::count, transact::failed};
use aivalid_model::{Timestamp, id::UserId, page::PageRequest};
use aivalid_service::store::{BlockStore, Listing, StoreResult};
use async_trait::async_trait;

/// The one there is stays as it is; naming a column makes both databases answer with it.
const ADD: &str = "INSERT INTO blocks (blocker_id, blocked_id, at) VALUES ($1, $2, $3) \
     ON CONFLICT (blocker_id, blocked_id) DO UPDATE SET at = blocks.at RETURNING at";
const REMOVE: &str = "DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2";
const TOTAL: &str = "SELECT COUNT(*) FROM blocks WHERE blocker_id = $1";
const LIST: &str = "SELECT blocked_id, at FROM blocks WHERE blocker_id = $1 ORDER BY at DESC, blocked_id LIMIT $2 OFFSET $3";
const BETWEEN: &str = concat!(
    "SELECT EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id ",
    in_ids!("$2"),
    ") OR EXISTS (SELECT 1 FROM blocks WHERE blocked_id = $1 AND blocker_id ",
    in_ids!("$2"),
    ")"
);

async fn list(pool: &Pool, blocker: UserId, page: PageRequest) -> sqlx::Result<Listing<(UserId, Timestamp)>> {
    let total: i64 = sqlx::query_scalar(TOTAL).bind(blocker.0).fetch_one(pool).await?;
    let query = sqlx::query_as::<_, (i64, i64)>(LIST).bind(blocker.0).bind(i64::from(page.limit)).bind(page.offset());
    let items = query.fetch_all(pool).await?.into_iter().map(|(id, at)| (UserId(id), Timestamp(at))).collect();
    Ok(Listing { items, total: count(total), next: None })
}

#[async_trait]
impl BlockStore for Store {
    async fn block_add(&self, blocker: UserId, blocked: UserId, now: Timestamp) -> StoreResult<Timestamp> {
        let query = sqlx::query_scalar(ADD).bind(blocker.0).bind(blocked.0).bind(now.0);
        query.fetch_one(&self.writes).await.map(Timestamp).map_err(failed("block_add"))
    }

    async fn block_remove(&self, blocker: UserId, blocked: UserId) -> StoreResult<bool> {
        let query = sqlx::query(REMOVE).bind(blocker.0).bind(blocked.0);
        Ok(query.execute(&self.writes).await.map_err(failed("block_remove"))?.rows_affected() == 1)
    }

    async fn block_list(&self, blocker: UserId, page: PageRequest) -> StoreResult<Listing<(UserId, Timestamp)>> {
        list(&self.reads, blocker, page).await.map_err(failed("block_list"))
    }

    async fn block_between(&self, user: UserId, others: &[UserId]) -> StoreResult<bool> {
        let query = sqlx::query_scalar(BETWEEN).bind(user.0).bind(dialect::ids(others.iter().map(|id| id.0)));
        query.fetch_one(&self.reads).await.map_err(failed("block_between"))
    }
}
