//! Doors for the fuzz targets (`fuzz/`) to what is judged behind private ones. Nothing here decides anything.

pub use super::passkeys::fuzz::{Begun, Login, NewPasskey, Party, Registration, aaguid, as_if_present};
use super::{
    AccessClaims, Keys,
    keys::{REFRESH_LIFE, RefreshClaims},
    totp::{setup, totp},
};
use aivalid_model::{
    Result, Timestamp,
    id::{SessionId, UserId},
    identity::TotpSetup,
};

/// As a sign-in signs it.
pub fn sign_access(keys: &Keys, claims: &AccessClaims) -> Result<String> {
    keys.sign_access(claims)
}

/// As every request reads it.
pub fn read_access(keys: &Keys, token: &str, origin: &str, now: Timestamp) -> Option<AccessClaims> {
    keys.read_access(token, origin, now)
}

/// As a sign-in signs it, at a time in seconds.
pub fn sign_refresh(keys: &Keys, user: UserId, session: SessionId, jti: &str, origin: &str, made: i64) -> Result<String> {
    keys.sign_refresh(&RefreshClaims {
        user_id: user,
        session_id: session,
        jti: jti.to_owned(),
        kind: "refresh".to_owned(),
        iss: Keys::issuer().to_owned(),
        aud: origin.to_owned(),
        iat: made,
        nbf: made,
        exp: Timestamp::from_secs(made).plus(REFRESH_LIFE).secs(),
    })
}

/// Whether refreshing goes on to look for its session.
pub fn read_refresh(keys: &Keys, token: &str, origin: &str, now: Timestamp) -> bool {
    keys.read_refresh(token, origin, now).is_ok()
}

/// The code of an authenticator app at a time in seconds.
pub fn totp_code(secret: &[u8], at: u64) -> String {
    totp(secret.to_vec(), "-").map(|totp| totp.generate(at).to_string()).unwrap_or_default()
}

/// The step that a code is accepted as at a time in seconds.
pub fn totp_step(secret: &[u8], code: &str, now: u64) -> Option<i64> {
    totp(secret.to_vec(), "-").ok()?.check(code, now).and_then(|step| i64::try_from(step).ok())
}

/// What an authenticator app is set up with.
pub fn totp_setup(secret: &[u8], account: &str) -> Result<TotpSetup> {
    setup(secret.to_vec(), account)
}
