//! Threads.

use super::{
    Conn, Store, dialect,
    figures::{self, Shape},
    lists::{self, Listed, Wanted},
    posts::{FiguresRow, TextRow, read_tags, write_tags},
    transact::{Done, TRIES, failed, is_conflict},
    versions, watches,
};
use crate::cursor::Cursor;
use aivalid_model::{
    Timestamp,
    community::{Sort, Tally, ThreadFilter},
    id::{CategoryId, ThreadId, UserId},
    page::PageRequest,
};
use aivalid_service::store::{Listing, NewThread, PostText, StoreResult, ThreadRecord, ThreadStore, VersionRecord};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! thread_columns {
    () => {
        concat!("id, category_id, author_id, pinned, locked, last_reply_by, title, summary, tags, content_type, ", figure_columns!())
    };
}

/// Threads, for what they share with cases.
pub(super) const THREADS: Shape = Shape {
    table: "threads",
    columns: thread_columns!(),
    author: "author_id",
    links: "thread_tags",
    link_id: "thread_id",
    tag_count: "thread_count",
    category_kind: "forum",
    pins: true,
    link: "INSERT INTO thread_tags (tag, thread_id) VALUES ($1, $2) ON CONFLICT (tag, thread_id) DO NOTHING",
    unlink: "DELETE FROM thread_tags WHERE tag = $1 AND thread_id = $2",
    tag_more: count_tag!(more "thread_count"),
    tag_less: count_tag!(less "thread_count"),
    newest: "SELECT MAX(last_activity_at) FROM threads WHERE category_id = $1 AND deleted_at IS NULL",
    set_tally: set_tally!("threads"),
    lock: concat!("SELECT category_id, last_activity_at, deleted_at IS NULL FROM threads WHERE id = $1", for_update!()),
};

#[derive(FromRow)]
struct ThreadRow {
    id: i64,
    category_id: i64,
    author_id: i64,
    pinned: bool,
    locked: bool,
    last_reply_by: Option<i64>,
    #[sqlx(flatten)]
    text: TextRow,
    #[sqlx(flatten)]
    figures: FiguresRow,
}

impl TryFrom<ThreadRow> for ThreadRecord {
    type Error = sqlx::Error;

    fn try_from(row: ThreadRow) -> sqlx::Result<Self> {
        let figures = row.figures;
        Ok(Self {
            id: ThreadId(row.id),
            category: CategoryId(row.category_id),
            author: UserId(row.author_id),
            text: row.text.read("threads", row.id)?,
            pinned: row.pinned,
            locked: row.locked,
            reply_count: figures.reply_count,
            reply_rows: figures.reply_rows,
            reactions: figures.reactions("threads", row.id)?,
            created_at: Timestamp(figures.created_at),
            edited_at: figures.edited_at.map(Timestamp),
            last_activity_at: Timestamp(figures.last_activity_at),
            last_reply_by: row.last_reply_by.map(UserId),
        })
    }
}

impl Listed for ThreadRow {
    fn place(&self, sort: Sort) -> Cursor {
        let value = match sort {
            Sort::Latest => self.figures.last_activity_at,
            Sort::Newest | Sort::Unanswered => self.figures.created_at,
            Sort::Top => self.figures.score,
        };
        Cursor { sort, pinned: self.pinned, value, id: self.id }
    }
}

const PUBLISH: &str = "INSERT INTO threads \
     (category_id, author_id, title, summary, tags, content_type, content, content_html, created_at, changed_at, last_activity_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9) RETURNING id";

async fn publish(conn: &mut Conn, thread: &NewThread) -> sqlx::Result<Done<ThreadId>> {
    let text = &thread.text;
    let query = sqlx::query_scalar::<_, i64>(PUBLISH).bind(thread.category.0).bind(thread.author.0);
    let query = query.bind(&text.title).bind(&text.summary).bind(write_tags(&text.tags)?).bind(text.content_type.as_str());
    let id = query.bind(&text.content).bind(&text.content_html).bind(thread.now.0).fetch_one(&mut *conn).await?;
    figures::entered(conn, &THREADS, id, thread.category, &text.tags, thread.now).await?;
    watches::start(conn, thread.author, ThreadId(id).into(), thread.now).await?;
    Ok(Done::Commit(ThreadId(id)))
}

const LOCK: &str = concat!("SELECT category_id, tags FROM threads WHERE id = $1 AND deleted_at IS NULL", for_update!());

/// Category and tags of a thread that can be read, held until the transaction ends.
async fn lock(conn: &mut Conn, id: ThreadId) -> sqlx::Result<Option<(CategoryId, Vec<String>)>> {
    let found: Option<(i64, String)> = sqlx::query_as(LOCK).bind(id.0).fetch_optional(conn).await?;
    found.map(|(category, tags)| Ok((CategoryId(category), read_tags("threads", id.0, &tags)?))).transpose()
}

const EDIT: &str = "UPDATE threads SET category_id = $2, title = $3, summary = $4, tags = $5, content_type = $6, content = $7, \
     content_html = $8, edited_at = $9, changed_at = $9, last_activity_at = CASE WHEN last_activity_at > $9 THEN last_activity_at ELSE $9 END \
     WHERE id = $1 AND (category_id <> $2 OR title <> $3 OR summary <> $4 OR tags <> $5 OR content_type <> $6 OR content <> $7 \
     OR content_html <> $8) RETURNING last_activity_at";

