//! Making a passkey.

use super::{
    MOST, aaguid,
    ceremony::{Bound, Kind},
    manage::view,
    party::Owner,
};
use crate::{
    Caller, Service, SignedIn,
    identity::device_words,
    store::{Passkey, PasskeyAdded},
};
use aivalid_model::{
    Error, Result,
    id::PasskeyId,
    identity::{CeremonyBegun, IdentityError, Method, PasskeyDraft, PasskeyView, RegisterBegin, Requirement},
};
use std::time::Duration;
use webauthn_rs::prelude::PasskeyRegistration;

/// For so long a sign-in with a password stands for the confirmation that making the first passkey takes.
const JUST_SIGNED_IN: Duration = Duration::from_mins(5);

impl Service {
    /// Begins to make a passkey, in an elevated session; or right after a sign-in, for the first of an account with a password or
    /// with nothing to elevate a session with.
    pub async fn passkey_register_begin(&self, caller: &Caller, how: RegisterBegin) -> Result<CeremonyBegun> {
        let user = caller.in_person()?;
        let ring = self.inner.stores.passkeys.passkey_ring(user.id).await?;
        let have = ring.map(|ring| ring.passkeys).unwrap_or_default();
        if !(how.after_sign_in && have.is_empty() && self.has_just_signed_in(user)) {
            self.may_set_credentials(caller).await?;
        }
        let party = self.party()?;
        self.admit(&format!("passkey:u:{}", user.id), self.inner.settings.limits.passkey_begin).await?;
        if have.len() >= usize::from(MOST) {
            return Err(IdentityError::PasskeyLimit.into());
        }
        let account = self.inner.stores.users.user_by_id(user.id).await?.ok_or(Error::Unauthenticated)?;
        let handle = self.inner.stores.passkeys.passkey_handle(user.id, &self.inner.random.bytes::<64>()).await?;
        let display_name = account.card.full_name.as_deref().unwrap_or(&account.card.username);
        let owner = Owner { handle: &handle, name: account.known_as(), display_name };
        let started = party.start_registration(&owner, &have, how.conditional)?;
        self.ceremony_begin(Kind::Register, Bound::Session(user.id, user.session()?), how.conditional, started).await
    }

    fn has_just_signed_in(&self, user: &SignedIn) -> bool {
        let fresh = Requirement { max_age: Some(JUST_SIGNED_IN), ..Requirement::ANY };
        user.shown.methods.has(Method::Password) && fresh.check(user.shown, self.now()).is_ok()
    }

    /// Adds the passkey that was made. Its owner gets a mail.
    pub async fn passkey_register_finish(&self, caller: &Caller, draft: PasskeyDraft) -> Result<PasskeyView> {
        let user = caller.in_person()?;
        let party = self.party()?;
        let ceremony = self.ceremony_take::<PasskeyRegistration>(caller, Kind::Register, &draft.end).await?;
        let minted = party.finish_registration(draft.end.credential, &ceremony.state, ceremony.conditional)?;
        let name = draft.name.map(|name| name.into_inner()).or_else(|| aaguid::provider(&minted.aaguid).map(str::to_owned));
        let passkey = Passkey {
            id: PasskeyId(self.inner.random.int53()),
            user: user.id,
            credential: minted.credential,
            key: minted.key,
            name: name.unwrap_or_else(|| default_name(&caller.user_agent)),
            counter: minted.counter,
            backup_eligible: minted.backup_eligible,
            backed_up: minted.backed_up,
            transports: minted.transports,
            aaguid: minted.aaguid,
            created_at: self.now(),
            last_used_at: None,
        };
        match self.inner.stores.passkeys.passkey_add(&passkey, i64::from(MOST)).await? {
            PasskeyAdded::Done => {}
            PasskeyAdded::Taken => return Err(IdentityError::PasskeyTaken.into()),
            PasskeyAdded::TooMany => return Err(IdentityError::PasskeyLimit.into()),
        }
        self.passkey_added(caller, &passkey).await?;
        Ok(view(passkey))
    }
}

/// Where neither its owner nor its kind gives it a name: after the browser it was made in.
fn default_name(user_agent: &str) -> String {
    let device = device_words(user_agent);
    if device.is_empty() { "Passkey".to_owned() } else { device }
}
