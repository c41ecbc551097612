//! Signing keys, and the tokens made with them.

use aivalid_model::{
    Error, Result, Timestamp,
    id::{SessionId, UserId},
    identity::IdentityError,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long an access token lives.
pub const ACCESS_LIFE: Duration = Duration::from_mins(15);
/// How long a refresh token lives.
pub const REFRESH_LIFE: Duration = Duration::from_hours(168);
/// How far clocks of instances may differ.
const LEEWAY: Duration = Duration::from_secs(5);
const ISSUER: &str = "aivalid";

/// A secret with the id it is found by, so that it can be replaced without signing everyone out.
#[derive(Clone)]
pub struct Secret {
    /// The `kid`.
    pub id: String,
    /// At least 32 random bytes.
    pub bytes: Vec<u8>,
}

/// The keys. The first of each list signs; all of them verify.
#[derive(Clone)]
pub struct Keys {
    access: Vec<Secret>,
    refresh: Vec<Secret>,
    /// Derives refresh tokens' ids and the device cookie's signature.
    derive: Vec<u8>,
}

/// What an access token says. Permissions and the like are for third parties' convenience: we read the live session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Whose.
    pub user_id: UserId,
    /// Their address, if they gave one.
    pub email: Option<String>,
    /// This token.
    pub jti: String,
    /// `access`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The session.
    pub session_id: SessionId,
    /// The device's random id.
    pub device_id: Option<String>,
    /// `none` until identities are checked.
    pub kyc_status: String,
    /// 0 to 3.
    pub kyc_level: u8,
    /// Names of permissions.
    pub permissions: Vec<String>,
    /// `read`, `write`, …
    pub scopes: Vec<String>,
    /// E.164, if there is one.
    pub phone_number: Option<String>,
    /// ISO 3166, if known.
    pub country_code: Option<String>,
    /// Us.
    pub iss: String,
    /// The public origin.
    pub aud: String,
    /// When made, in seconds.
    pub iat: i64,
    /// From when on, in seconds.
    pub nbf: i64,
    /// Until when, in seconds.
    pub exp: i64,
}

/// What a refresh token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefreshClaims {
    pub user_id: UserId,
    pub session_id: SessionId,
    pub jti: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub iss: String,
    pub aud: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

/// A digest under which a secret is stored.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

impl Keys {
    /// Keys from secrets; the first of each list signs.
    pub fn new(access: Vec<Secret>, refresh: Vec<Secret>, derive: Vec<u8>) -> Self {
        Self { access, refresh, derive }
    }

    /// The id of a refresh token's one and only successor.
    pub(crate) fn successor(&self, jti: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&["refresh", jti]))
    }

    /// The id of the access token that goes with a refresh token made at a time.
    pub(crate) fn access_id(&self, refresh_jti: &str, at: Timestamp) -> String {
        URL_SAFE_NO_PAD.encode(&self.mac(&["access", refresh_jti, &at.0.to_string()])[..16])
    }

    /// The key of what unknown accounts are said to have instead of passkeys.
    pub(crate) fn decoy_key(&self) -> [u8; 32] {
        self.mac(&["passkey decoys"])
    }

    /// A device id with its signature, for the cookie.
    pub fn sign_device(&self, device: &str) -> String {
        format!("{device}.{}", URL_SAFE_NO_PAD.encode(self.mac(&["device", device])))
    }

    /// The device id of a cookie that we signed.
    pub fn device(&self, cookie: &str) -> Option<String> {
        let (device, signature) = cookie.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.hmac(&["device", device])?.verify_slice(&signature).ok()?;
        Some(device.to_owned())
    }

    /// A short name for a text that nobody without the keys can find the text by, the same whenever it is made.
    pub(crate) fn pseudonym(&self, text: &str) -> String {
        hex::encode(&self.mac(&["pseudonym", text])[..8])
    }

    /// What is kept of a code that was sent to a phone: bound to what it is for, to whom and to the number.
    pub(crate) fn phone_code(&self, flow: &str, owner: Option<UserId>, phone: &str, code: &str) -> String {
        let owner = owner.map_or_else(String::new, |owner| owner.to_string());
        URL_SAFE_NO_PAD.encode(self.mac(&["phone code", flow, &owner, phone, code]))
    }

    /// Proves that the text of a "this wasn't me" link is ours.
    pub(crate) fn undo_mac(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&["undo", text]))
    }

    /// Proves that a link that connects another service was written for this session.
    pub(crate) fn connect_mac(&self, session: SessionId, provider: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&["connect", &session.to_string(), provider]))
    }

    /// Proves that a link to a service that vouches for who somebody is stood on a page of this session.
    pub(crate) fn sudo_mac(&self, session: SessionId, provider: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&["sudo", &session.to_string(), provider]))
    }

    /// Proves that the link that stops a recovery is ours.
    pub(crate) fn recovery_mac(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&["recovery", text]))
    }

    fn hmac(&self, parts: &[&str]) -> Option<Hmac<Sha256>> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.derive).ok()?;
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        Some(mac)
    }

    fn mac(&self, parts: &[&str]) -> [u8; 32] {
        // HMAC takes keys of any length, so there always is one.
        self.hmac(parts).map(|mac| mac.finalize().into_bytes().into()).unwrap_or_default()
    }

    pub(crate) fn sign_access(&self, claims: &AccessClaims) -> Result<String> {
        sign(&self.access, claims)
    }

    pub(crate) fn sign_refresh(&self, claims: &RefreshClaims) -> Result<String> {
        sign(&self.refresh, claims)
    }

    /// The claims of an access token that is ours and current.
    pub(crate) fn read_access(&self, token: &str, audience: &str, now: Timestamp) -> Option<AccessClaims> {
        let claims: AccessClaims = verify(&self.access, token, audience)?;
        (claims.kind == "access" && is_current(claims.nbf, claims.exp, now)).then_some(claims)
    }

    /// The claims of a refresh token that is ours and current.
    pub(crate) fn read_refresh(&self, token: &str, audience: &str, now: Timestamp) -> Result<RefreshClaims> {
        verify::<RefreshClaims>(&self.refresh, token, audience)
            .filter(|claims| claims.kind == "refresh" && is_current(claims.nbf, claims.exp, now))
            .ok_or_else(|| IdentityError::SessionRevoked.into())
    }

    pub(crate) const fn issuer() -> &'static str {
        ISSUER
    }
}

