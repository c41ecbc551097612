//! What is signed.

use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// The context of every signature (FIPS 204, algorithm 2): a signature for this system is none for another.
pub const CONTEXT: &[u8] = b"aivalid/v1";
/// The header that makes a repeated request harmless; it is signed where there is one.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// When a request was signed: whole seconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignedAt(u64);

impl SignedAt {
    /// The year 5138; a later time can't be written.
    const LATEST: u64 = 99_999_999_999;

    /// From seconds; `None` for a time that can't be written.
    pub const fn from_secs(secs: u64) -> Option<Self> {
        if secs <= Self::LATEST { Some(Self(secs)) } else { None }
    }

    /// The seconds.
    pub const fn secs(self) -> u64 {
        self.0
    }
}

impl fmt::Display for SignedAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SignedAt {
    type Err = Unsignable;
    fn from_str(text: &str) -> Result<Self, Unsignable> {
        let written_once = text == "0" || !text.starts_with('0');
        match text.parse() {
            // Rust also reads a leading plus sign.
            Ok(secs) if written_once && text.bytes().all(|b| b.is_ascii_digit()) => Self::from_secs(secs).ok_or(Unsignable("timestamp")),
            _ => Err(Unsignable("timestamp")),
        }
    }
}

/// Names the part of a request that can't be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsignable(pub &'static str);

impl fmt::Display for Unsignable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a request with such a {} can't be signed", self.0)
    }
}

impl std::error::Error for Unsignable {}

/// A request, as far as it is signed.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    method: &'a str,
    path: &'a str,
    at: SignedAt,
    idempotency_key: &'a str,
    body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Of its parts; see the crate's documentation for each. `idempotency_key` is empty where there is none.
    pub fn new(method: &'a str, path: &'a str, at: SignedAt, idempotency_key: &'a str, body: &'a [u8]) -> Result<Self, Unsignable> {
        let visible = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
        if method.is_empty() || !method.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Unsignable("method"));
        }
        if !path.starts_with('/') || !visible(path) {
            return Err(Unsignable("path"));
        }
        let is_key = (8..=128).contains(&idempotency_key.len()) && visible(idempotency_key);
        if !is_key && !idempotency_key.is_empty() {
            return Err(Unsignable("idempotency key"));
        }
        Ok(Self { method, path, at, idempotency_key, body })
    }

    /// The hexadecimal SHA-256 of the body.
    pub fn body_digest(&self) -> String {
        hex::encode(Sha256::digest(self.body))
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        let Self { method, path, at, idempotency_key, .. } = self;
        format!("{method}\n{path}\n{at}\n{idempotency_key}\n{}", self.body_digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> SignedAt {
        SignedAt::from_secs(secs).unwrap()
    }

    #[test]
    fn the_text_is_what_the_documentation_says() {
        let request = Request::new("POST", "/api/v1/deposits?draft=1", at(1_795_004_800), "0b9a7c3e", b"{}").unwrap();
        assert_eq!(
            request.text(),
            "POST\n/api/v1/deposits?draft=1\n1795004800\n0b9a7c3e\n44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
        let bare = Request::new("DELETE", "/", at(0), "", b"").unwrap();
        assert_eq!(bare.text(), "DELETE\n/\n0\n\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn times_have_one_way_to_be_written() {
        for good in ["0", "1", "1795004800", "99999999999"] {
            assert_eq!(good.parse::<SignedAt>().unwrap().to_string(), good);
        }
        for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "1e9", "0x1", "100000000000", "99999999999999999999999", "١"] {
            assert_eq!(bad.parse::<SignedAt>(), Err(Unsignable("timestamp")), "{bad}");
        }
        assert_eq!(SignedAt::from_secs(100_000_000_000), None);
    }

    #[test]
    fn no_part_can_pass_for_two() {
        let parts = |method, path, key| Request::new(method, path, at(1), key, b"").map(|_| ());
        for method in ["", "post", "PO ST", "POST\n/", "POST\0", "PÖST"] {
            assert_eq!(parts(method, "/", ""), Err(Unsignable("method")), "{method:?}");
        }
        for path in ["", "x", "/a b", "/a\n1", "/\u{e9}", "https://aivalid.example/"] {
            assert_eq!(parts("POST", path, ""), Err(Unsignable("path")), "{path:?}");
        }
        for key in ["short", "with a space", "with\nline", &"x".repeat(129), "kunci-é-kunci"] {
            assert_eq!(parts("POST", "/", key), Err(Unsignable("idempotency key")), "{key:?}");
        }
    }
}
