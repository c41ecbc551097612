//! The forum's pages.

pub mod category;
pub mod index;
pub mod tag;
pub mod thread;
