//! Doors for the fuzz targets (`fuzz/`): a relying party without accounts and stores.

use super::{
    aaguid as attestation,
    party::{Minted, Owner, RelyingParty, read},
};
use crate::store::Passkey;
use aivalid_model::{
    Timestamp,
    id::{PasskeyId, UserId},
};
use serde_json::Value;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

/// We.
pub struct Party(RelyingParty);

/// A ceremony's beginning: options for the browser, and what is kept.
pub struct Begun<S> {
    /// For the browser.
    pub options: Value,
    /// For the end.
    pub state: S,
}

/// What is kept of the beginning of making a passkey.
pub struct Registration(PasskeyRegistration);

/// What is kept of the beginning of showing one.
pub struct Login(DiscoverableAuthentication);

/// A passkey that was made.
pub struct NewPasskey {
    /// What the authenticator calls it.
    pub credential: Vec<u8>,
    /// The kind of authenticator.
    pub aaguid: String,
    minted: Minted,
}

impl Party {
    /// For a public origin.
    pub fn new(origin: &str) -> Option<Self> {
        RelyingParty::of_origin(origin, &[7; 32]).map(Self)
    }

    /// Begins to make one.
    pub fn begin_registration(&self) -> Option<Begun<Registration>> {
        let owner = Owner { handle: &[9; 64], name: "dewi@contoh.id", display_name: "Dewi" };
        let (options, state) = self.0.start_registration(&owner, &[], false).ok()?;
        Some(Begun { options, state: Registration(state) })
    }

    /// The passkey, where the answer is accepted.
    pub fn finish_registration(&self, answer: Value, begun: &Registration, conditional: bool) -> Option<NewPasskey> {
        let minted = self.0.finish_registration(answer, &begun.0, conditional).ok()?;
        Some(NewPasskey { credential: minted.credential.clone(), aaguid: minted.aaguid.clone(), minted })
    }

    /// Begins to show one.
    pub fn begin_login(&self) -> Option<Begun<Login>> {
        let (options, state) = self.0.start_authentication(vec![], false).ok()?;
        Some(Begun { options, state: Login(state) })
    }

    /// Whether the answer is accepted as this passkey's.
    pub fn finish_login(&self, answer: Value, begun: &Login, passkey: &NewPasskey) -> bool {
        let Minted { credential, key, counter, backup_eligible, backed_up, transports, aaguid } = &passkey.minted;
        let at = Timestamp::from_secs(0);
        let stored = Passkey {
            id: PasskeyId(1),
            user: UserId(1),
            credential: credential.clone(),
            key: key.clone(),
            name: String::new(),
            counter: *counter,
            backup_eligible: *backup_eligible,
            backed_up: *backed_up,
            transports: transports.clone(),
            aaguid: aaguid.clone(),
            created_at: at,
            last_used_at: None,
        };
        read(answer).is_ok_and(|answer| self.0.finish_authentication(&answer, begun.0.clone(), &stored).is_ok())
    }
}

/// The kind of authenticator that an attestation object names.
pub fn aaguid(object: &[u8]) -> Option<String> {
    attestation::of_attestation(object)
}

/// An attestation object with its user said to be present.
pub fn as_if_present(object: &[u8]) -> Option<Vec<u8>> {
    attestation::as_if_present(object)
}
