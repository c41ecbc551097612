//! Public keys, what they are called, and signatures.

use crate::{CONTEXT, Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use ml_dsa::{EncodedSignature, EncodedVerifyingKey, MlDsa65, VerifyingKey};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// The length of a public key (FIPS 204, table 2).
pub const PUBLIC_KEY_BYTES: usize = 1952;
/// The length of a signature (FIPS 204, table 2).
pub const SIGNATURE_BYTES: usize = 3309;

/// What a public key is called: its SHA-256, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 32]);

impl KeyId {
    /// The digest itself.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From a digest as it was stored.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A text that is no [`KeyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoKeyId;

impl fmt::Display for NoKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not 64 lower-case hexadecimal digits")
    }
}

impl std::error::Error for NoKeyId {}

impl FromStr for KeyId {
    type Err = NoKeyId;
    fn from_str(text: &str) -> Result<Self, NoKeyId> {
        let mut bytes = [0; 32];
        let one_way_to_write_it = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) if one_way_to_write_it => Ok(Self(bytes)),
            _ => Err(NoKeyId),
        }
    }
}

/// An ML-DSA-65 public key. Every text of the right length decodes to one, so what tells a key from junk is a signature that it
/// verifies.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Box<[u8; PUBLIC_KEY_BYTES]>);

impl PublicKey {
    /// From its encoding (FIPS 204, algorithm 22); `None` for another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        boxed(bytes).map(Self)
    }

    /// From base64 with padding, as a client sends it; `None` for anything else.
    pub fn of_base64(text: &str) -> Option<Self> {
        decoded(text, PUBLIC_KEY_BYTES).and_then(|bytes| Self::from_bytes(&bytes))
    }

    /// Its encoding.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// As base64 with padding.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.as_bytes())
    }

    /// What it is called.
    pub fn id(&self) -> KeyId {
        KeyId(Sha256::digest(self.as_bytes()).into())
    }

    /// Whether a signature is this key's over this request. About a tenth of a millisecond.
    pub fn verifies(&self, request: &Request<'_>, signature: &Signature) -> bool {
        self.verifies_text(request.text().as_bytes(), CONTEXT, signature)
    }

    /// Whether a signature is this key's over any text in any context (at most 255 bytes).
    pub fn verifies_text(&self, text: &[u8], context: &[u8], signature: &Signature) -> bool {
        let Ok(encoded) = EncodedVerifyingKey::<MlDsa65>::try_from(self.as_bytes()) else { return false };
        let Ok(signature) = EncodedSignature::<MlDsa65>::try_from(signature.as_bytes()) else { return false };
        let Some(signature) = ml_dsa::Signature::decode(&signature) else { return false };
        VerifyingKey::<MlDsa65>::decode(&encoded).verify_with_context(text, context, &signature)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

/// An ML-DSA-65 signature: the right length, not yet verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(Box<[u8; SIGNATURE_BYTES]>);

impl Signature {
    /// From its encoding; `None` for another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        boxed(bytes).map(Self)
    }

    /// From base64 with padding; `None` for anything else, also for another way of writing the same bytes.
    pub fn of_base64(text: &str) -> Option<Self> {
        decoded(text, SIGNATURE_BYTES).and_then(|bytes| Self::from_bytes(&bytes))
    }

    /// As base64 with padding.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0.as_slice())
    }

    /// Its encoding.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Its SHA-256: what is remembered of a signature that was accepted. ML-DSA is strongly unforgeable, so nobody without the
    /// secret key turns a signature into another one over the same text, and its digest stands for the use.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_slice()).into()
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", hex::encode(self.digest()))
    }
}

fn boxed<const N: usize>(bytes: &[u8]) -> Option<Box<[u8; N]>> {
    bytes.to_vec().into_boxed_slice().try_into().ok()
}

/// Nothing is decoded that can't have the right length.
fn decoded(text: &str, length: usize) -> Option<Vec<u8>> {
    if text.len() != length.div_ceil(3) * 4 {
        return None;
    }
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_ids_have_one_way_to_be_written() {
        let id = PublicKey::from_bytes(&[7; PUBLIC_KEY_BYTES]).unwrap().id();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(KeyId::from_bytes(id.as_bytes()), Some(id));
        let text = id.to_string();
        for bad in ["", "x", &text[1..], &format!("{text}0"), &text.to_uppercase(), &format!(" {}", &text[1..]), &text.replace('a', "g")] {
            assert!(bad == text || bad.parse::<KeyId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_right_length_is_a_key_or_a_signature() {
        for length in [0, 1, 1951, 1953, 3308, 3310, 10_000] {
            assert!(PublicKey::from_bytes(&vec![1; length]).is_none() && Signature::from_bytes(&vec![1; length]).is_none(), "{length}");
            let text = STANDARD.encode(vec![1; length]);
            assert!(PublicKey::of_base64(&text).is_none() && Signature::of_base64(&text).is_none(), "{length}");
        }
        let key = PublicKey::from_bytes(&[5; PUBLIC_KEY_BYTES]).unwrap();
        assert_eq!(PublicKey::of_base64(&key.to_base64()), Some(key.clone()));
        assert_eq!(format!("{key:?}").len(), "PublicKey()".len() + 64, "no key in the log");
    }

    #[test]
    fn base64_has_one_way_to_be_written() {
        let text = PublicKey::from_bytes(&[0xFB; PUBLIC_KEY_BYTES]).unwrap().to_base64();
        assert!(PublicKey::of_base64(&text).is_some());
        // The URL-safe alphabet, missing padding, white space, and bits after the last byte.
        let bits = format!("{}x=", &text[..text.len() - 2]);
        for bad in [text.replace('+', "-"), text.trim_end_matches('=').to_owned(), format!(" {}", &text[1..]), bits, "é".repeat(1302)] {
            assert!(bad == text || PublicKey::of_base64(&bad).is_none(), "{}", &bad[bad.len() - 8..]);
        }
    }
}
