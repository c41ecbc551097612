//! Encrypting a stream in chunks: XChaCha20-Poly1305 on 64 KiB each, under a key that no other file has.
//!
//! What goes with each chunk is its number, whether it is the last one, and the file's id, all of them authenticated (and
//! number and last-flag are the nonce as well, as in the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár,
//! 2015). So chunks that are changed, left out, exchanged, repeated, appended, or taken from another file do not open, nor
//! does a file that ends early.

use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};

/// Plain bytes in a chunk; only the last one has fewer.
const CHUNK: usize = 64 * 1024;
/// Bytes by which a chunk grows.
const TAG: usize = 16;

/// A file's own key.
pub(super) type DataKey = [u8; 32];

/// The content is not what was written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content was changed or cut off")]
pub(super) struct Damaged;

/// What both directions share.
struct Chunks {
    cipher: XChaCha20Poly1305,
    id: Vec<u8>,
    number: u64,
    waiting: Vec<u8>,
}

impl Chunks {
    fn new(key: &DataKey, id: &str) -> Self {
        Self { cipher: XChaCha20Poly1305::new(&Key::from(*key)), id: id.as_bytes().to_vec(), number: 0, waiting: Vec::new() }
    }

    /// Nonce and authenticated data of the next chunk.
    fn next(&mut self, last: bool) -> (XNonce, Vec<u8>) {
        let mut nonce = [0; 24];
        for (place, byte) in nonce.iter_mut().zip(self.number.to_le_bytes().into_iter().chain([u8::from(last)])) {
            *place = byte;
        }
        let aad = [&b"aivalid file 1\0"[..], &self.number.to_le_bytes(), &[u8::from(last)], &self.id].concat();
        self.number += 1;
        (XNonce::from(nonce), aad)
    }

    /// Takes a whole chunk of `size` out, when there is more than that: only then it is known not to be the last one.
    fn take(&mut self, size: usize) -> Option<Vec<u8>> {
        (self.waiting.len() > size).then(|| {
            let rest = self.waiting.split_off(size);
            std::mem::replace(&mut self.waiting, rest)
        })
    }
}

/// Encrypts.
pub(super) struct Sealing(Chunks);

impl Sealing {
    pub(super) fn new(key: &DataKey, id: &str) -> Self {
        Self(Chunks::new(key, id))
    }

    /// Takes plain bytes and gives what can be written of them by now.
    pub(super) fn push(&mut self, plain: &[u8]) -> Result<Vec<u8>, Damaged> {
        self.0.waiting.extend_from_slice(plain);
        let mut out = Vec::new();
        while let Some(chunk) = self.0.take(CHUNK) {
            out.extend(self.seal(&chunk, false)?);
        }
        Ok(out)
    }

    /// The end of the content.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Damaged> {
        let rest = std::mem::take(&mut self.0.waiting);
        self.seal(&rest, true)
    }

    fn seal(&mut self, msg: &[u8], last: bool) -> Result<Vec<u8>, Damaged> {
        let (nonce, aad) = self.0.next(last);
        // Fails only for messages of many gigabytes.
        self.0.cipher.encrypt(&nonce, Payload { msg, aad: &aad }).map_err(|_| Damaged)
    }
}

/// Decrypts.
pub(super) struct Opening(Chunks);

impl Opening {
    pub(super) fn new(key: &DataKey, id: &str) -> Self {
        Self(Chunks::new(key, id))
    }

    /// Takes stored bytes and gives what they open to by now; nothing that was not authenticated.
    pub(super) fn push(&mut self, stored: &[u8]) -> Result<Vec<u8>, Damaged> {
        self.0.waiting.extend_from_slice(stored);
        let mut out = Vec::new();
        while let Some(chunk) = self.0.take(CHUNK + TAG) {
            out.extend(self.open(&chunk, false)?);
        }
        Ok(out)
    }

