//! Pages about the site itself.

pub mod offline;
pub mod status;
mod text;

pub use text::{about, privacy, terms};
