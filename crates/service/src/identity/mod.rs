//! Accounts, signing in and sessions.

mod account;
mod hasher;
mod keys;
mod not_me;
mod notices;
mod pending;
mod register;
mod sessions;
mod signin;
mod sudo;
mod totp;
mod turns;

pub use hasher::{HashCost, Hasher};
pub(crate) use keys::digest;
pub use keys::{AccessClaims, Keys, Secret};
pub use pending::SECOND_STEP_LIFE;
pub(crate) use sessions::device_words;
pub use sessions::{Refreshed, SESSION_COOKIE_LIFE};
pub use signin::{SignIn, SignedInNow};
pub use sudo::SudoNeeds;
pub(crate) use turns::Turns;
