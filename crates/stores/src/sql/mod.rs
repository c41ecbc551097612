//! The one body of SQL for both databases, compiled once for each.
//!
//! Statements are constants beside the function that runs them, with `$1` placeholders, which both understand. A use case
//! that writes more than one row is a function on a connection, run by `transact!`, which commits, rolls back or tries
//! again. Rules that hold everywhere: integers and times are BIGINT, text that is compared is ordered by its bytes, rows
//! are locked in one order (post, category, tags by name), and lists never read the long columns.

#[macro_use]
mod transact;
#[macro_use]
mod rows;
#[macro_use]
mod tallies;
#[macro_use]
mod replies;
#[macro_use]
mod posts;
#[macro_use]
mod files;

mod api_tokens;
mod audit;
mod avatars;
mod blocks;
mod bulk;
mod case_changes;
mod cases;
mod catalog;
mod credentials;
mod federated;
mod figures;
mod jobs;
mod kyc;
mod kyc_changes;
mod lists;
mod passkeys;
mod phones;
mod pqc;
mod reactions;
mod recount;
mod recoveries;
mod reply_changes;
mod sessions;
mod threads;
mod totp;
mod user_admin;
mod user_changes;
mod users;
mod versions;
mod watches;
mod ways_in;

pub use bulk::BulkLoader;
pub(super) use transact::failed;

use super::{Conn, Db, Pool, Store, dialect};
use aivalid_service::store::StoreResult;

/// The cheapest round trip there is.
pub(super) async fn ping(store: &Store) -> StoreResult<()> {
    sqlx::query("SELECT 1").execute(&store.reads).await.map_err(failed("ping"))?;
    Ok(())
}
