//! Registering a signing key.

use super::{
    MOST,
    manage::{own, view},
    signed::SignableRequest,
};
use crate::{
    Caller, Service,
    store::{PqcKey, PqcKeyAdded},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    id::UserId,
    identity::{IdentityError, PqcKeyDraft, PqcKeyView, Requirement},
};
use aivalid_pqc::PublicKey;

impl Service {
    /// Registers a signing key for oneself, in an elevated session with two factors. The request that brings the key is signed with
    /// it: that proves that its sender has the secret key and means this account, since the account's id stands in the path. Its
    /// owner gets a mail.
    pub async fn pqc_key_register(
        &self,
        caller: &Caller,
        owner: UserId,
        request: &SignableRequest<'_>,
        draft: PqcKeyDraft,
    ) -> Result<PqcKeyView> {
        own(caller, owner)?;
        let user = caller.require(Requirement::SUDO_WITH_TWO, self.now())?;
        self.admit(&format!("pqc:register:u:{}", user.id), self.inner.settings.limits.pqc_register).await?;
        let public = PublicKey::of_base64(&draft.public_key).ok_or_else(|| Error::field("publicKey", Problem::Malformed))?;
        let claim = request.claim()?.ok_or(IdentityError::PqcSignatureRequired)?;
        if claim.key != public.id() {
            return Err(IdentityError::PqcSignatureInvalid.into());
        }
        self.judge_signature(&public, &claim, request)?;
        // No need to remember this signature: the same request again finds the key taken.
        let key = PqcKey {
            id: public.id(),
            user: user.id,
            public_key: public.as_bytes().to_vec(),
            name: draft.name.into_inner(),
            created_at: self.now(),
            last_used_at: None,
        };
        match self.inner.stores.pqc.pqc_key_add(&key, MOST).await? {
            PqcKeyAdded::Done => {}
            PqcKeyAdded::Taken => return Err(IdentityError::PqcKeyTaken.into()),
            PqcKeyAdded::TooMany => return Err(IdentityError::PqcKeyLimit.into()),
        }
        self.pqc_key_added(caller, &key).await?;
        Ok(view(key))
    }
}
