//! The forum: categories, threads, replies, reactions.

mod cards;
mod catalog;
mod figures;
mod reactions;
mod reading;
mod replies;
mod tallies;
mod threads;

pub use cards::CardCache;
pub(crate) use cards::Cards;
pub use catalog::CatalogCache;
pub use figures::{Figures, FiguresCache};
pub use reading::CaseReading;
