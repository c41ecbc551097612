//! The pages, by area. A handler asks the service and returns a page; see [`crate::page`].

pub mod forum;
pub mod problem;
