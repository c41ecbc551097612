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
    /// The phone number.
    Phone,
}

/// A password counts where there is an address to type with it and it is not one that counts only beside a passkey; so do every passkey, every identity at another service, and the phone
/// number where codes can be sent to it (`$4`), but for the one that is to go.
const WAYS: &str = "SELECT (SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash IS NOT NULL AND NOT password_mailed AND email IS NOT NULL) \
     + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND id <> $2) \
     + (SELECT COUNT(*) FROM federated_identities WHERE user_id = $1 AND active AND provider <> $3) \
     + (SELECT COUNT(*) FROM users WHERE id = $1 AND phone IS NOT NULL AND $4)";

/// How many ways are left when this one goes. `sms`: whether codes can be sent to phones.
pub(super) async fn other_ways_in(conn: &mut Conn, user: UserId, leaving: Leaving<'_>, sms: bool) -> sqlx::Result<i64> {
    // Ids of passkeys are positive, and services have names.
    let (passkey, provider, phone) = match leaving {
        Leaving::Passkey(id) => (id.0, "", sms),
        Leaving::Provider(name) => (0, name, sms),
        Leaving::Phone => (0, "", false),
    };
    sqlx::query_scalar(WAYS).bind(user.0).bind(passkey).bind(provider).bind(phone).fetch_one(&mut *conn).await
}
