//! What `AIValid` speaks of: ids, values, data transfer objects, errors and the rules input must meet.
//!
//! Everything here is pure and also compiles to WebAssembly. Input arrives as a data transfer object (strings, as a
//! client sent them) and becomes a value type through [`check::Check`]; services only ever see the value types.
//! To add a domain: one module with its values, its transfer objects and its error enum, listed in [`error::Error`].

pub mod admin;
pub mod audit;
pub mod cases;
pub mod check;
pub mod community;
pub mod content;
pub mod error;
pub mod files;
pub mod id;
pub mod identity;
pub mod jobs;
pub mod kyc;
pub mod lang;
pub mod money;
pub mod page;
pub mod slug;
pub mod time;

pub use error::{Error, Result};
pub use lang::Lang;
pub use time::Timestamp;
