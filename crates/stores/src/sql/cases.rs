//! Validation cases: reading, and the trait.

use super::{
    Conn, Store, case_changes, dialect,
    figures::Shape,
    lists::{self, Listed, Wanted},
    posts::{FiguresRow, TextRow},
    rows::{count, unreadable},
    transact::{Done, TRIES, failed, is_conflict},
};
use crate::cursor::Cursor;
use aivalid_model::{
    Timestamp,
    cases::{CaseFilter, CaseStatus},
    community::{Sort, Tally},
    id::{CaseId, CategoryId, UserId},
    money::Rupiah,
    page::PageRequest,
};
use aivalid_service::store::{CaseChange, CaseChanged, CaseRecord, CaseStore, Listing, LogDraft, LogRecord, NewCase, StoreResult};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! case_columns {
    () => {
        concat!("id, category_id, owner_id, bounty, status, deadline, title, summary, tags, content_type, ", figure_columns!())
    };
}

/// Cases, for what they share with threads.
pub(super) const CASES: Shape = Shape {
    table: "cases",
    columns: case_columns!(),
    author: "owner_id",
    links: "case_tags",
    link_id: "case_id",
    tag_count: "case_count",
    category_kind: "case",
    pins: false,
    link: "INSERT INTO case_tags (tag, case_id) VALUES ($1, $2) ON CONFLICT (tag, case_id) DO NOTHING",
    unlink: "DELETE FROM case_tags WHERE tag = $1 AND case_id = $2",
    tag_more: count_tag!(more "case_count"),
    tag_less: count_tag!(less "case_count"),
    newest: "SELECT MAX(last_activity_at) FROM cases WHERE category_id = $1 AND deleted_at IS NULL",
    set_tally: set_tally!("cases"),
    lock: concat!("SELECT category_id, last_activity_at, deleted_at IS NULL FROM cases WHERE id = $1", for_update!()),
};

#[derive(FromRow)]
struct CaseRow {
    id: i64,
    category_id: i64,
    owner_id: i64,
    bounty: i64,
    status: String,
    deadline: Option<i64>,
    #[sqlx(flatten)]
    text: TextRow,
    #[sqlx(flatten)]
    figures: FiguresRow,
}

impl TryFrom<CaseRow> for CaseRecord {
    type Error = sqlx::Error;

    fn try_from(row: CaseRow) -> sqlx::Result<Self> {
        let figures = row.figures;
        Ok(Self {
            id: CaseId(row.id),
            category: CategoryId(row.category_id),
            owner: UserId(row.owner_id),
            text: row.text.read("cases", row.id)?,
            bounty: Rupiah(row.bounty),
            status: row.status.parse().map_err(|_| unreadable("cases", "status", row.id))?,
            deadline: row.deadline.map(Timestamp),
            reply_count: figures.reply_count,
            reply_rows: figures.reply_rows,
            reactions: figures.reactions("cases", row.id)?,
            created_at: Timestamp(figures.created_at),
            edited_at: figures.edited_at.map(Timestamp),
            last_activity_at: Timestamp(figures.last_activity_at),
        })
    }
}

impl Listed for CaseRow {
    fn place(&self, sort: Sort) -> Cursor {
        let value = match sort {
            Sort::Latest => self.figures.last_activity_at,
            Sort::Newest | Sort::Unanswered => self.figures.created_at,
            Sort::Top => self.figures.score,
        };
        Cursor { sort, pinned: false, value, id: self.id }
    }
}

#[derive(FromRow)]
struct LogRow {
    seq: i64,
    actor_id: Option<i64>,
    action: String,
    details: String,
    at: i64,
    prev_hash: String,
    hash: String,
}

impl From<LogRow> for LogRecord {
    fn from(row: LogRow) -> Self {
        let LogRow { seq, actor_id, action, details, at, prev_hash, hash } = row;
        Self { seq, actor: actor_id.map(UserId), action, details, at: Timestamp(at), prev_hash, hash }
    }
}