    /// The end of the content, or the news that this is not it.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Damaged> {
        let rest = std::mem::take(&mut self.0.waiting);
        self.open(&rest, true)
    }

    fn open(&mut self, msg: &[u8], last: bool) -> Result<Vec<u8>, Damaged> {
        let (nonce, aad) = self.0.next(last);
        self.0.cipher.decrypt(&nonce, Payload { msg, aad: &aad }).map_err(|_| Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: DataKey = [7; 32];

    fn sealed(plain: &[u8], step: usize) -> Vec<u8> {
        let mut sealing = Sealing::new(&KEY, "a");
        let mut out = vec![];
        for part in plain.chunks(step) {
            out.extend(sealing.push(part).unwrap());
        }
        out.extend(sealing.finish().unwrap());
        out
    }

    fn opened_as(id: &str, key: &DataKey, stored: &[u8], step: usize) -> Result<Vec<u8>, Damaged> {
        let mut opening = Opening::new(key, id);
        let mut out = vec![];
        for part in stored.chunks(step) {
            out.extend(opening.push(part)?);
        }
        out.extend(opening.finish()?);
        Ok(out)
    }

    fn opened(stored: &[u8]) -> Result<Vec<u8>, Damaged> {
        opened_as("a", &KEY, stored, 100_000)
    }

    fn content(length: usize) -> Vec<u8> {
        (0..length).map(|place| u8::try_from((place * 31 + place / 251) % 256).unwrap()).collect()
    }

    #[test]
    fn every_length_comes_back_whatever_the_parts() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK] {
            let plain = content(length);
            for step in [977, CHUNK, CHUNK + TAG, usize::MAX / 2] {
                let stored = sealed(&plain, step);
                let chunks = length.div_ceil(CHUNK).max(1);
                assert_eq!(stored.len(), length + chunks * TAG);
                assert_eq!(opened_as("a", &KEY, &stored, step), Ok(plain.clone()), "{length} by {step}");
            }
        }
    }

    #[test]
    fn a_cut_anywhere_is_noticed() {
        let stored = sealed(&content(2 * CHUNK + 100), CHUNK);
        for length in [0, 1, TAG, CHUNK, CHUNK + TAG, CHUNK + TAG + 1, 2 * (CHUNK + TAG), stored.len() - 1] {
            assert_eq!(opened(&stored[..length]), Err(Damaged), "cut at {length}");
        }
    }

    #[test]
    fn exchanged_repeated_dropped_and_appended_chunks_are_noticed() {
        let stored = sealed(&content(3 * CHUNK), CHUNK);
        let chunks: Vec<&[u8]> = stored.chunks(CHUNK + TAG).collect();
        for order in [&[1, 0, 2][..], &[0, 0, 1, 2], &[0, 2], &[1, 2], &[0, 1, 2, 2], &[2], &[0, 1, 2, 0], &[0, 1]] {
            let changed: Vec<u8> = order.iter().flat_map(|place| chunks[*place].to_vec()).collect();
            assert_eq!(opened(&changed), Err(Damaged), "{order:?}");
        }
        assert_eq!(opened(&[&stored[..], b"x"].concat()), Err(Damaged));
    }

    #[test]
    fn another_files_content_or_key_does_not_open() {
        let stored = sealed(&content(100), 100);
        assert_eq!(opened_as("b", &KEY, &stored, 1000), Err(Damaged));
        assert_eq!(opened_as("a", &[8; 32], &stored, 1000), Err(Damaged));
    }

    #[test]
    fn nothing_unauthenticated_comes_out() {
        let mut stored = sealed(&content(3 * CHUNK), CHUNK);
        stored[CHUNK + TAG + 5] ^= 1;
        let mut opening = Opening::new(&KEY, "a");
        assert_eq!(opening.push(&stored[..=(CHUNK + TAG)]).unwrap(), content(3 * CHUNK)[..CHUNK]);
        assert_eq!(opening.push(&stored[CHUNK + TAG + 1..]), Err(Damaged));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_changed_bit_is_noticed(length in 0..(CHUNK + 2000), place in any::<prop::sample::Index>(), bit in 0..8) {
            let mut stored = sealed(&content(length), 4096);
            let place = place.index(stored.len());
            stored[place] ^= 1_u8 << bit;
            prop_assert_eq!(opened(&stored), Err(Damaged));
        }
    }
}
