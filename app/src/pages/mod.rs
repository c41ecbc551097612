//! The pages, by area. A handler asks the service and returns a page; see [`crate::page`].

pub mod account;
pub mod auth;
pub mod dev;
pub mod forum;
pub mod preferences;
pub mod problem;
pub mod write;
