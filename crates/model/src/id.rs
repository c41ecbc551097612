//! Ids, one type for each thing, so that a thread's id can't be passed for a user's.

use serde::{Deserialize, Serialize};
use std::{fmt, num::ParseIntError, str::FromStr};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A user: a random 53-bit integer, so that it tells neither age nor number of accounts and is exact in JavaScript.
    UserId;
    /// A sign-in on one device: a random 53-bit integer; the secret is in the tokens, not here.
    SessionId;
    /// A forum or case category.
    CategoryId;
    /// A forum thread, counted up.
    ThreadId;
    /// A validation case, counted up.
    CaseId;
    /// A reply: 41 bits of milliseconds since 2024 and 12 random bits, made by the server so that every store agrees.
    ReplyId;
    /// A badge that can be granted.
    BadgeId;
    /// An entry of the audit log, counted up.
    AuditId;
    /// Work for later, counted up.
    JobId;
    /// A submission of identity documents: a random 53-bit integer.
    KycId;
    /// An identity document: a random 53-bit integer.
    KycDocumentId;
    /// A passkey: a random 53-bit integer; what the authenticator calls it is its credential id.
    PasskeyId;
    /// A personal API token: a random 53-bit integer; the secret is in the token, not here.
    ApiTokenId;
    /// A request to recover an account: a random 53-bit integer; the secrets are in its links, not here.
    RecoveryId;
}
