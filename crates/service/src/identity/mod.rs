//! Accounts, signing in and sessions.

mod account;
mod api_tokens;
mod breached;
mod deletion;
mod devices;
mod email;
mod ending;
mod even;
mod export;
mod federated;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod hasher;
mod keys;
mod lockout;
mod not_me;
mod notices;
mod passkeys;
mod passwords;
mod pending;
mod phone;
mod pqc;
mod recovery;
mod register;
mod reset;
mod sessions;
mod signin;
mod sudo;
mod totp;
mod turns;

pub use api_tokens::PREFIX as API_TOKEN_PREFIX;
pub use breached::Breached;
pub use export::ExportFile;
pub use federated::{
    BROWSER_LIFE, FederatedAim, FederatedEnd, FederatedGoal, FederatedOutcome, FederatedProof, FederatedReturn, FederatedStart,
    PENDING_LIFE, PendingIdentity, Registered,
};
pub use hasher::{HashCost, Hasher};
pub(crate) use keys::digest;
pub use keys::{AccessClaims, Keys, Secret};
pub(crate) use passkeys::RelyingParty;
pub use pending::SECOND_STEP_LIFE;
pub use phone::{PendingCode, PhoneSignIn};
pub use pqc::{SignableRequest, Signed};
pub(crate) use sessions::device_words;
pub use sessions::{Refreshed, SESSION_COOKIE_LIFE};
pub use signin::{SignIn, SignedInNow};
pub use sudo::SudoNeeds;
pub(crate) use turns::Turns;
