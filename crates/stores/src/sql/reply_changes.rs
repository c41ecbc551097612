//! Adding, editing and deleting replies. A target's tally row is locked first: its sequence number is the reply's place in
//! reading order, and whoever holds it is alone with the target's replies.

use super::{
    Conn,
    replies::ReplyRow,
    tallies::{self, TallyRow},
    transact::Done,
    versions,
};
use aivalid_model::{
    Timestamp,
    community::{Reactions, Tally},
    id::{ReplyId, UserId},
};
use aivalid_service::store::{NewReply, ReplyAdded, ReplyRecord, child_path};

const COUNT_IN: &str = concat!(
    "INSERT INTO tallies (target_kind, target_id, seq, replies, places, last_reply_at, last_reply_by) VALUES ($1, $2, 1, 1, 1, $3, $4) ",
    "ON CONFLICT (target_kind, target_id) DO UPDATE SET seq = tallies.seq + 1, replies = tallies.replies + 1, places = tallies.places + 1, ",
    "last_reply_by = CASE WHEN tallies.last_reply_at > excluded.last_reply_at THEN tallies.last_reply_by ELSE excluded.last_reply_by END, ",
    "last_reply_at = CASE WHEN tallies.last_reply_at > excluded.last_reply_at THEN tallies.last_reply_at ELSE excluded.last_reply_at END ",
    "RETURNING ",
    tally_columns!()
);

const PARENT: &str = "SELECT depth, path FROM replies WHERE id = $1 AND target_kind = $2 AND target_id = $3 AND deleted_at IS NULL";

const INSERT: &str = "INSERT INTO replies \
     (id, target_kind, target_id, parent_id, depth, path, author_id, created_at, content, content_html) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING";

/// Adds a reply.
pub(super) async fn add(conn: &mut Conn, reply: &NewReply) -> sqlx::Result<Done<ReplyAdded>> {
    let (kind, target) = (reply.target.kind.as_str(), reply.target.id);
    let counted = sqlx::query_as::<_, TallyRow>(COUNT_IN).bind(kind).bind(target).bind(reply.now.0).bind(reply.author.0);
    let (_, tally) = counted.fetch_one(&mut *conn).await?.try_into()?;
    let parent = match reply.parent {
        None => None,
        Some(parent) => {
            let found =
                sqlx::query_as::<_, (i64, String)>(PARENT).bind(parent.0).bind(kind).bind(target).fetch_optional(&mut *conn).await?;
            let Some((depth, path)) = found else { return Ok(Done::Rollback(ReplyAdded::ParentGone)) };
            Some((u8::try_from(depth).unwrap_or(u8::MAX), path))
        }
    };
    let (depth, path) = child_path(parent.as_ref().map(|(depth, path)| (*depth, path.as_str())), tally.seq);
    let insert = sqlx::query(INSERT).bind(reply.id.0).bind(kind).bind(target).bind(reply.parent.map(|id| id.0)).bind(i64::from(depth));
    let insert = insert.bind(path.as_str()).bind(reply.author.0).bind(reply.now.0).bind(&reply.content).bind(&reply.content_html);
    if insert.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(ReplyAdded::IdTaken));
    }
    Ok(Done::Commit(ReplyAdded::Done { reply: Box::new(record(reply, depth, path)), tally }))
}

/// A reply as it was just stored.
fn record(reply: &NewReply, depth: u8, path: String) -> ReplyRecord {
    ReplyRecord {
        id: reply.id,
        target: reply.target,
        parent: reply.parent,
        depth,
        path,
        author: reply.author,
        content: reply.content.clone(),
        content_html: reply.content_html.clone(),
        reactions: Reactions::default(),
        created_at: reply.now,
        edited_at: None,
        deleted_at: None,
    }
}

const LOCK: &str = concat!("SELECT id FROM replies WHERE id = $1 AND deleted_at IS NULL", for_update!());

const EDIT: &str =
    "UPDATE replies SET content = $2, content_html = $3, edited_at = $4 WHERE id = $1 AND (content <> $2 OR content_html <> $3)";

/// Replaces a reply's text, and keeps the one before.
pub(super) async fn edit(
    conn: &mut Conn,
    id: ReplyId,
    (content, content_html): (&str, &str),
    by: UserId,
    now: Timestamp,
) -> sqlx::Result<Done<bool>> {
    if sqlx::query(LOCK).bind(id.0).fetch_optional(&mut *conn).await?.is_none() {
        return Ok(Done::Rollback(false));
    }
    versions::keep_reply(conn, id, content, by, now).await?;
    let edited = sqlx::query(EDIT).bind(id.0).bind(content).bind(content_html).bind(now.0).execute(&mut *conn).await?;
    Ok(if edited.rows_affected() == 1 { Done::Commit(true) } else { Done::Rollback(true) })
}

const GET: &str = concat!("SELECT ", reply_columns!(), " FROM replies WHERE id = $1 AND deleted_at IS NULL");

const DELETE: &str = "UPDATE replies SET deleted_at = $2, \
     placed = EXISTS (SELECT 1 FROM replies a WHERE a.parent_id = $1 AND a.parent_id IS NOT NULL AND a.placed) \
     WHERE id = $1 AND deleted_at IS NULL RETURNING placed";

const NEWEST: &str = "SELECT created_at, author_id FROM replies \
     WHERE target_kind = $1 AND target_id = $2 AND placed AND deleted_at IS NULL ORDER BY created_at DESC, path DESC LIMIT 1";

const COUNT_OUT: &str = concat!(
    "UPDATE tallies SET replies = replies - 1, places = places - $3, last_reply_at = $4, last_reply_by = $5 ",
    "WHERE target_kind = $1 AND target_id = $2 RETURNING ",
    tally_columns!()
);

/// Deletes a reply. It leaves the list, unless an answer to it stands there.
pub(super) async fn delete(conn: &mut Conn, id: ReplyId, now: Timestamp) -> sqlx::Result<Done<Option<Tally>>> {
    let found: Option<ReplyRow> = sqlx::query_as(GET).bind(id.0).fetch_optional(&mut *conn).await?;
    let Some(row) = found else { return Ok(Done::Rollback(None)) };
    let reply = ReplyRecord::try_from(row)?;
    let before = tallies::step(conn, reply.target).await?;
    let placed: Option<bool> = sqlx::query_scalar(DELETE).bind(id.0).bind(now.0).fetch_optional(&mut *conn).await?;
    // Another deletion may have come in between the look and the lock.
    let Some(placed) = placed else { return Ok(Done::Rollback(None)) };
    let (kind, target) = (reply.target.kind.as_str(), reply.target.id);
    let last = if before.last_reply_at > Some(reply.created_at) {
        before.last_reply_at.zip(before.last_reply_by)
    } else {
        let newest: Option<(i64, i64)> = sqlx::query_as(NEWEST).bind(kind).bind(target).fetch_optional(&mut *conn).await?;
        newest.map(|(at, by)| (Timestamp(at), UserId(by)))
    };
    let counted = sqlx::query_as::<_, TallyRow>(COUNT_OUT).bind(kind).bind(target).bind(i64::from(!placed));
    let counted = counted.bind(last.map(|(at, _)| at.0)).bind(last.map(|(_, by)| by.0)).fetch_one(&mut *conn).await?;
    let (_, tally) = counted.try_into()?;
    Ok(Done::Commit(Some(tally)))
}
