//! Loading many rows at once: in one transaction, without the secondary indexes, which are made again at the end together
//! with every figure that is kept beside the rows.

use super::{Conn, Db, Pool, Store, case_changes, dialect, posts::write_tags, recount, transact::failed};
use crate::bulk::{BulkCase, BulkReaction, BulkReply, BulkText, BulkThread, BulkUser, Cell};
use aivalid_model::Lang;
use aivalid_service::{
    StoreError,
    store::{LogRecord, StoreResult},
};
use sqlx::{AssertSqlSafe, Transaction};

/// A load in progress. Dropped before [`BulkLoader::finish`], it leaves everything as it was.
pub struct BulkLoader {
    transaction: Transaction<'static, Db>,
    pool: Pool,
    /// The statements that make the indexes again.
    indexes: Vec<String>,
}

const CONTEXT: &str = "bulk_load";
/// How many rows are made ready at a time.
const BATCH: usize = 5_000;

impl BulkLoader {
    /// Begins a load. Nobody else can write until it is finished.
    pub async fn begin(store: &Store) -> StoreResult<Self> {
        let mut transaction = store.writes.begin_with(dialect::BEGIN_ALONE).await.map_err(failed(CONTEXT))?;
        let indexes = drop_indexes(&mut transaction).await.map_err(failed(CONTEXT))?;
        Ok(Self { transaction, pool: store.writes.clone(), indexes })
    }

    /// Adds accounts. They come before what they wrote.
    pub async fn users(&mut self, users: &[BulkUser]) -> StoreResult<()> {
        const USERS: &[&str] = &[
            "id",
            "email",
            "username",
            "password_hash",
            "email_verified",
            "email_verified_at",
            "full_name",
            "bio",
            "location",
            "website",
            "locale",
            "role",
            "device",
            "terms_version",
            "created_at",
            "updated_at",
        ];
        self.put("users", USERS, users, |user| Ok(user_cells(user))).await?;
        self.put("usernames", &["username", "user_id"], users, |user| {
            Ok(vec![Cell::Text(&user.account.username), Cell::Int(user.account.id.0)])
        })
        .await
    }

