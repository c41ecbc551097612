//! What threads and replies said before each edit. A version is kept within the edit's transaction, while the post's row is
//! locked, so that numbers have no gaps and the last one is the text just before the present one.

use super::{Conn, Pool, posts::read_content_type, rows::count};
use aivalid_model::{
    Timestamp,
    content::ContentType,
    id::{ReplyId, ThreadId, UserId},
    page::PageRequest,
};
use aivalid_service::store::{Listing, PostText, VersionRecord};
use sqlx::FromRow;

const KEEP_THREAD: &str = "INSERT INTO thread_versions \
     (thread_id, version, replaced_at, replaced_by, content_type, title, content, content_html) \
     SELECT t.id, (SELECT COALESCE(MAX(v.version), 0) + 1 FROM thread_versions v WHERE v.thread_id = t.id), $2, $3, \
     t.content_type, t.title, t.content, t.content_html \
     FROM threads t WHERE t.id = $1 AND (t.title <> $4 OR t.content_type <> $5 OR t.content <> $6)";

/// Keeps what a locked thread says, unless title and content stay.
pub(super) async fn keep_thread(conn: &mut Conn, id: ThreadId, new: &PostText, by: UserId, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query(KEEP_THREAD).bind(id.0).bind(now.0).bind(by.0);
    query.bind(&new.title).bind(new.content_type.as_str()).bind(&new.content).execute(conn).await?;
    Ok(())
}

const KEEP_REPLY: &str = "INSERT INTO reply_versions (reply_id, version, replaced_at, replaced_by, content, content_html) \
     SELECT r.id, (SELECT COALESCE(MAX(v.version), 0) + 1 FROM reply_versions v WHERE v.reply_id = r.id), $2, $3, \
     r.content, r.content_html FROM replies r WHERE r.id = $1 AND r.content <> $4";

/// Keeps what a locked reply says, unless its text stays.
pub(super) async fn keep_reply(conn: &mut Conn, id: ReplyId, content: &str, by: UserId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(KEEP_REPLY).bind(id.0).bind(now.0).bind(by.0).bind(content).execute(conn).await?;
    Ok(())
}

#[derive(FromRow)]
struct ThreadVersionRow {
    content_type: String,
    title: String,
    #[sqlx(flatten)]
    version: VersionRow,
}

#[derive(FromRow)]
struct VersionRow {
    version: i64,
    replaced_at: i64,
    replaced_by: i64,
    content: String,
    content_html: String,
}

impl VersionRow {
    fn read(self, title: Option<String>, content_type: ContentType) -> VersionRecord {
        VersionRecord {
            version: self.version,
            title,
            content_type,
            content: self.content,
            content_html: self.content_html,
            replaced_at: Timestamp(self.replaced_at),
            replaced_by: UserId(self.replaced_by),
        }
    }
}

const THREAD_TOTAL: &str = "SELECT COALESCE(MAX(version), 0) FROM thread_versions WHERE thread_id = $1";
const THREAD_PAGE: &str = "SELECT version, replaced_at, replaced_by, content_type, title, content, content_html \
     FROM thread_versions WHERE thread_id = $1 AND version <= $2 ORDER BY version DESC LIMIT $3";

/// A page of a thread's versions, newest first.
pub(super) async fn of_thread(pool: &Pool, id: ThreadId, page: PageRequest) -> sqlx::Result<Listing<VersionRecord>> {
    let total: i64 = sqlx::query_scalar(THREAD_TOTAL).bind(id.0).fetch_one(pool).await?;
    let query = sqlx::query_as::<_, ThreadVersionRow>(THREAD_PAGE).bind(id.0).bind(total - page.offset()).bind(i64::from(page.limit));
    let read = |row: ThreadVersionRow| {
        let content_type = read_content_type("thread_versions", id.0, &row.content_type)?;
        Ok(row.version.read(Some(row.title), content_type))
    };
    let items = query.fetch_all(pool).await?.into_iter().map(read).collect::<sqlx::Result<_>>()?;
    Ok(Listing { items, total: count(total), next: None })
}

const REPLY_TOTAL: &str = "SELECT COALESCE(MAX(version), 0) FROM reply_versions WHERE reply_id = $1";
const REPLY_PAGE: &str = "SELECT version, replaced_at, replaced_by, content, content_html \
     FROM reply_versions WHERE reply_id = $1 AND version <= $2 ORDER BY version DESC LIMIT $3";

/// A page of a reply's versions, newest first.
pub(super) async fn of_reply(pool: &Pool, id: ReplyId, page: PageRequest) -> sqlx::Result<Listing<VersionRecord>> {
    let total: i64 = sqlx::query_scalar(REPLY_TOTAL).bind(id.0).fetch_one(pool).await?;
    let query = sqlx::query_as::<_, VersionRow>(REPLY_PAGE).bind(id.0).bind(total - page.offset()).bind(i64::from(page.limit));
    let items = query.fetch_all(pool).await?.into_iter().map(|row| row.read(None, ContentType::Markdown)).collect();
    Ok(Listing { items, total: count(total), next: None })
}
