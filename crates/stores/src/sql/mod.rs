//! The one body of SQL for both databases, compiled once for each.
//!
//! Statements are constants beside the function that runs them, with `$1` placeholders, which both understand. A use case
//! that writes more than one row is a function on a connection, run by `transact!`, which commits, rolls back or tries
//! again. Rules that hold everywhere: integers and times are BIGINT, text that is compared is ordered by its bytes, rows
//! are locked in one order (post, category, tags by name), and lists never read the long columns.

#[macro_use]
mod transact;
mod bulk;
mod cases;
mod case_changes;
mod catalog;
mod figures;
mod lists;
mod reactions;
mod replies;
mod reply_changes;
mod rows;
mod sessions;
mod tallies;
mod threads;
mod user_changes;
mod users;

pub use bulk::BulkLoader;
pub(super) use transact::failed;

use super::{Conn, Db, Pool, Store, dialect};
use aivalid_service::store::StoreResult;

/// The cheapest round trip there is.
pub(super) async fn ping(store: &Store) -> StoreResult<()> {
    sqlx::query("SELECT 1").execute(&store.reads).await.map_err(failed("ping"))?;
    Ok(())
}
