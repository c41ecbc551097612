//! Accounts, signing in and sessions.

mod account;
mod hasher;
mod keys;
mod register;
mod sessions;
mod signin;
mod turns;

pub use hasher::{HashCost, Hasher};
pub(crate) use keys::digest;
pub use keys::{AccessClaims, Keys, Secret};
pub(crate) use sessions::device_words;
pub use sessions::{Refreshed, SESSION_COOKIE_LIFE};
pub use signin::SignedInNow;
pub(crate) use turns::Turns;
