//! Group commit. What takes time in a write is the disk's word at the commit, not the statements, so writers that wait at the
//! same moment share one transaction. Each has a savepoint in it, so that who fails undoes only its own part; and each hears
//! how it went only when the transaction is on the disk.
//!
//! Who begins a transaction sets a task to commit it. The task queues for its turn like everyone else, and those who stand
//! before it in the queue join. A writer that comes alone is committed at once.

use super::{Conn, Pool, TURN, dialect::BEGIN_ALONE};
use sqlx::{AssertSqlSafe, Executor, Sqlite, Transaction};
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

/// A transaction that several writers share.
#[derive(Debug)]
struct Batch {
    transaction: Transaction<'static, Sqlite>,
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
            let transaction = self.pool.begin_with(BEGIN_ALONE).await?;
            *open = Some(Batch { transaction, ended: watch::Sender::new(None), in_turn: false });
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
        Ok(&mut self.batch()?.transaction)
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
        run(&mut self.batch()?.transaction, statement).await
    }

    /// There is one as long as the turn lasts.
    fn batch(&mut self) -> sqlx::Result<&mut Batch> {
        self.open.as_mut().ok_or(sqlx::Error::PoolClosed)
    }
}

async fn run(conn: &mut Conn, statement: &'static str) -> sqlx::Result<()> {
    conn.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.map(drop)
}

/// Undoes what a writer left half done. Where SQLite gave the whole transaction up, as with a full disk, nobody's part is kept.
async fn mend(open: &mut Option<Batch>) {
    let Some(batch) = open.as_mut().filter(|batch| batch.in_turn) else { return };
    match run(&mut batch.transaction, UNDO).await {
        Ok(()) => batch.in_turn = false,
        Err(error) => {
            if let Some(Batch { transaction, ended, .. }) = open.take() {
                // Fails where nothing is left to undo.
                let _ = transaction.rollback().await;
                ended.send_replace(Some(Err(Arc::new(error))));
            }
        }
    }
}

/// Ends whatever is open when its turn comes.
async fn commit(open: Arc<Mutex<Option<Batch>>>) {
    let mut open = open.lock_owned().await;
    mend(&mut open).await;
    if let Some(Batch { transaction, ended, .. }) = open.take() {
        let outcome = transaction.commit().await.map_err(Arc::new);
        ended.send_replace(Some(outcome));
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
