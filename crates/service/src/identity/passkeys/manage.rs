//! One's own passkeys: listed, renamed, removed, and told to the browser.

use super::{MOST, aaguid, party::base64url};
use crate::{
    Caller, Service,
    store::{Passkey, PasskeyDeleted, PasskeyRing, User},
};
use aivalid_model::{
    Error, Result,
    id::{PasskeyId, UserId},
    identity::{
        AcceptedCredentials, CurrentUserDetails, IdentityError, PasskeyList, PasskeyName, PasskeySignals, PasskeyStatus, PasskeyView,
        Requirement,
    },
};

/// A passkey as its owner sees it.
pub(super) fn view(passkey: Passkey) -> PasskeyView {
    PasskeyView {
        id: passkey.id,
        name: passkey.name,
        provider: aaguid::provider(&passkey.aaguid).map(str::to_owned),
        synced: passkey.backed_up,
        created_at: passkey.created_at,
        last_used_at: passkey.last_used_at,
    }
}

impl Service {
    /// The caller's passkeys, and what to tell the browser of them: both from one read, because a browser may forget for good
    /// what it is not told of.
    pub async fn passkeys(&self, caller: &Caller) -> Result<PasskeyList> {
        let user = caller.in_person()?;
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        let Some(ring) = self.inner.stores.passkeys.passkey_ring(user.id).await? else {
            return Ok(PasskeyList { passkeys: vec![], signals: None });
        };
        let signals = self.inner.party.as_ref().map(|party| signals(party.id(), &ring, &account));
        Ok(PasskeyList { passkeys: ring.passkeys.into_iter().map(view).collect(), signals })
    }

    /// Whether there can be passkeys, and how many the caller has.
    pub async fn passkey_status(&self, caller: &Caller) -> Result<PasskeyStatus> {
        let user = caller.in_person()?;
        let count = self.inner.stores.passkeys.passkey_ring(user.id).await?.map_or(0, |ring| ring.passkeys.len());
        Ok(PasskeyStatus { available: self.passkeys_available(), enabled: count > 0, count, limit: usize::from(MOST) })
    }

    /// Renames one of the caller's passkeys, in an elevated session: a name is what its owner tells a stranger's passkey by.
    pub async fn passkey_rename(&self, caller: &Caller, id: PasskeyId, name: PasskeyName) -> Result<()> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        let renamed = self.inner.stores.passkeys.passkey_rename(user.id, id, name.as_ref()).await?;
        if !renamed {
            return Err(Error::NotFound);
        }
        self.passkey_renamed(caller, user.id, id, name.as_ref()).await
    }

    /// Removes one of the caller's passkeys, in an elevated session, unless it is the last way to sign in. Its owner gets a mail.
    pub async fn passkey_delete(&self, caller: &Caller, id: PasskeyId) -> Result<()> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        match self.inner.stores.passkeys.passkey_delete(user.id, id, self.otp_available()).await? {
            PasskeyDeleted::Done(passkey) => self.passkey_removed(caller, &passkey).await,
            PasskeyDeleted::LastWay => Err(IdentityError::LastWayIn.into()),
            PasskeyDeleted::Missing => Err(Error::NotFound),
        }
    }

    /// Whether an account can be asked to prove itself with a passkey.
    pub(crate) async fn has_passkey(&self, user: UserId) -> Result<bool> {
        let ring = self.inner.stores.passkeys.passkey_ring(user).await?;
        Ok(self.passkeys_available() && ring.is_some_and(|ring| !ring.passkeys.is_empty()))
    }
}

fn signals(rp_id: &str, ring: &PasskeyRing, account: &User) -> PasskeySignals {
    let (rp_id, user_id) = (rp_id.to_owned(), base64url(&ring.handle));
    let ids = ring.passkeys.iter().map(|passkey| base64url(&passkey.credential)).collect();
    PasskeySignals {
        all_accepted_credentials: AcceptedCredentials { rp_id: rp_id.clone(), user_id: user_id.clone(), all_accepted_credential_ids: ids },
        current_user_details: CurrentUserDetails {
            rp_id,
            user_id,
            name: account.known_as().to_owned(),
            display_name: account.card.full_name.clone().unwrap_or_else(|| account.card.username.clone()),
        },
    }
}
