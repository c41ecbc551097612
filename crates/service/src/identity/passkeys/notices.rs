//! What is told of passkeys: to the audit log, and to their owner.

use super::{ceremony::Kind, party::base64url};
use crate::{Caller, Service, audit::Event, mail::CredentialChange, store::Passkey};
use aivalid_model::{
    Result,
    id::{PasskeyId, UserId},
    identity::Method,
};

/// Why a passkey that was shown proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No account has it.
    Unknown,
    /// It is another account's than the ceremony's, or came with another account's handle.
    Owner,
    /// What was signed is not what had to be: origin, challenge, user verification, the signature itself.
    Signature,
    /// The counter did not rise: there may be a copy.
    Counter,
}

impl Service {
    pub(super) async fn passkey_added(&self, caller: &Caller, passkey: &Passkey) -> Result<()> {
        self.audit(caller, named("passkey.added", passkey)).await?;
        self.credential_changed(caller, passkey.user, CredentialChange::PasskeyAdded(passkey.name.clone())).await
    }

    pub(super) async fn passkey_removed(&self, caller: &Caller, passkey: &Passkey) -> Result<()> {
        self.audit(caller, named("passkey.removed", passkey)).await?;
        self.credential_changed(caller, passkey.user, CredentialChange::PasskeyRemoved(passkey.name.clone())).await
    }

    pub(super) async fn passkey_renamed(&self, caller: &Caller, user: UserId, id: PasskeyId, name: &str) -> Result<()> {
        self.audit(caller, Event::new("passkey.renamed").about(user).on("passkey", id).detail("name", name)).await
    }

    /// A passkey was shown and refused. A copy is worth an alert of its own.
    pub(super) async fn passkey_refused(
        &self,
        caller: &Caller,
        kind: Kind,
        user: Option<UserId>,
        credential: &[u8],
        why: Refusal,
    ) -> Result<()> {
        if let (Refusal::Counter, Some(user)) = (why, user) {
            tracing::warn!(user = user.0, "a passkey's counter did not rise; it may have been copied");
            self.audit(caller, Event::failed("alert.passkey_copied").about(user)).await?;
        }
        match (kind, user) {
            (Kind::Sudo, Some(user)) => {
                self.audit(caller, Event::failed("sudo.failed").about(user).detail("method", Method::Passkey.word())).await
            }
            _ => self.note_failed_sign_in(caller, user, &base64url(credential), "passkey").await,
        }
    }
}

fn named(event: &'static str, passkey: &Passkey) -> Event {
    Event::new(event).about(passkey.user).on("passkey", passkey.id).detail("name", passkey.name.as_str())
}
