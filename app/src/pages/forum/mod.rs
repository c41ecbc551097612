//! The forum's pages.

pub mod thread;
