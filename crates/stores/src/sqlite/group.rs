//! Group commit. What takes time in a write is the disk's word at the commit, not the statements, so writers that wait at the
//! same moment share one transaction. Each has a savepoint in it, so that who fails undoes only its own part; and each hears
//! how it went only when the transaction is on the disk.
//!
//! Who begins a transaction sets a task to commit it. The task queues for its turn like everyone else, and those who stand
//! before it in the queue join. A writer that comes alone is committed at once.

use super::{Conn, Pool, TURN, dialect::BEGIN_ALONE};
use sqlx::{AssertSqlSafe, Executor, Sqlite, pool::PoolConnection};
use std::{fmt, io, sync::Arc};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

const MARK: &str = "SAVEPOINT turn";
const KEEP: &str = "RELEASE turn";
const UNDO: &str = "ROLLBACK TO turn; RELEASE turn";

/// The writers of one file, who take turns.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pool: Pool,
    open: Arc<Mutex<Option<Batch>>>,
}

/// A transaction that several writers share. It is begun and ended by its own statements, not by sqlx, which would go on
/// counting one that SQLite gave up by itself, as it does when the disk is full.
#[derive(Debug)]
struct Batch {
    conn: PoolConnection<Sqlite>,
    /// How it ended, once it has.
    ended: watch::Sender<Option<Result<(), Arc<sqlx::Error>>>>,
    /// A turn has begun and not ended: when nobody is in it any more, its writer failed or went away half way.
    in_turn: bool,
}

/// One writer's part. What is neither kept nor undone is undone when the next one comes.
pub(super) struct Turn {
    open: OwnedMutexGuard<Option<Batch>>,
}

impl Group {
    pub fn new(pool: Pool) -> Self {
        Self { pool, open: Arc::default() }
    }

    /// Waits for one's turn.
    pub async fn turn(&self) -> sqlx::Result<Turn> {
        let queue = tokio::time::timeout(TURN, self.open.clone().lock_owned());
        let mut open = queue.await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        mend(&mut open).await;
        if open.is_none() {
            let conn = begin(&self.pool).await?;
            *open = Some(Batch { conn, ended: watch::Sender::new(None), in_turn: false });
            tokio::spawn(commit(self.open.clone()));
        }
        let mut turn = Turn { open };
        turn.batch()?.in_turn = true;
        turn.run(MARK).await?;
        Ok(turn)
    }
}

impl Turn {
    /// The connection to write on.
    pub fn conn(&mut self) -> sqlx::Result<&mut Conn> {
        Ok(&mut self.batch()?.conn)
    }

    /// Keeps what was written, and waits until it is on the disk.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        self.run(KEEP).await?;
        self.end().await
    }

    /// Undoes what was written. Why may be something that another one wrote just before, so this waits for the disk as well.
    pub async fn rollback(mut self) -> sqlx::Result<()> {
        self.run(UNDO).await?;
        self.end().await
    }

    async fn end(mut self) -> sqlx::Result<()> {
        let batch = self.batch()?;
        batch.in_turn = false;
        let mut ended = batch.ended.subscribe();
        drop(self);
        match ended.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Err(error))) => Err(sqlx::Error::Io(io::Error::other(Shared(error.clone())))),
            Ok(_) => Ok(()),
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }

    async fn run(&mut self, statement: &'static str) -> sqlx::Result<()> {
        run(&mut self.batch()?.conn, statement).await
    }

    /// There is one as long as the turn lasts.
    fn batch(&mut self) -> sqlx::Result<&mut Batch> {
        self.open.as_mut().ok_or(sqlx::Error::PoolClosed)
    }
}

async fn run(conn: &mut Conn, statement: &'static str) -> sqlx::Result<()> {
    conn.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.map(drop)
}

/// A connection with a fresh transaction. One on which none can be begun is replaced: somebody went away while theirs began.
async fn begin(pool: &Pool) -> sqlx::Result<PoolConnection<Sqlite>> {
    let mut conn = pool.acquire().await?;
    if run(&mut conn, BEGIN_ALONE).await.is_err() {
        replace(conn).await;
        conn = pool.acquire().await?;
        run(&mut conn, BEGIN_ALONE).await?;
    }
    Ok(conn)
}