    /// Adds threads and their tags.
    pub async fn threads(&mut self, threads: &[BulkThread<'_>]) -> StoreResult<()> {
        const THREADS: &[&str] = &[
            "id",
            "category_id",
            "author_id",
            "pinned",
            "locked",
            "created_at",
            "changed_at",
            "last_activity_at",
            "title",
            "summary",
            "tags",
            "content_type",
            "content",
            "content_html",
        ];
        self.put("threads", THREADS, threads, |thread| {
            let at = thread.created_at.0;
            let mut cells = vec![Cell::Int(thread.id.0), Cell::Int(thread.category.0), Cell::Int(thread.author.0)];
            cells.extend([Cell::Bool(thread.pinned), Cell::Bool(thread.locked), Cell::Int(at), Cell::Int(at), Cell::Int(at)]);
            cells.extend(text_cells(&thread.text)?);
            Ok(cells)
        })
        .await?;
        let links: Vec<_> = threads.iter().flat_map(|thread| thread.text.tags.iter().map(|tag| (tag.as_str(), thread.id.0))).collect();
        self.put("thread_tags", &["tag", "thread_id"], &links, |(tag, id)| Ok(vec![Cell::Text(tag), Cell::Int(*id)])).await
    }

    /// Adds cases, their tags and their logs.
    pub async fn cases(&mut self, cases: &[BulkCase<'_>]) -> StoreResult<()> {
        const CASES: &[&str] = &[
            "id",
            "category_id",
            "owner_id",
            "bounty",
            "status",
            "deadline",
            "created_at",
            "changed_at",
            "last_activity_at",
            "log_seq",
            "title",
            "summary",
            "tags",
            "content_type",
            "content",
            "content_html",
        ];
        const LOG: &[&str] = &["case_id", "seq", "actor_id", "action", "details", "at", "prev_hash", "hash"];
        self.put("cases", CASES, cases, case_cells).await?;
        let links: Vec<_> = cases.iter().flat_map(|case| case.text.tags.iter().map(|tag| (tag.as_str(), case.id.0))).collect();
        self.put("case_tags", &["tag", "case_id"], &links, |(tag, id)| Ok(vec![Cell::Text(tag), Cell::Int(*id)])).await?;
        for batch in cases.chunks(BATCH) {
            let chains = batch.iter().flat_map(|case| {
                let log = case_changes::chain(case.id, &case.log);
                log.into_iter().map(|entry| (case.id.0, entry))
            });
            let entries: Vec<(i64, LogRecord)> = chains.collect();
            self.put("case_log", LOG, &entries, |(id, entry)| Ok(log_cells(*id, entry))).await?;
        }
        Ok(())
    }

    /// Adds replies. Their targets' figures are counted at the end.
    pub async fn replies(&mut self, replies: &[BulkReply<'_>]) -> StoreResult<()> {
        const REPLIES: &[&str] =
            &["id", "target_kind", "target_id", "parent_id", "depth", "path", "author_id", "created_at", "content", "content_html"];
        self.put("replies", REPLIES, replies, |reply| {
            let mut cells = vec![Cell::Int(reply.id.0), Cell::Text(reply.target.kind.as_str()), Cell::Int(reply.target.id)];
            cells.extend([reply.parent.map(|id| id.0).into(), Cell::Int(reply.depth.into()), Cell::Text(reply.path)]);
            cells.extend([Cell::Int(reply.author.0), Cell::Int(reply.created_at.0)]);
            cells.extend([Cell::Text(reply.content), Cell::Text(reply.content_html)]);
            Ok(cells)
        })
        .await
    }

    /// Adds reactions.
    pub async fn reactions(&mut self, reactions: &[BulkReaction]) -> StoreResult<()> {
        const REACTIONS: &[&str] = &["user_id", "target_kind", "target_id", "kind", "at"];
        self.put("reactions", REACTIONS, reactions, |reaction| {
            let target = [Cell::Text(reaction.target.kind.as_str()), Cell::Int(reaction.target.id)];
            let mut cells = vec![Cell::Int(reaction.user.0)];
            cells.extend(target);
            cells.extend([Cell::Text(reaction.kind.as_str()), Cell::Int(reaction.at.0)]);
            Ok(cells)
        })
        .await
    }

    /// Makes the indexes again, counts every figure anew and keeps it all.
    pub async fn finish(mut self) -> StoreResult<()> {
        self.settle().await.map_err(failed(CONTEXT))?;
        self.transaction.commit().await.map_err(failed(CONTEXT))?;
        for statement in dialect::AFTER_COMMIT {
            sqlx::raw_sql(*statement).execute(&self.pool).await.map_err(failed(CONTEXT))?;
        }
        Ok(())
    }

    async fn settle(&mut self) -> sqlx::Result<()> {
        let conn: &mut Conn = &mut self.transaction;
        recount::replies(conn).await?;
        for index in self.indexes.drain(..) {
            sqlx::raw_sql(AssertSqlSafe(index)).execute(&mut *conn).await?;
        }
        recount::posts(conn).await?;
        for statement in dialect::AFTER_LOAD {
            sqlx::raw_sql(*statement).execute(&mut *conn).await?;
        }
        Ok(())
    }

    /// Adds a row for each item.
    async fn put<'a, T>(
        &mut self,
        table: &'static str,
        columns: &[&str],
        items: &'a [T],
        cells: impl Fn(&'a T) -> sqlx::Result<Vec<Cell<'a>>>,
    ) -> StoreResult<()> {
        for batch in items.chunks(BATCH) {
            let rows: Vec<_> = batch.iter().map(&cells).collect::<sqlx::Result<_>>().map_err(failed(CONTEXT))?;
            if let Some(row) = rows.iter().find(|row| row.len() != columns.len()) {
                return Err(StoreError::new(CONTEXT, format!("{} values for the {} columns of {table}", row.len(), columns.len())));
            }
            dialect::insert_rows(&mut self.transaction, table, columns, &rows).await.map_err(failed(CONTEXT))?;
        }
        Ok(())
    }
}

/// Drops the secondary indexes of the large tables: the statements that make them again.
async fn drop_indexes(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    for statement in dialect::BEFORE_LOAD {
        sqlx::raw_sql(*statement).execute(&mut *conn).await?;
    }
    let indexes: Vec<(String, String)> = sqlx::query_as(dialect::INDEXES).fetch_all(&mut *conn).await?;
    let mut statements = Vec::with_capacity(indexes.len());
    for (name, statement) in indexes {
        // Names of our own migrations.
        sqlx::raw_sql(AssertSqlSafe(format!("DROP INDEX {name}"))).execute(&mut *conn).await?;
        statements.push(statement);
    }
    Ok(statements)
}

fn user_cells(user: &BulkUser) -> Vec<Cell<'_>> {
    let account = &user.account;
    let at = account.now.0;
    let mut cells = vec![Cell::Int(account.id.0), account.email.as_deref().into(), Cell::Text(&account.username)];
    cells.extend([account.password_hash.as_deref().into(), Cell::Bool(account.email_verified)]);
    cells.extend([account.email_verified.then_some(at).into(), Cell::Text(&user.full_name), Cell::Text(&user.bio)]);
    cells.extend([Cell::Text(&user.location), Cell::Text(&user.website), account.locale.map(Lang::tag).into()]);
    cells.extend([Cell::Text(account.role.as_str()), account.device.as_deref().into(), Cell::Text(&account.terms_version)]);
    cells.extend([Cell::Int(at), Cell::Int(at)]);
    cells
}

fn case_cells<'a>(case: &'a BulkCase<'_>) -> sqlx::Result<Vec<Cell<'a>>> {
    let opened = case.log.first().map_or(0, |entry| entry.at.0);
    let changed = case.log.iter().map(|entry| entry.at.0).max().unwrap_or(opened);
    let entries = i64::try_from(case.log.len()).unwrap_or(i64::MAX);
    let mut cells = vec![Cell::Int(case.id.0), Cell::Int(case.category.0), Cell::Int(case.owner.0), Cell::Int(case.bounty.0)];
    cells.extend([Cell::Text(case.status.as_str()), case.deadline.map(|at| at.0).into(), Cell::Int(opened)]);
    cells.extend([Cell::Int(changed), Cell::Int(changed), Cell::Int(entries)]);
    cells.extend(text_cells(&case.text)?);
    Ok(cells)
}

fn text_cells<'a>(text: &BulkText<'a>) -> sqlx::Result<[Cell<'a>; 6]> {
    let tags = Cell::Owned(write_tags(text.tags)?);
    let kind = Cell::Text(text.content_type.as_str());
    Ok([Cell::Text(text.title), Cell::Text(text.summary), tags, kind, Cell::Text(text.content), Cell::Text(text.content_html)])
}

fn log_cells(case: i64, entry: &LogRecord) -> Vec<Cell<'_>> {
    let mut cells = vec![Cell::Int(case), Cell::Int(entry.seq), entry.actor.map(|user| user.0).into(), Cell::Text(&entry.action)];
    cells.extend([Cell::Text(&entry.details), Cell::Int(entry.at.0), Cell::Text(&entry.prev_hash), Cell::Text(&entry.hash)]);
    cells
}
