//! Sealing: what must be readable again, but by nobody who only has the database or its backup.
//!
//! XChaCha20-Poly1305 with a random nonce. What is sealed is bound to its purpose and to the thing it belongs to, so that one
//! user's secret put into another user's row does not open. Every seal names its key, so that keys can be rotated: the first
//! key seals, all of them open, and [`Sealer::is_outdated`] says what is worth sealing anew.
//!
//! To seal something new: a variant of [`Purpose`].

use crate::ports::Random;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

/// The first byte of a seal: the format below.
const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// What something is sealed for. The stored words never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A job's payload; bound to the job's kind.
    Job,
    /// The secret of an authenticator app; bound to its account.
    Totp,
    /// The key of a file's content; bound to the file.
    File,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Totp => "totp",
            Self::File => "file",
        }
    }
}

/// What a seal is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    /// What for.
    pub purpose: Purpose,
    /// The thing it belongs to: a row's id, a kind. Whoever opens must name the same.
    pub to: &'a str,
}

/// A key, with the id that seals name it by.
#[derive(Clone)]
pub struct SealingKey {
    /// 1 to 255 bytes.
    pub id: String,
    /// Random, or derived for this use alone.
    pub bytes: [u8; 32],
}

/// Why something does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It is cut short, or of another format.
    #[error("not a seal")]
    Malformed,
    /// The key it names is not among ours (any more).
    #[error("sealed with a key that is not configured")]
    UnknownKey,
    /// It was changed, belongs to something else, or its key is another one of the same name.
    #[error("the seal does not fit")]
    Broken,
    /// What was to be sealed is too long for the cipher, or the key's id for the format.
    #[error("can't be sealed")]
    TooLong,
}

/// Seals and opens.
pub struct Sealer {
    first: (String, XChaCha20Poly1305),
    older: Vec<(String, XChaCha20Poly1305)>,
}

impl Sealer {
    /// The first key seals, all of them open.
    pub fn new(first: &SealingKey, older: &[SealingKey]) -> Self {
        let cipher = |key: &SealingKey| (key.id.clone(), XChaCha20Poly1305::new(&key.bytes.into()));
        Self { first: cipher(first), older: older.iter().map(cipher).collect() }
    }

    /// Seals: format, length of the key's id, the id, the nonce, the ciphertext.
    pub fn seal(&self, random: &dyn Random, bound: Bound<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let (id, cipher) = &self.first;
        let mut sealed = vec![FORMAT, u8::try_from(id.len()).map_err(|_| SealError::TooLong)?];
        sealed.extend_from_slice(id.as_bytes());
        let aad = associated(&sealed, bound);
        let nonce = random.bytes::<NONCE>();
        let text = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad }).map_err(|_| SealError::TooLong)?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens what was sealed and bound in the same way.
    pub fn open(&self, bound: Bound<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let Parts { head, id, rest } = parts(sealed)?;
        let keys = std::iter::once(&self.first).chain(&self.older);
        let (_, cipher) = keys.into_iter().find(|(known, _)| known.as_bytes() == id).ok_or(SealError::UnknownKey)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Malformed)?;
        let payload = Payload { msg: text, aad: &associated(head, bound) };
        cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::Broken)
    }

    /// Whether it was sealed with another key than the one that seals now.
    pub fn is_outdated(&self, sealed: &[u8]) -> bool {
        parts(sealed).is_ok_and(|parts| parts.id != self.first.0.as_bytes())
    }
}

struct Parts<'a> {
    /// Format and key id, as they stand.
    head: &'a [u8],
    /// The key's id.
    id: &'a [u8],
    /// Nonce and ciphertext.
    rest: &'a [u8],
}

fn parts(sealed: &[u8]) -> Result<Parts<'_>, SealError> {
    let [FORMAT, length, ..] = sealed else { return Err(SealError::Malformed) };
    let (head, rest) = sealed.split_at_checked(2 + usize::from(*length)).ok_or(SealError::Malformed)?;
    Ok(Parts { head, id: head.get(2..).unwrap_or_default(), rest })
}

/// What is authenticated besides the ciphertext. Purposes hold no NUL, so no two bindings read the same.
fn associated(head: &[u8], bound: Bound<'_>) -> Vec<u8> {
    [head, bound.purpose.as_str().as_bytes(), &[0], bound.to.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Different at every call, which is all that the tests need.
    #[derive(Default)]
    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0.fetch_add(1, Ordering::SeqCst));
        }
    }

    const MAIL: Bound<'static> = Bound { purpose: Purpose::Job, to: "mail" };

    fn key(id: &str, byte: u8) -> SealingKey {
        SealingKey { id: id.to_owned(), bytes: [byte; 32] }
    }

    #[test]
    fn what_is_sealed_opens_and_shows_nothing() {
        let (sealer, random) = (Sealer::new(&key("2026-11", 7), &[]), Counting::default());
        for plain in [vec![], b"rahasia".to_vec(), vec![9; 100_000]] {
            let sealed = sealer.seal(&random, MAIL, &plain).unwrap();
            assert_eq!(sealer.open(MAIL, &sealed).unwrap(), plain);
            assert_eq!(sealed.len(), 2 + 7 + NONCE + plain.len() + 16);
            assert!(plain.is_empty() || !sealed.windows(plain.len()).any(|window| window == plain));
            assert_ne!(sealer.seal(&random, MAIL, &plain).unwrap(), sealed, "never twice the same");
        }
    }

    #[test]
    fn a_seal_belongs_to_one_thing() {
        let (sealer, random) = (Sealer::new(&key("a", 7), &[]), Counting::default());
        let sealed = sealer.seal(&random, MAIL, b"rahasia").unwrap();
        let other = Bound { to: "mail2", ..MAIL };
        assert_eq!(sealer.open(other, &sealed), Err(SealError::Broken));
    }

    #[test]
    fn no_byte_can_be_changed_or_left_out() {
        let (sealer, random) = (Sealer::new(&key("a", 7), &[]), Counting::default());
        let sealed = sealer.seal(&random, MAIL, b"rahasia").unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(sealer.open(MAIL, &changed).is_err(), "byte {place}");
            assert!(sealer.open(MAIL, &sealed[..place]).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn keys_are_rotated() {
        let random = Counting::default();
        let (old, new) = (key("old", 1), key("new", 2));
        let before = Sealer::new(&old, &[]);
        let sealed = before.seal(&random, MAIL, b"rahasia").unwrap();
        let after = Sealer::new(&new, std::slice::from_ref(&old));
        assert_eq!(after.open(MAIL, &sealed).unwrap(), b"rahasia");
        assert!(after.is_outdated(&sealed) && !before.is_outdated(&sealed));
        let again = after.seal(&random, MAIL, b"rahasia").unwrap();
        assert!(!after.is_outdated(&again));
        assert_eq!(before.open(MAIL, &again), Err(SealError::UnknownKey));
        assert_eq!(Sealer::new(&key("old", 3), &[]).open(MAIL, &sealed), Err(SealError::Broken), "the same name, another key");
    }
}
