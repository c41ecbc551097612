//! Validation cases: opening, reading, editing, tagging, cancelling, and the log.

mod change;
pub mod log;
mod read;

pub(crate) use read::{read_case, read_log, row};
