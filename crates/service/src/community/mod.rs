//! The forum: categories, threads, replies, reactions, histories, watches, blocks.

mod blocks;
mod both;
mod cards;
mod catalog;
mod figures;
mod history;
mod reactions;
mod reading;
mod replies;
mod tallies;
mod threads;
mod watches;

pub use cards::CardCache;
pub(crate) use cards::Cards;
pub use catalog::CatalogCache;
pub use figures::{Figures, FiguresCache};
pub use reading::CaseReading;
