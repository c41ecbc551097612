//! Writing: threads, cases and replies, their editing and deleting, and reacting.

mod amounts;
pub mod cancel;
pub mod cases;
mod confirm;
mod desk;
mod editor;
mod grid;
mod place;
mod post;
pub mod react;
pub mod remove;
pub mod replies;
mod sheet;
pub mod threads;
