//! A passkey as the second step of signing in: beside a password that was set with a mailed link, which by itself would open to
//! whoever reads somebody's mail what its owner protects with passkeys (OWASP ASVS 6.4.3). Who lost them asks for recovery.

use super::{
    ceremony::{Bound, Kind},
    party::descriptor,
};
use crate::{Caller, Service, identity::SignedInNow};
use aivalid_model::{
    Result,
    identity::{CeremonyBegun, CeremonyEnd, IdentityError, Method, Token},
};

impl Service {
    /// What a sign-in waits for.
    pub async fn second_needs(&self, caller: &Caller, token: &Token) -> Result<Vec<Method>> {
        let (pending, user) = self.pending(caller, token).await?;
        self.second_step(&user, pending.methods).await
    }

    /// Begins to finish a sign-in that waits with a passkey of its account.
    pub async fn passkey_second_begin(&self, caller: &Caller, token: &Token) -> Result<CeremonyBegun> {
        self.admit(&format!("passkey:ip:{}", caller.network()), self.inner.settings.limits.passkey_begin).await?;
        let (_, user) = self.pending(caller, token).await?;
        let party = self.party()?;
        let ring = self.inner.stores.passkeys.passkey_ring(user.card.id).await?;
        let have = ring.map(|ring| ring.passkeys).unwrap_or_default();
        if have.is_empty() {
            return Err(IdentityError::NoPasskey.into());
        }
        let allow = have.iter().map(|passkey| descriptor(&passkey.credential, &passkey.transports)).collect();
        let started = party.start_authentication(allow, false)?;
        self.ceremony_begin(Kind::Second, Bound::Account(Some(user.card.id)), false, started).await
    }

    /// Finishes it. A passkey that is refused leaves the sign-in waiting; the right one uses its token up.
    pub async fn passkey_second_finish(&self, caller: &Caller, token: &Token, end: CeremonyEnd) -> Result<SignedInNow> {
        self.admit(&format!("second:ip:{}", caller.network()), self.inner.settings.limits.login_ip).await?;
        let (_, user) = self.pending(caller, token).await?;
        let passkey = self.passkey_shown(caller, Kind::Second, end).await?;
        // The ceremony may have been begun for another sign-in.
        if passkey.user != user.card.id {
            return Err(IdentityError::PasskeyRefused.into());
        }
        self.second_shown(caller, user, token, Method::Passkey).await
    }
}
