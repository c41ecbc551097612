//! Every store against the contract suite, and what is particular to one. The services come from `scripts/test-services`.

mod memory;
mod mongo;
mod mongo_faults;
mod proxy;
mod redis;

/// The address of a test service; a test without it fails.
fn address(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: run through scripts/test-services"))
}
