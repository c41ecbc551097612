//! The stores against real databases. PostgreSQL is given by `TEST_DATABASE_URL`, which must name a server on which
//! databases can be made; SQLite files are temporary.

mod bulk;
mod postgres;
mod sqlite;
mod sqlite_concurrency;
