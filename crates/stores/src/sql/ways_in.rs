//! How many ways of signing in an account has. Whoever takes one away counts the others first, in the same transaction and
//! with the account's row locked. A new way of signing in adds its term to the sum here.

use super::Conn;
use aivalid_model::id::{PasskeyId, UserId};

/// A way that is to go.
#[derive(Clone, Copy)]
pub(super) enum Leaving<'a> {
    /// This passkey.
    Passkey(PasskeyId),
    /// The identity at this service.
    Provider(&'a str),
}

/// A password counts, every passkey and every identity at another service, but for the one that is to go.
const WAYS: &str = "SELECT (SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash IS NOT NULL) \
     + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND id <> $2) \
     + (SELECT COUNT(*) FROM federated_identities WHERE user_id = $1 AND active AND provider <> $3)";

/// How many ways are left when this one goes.
pub(super) async fn other_ways_in(conn: &mut Conn, user: UserId, leaving: Leaving<'_>) -> sqlx::Result<i64> {
    // Ids of passkeys are positive, and services have names.
    let (passkey, provider) = match leaving {
        Leaving::Passkey(id) => (id.0, ""),
        Leaving::Provider(name) => (0, name),
    };
    sqlx::query_scalar(WAYS).bind(user.0).bind(passkey).bind(provider).fetch_one(&mut *conn).await
}
