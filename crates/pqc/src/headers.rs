//! How a signature travels: three headers.

use crate::{KeyId, Signature, SignedAt};
use std::fmt;

/// Names the key: 64 lower-case hexadecimal digits.
pub const KEY_ID: &str = "x-pqc-key-id";
/// When the request was signed: seconds since 1970-01-01 UTC.
pub const TIMESTAMP: &str = "x-pqc-timestamp";
/// The signature: base64 with padding, 4,412 characters.
pub const SIGNATURE: &str = "x-pqc-signature";

/// The three headers as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    /// `X-PQC-Key-Id`.
    pub key_id: Option<&'a str>,
    /// `X-PQC-Timestamp`.
    pub timestamp: Option<&'a str>,
    /// `X-PQC-Signature`.
    pub signature: Option<&'a str>,
}

/// Who signed a request, and when, as the request itself says: nothing of it is proven yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// With which key.
    pub key: KeyId,
    /// When.
    pub at: SignedAt,
    /// The signature.
    pub signature: Signature,
}

/// Names the header that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the header {} is missing or can't be read", self.0)
    }
}

impl std::error::Error for Malformed {}

impl Claim {
    /// Reads the headers. `None` where a request has none of them; one or two alone are an error.
    pub fn read(headers: Headers<'_>) -> Result<Option<Self>, Malformed> {
        let Headers { key_id, timestamp, signature } = headers;
        if key_id.is_none() && timestamp.is_none() && signature.is_none() {
            return Ok(None);
        }
        let key = key_id.and_then(|text| text.parse().ok()).ok_or(Malformed(KEY_ID))?;
        let at = timestamp.and_then(|text| text.parse().ok()).ok_or(Malformed(TIMESTAMP))?;
        let signature = signature.and_then(Signature::of_base64).ok_or(Malformed(SIGNATURE))?;
        Ok(Some(Self { key, at, signature }))
    }
}
