//! Whether a request is signed by its caller.

use super::{SKEW, manage::own};
use crate::{
    Caller, Service, SignedIn, Via,
    store::{PqcUse, PqcUsed},
};
use aivalid_model::{
    Error, Result, Timestamp,
    id::UserId,
    identity::{IdentityError, PqcChecked},
};
use aivalid_pqc::{Claim, Headers, KeyId, PublicKey, Request, SignedAt};

/// A request as it came, with what its headers say of a signature. Nothing of it is checked yet.
#[derive(Clone, Copy, Debug)]
pub struct SignableRequest<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// Path and query as they were sent.
    pub path: &'a str,
    /// The `Idempotency-Key` header, where there is one.
    pub idempotency_key: Option<&'a str>,
    /// The three headers of the signature.
    pub headers: Headers<'a>,
    /// The body's bytes.
    pub body: &'a [u8],
}

impl SignableRequest<'_> {
    /// Who claims to have signed it; `None` where nobody does.
    pub(super) fn claim(&self) -> Result<Option<Claim>> {
        Claim::read(self.headers).map_err(|_| IdentityError::PqcSignatureMalformed.into())
    }

    /// What must have been signed, had it been at this time.
    fn signed_at(&self, at: SignedAt) -> Result<Request<'_>> {
        // Only an idempotency key can be wrong: what else can't be signed is no HTTP.
        Request::new(self.method, self.path, at, self.idempotency_key.unwrap_or_default(), self.body)
            .map_err(|unsignable| Error::bad_request(unsignable.to_string()))
    }
}

/// Proof that the caller signed this very request, with a live key of theirs, just now and for the first time. Only
/// [`Service::signed`] makes one, and nothing makes a second one of it: a use case that must not happen without a signature takes it
/// by value and asks it for the caller.
#[derive(Debug)]
pub struct Signed {
    user: UserId,
    via: Via,
    key: KeyId,
    key_name: String,
    at: Timestamp,
    text: String,
}

impl Signed {
    /// The caller, where the proof is theirs.
    pub fn by<'c>(&self, caller: &'c Caller) -> Result<&'c SignedIn> {
        let user = caller.signed_in()?;
        if (user.id, user.via) == (self.user, self.via) { Ok(user) } else { Err(Error::Forbidden) }
    }

    /// The key, for records of what was done with it.
    pub const fn key(&self) -> KeyId {
        self.key
    }
}

impl Service {
    /// Judges a request that must be signed. A signature that is accepted is used up, whatever becomes of the request afterwards;
    /// which signatures were used stands in the database, so no cache has to be trusted: where it can't be written, nothing is
    /// accepted.
    ///
    /// Verifying takes about a tenth of a millisecond, and the body's digest up to a few: too little to leave the async thread for.
    pub async fn signed(&self, caller: &Caller, request: &SignableRequest<'_>) -> Result<Signed> {
        let user = caller.signed_in()?;
        let keys = self.inner.stores.pqc.pqc_key_list(user.id).await?;
        if keys.is_empty() {
            return Err(IdentityError::PqcKeyRequired.into());
        }
        let claim = request.claim()?.ok_or(IdentityError::PqcSignatureRequired)?;
        let refused = async |why| Err(self.pqc_refused(caller, user.id, claim.key, why).await);
        // Somebody else's key, one that was removed and one that never was are all the same.
        let Some(key) = keys.into_iter().find(|key| key.id == claim.key) else {
            return refused(IdentityError::PqcKeyUnknown).await;
        };
        let public = PublicKey::from_bytes(&key.public_key).ok_or_else(|| {
            tracing::error!(key = %key.id, "a stored signing key can't be read");
            Error::Internal
        })?;
        let text = match self.judge_signature(&public, &claim, request) {
            Ok(text) => text,
            Err(Error::Identity(why)) => return refused(why).await,
            Err(error) => return Err(error),
        };
        let at = time(claim.at);
        let used = PqcUse { digest: claim.signature.digest(), expires_at: at.plus(SKEW * 2), now: self.now() };
        match self.inner.stores.pqc.pqc_use(user.id, key.id, used).await? {
            PqcUsed::Done => Ok(Signed { user: user.id, via: user.via, key: key.id, key_name: key.name, at, text }),
            PqcUsed::Replayed => refused(IdentityError::PqcReplayed).await,
            PqcUsed::Gone => refused(IdentityError::PqcKeyUnknown).await,
        }
    }

    /// Whether a signature is this key's over this request, and of our time. The text that was signed.
    pub(super) fn judge_signature(&self, key: &PublicKey, claim: &Claim, request: &SignableRequest<'_>) -> Result<String> {
        let (at, now) = (time(claim.at), self.now());
        if at.since(now).max(now.since(at)) > SKEW {
            return Err(IdentityError::PqcTimestampSkewed.into());
        }
        let request = request.signed_at(claim.at)?;
        if key.verifies(&request, &claim.signature) { Ok(request.text()) } else { Err(IdentityError::PqcSignatureInvalid.into()) }
    }

    /// Tells the owner of a key what was verified of the request that they tried it with.
    pub fn pqc_check(&self, caller: &Caller, owner: UserId, id: KeyId, signed: Signed) -> Result<PqcChecked> {
        own(caller, owner)?;
        signed.by(caller)?;
        if signed.key() != id {
            return Err(Error::NotFound);
        }
        Ok(PqcChecked { key_id: signed.key.to_string(), key_name: signed.key_name, signed_at: signed.at, signed_text: signed.text })
    }
}

fn time(at: SignedAt) -> Timestamp {
    Timestamp::from_secs(i64::try_from(at.secs()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_signed_is_a_bad_request() {
        let request = |key| SignableRequest {
            method: "POST",
            path: "/api/v1/deposits",
            idempotency_key: key,
            headers: Headers::default(),
            body: b"{}",
        };
        let at = SignedAt::from_secs(5).unwrap();
        assert!(request(None).claim().unwrap().is_none());
        assert!(request(None).signed_at(at).is_ok() && request(Some("0b9a7c3e")).signed_at(at).is_ok());
        assert_eq!(request(Some("short")).signed_at(at).unwrap_err().code(), "BAD_REQUEST");
        let half = SignableRequest { headers: Headers { timestamp: Some("5"), ..Headers::default() }, ..request(None) };
        assert_eq!(half.claim().unwrap_err().code(), "PQC_SIGNATURE_MALFORMED");
    }
}
