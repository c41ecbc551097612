//! `AIValid`'s use cases.
//!
//! One [`Service`] with one method for each use case, its methods grouped by domain in modules. Every public method takes
//! the [`Caller`] first, checks what the caller may do, applies the rules and talks to stores only through the traits in
//! [`store`]. Clock, chance, mail and the stores are given by the composition root ([`ports`]); nothing here knows SQL,
//! HTTP or Leptos. To add a use case: a method in its domain's module; to add a store: a trait in `store`, a suite in
//! `contract`, an implementation in the stores crate.

pub mod admin;
pub mod audit;
pub mod avatars;
pub mod caller;
pub mod cases;
pub mod community;
pub mod content;
#[cfg(feature = "contract")]
pub mod contract;
mod core;
pub mod federation;
pub mod files;
pub mod identity;
pub mod jobs;
pub mod kyc;
pub mod limits;
pub mod mail;
pub mod operator;
pub mod ports;
pub mod seal;
pub mod secret;
pub mod sms;
pub mod store;

pub use crate::core::{Parts, Service, Settings};
/// Requests that are signed, and their keys.
pub use aivalid_pqc as pqc;
pub use caller::{Caller, SignedIn, Via};
#[cfg(feature = "fuzz")]
pub use identity::fuzz;
pub use store::StoreError;
