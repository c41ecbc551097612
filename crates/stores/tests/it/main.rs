//! The stores against real databases. PostgreSQL is given by `TEST_DATABASE_URL`, which must name a server on which
//! databases can be made; SQLite files are temporary.

#[cfg(test)]
mod bulk;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod sqlite_concurrency;