const GET: &str = concat!("SELECT ", case_columns!(), ", content, content_html FROM cases WHERE id = $1 AND deleted_at IS NULL");
const LOG_HEADS: &str = "SELECT id, log_seq FROM cases WHERE id > $1 ORDER BY id LIMIT $2";
const LOG: &str = "SELECT seq, actor_id, action, details, at, prev_hash, hash FROM case_log WHERE case_id = $1 ORDER BY seq";
const COUNTS: &str = "SELECT status, COUNT(*) FROM cases WHERE deleted_at IS NULL GROUP BY status";
const SITEMAP: &str = "SELECT id, title, last_activity_at FROM cases WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2";

/// How many cases are in each state, in the order of a case's life; states without cases too.
async fn counts(store: &Store) -> sqlx::Result<Vec<(CaseStatus, u64)>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(COUNTS).fetch_all(&store.reads).await?;
    let of = |status: CaseStatus| rows.iter().find(|(word, _)| word == status.as_str()).map_or(0, |(_, cases)| count(*cases));
    Ok(CaseStatus::ALL.into_iter().map(|status| (status, of(status))).collect())
}

/// What a filter asks for.
fn wanted(filter: &CaseFilter) -> Wanted<'_> {
    Wanted {
        category: filter.category.map(|id| id.0),
        tag: filter.tag.as_deref(),
        author: filter.owner.map(|id| id.0),
        status: filter.status.map(CaseStatus::as_str),
        bounty_min: filter.bounty_min.map(|bounty| bounty.0),
        sort: filter.sort,
    }
}

#[async_trait]
impl CaseStore for Store {
    async fn case_open(&self, case: &NewCase, log: &LogDraft) -> StoreResult<CaseId> {
        transact!(self, "case_open", |conn| case_changes::open(conn, case, log))
    }

    async fn case_get(&self, id: CaseId) -> StoreResult<Option<CaseRecord>> {
        let query = sqlx::query_as::<_, CaseRow>(GET).bind(id.0);
        let row = query.fetch_optional(&self.reads).await.map_err(failed("case_get"))?;
        row.map(TryInto::try_into).transpose().map_err(failed("case_get"))
    }

    async fn case_list(&self, filter: &CaseFilter, page: PageRequest, cursor: Option<&str>) -> StoreResult<Listing<CaseRecord>> {
        lists::list::<CaseRow, _>(self, &CASES, &wanted(filter), page, cursor).await.map_err(failed("case_list"))
    }

    async fn case_few(&self, filter: &CaseFilter, most: u32) -> StoreResult<Vec<CaseRecord>> {
        lists::few::<CaseRow, _>(self, &CASES, &wanted(filter), most).await.map_err(failed("case_few"))
    }

    async fn case_change(&self, id: CaseId, from: &[CaseStatus], change: &CaseChange, log: &LogDraft) -> StoreResult<CaseChanged> {
        transact!(self, "case_change", |conn| case_changes::change(conn, id, from, change, log))
    }

    async fn case_set_tally(&self, id: CaseId, tally: &Tally) -> StoreResult<()> {
        transact!(self, "case_set_tally", |conn| case_changes::set_tally(conn, id, tally))
    }

    async fn case_log(&self, id: CaseId) -> StoreResult<Vec<LogRecord>> {
        let rows: Vec<LogRow> = sqlx::query_as(LOG).bind(id.0).fetch_all(&self.reads).await.map_err(failed("case_log"))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn case_log_heads(&self, after: CaseId, limit: i64) -> StoreResult<Vec<(CaseId, i64)>> {
        let query = sqlx::query_as::<_, (i64, i64)>(LOG_HEADS).bind(after.0).bind(limit);
        let rows = query.fetch_all(&self.reads).await.map_err(failed("case_log_heads"))?;
        Ok(rows.into_iter().map(|(id, seq)| (CaseId(id), seq)).collect())
    }

    async fn case_counts(&self) -> StoreResult<Vec<(CaseStatus, u64)>> {
        counts(self).await.map_err(failed("case_counts"))
    }

    async fn case_sitemap(&self, after: CaseId, limit: i64) -> StoreResult<Vec<(CaseId, String, Timestamp)>> {
        let query = sqlx::query_as::<_, (i64, String, i64)>(SITEMAP).bind(after.0).bind(limit.max(0));
        let rows = query.fetch_all(&self.reads).await.map_err(failed("case_sitemap"))?;
        Ok(rows.into_iter().map(|(id, title, at)| (CaseId(id), title, Timestamp(at))).collect())
    }
}
