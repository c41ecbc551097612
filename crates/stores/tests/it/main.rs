//! Every store against the contract suite, and what is particular to one. The services come from `scripts/test-services`
//! through the environment; a test whose service is not named there fails. SQLite files are temporary.

#[cfg(test)]
mod bulk;
#[cfg(test)]
mod files;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod mongo;
#[cfg(test)]
mod mongo_faults;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod redis;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod sqlite_concurrency;
#[cfg(test)]
mod sqlite_upgrade;
#[cfg(test)]
mod tampering;

/// The address of a test service.
#[cfg(test)]
fn address(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: run through scripts/test-services"))
}
