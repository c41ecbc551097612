//! Threads.

mod changes;
mod figures;
mod listing;

pub use changes::*;
pub use figures::*;
pub use listing::*;
