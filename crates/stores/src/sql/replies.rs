//! Replies: reading, and the trait.

use super::{
    Conn, Store, dialect, reactions, reply_changes,
    rows::{read_reactions, unreadable},
    tallies,
    transact::{Done, TRIES, failed, is_conflict},
    versions,
};
use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Reactions, Tally, Target, TargetKind},
    id::{ReplyId, UserId},
    page::PageRequest,
};
use aivalid_service::store::{Listing, NewReply, ReplyAdded, ReplyRecord, ReplyStart, ReplyStore, StoreResult, VersionRecord};
use async_trait::async_trait;
use sqlx::FromRow;

/// The columns of a [`ReplyRow`].
macro_rules! reply_columns {
    () => {
        concat!(
            "id, target_kind, target_id, parent_id, depth, path, author_id, ",
            reacted_text!(),
            ", created_at, edited_at, deleted_at, content, content_html"
        )
    };
}

/// A reply as stored.
#[derive(FromRow)]
pub(super) struct ReplyRow {
    id: i64,
    target_kind: String,
    target_id: i64,
    parent_id: Option<i64>,
    depth: i64,
    path: String,
    author_id: i64,
    reacted: Option<String>,
    created_at: i64,
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
    content: String,
    content_html: String,
}

impl TryFrom<ReplyRow> for ReplyRecord {
    type Error = sqlx::Error;

    fn try_from(row: ReplyRow) -> sqlx::Result<Self> {
        let kind: TargetKind = row.target_kind.parse().map_err(|()| unreadable("replies", "target_kind", row.id))?;
        Ok(Self {
            id: ReplyId(row.id),
            target: Target { kind, id: row.target_id },
            parent: row.parent_id.map(ReplyId),
            depth: u8::try_from(row.depth).map_err(|_| unreadable("replies", "depth", row.id))?,
            path: row.path,
            author: UserId(row.author_id),
            content: row.content,
            content_html: row.content_html,
            reactions: read_reactions(row.reacted.as_deref()).ok_or_else(|| unreadable("replies", "reacted", row.id))?,
            created_at: Timestamp(row.created_at),
            edited_at: row.edited_at.map(Timestamp),
            deleted_at: row.deleted_at.map(Timestamp),
        })
    }
}

const GET: &str = concat!("SELECT ", reply_columns!(), " FROM replies WHERE id = $1");

const LIST_OF: &str =
    concat!("SELECT ", reply_columns!(), " FROM replies WHERE author_id = $1 AND id > $2 AND deleted_at IS NULL ORDER BY id LIMIT $3");

const LIST_OFFSET: &str = concat!(
    "SELECT ",
    reply_columns!(),
    " FROM replies WHERE target_kind = $1 AND target_id = $2 AND placed ORDER BY path LIMIT $3 OFFSET $4"
);

const LIST_AFTER: &str = concat!(
    "SELECT ",
    reply_columns!(),
    " FROM replies WHERE target_kind = $1 AND target_id = $2 AND placed AND path > $4 ORDER BY path LIMIT $3"
);

const POSITION: &str = "SELECT (SELECT COUNT(*) FROM replies e \
     WHERE e.target_kind = r.target_kind AND e.target_id = r.target_id AND e.placed AND e.path < r.path) \
     FROM replies r WHERE r.id = $1 AND r.placed";

async fn list(store: &Store, target: Target, start: &ReplyStart, limit: i64) -> sqlx::Result<Vec<ReplyRecord>> {
    let rows: Vec<ReplyRow> = match start {
        ReplyStart::Offset(offset) => {
            let query = sqlx::query_as(LIST_OFFSET).bind(target.kind.as_str()).bind(target.id);
            query.bind(limit.max(0)).bind((*offset).max(0)).fetch_all(&store.reads).await?
        }
        // A path is ASCII; anything else was not made here and comes after everything or before it.
        ReplyStart::After(path) => {
            let query = sqlx::query_as(LIST_AFTER).bind(target.kind.as_str()).bind(target.id);
            query.bind(limit.max(0)).bind(path.replace('\0', "")).fetch_all(&store.reads).await?
        }
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

#[async_trait]
impl ReplyStore for Store {
    async fn reply_add(&self, reply: &NewReply) -> StoreResult<ReplyAdded> {
        transact!(self, "reply_add", |conn| reply_changes::add(conn, reply))
    }

    async fn reply_get(&self, id: ReplyId) -> StoreResult<Option<ReplyRecord>> {
        let row: Option<ReplyRow> = sqlx::query_as(GET).bind(id.0).fetch_optional(&self.reads).await.map_err(failed("reply_get"))?;
        row.map(TryInto::try_into).transpose().map_err(failed("reply_get"))
    }

    async fn reply_edit(&self, id: ReplyId, content: &str, content_html: &str, by: UserId, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "reply_edit", |conn| reply_changes::edit(conn, id, (content, content_html), by, now))
    }

    async fn reply_versions(&self, id: ReplyId, page: PageRequest) -> StoreResult<Listing<VersionRecord>> {
        versions::of_reply(&self.reads, id, page).await.map_err(failed("reply_versions"))
    }

    async fn reply_delete(&self, id: ReplyId, now: Timestamp) -> StoreResult<Option<Tally>> {
        transact!(self, "reply_delete", |conn| reply_changes::delete(conn, id, now))
    }

    async fn reply_list(&self, target: Target, start: &ReplyStart, limit: i64) -> StoreResult<Vec<ReplyRecord>> {
        list(self, target, start, limit).await.map_err(failed("reply_list"))
    }

    async fn reply_position(&self, id: ReplyId) -> StoreResult<Option<i64>> {
        sqlx::query_scalar(POSITION).bind(id.0).fetch_optional(&self.reads).await.map_err(failed("reply_position"))
    }

    async fn reply_list_of(&self, author: UserId, after: Option<ReplyId>, limit: i64) -> StoreResult<Vec<ReplyRecord>> {
        let query = sqlx::query_as::<_, ReplyRow>(LIST_OF).bind(author.0).bind(after.map_or(i64::MIN, |id| id.0)).bind(limit.max(0));
        let rows = query.fetch_all(&self.reads).await.map_err(failed("reply_list_of"))?;
        rows.into_iter().map(|row| row.try_into().map_err(failed("reply_list_of"))).collect()
    }

    async fn react(
        &self,
        target: Target,
        user: UserId,
        kind: Option<ReactionKind>,
        now: Timestamp,
    ) -> StoreResult<Option<(Reactions, Option<Tally>)>> {
        transact!(self, "react", |conn| reactions::react(conn, target, user, kind, now))
    }

    async fn reactions_of(&self, user: UserId, targets: &[Target]) -> StoreResult<Vec<(Target, ReactionKind)>> {
        reactions::of(&self.reads, user, targets).await.map_err(failed("reactions_of"))
    }

    async fn tally(&self, target: Target) -> StoreResult<Tally> {
        tallies::get(&self.reads, target).await.map_err(failed("tally"))
    }

    async fn tally_pending(&self, limit: i64) -> StoreResult<Vec<(Target, Tally)>> {
        tallies::pending(&self.reads, limit).await.map_err(failed("tally_pending"))
    }

    async fn tally_confirm(&self, target: Target, seq: i64) -> StoreResult<()> {
        tallies::confirm(&self.writes, target, seq).await.map_err(failed("tally_confirm"))
    }
}
