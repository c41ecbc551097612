//! Signing keys: ML-DSA-65 keys that an account's owner signs requests with.
//!
//! What is signed and how it travels is the `pqc` crate's. Here is who may register a key ([`register`]), the list of one's own
//! ([`manage`]), and the judgement of a signed request ([`signed`]), which ends in a [`Signed`]: the only way to get one. A use case
//! that must not happen without a signature takes a `Signed` as an argument and asks it for the caller.

mod manage;
mod notices;
mod register;
mod signed;

pub use signed::{SignableRequest, Signed};

use std::time::Duration;

/// How many live keys an account may have: one for each browser that somebody signs in.
const MOST: i64 = 5;
/// How far the time of a signature may lie from ours, in both directions.
const SKEW: Duration = Duration::from_mins(5);
