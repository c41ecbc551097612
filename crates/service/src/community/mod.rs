//! The forum: categories, threads, replies, reactions.

mod cards;
mod catalog;
mod reactions;
mod replies;
mod tallies;
mod threads;

pub use cards::CardCache;
pub(crate) use cards::Cards;
pub use catalog::CatalogCache;
