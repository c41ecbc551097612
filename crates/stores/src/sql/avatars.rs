//! Pictures of people.

use super::{
    Conn, Store, dialect,
    files::{self, FileRow},
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{Timestamp, id::UserId};
use aivalid_service::store::{AvatarSize, AvatarStore, FileRecord, NewAvatar, StoreResult};
use async_trait::async_trait;

/// Changes of one user's picture take turns.
const SHOW: &str = "UPDATE users SET avatar_url = $2, updated_at = $3 WHERE id = $1 AND deleted_at IS NULL";
const REMOVE: &str = "DELETE FROM avatars WHERE user_id = $1 RETURNING large_id, small_id";
const ADD: &str = "INSERT INTO avatars (user_id, name, large_id, small_id, set_at) VALUES ($1, $2, $3, $4, $5)";
const LARGE: &str = select_file!("avatars a JOIN files f ON f.id = a.large_id", "a.name = $1");
const SMALL: &str = select_file!("avatars a JOIN files f ON f.id = a.small_id", "a.name = $1");

async fn show(conn: &mut Conn, user: UserId, url: Option<&str>, now: Timestamp) -> sqlx::Result<bool> {
    Ok(sqlx::query(SHOW).bind(user.0).bind(url).bind(now.0).execute(conn).await?.rows_affected() == 1)
}

async fn remove(conn: &mut Conn, user: UserId) -> sqlx::Result<bool> {
    let row: Option<(String, String)> = sqlx::query_as(REMOVE).bind(user.0).fetch_optional(&mut *conn).await?;
    let Some((large, small)) = row else { return Ok(false) };
    files::give_up(conn, &large).await?;
    files::give_up(conn, &small).await?;
    Ok(true)
}

async fn set(conn: &mut Conn, user: UserId, avatar: &NewAvatar, now: Timestamp) -> sqlx::Result<Done<bool>> {
    if !show(conn, user, Some(&avatar.url), now).await? {
        return Ok(Done::Rollback(false));
    }
    remove(conn, user).await?;
    if !files::keep(conn, &avatar.large).await? || !files::keep(conn, &avatar.small).await? {
        return Ok(Done::Rollback(false));
    }
    let add = sqlx::query(ADD).bind(user.0).bind(&avatar.name).bind(&avatar.large.id.0).bind(&avatar.small.id.0).bind(now.0);
    add.execute(conn).await?;
    Ok(Done::Commit(true))
}

async fn clear(conn: &mut Conn, user: UserId, now: Timestamp) -> sqlx::Result<Done<bool>> {
    show(conn, user, None, now).await?;
    let removed = remove(conn, user).await?;
    Ok(if removed { Done::Commit(true) } else { Done::Rollback(false) })
}

#[async_trait]
impl AvatarStore for Store {
    async fn avatar_set(&self, user: UserId, avatar: &NewAvatar, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "avatar_set", |conn| set(conn, user, avatar, now))
    }

    async fn avatar_clear(&self, user: UserId, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "avatar_clear", |conn| clear(conn, user, now))
    }

    async fn avatar_file(&self, name: &str, size: AvatarSize) -> StoreResult<Option<FileRecord>> {
        let sql = match size {
            AvatarSize::Large => LARGE,
            AvatarSize::Small => SMALL,
        };
        let row = sqlx::query_as::<_, FileRow>(sql).bind(name).fetch_optional(&self.reads).await;
        row.and_then(|row| row.map(TryInto::try_into).transpose()).map_err(failed("avatar_file"))
    }
}
