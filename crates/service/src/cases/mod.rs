//! Validation cases: opening, reading, editing, cancelling, and the log.

pub mod log;
