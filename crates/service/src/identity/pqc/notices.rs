//! What is told of signing keys: to the audit log, and to their owner.

use crate::{Caller, Service, audit::Event, mail::CredentialChange, store::PqcKey};
use aivalid_model::{Error, Result, id::UserId, identity::IdentityError};
use aivalid_pqc::KeyId;

impl Service {
    pub(super) async fn pqc_key_added(&self, caller: &Caller, key: &PqcKey) -> Result<()> {
        self.audit(caller, named("pqc.key_added", key)).await?;
        self.credential_changed(caller, key.user, CredentialChange::PqcKeyAdded(key.name.clone())).await
    }

    pub(super) async fn pqc_key_removed(&self, caller: &Caller, key: &PqcKey) -> Result<()> {
        self.audit(caller, named("pqc.key_removed", key)).await?;
        self.credential_changed(caller, key.user, CredentialChange::PqcKeyRemoved(key.name.clone())).await
    }

    /// A signature came and was refused: worth an entry, up to a limit, past which the answer is that limit.
    pub(super) async fn pqc_refused(&self, caller: &Caller, user: UserId, key: KeyId, why: IdentityError) -> Error {
        let noted = async {
            self.admit(&format!("pqc:refused:u:{user}"), self.inner.settings.limits.pqc_refused).await?;
            self.audit(caller, Event::failed("pqc.refused").about(user).on("pqc_key", key).detail("reason", why.code())).await
        };
        match noted.await {
            Ok(()) => why.into(),
            Err(error) => error,
        }
    }
}

fn named(event: &'static str, key: &PqcKey) -> Event {
    Event::new(event).about(key.user).on("pqc_key", key.id).detail("name", key.name.as_str())
}
