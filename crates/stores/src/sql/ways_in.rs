//! How many ways of signing in an account has. Whoever takes one away counts the others first, in the same transaction and
//! with the account's row locked. A new way of signing in adds its term to the sum here.

use super::Conn;
use aivalid_model::id::{PasskeyId, UserId};

/// A password counts, and every passkey but the one that is to go.
const WAYS: &str = "SELECT (SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash IS NOT NULL) \
     + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND id <> $2)";

/// How many ways are left when this passkey goes.
pub(super) async fn other_ways_in(conn: &mut Conn, user: UserId, without: Option<PasskeyId>) -> sqlx::Result<i64> {
    // Ids of passkeys are positive.
    sqlx::query_scalar(WAYS).bind(user.0).bind(without.map_or(0, |id| id.0)).fetch_one(&mut *conn).await
}
