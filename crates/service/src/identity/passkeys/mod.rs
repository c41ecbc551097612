//! Passkeys (`WebAuthn` level 3): discoverable credentials that verify their user, so that one is a whole sign-in with two factors.
//!
//! Each ceremony has a beginning, which keeps its challenge for five minutes ([`ceremony`]), and an end, which takes it away
//! and judges what the browser answered ([`party`]). Making one is in [`register`], signing in in [`login`], beside a password in [`second`],
//! confirming in [`sudo`], the list of one's own in [`manage`]. Nothing here trusts what a browser says of itself: user verification,
//! origin and counter are read from what the authenticator signed.

mod aaguid;
mod ceremony;
#[cfg(feature = "fuzz")]
pub(super) mod fuzz;
mod login;
mod manage;
mod notices;
mod party;
mod register;
mod second;
mod sudo;

pub(crate) use party::RelyingParty;

use crate::Service;
use aivalid_model::{Result, identity::IdentityError};

/// How many passkeys an account may have: enough for every device, few enough for an authenticator's list.
const MOST: u8 = 20;

impl Service {
    /// Whether this installation can have passkeys: they belong to a host name, so an IP address can't.
    pub fn passkeys_available(&self) -> bool {
        self.inner.party.is_some()
    }

    /// The host that passkeys belong to.
    pub fn passkey_host(&self) -> Option<&str> {
        self.inner.party.as_ref().map(RelyingParty::id)
    }

    fn party(&self) -> Result<&RelyingParty> {
        self.inner.party.as_ref().ok_or_else(|| IdentityError::PasskeysUnavailable.into())
    }
}
