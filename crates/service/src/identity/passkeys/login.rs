//! Signing in with a passkey: by a button or a field's autofill without an address, or with one. A passkey is a whole sign-in.

use super::{
    ceremony::{Bound, Ceremony, Kind},
    notices::Refusal,
    party::{descriptor, read},
};
use crate::{Caller, Service, identity::SignIn, store::Passkey};
use aivalid_model::{
    Error, Result,
    id::UserId,
    identity::{CeremonyBegun, CeremonyEnd, Email, IdentityError, Method, Methods},
};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

impl Service {
    /// Begins a sign-in for whoever has a passkey of any account.
    pub async fn passkey_login_begin(&self, caller: &Caller, conditional: bool) -> Result<CeremonyBegun> {
        self.admit(&format!("passkey:ip:{}", caller.network()), self.inner.settings.limits.passkey_begin).await?;
        let started = self.party()?.start_authentication(vec![], conditional)?;
        self.ceremony_begin(Kind::Login, Bound::Anyone, conditional, started).await
    }

    /// Begins a sign-in for the account of an address, naming its credentials. Where there is no such account, or it has no
    /// passkey, decoys are named, which are always the same; form, work and number of queries are those of an account that has.
    pub async fn passkey_check(&self, caller: &Caller, email: &Email) -> Result<CeremonyBegun> {
        let limits = &self.inner.settings.limits;
        let device = caller.device.as_deref().unwrap_or("-");
        self.admit(&format!("login:ip:{}", caller.network()), limits.login_ip).await?;
        self.admit(&format!("passkey:acc:{}:{device}", email.as_str()), limits.login_account).await?;
        let party = self.party()?;
        let account = self.inner.stores.users.user_by_email(email.as_str()).await?.map(|user| user.card.id);
        // A random id is nobody's.
        let asked = account.unwrap_or_else(|| self.inner.random.user_id());
        let ring = self.inner.stores.passkeys.passkey_ring(asked).await?.filter(|_| account.is_some());
        let decoys = party.decoys(email);
        let held: Vec<_> = ring.map(|ring| ring.passkeys).unwrap_or_default().into_iter().map(|passkey| passkey.credential).collect();
        let mut ids = if held.is_empty() { decoys } else { held };
        // Neither their order nor how they are reached tells which are real.
        ids.sort();
        let started = party.start_authentication(ids.iter().map(|id| descriptor(id, &[])).collect(), false)?;
        self.ceremony_begin(Kind::Login, Bound::Account(account), false, started).await
    }

    /// Ends a sign-in.
    pub async fn passkey_login_finish(&self, caller: &Caller, end: CeremonyEnd) -> Result<SignIn> {
        self.admit(&format!("login:ip:{}", caller.network()), self.inner.settings.limits.login_ip).await?;
        let passkey = self.passkey_shown(caller, Kind::Login, end).await?;
        let user = self.inner.stores.users.user_by_id(passkey.user).await?.ok_or(IdentityError::PasskeyRefused)?;
        self.first_factor_done(caller, user, Methods::of(Method::Passkey), "passkey").await
    }

    /// Takes a ceremony, judges the passkey that was shown in it, and notes its use. Whatever is wrong, the challenge is used up.
    pub(super) async fn passkey_shown(&self, caller: &Caller, kind: Kind, end: CeremonyEnd) -> Result<Passkey> {
        let party = self.party()?;
        let ceremony = self.ceremony_take::<DiscoverableAuthentication>(caller, kind, &end).await?;
        let answer: PublicKeyCredential = read(end.credential)?;
        let found = self.inner.stores.passkeys.passkey_by_credential(&answer.raw_id).await?;
        let refuse = async |user: Option<UserId>, why: Refusal| -> Result<Passkey> {
            self.passkey_refused(caller, kind, user, &answer.raw_id, why).await?;
            // Where an account was named, unknown ones are decoys, and answer like the real ones.
            let tells = why == Refusal::Unknown && !matches!(ceremony.bound, Bound::Account(_));
            Err(if tells { IdentityError::PasskeyUnknown } else { IdentityError::PasskeyRefused }.into())
        };
        let Some((passkey, handle)) = found else { return refuse(None, Refusal::Unknown).await };
        let owner = Some(passkey.user);
        let device = caller.device.as_deref().unwrap_or("-");
        self.admit(&format!("passkey:u:{}:{device}", passkey.user), self.inner.settings.limits.login_account).await?;
        if !is_owner(&ceremony, passkey.user, &handle, &answer) {
            return refuse(owner, Refusal::Owner).await;
        }
        let result = match party.finish_authentication(&answer, ceremony.state, &passkey) {
            Ok(result) => result,
            Err(Error::Internal) => return Err(Error::Internal),
            Err(_) => return refuse(owner, Refusal::Signature).await,
        };
        // The row decides: of two answers with one counter, or of a copy that lags behind, one is refused.
        let (counter, backed_up) = (result.counter(), result.backup_state());
        if !self.inner.stores.passkeys.passkey_used(passkey.id, counter, backed_up, self.now()).await? {
            return refuse(owner, Refusal::Counter).await;
        }
        self.factor_shown(caller, passkey.user).await?;
        Ok(passkey)
    }
}

/// Whether the passkey is one that may end the ceremony, and the handle that came with it its owner's. Where nobody said who they
/// are, only the handle tells, so it must be there (`WebAuthn` level 3, section 7.2, step 6).
fn is_owner<S>(ceremony: &Ceremony<S>, owner: UserId, handle: &[u8], answer: &PublicKeyCredential) -> bool {
    let shown = answer.get_user_unique_id();
    match ceremony.bound {
        Bound::Anyone => shown == Some(handle),
        Bound::Account(account) => account == Some(owner) && shown.is_none_or(|shown| shown == handle),
        Bound::Session(account, _) => account == owner && shown.is_none_or(|shown| shown == handle),
    }
}
