//! Confirming with a passkey that it is still oneself.

use super::{
    ceremony::{Bound, Kind},
    party::descriptor,
};
use crate::{Caller, Service, SignedIn, audit::Event};
use aivalid_model::{
    Result,
    identity::{CeremonyBegun, CeremonyEnd, IdentityError, Method, Methods},
};

impl Service {
    /// Begins to elevate the caller's session with one of their passkeys.
    pub async fn passkey_sudo_begin(&self, caller: &Caller) -> Result<CeremonyBegun> {
        let user = caller.in_person()?;
        let party = self.party()?;
        self.admit(&format!("passkey:u:{}", user.id), self.inner.settings.limits.passkey_begin).await?;
        let ring = self.inner.stores.passkeys.passkey_ring(user.id).await?;
        let have = ring.map(|ring| ring.passkeys).unwrap_or_default();
        if have.is_empty() {
            return Err(IdentityError::NoPasskey.into());
        }
        let allow = have.iter().map(|passkey| descriptor(&passkey.credential, &passkey.transports)).collect();
        let started = party.start_authentication(allow, false)?;
        self.ceremony_begin(Kind::Sudo, Bound::Session(user.id, user.session()?), false, started).await
    }

    /// Elevates the caller's session. The session has then shown two factors, whatever it began with.
    pub(in crate::identity) async fn sudo_by_passkey(&self, caller: &Caller, user: &SignedIn, end: CeremonyEnd) -> Result<()> {
        self.passkey_shown(caller, Kind::Sudo, end).await?;
        self.elevated_with(user, Methods::of(Method::Passkey)).await?;
        self.audit(caller, Event::new("sudo.done").about(user.id).detail("method", Method::Passkey.word())).await
    }
}
