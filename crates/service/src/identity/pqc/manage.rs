//! One's own signing keys: listed and removed.

use crate::{Caller, Service, SignedIn, store::PqcKey};
use aivalid_model::{
    Error, Result,
    id::UserId,
    identity::{PqcKeyView, Requirement},
};
use aivalid_pqc::KeyId;

/// A key as its owner sees it.
pub(super) fn view(key: PqcKey) -> PqcKeyView {
    PqcKeyView { id: key.id.to_string(), name: key.name, created_at: key.created_at, last_used_at: key.last_used_at }
}

/// The caller, where `owner` is themselves. Everybody else's keys are not found, whether or not there is such an account.
pub(super) fn own(caller: &Caller, owner: UserId) -> Result<&SignedIn> {
    let user = caller.signed_in()?;
    if user.id == owner { Ok(user) } else { Err(Error::NotFound) }
}

impl Service {
    /// A user's signing keys, for themselves, oldest first.
    pub async fn pqc_keys(&self, caller: &Caller, owner: UserId) -> Result<Vec<PqcKeyView>> {
        own(caller, owner)?;
        self.own_pqc_keys(caller.in_person()?.id).await
    }

    pub(crate) async fn own_pqc_keys(&self, owner: UserId) -> Result<Vec<PqcKeyView>> {
        Ok(self.inner.stores.pqc.pqc_key_list(owner).await?.into_iter().map(view).collect())
    }

    /// Removes one of one's own signing keys, in an elevated session. Its owner gets a mail. From then on it signs nothing, and it
    /// can't be registered again.
    pub async fn pqc_key_remove(&self, caller: &Caller, owner: UserId, id: KeyId) -> Result<()> {
        own(caller, owner)?;
        let user = caller.require(Requirement::SUDO, self.now())?;
        match self.inner.stores.pqc.pqc_key_remove(user.id, id, self.now()).await? {
            Some(key) => self.pqc_key_removed(caller, &key).await,
            None => Err(Error::NotFound),
        }
    }

    /// Forgets accepted signatures that are too old to be accepted again; a job's work. How many.
    pub async fn sweep_signatures(&self) -> Result<u64> {
        Ok(self.inner.stores.pqc.pqc_sweep(self.now()).await?)
    }
}
