//! AIValid's stores, behind the traits of the service crate.
//!
//! SQLite and PostgreSQL share one body of SQL in `sql/`, compiled once for each ([`sqlite`], [`postgres`]). To add a store
//! method: the trait in the service crate, its contract test, the SQL in `sql/`; only words that differ between the two
//! databases belong into their `dialect` modules.
#![expect(clippy::duplicate_mod, reason = "the shared SQL is compiled once for each database")]

pub mod bulk;
mod cursor;
pub mod files;
mod forgotten;
pub mod memory;
pub mod mongo;
pub mod postgres;
pub mod redis;
pub mod sqlite;
