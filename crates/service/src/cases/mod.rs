//! Validation cases: opening, reading, editing, tagging, cancelling, and the log.

mod change;
pub mod log;
mod read;
