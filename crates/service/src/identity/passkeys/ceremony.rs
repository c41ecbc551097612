//! Ceremonies that were begun: their challenges wait for five minutes and are taken away by the first who comes to end them.

use crate::{Caller, Service, Via, identity::keys::digest};
use aivalid_model::{
    Error, Result, Timestamp,
    id::{SessionId, UserId},
    identity::{CeremonyBegun, CeremonyEnd, IdentityError},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::time::Duration;

/// How long a challenge can be answered.
const LIFE: Duration = Duration::from_mins(5);

/// What a ceremony is for. A challenge of one kind can't end another.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Register,
    Login,
    /// The second step of a sign-in.
    Second,
    Sudo,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Login => "login",
            Self::Second => "second",
            Self::Sudo => "sudo",
        }
    }

    /// Only a digest of the id is kept.
    fn key(self, id: &str) -> String {
        format!("passkey:{}:{}", self.word(), hex::encode(digest(id)))
    }
}

/// Who may end a ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Bound {
    /// Whoever has the passkey of any account.
    Anyone,
    /// Whoever has a passkey of this account; of none where the account is nobody's.
    Account(Option<UserId>),
    /// This account, in this session.
    Session(UserId, SessionId),
}

/// A ceremony between its beginning and its end.
#[derive(Serialize, Deserialize)]
pub(super) struct Ceremony<S> {
    pub bound: Bound,
    /// Whether the browser acts without asking its user, as it may when it makes a passkey after a sign-in.
    pub conditional: bool,
    /// Challenge and policy, as the verifier wants them back.
    pub state: S,
    begun_at: Timestamp,
}

impl Service {
    /// Keeps a ceremony's state, and answers what the client needs to go on.
    pub(super) async fn ceremony_begin<S: Serialize>(
        &self,
        kind: Kind,
        bound: Bound,
        conditional: bool,
        (options, state): (Value, S),
    ) -> Result<CeremonyBegun> {
        let session_id = self.inner.random.secret("pk_");
        let ceremony = Ceremony { bound, conditional, state, begun_at: self.now() };
        let bytes = serde_json::to_vec(&ceremony).map_err(|_| Error::Internal)?;
        self.inner.stores.challenges.challenge_put(&kind.key(&session_id), &bytes, LIFE).await?;
        Ok(CeremonyBegun { session_id, options })
    }

    /// Takes a ceremony: of racing ends one gets it, and whatever comes of it, it is used up. One that was begun in a session is
    /// ended in the same.
    pub(super) async fn ceremony_take<S: DeserializeOwned>(&self, caller: &Caller, kind: Kind, end: &CeremonyEnd) -> Result<Ceremony<S>> {
        let expired = || Error::from(IdentityError::PasskeyExpired);
        let taken = self.inner.stores.challenges.challenge_take(&kind.key(end.ceremony.as_ref())).await?;
        let ceremony: Ceremony<S> = taken.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(expired)?;
        let same_session = match ceremony.bound {
            Bound::Session(user, session) => {
                caller.user.as_ref().is_some_and(|signed_in| (signed_in.id, signed_in.via) == (user, Via::Session(session)))
            }
            Bound::Anyone | Bound::Account(_) => true,
        };
        if same_session && ceremony.begun_at.plus(LIFE) > self.now() { Ok(ceremony) } else { Err(expired()) }
    }
}
