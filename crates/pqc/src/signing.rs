//! Making keys and signatures: what a browser does, and the tests. A secret key is kept as the seed that it is made of.

use crate::{CONTEXT, PublicKey, Request, Signature};
use ml_dsa::{ExpandedSigningKey, MlDsa65};
use std::fmt;
use zeroize::Zeroize;

/// The length of a seed and of a signature's randomness (FIPS 204, algorithms 1 and 2).
pub const SEED_BYTES: usize = 32;

/// A secret key.
pub struct SigningKey {
    /// Tens of kilobytes.
    key: Box<ExpandedSigningKey<MlDsa65>>,
    public: PublicKey,
}

impl SigningKey {
    /// The key of a seed, always the same one (FIPS 204, algorithm 6). Whoever has the seed has the key: it must be 32 bytes of
    /// good randomness.
    pub fn from_seed(seed: &[u8; SEED_BYTES]) -> Option<Self> {
        let mut seed: ml_dsa::Seed = (*seed).into();
        let key = Box::new(ExpandedSigningKey::<MlDsa65>::from_seed(&seed));
        seed.zeroize();
        let public = PublicKey::from_bytes(&key.verifying_key().encode())?;
        Some(Self { key, public })
    }

    /// The key that verifies.
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a request. `randomness` is new for each signature, so that the same request signed twice within a second has two
    /// signatures; zeros make the deterministic variant.
    pub fn sign(&self, request: &Request<'_>, randomness: &[u8; SEED_BYTES]) -> Option<Signature> {
        self.sign_text(request.text().as_bytes(), CONTEXT, randomness)
    }

    /// Signs any text in any context; `None` for a context of more than 255 bytes.
    pub fn sign_text(&self, text: &[u8], context: &[u8], randomness: &[u8; SEED_BYTES]) -> Option<Signature> {
        // ML-DSA.Sign (algorithm 2) with randomness from outside: the domain separator of a message that was not hashed before, and
        // the context with its length.
        let length = u8::try_from(context.len()).ok()?;
        let signature = self.key.sign_internal(&[&[0, length], context, text], &(*randomness).into());
        Signature::from_bytes(&signature.encode())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.id())
    }
}
