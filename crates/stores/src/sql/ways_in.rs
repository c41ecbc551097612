//! How many ways of signing in an account has. Whoever takes one away counts the others first, in the same transaction and
//! with the account's row locked. A new way of signing in adds its term to the sum here.

use super::Conn;
use aivalid_model::id::{PasskeyId, UserId};

/// A password counts where there is an address to type with it, every passkey but the one that is to go, and the phone number,
/// unless it is to go.
const WAYS: &str = "SELECT (SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash IS NOT NULL AND email IS NOT NULL) \
     + (SELECT COUNT(*) FROM users WHERE id = $1 AND phone IS NOT NULL AND NOT $3) \
     + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND id <> $2)";

/// The way in that is to go.
#[derive(Clone, Copy)]
pub(super) enum Leaving {
    /// A passkey.
    Passkey(PasskeyId),
    /// The phone number.
    Phone,
}

/// How many ways are left when this one goes.
pub(super) async fn other_ways_in(conn: &mut Conn, user: UserId, leaving: Leaving) -> sqlx::Result<i64> {
    // Ids of passkeys are positive.
    let (passkey, phone) = match leaving {
        Leaving::Passkey(id) => (id.0, false),
        Leaving::Phone => (0, true),
    };
    sqlx::query_scalar(WAYS).bind(user.0).bind(passkey).bind(phone).fetch_one(&mut *conn).await
}
