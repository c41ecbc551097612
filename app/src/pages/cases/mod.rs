//! The pages of validation cases.

mod actions;
mod filter;
pub mod list;
mod log;
pub mod record;
