//! Running a use case in one write transaction, and what its failures mean.

use super::dialect;
use aivalid_service::StoreError;
use sqlx::error::DatabaseError;

/// How often a transaction is tried that the database gave up in favour of others.
pub(super) const TRIES: u32 = 10;

/// How a use case ended.
pub(super) enum Done<T> {
    /// Keep what was written.
    Commit(T),
    /// Undo it; nothing was to be done.
    Rollback(T),
}

/// Runs `$work`, a future of [`Done`] on the connection `$conn`, in one write transaction; again when the database says that
/// it got in the way of another one.
macro_rules! transact {
    ($store:expr, $context:literal, |$conn:ident| $work:expr) => {{
        let mut tries = 1;
        loop {
            let outcome = async {
                let mut turn = dialect::begin_write($store).await?;
                let done = {
                    let $conn: &mut Conn = turn.conn()?;
                    $work.await?
                };
                match done {
                    Done::Commit(value) => turn.commit().await.map(|()| value),
                    Done::Rollback(value) => turn.rollback().await.map(|()| value),
                }
            };
            match outcome.await {
                Err(error) if tries < TRIES && is_conflict(&error) => tries += 1,
                outcome => break outcome.map_err(failed($context)),
            }
        }
    }};
}

/// Whether the same transaction may succeed when it is tried again.
pub(super) fn is_conflict(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(DatabaseError::code).is_some_and(|code| dialect::is_conflict(&code))
}

/// A failure of an operation, as the services see it.
pub(crate) fn failed(context: &'static str) -> impl Fn(sqlx::Error) -> StoreError + Copy {
    move |error| {
        let transient = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(cause) => cause.code().is_some_and(|code| dialect::is_conflict(&code) || dialect::is_outage(&code)),
            _ => false,
        };
        if transient { StoreError::transient(context, error) } else { StoreError::new(context, error) }
    }
}
