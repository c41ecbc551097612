//! Threads.

mod changes;
mod figures;
mod listing;
mod versions;

pub use changes::*;
pub use figures::*;
pub use listing::*;
pub use versions::*;