/// Undoes what a writer left half done. Where SQLite gave the whole transaction up, as with a full disk, nobody's part is kept.
async fn mend(open: &mut Option<Batch>) {
    let Some(batch) = open.as_mut().filter(|batch| batch.in_turn) else { return };
    match run(&mut batch.conn, UNDO).await {
        Ok(()) => batch.in_turn = false,
        Err(error) => {
            if let Some(Batch { conn, ended, .. }) = open.take() {
                replace(conn).await;
                ended.send_replace(Some(Err(Arc::new(error))));
            }
        }
    }
}

/// Ends whatever is open when its turn comes.
async fn commit(open: Arc<Mutex<Option<Batch>>>) {
    let mut open = open.lock_owned().await;
    mend(&mut open).await;
    if let Some(Batch { mut conn, ended, .. }) = open.take() {
        let outcome = run(&mut conn, "COMMIT").await.map_err(Arc::new);
        if outcome.is_err() {
            replace(conn).await;
        }
        ended.send_replace(Some(outcome));
    }
}

/// Closes a connection of which nobody knows what became of its transaction; the pool opens another.
async fn replace(conn: PoolConnection<Sqlite>) {
    if let Err(error) = conn.close().await {
        tracing::warn!(%error, "the writing connection was not closed properly");
    }
}

/// A failure that several hear of.
#[derive(Debug)]
struct Shared(Arc<sqlx::Error>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the shared transaction failed: {}", self.0)
    }
}

impl std::error::Error for Shared {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

    async fn group(folder: &tempfile::TempDir) -> Group {
        let options = SqliteConnectOptions::new().filename(folder.path().join("t.db")).create_if_missing(true).foreign_keys(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        pool.execute("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a BIGINT REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)")
            .await
            .unwrap();
        Group::new(pool)
    }

    async fn write(group: &Group, statement: &'static str) -> sqlx::Result<()> {
        let mut turn = group.turn().await?;
        turn.conn()?.execute(statement).await?;
        turn.commit().await
    }

    /// The constraint is looked at by the commit itself, which then leaves its transaction open.
    #[tokio::test]
    async fn after_a_commit_that_failed_the_next_writer_writes() {
        let folder = tempfile::tempdir().unwrap();
        let group = group(&folder).await;
        write(&group, "INSERT INTO a VALUES (1)").await.unwrap();
        for _ in 0..3 {
            assert!(write(&group, "INSERT INTO b VALUES (7)").await.is_err());
            write(&group, "INSERT INTO b VALUES (1)").await.unwrap();
        }
        let kept: Vec<i64> = sqlx::query_scalar("SELECT a FROM b").fetch_all(&group.pool).await.unwrap();
        assert_eq!(kept, [1, 1, 1]);
    }

    /// As when a writer goes away between its statement and the answer.
    #[tokio::test]
    async fn a_transaction_that_nobody_knows_of_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let group = group(&folder).await;
        group.pool.acquire().await.unwrap().execute(BEGIN_ALONE).await.unwrap();
        write(&group, "INSERT INTO a VALUES (1)").await.unwrap();
    }

    /// As when the disk is full: the transaction is gone, and everyone who shared it hears so.
    #[tokio::test]
    async fn after_a_transaction_that_sqlite_gave_up_the_next_writer_writes() {
        let folder = tempfile::tempdir().unwrap();
        let group = group(&folder).await;
        for id in 1..4 {
            let mut turn = group.turn().await.unwrap();
            turn.conn().unwrap().execute("INSERT INTO a VALUES (1)").await.unwrap();
            turn.conn().unwrap().execute("ROLLBACK").await.unwrap();
            assert!(turn.commit().await.is_err(), "{id}");
        }
        write(&group, "INSERT INTO a VALUES (2)").await.unwrap();
        let kept: Vec<i64> = sqlx::query_scalar("SELECT id FROM a").fetch_all(&group.pool).await.unwrap();
        assert_eq!(kept, [2]);
    }
}