async fn edit(
    conn: &mut Conn,
    id: ThreadId,
    category: CategoryId,
    text: &PostText,
    by: UserId,
    now: Timestamp,
) -> sqlx::Result<Done<bool>> {
    let Some((old_category, old_tags)) = lock(conn, id).await? else { return Ok(Done::Rollback(false)) };
    versions::keep_thread(conn, id, text, by, now).await?;
    let query = sqlx::query_scalar::<_, i64>(EDIT).bind(id.0).bind(category.0).bind(&text.title).bind(&text.summary);
    let query = query.bind(write_tags(&text.tags)?).bind(text.content_type.as_str()).bind(&text.content).bind(&text.content_html);
    let Some(active_at) = query.bind(now.0).fetch_optional(&mut *conn).await? else { return Ok(Done::Rollback(true)) };
    figures::moved(conn, &THREADS, old_category, category, Timestamp(active_at)).await?;
    figures::retag(conn, &THREADS, id.0, &old_tags, &text.tags).await?;
    Ok(Done::Commit(true))
}

const DELETE: &str = "UPDATE threads SET deleted_at = $2, deleted_by = $3 WHERE id = $1";

async fn delete(conn: &mut Conn, id: ThreadId, by: UserId, now: Timestamp) -> sqlx::Result<Done<bool>> {
    let Some((category, tags)) = lock(conn, id).await? else { return Ok(Done::Rollback(false)) };
    sqlx::query(DELETE).bind(id.0).bind(now.0).bind(by.0).execute(&mut *conn).await?;
    figures::left(conn, &THREADS, id.0, category, &tags).await?;
    Ok(Done::Commit(true))
}

async fn set_tally(conn: &mut Conn, id: ThreadId, tally: &Tally) -> sqlx::Result<Done<()>> {
    figures::set_tally(conn, &THREADS, id.0, tally).await.map(Done::Commit)
}

const GET: &str = concat!("SELECT ", thread_columns!(), ", content, content_html FROM threads WHERE id = $1 AND deleted_at IS NULL");
const SET_FLAGS: &str = "UPDATE threads SET pinned = $2, locked = $3 WHERE id = $1 AND deleted_at IS NULL";
const SITEMAP: &str = "SELECT id, title, last_activity_at FROM threads WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2";

/// What a filter asks for.
fn wanted(filter: &ThreadFilter) -> Wanted<'_> {
    Wanted {
        category: filter.category.map(|id| id.0),
        tag: filter.tag.as_deref(),
        author: filter.author.map(|id| id.0),
        status: None,
        bounty_min: None,
        sort: filter.sort,
    }
}

#[async_trait]
impl ThreadStore for Store {
    async fn thread_publish(&self, thread: &NewThread) -> StoreResult<ThreadId> {
        transact!(self, "thread_publish", |conn| publish(conn, thread))
    }

    async fn thread_get(&self, id: ThreadId) -> StoreResult<Option<ThreadRecord>> {
        let query = sqlx::query_as::<_, ThreadRow>(GET).bind(id.0);
        let row = query.fetch_optional(&self.reads).await.map_err(failed("thread_get"))?;
        row.map(TryInto::try_into).transpose().map_err(failed("thread_get"))
    }

    async fn thread_list(&self, filter: &ThreadFilter, page: PageRequest, cursor: Option<&str>) -> StoreResult<Listing<ThreadRecord>> {
        lists::list::<ThreadRow, _>(self, &THREADS, &wanted(filter), page, cursor).await.map_err(failed("thread_list"))
    }

    async fn thread_few(&self, filter: &ThreadFilter, most: u32) -> StoreResult<Vec<ThreadRecord>> {
        lists::few::<ThreadRow, _>(self, &THREADS, &wanted(filter), most).await.map_err(failed("thread_few"))
    }

    async fn thread_edit(&self, id: ThreadId, category: CategoryId, text: &PostText, by: UserId, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "thread_edit", |conn| edit(conn, id, category, text, by, now))
    }

    async fn thread_versions(&self, id: ThreadId, page: PageRequest) -> StoreResult<Listing<VersionRecord>> {
        versions::of_thread(&self.reads, id, page).await.map_err(failed("thread_versions"))
    }

    async fn thread_delete(&self, id: ThreadId, by: UserId, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "thread_delete", |conn| delete(conn, id, by, now))
    }

    async fn thread_set_tally(&self, id: ThreadId, tally: &Tally) -> StoreResult<()> {
        transact!(self, "thread_set_tally", |conn| set_tally(conn, id, tally))
    }

    async fn thread_set_flags(&self, id: ThreadId, pinned: bool, locked: bool) -> StoreResult<bool> {
        let query = sqlx::query(SET_FLAGS).bind(id.0).bind(pinned).bind(locked);
        Ok(query.execute(&self.writes).await.map_err(failed("thread_set_flags"))?.rows_affected() == 1)
    }

    async fn thread_sitemap(&self, after: ThreadId, limit: i64) -> StoreResult<Vec<(ThreadId, String, Timestamp)>> {
        let query = sqlx::query_as::<_, (i64, String, i64)>(SITEMAP).bind(after.0).bind(limit.max(0));
        let rows = query.fetch_all(&self.reads).await.map_err(failed("thread_sitemap"))?;
        Ok(rows.into_iter().map(|(id, title, at)| (ThreadId(id), title, Timestamp(at))).collect())
    }
}