fn is_current(not_before: i64, expires: i64, now: Timestamp) -> bool {
    now.plus(LEEWAY).secs() >= not_before && now.minus(LEEWAY).secs() < expires
}

fn sign<T: Serialize>(secrets: &[Secret], claims: &T) -> Result<String> {
    let secret = secrets.first().ok_or(Error::Internal)?;
    let header = Header { kid: Some(secret.id.clone()), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(&secret.bytes)).map_err(|error| {
        tracing::error!(%error, "signing a token failed");
        Error::Internal
    })
}

/// One algorithm, a known `kid`, issuer and audience. Times are checked against our own clock by the callers.
fn verify<T: DeserializeOwned>(secrets: &[Secret], token: &str, audience: &str) -> Option<T> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let kid = header.kid?;
    let secret = secrets.iter().find(|secret| secret.id == kid)?;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud"]);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[audience]);
    rules.validate_exp = false;
    rules.validate_nbf = false;
    jsonwebtoken::decode::<T>(token, &DecodingKey::from_secret(&secret.bytes), &rules).ok().map(|data| data.claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(id: &str, byte: u8) -> Secret {
        Secret { id: id.into(), bytes: vec![byte; 32] }
    }

    fn keys() -> Keys {
        Keys::new(vec![secret("a2", 2), secret("a1", 1)], vec![secret("r1", 9)], vec![7; 32])
    }

    fn claims(now: i64) -> RefreshClaims {
        RefreshClaims {
            user_id: UserId(5),
            session_id: SessionId(6),
            jti: "j".into(),
            kind: "refresh".into(),
            iss: ISSUER.into(),
            aud: "https://a.example".into(),
            iat: now,
            nbf: now,
            exp: now + 60,
        }
    }

    #[test]
    fn every_claim_is_checked() {
        let keys = keys();
        let at = Timestamp::from_secs;
        let good = keys.sign_refresh(&claims(1000)).unwrap();
        assert!(keys.read_refresh(&good, "https://a.example", at(1030)).is_ok());
        assert!(keys.read_refresh(&good, "https://b.example", at(1030)).is_err(), "audience");
        assert!(keys.read_refresh(&good, "https://a.example", at(1066)).is_err(), "expired");
        assert!(keys.read_refresh(&good, "https://a.example", at(900)).is_err(), "not yet");
        let wrong_kind = keys.sign_refresh(&RefreshClaims { kind: "access".into(), ..claims(1000) }).unwrap();
        assert!(keys.read_refresh(&wrong_kind, "https://a.example", at(1030)).is_err(), "type");
        let wrong_issuer = keys.sign_refresh(&RefreshClaims { iss: "x".into(), ..claims(1000) }).unwrap();
        assert!(keys.read_refresh(&wrong_issuer, "https://a.example", at(1030)).is_err(), "issuer");
        let foreign = Keys::new(vec![], vec![secret("r1", 8)], vec![]).sign_refresh(&claims(1000)).unwrap();
        assert!(keys.read_refresh(&foreign, "https://a.example", at(1030)).is_err(), "signature");
        let unsigned = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"r1"}"#), good.split('.').nth(1).unwrap());
        assert!(keys.read_refresh(&unsigned, "https://a.example", at(1030)).is_err(), "algorithm");
    }

    #[test]
    fn an_old_key_still_verifies_and_the_new_one_signs() {
        let old = Keys::new(vec![secret("a1", 1)], vec![], vec![]);
        let token = sign(&old.access, &claims(1000)).unwrap();
        assert!(verify::<RefreshClaims>(&keys().access, &token, "https://a.example").is_some());
        let token = sign(&keys().access, &claims(1000)).unwrap();
        assert!(verify::<RefreshClaims>(&old.access, &token, "https://a.example").is_none());
    }

    #[test]
    fn device_cookies_are_ours_or_nothing() {
        let cookie = keys().sign_device("d1");
        assert_eq!(keys().device(&cookie).as_deref(), Some("d1"));
        assert_eq!(keys().device(&cookie.replace("d1", "d2")), None);
        assert_eq!(keys().device("d1"), None);
    }
}
