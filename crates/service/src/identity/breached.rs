//! Passwords that are known from breaches, found without asking anybody.
//!
//! The list holds no passwords: the first four bytes of the SHA-256 digest of each, in lower case, sorted. One in some
//! 9,000 others is taken for a known one, which costs its owner another try and nothing else. The built-in list comes from
//! the most common million of a public collection, without those that are too short for us anyway; an operator can give a
//! longer one.

use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

const BUILT_IN: &[u8] = include_bytes!("breached.bin");
const WIDTH: usize = 4;

/// See the module.
#[derive(Clone)]
pub struct Breached(Arc<Cow<'static, [u8]>>);

impl Default for Breached {
    fn default() -> Self {
        Self(Arc::new(Cow::Borrowed(BUILT_IN)))
    }
}

fn mark(password: &str) -> [u8; WIDTH] {
    let digest = Sha256::digest(password.to_lowercase());
    digest.first_chunk().copied().unwrap_or_default()
}

impl Breached {
    /// A list that [`Breached::list_of`] made. `None` when it is not one.
    pub fn new(list: Vec<u8>) -> Option<Self> {
        let (marks, rest) = list.as_chunks::<WIDTH>();
        let sorted = rest.is_empty() && marks.is_sorted();
        sorted.then(|| Self(Arc::new(Cow::Owned(list))))
    }

    /// Whether a password is known.
    pub fn knows(&self, password: &str) -> bool {
        self.0.as_chunks::<WIDTH>().0.binary_search(&mark(password)).is_ok()
    }

    /// The list of these passwords. Those that nobody can have here are left out.
    pub fn list_of<'a>(passwords: impl Iterator<Item = &'a str>) -> Vec<u8> {
        let marks: BTreeSet<_> = passwords.filter(|password| password.chars().count() >= 8).map(mark).collect();
        marks.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_list_knows_what_everybody_types() {
        let list = Breached::default();
        for known in ["password123", "Password123", "qwertyuiop", "1234567890", "iloveyou1", "indonesia"] {
            assert!(list.knows(known), "{known}");
        }
        for unknown in ["kuda lumping hijau", "periksa-dua-kali-26", "Gunung Rinjani pukul tiga pagi"] {
            assert!(!list.knows(unknown), "{unknown}");
        }
    }

    #[test]
    fn the_built_in_list_is_a_list() {
        assert!(Breached::new(BUILT_IN.to_vec()).is_some());
        assert!(BUILT_IN.len() / WIDTH > 400_000);
    }

    #[test]
    fn a_list_of_ones_own_is_checked() {
        let list = Breached::list_of(["zebra-merah", "pendek", "Zebra-Merah"].into_iter());
        assert_eq!(list.len(), WIDTH, "too short, or the same but for case");
        assert!(Breached::new(list.clone()).unwrap().knows("ZEBRA-merah"));
        assert!(Breached::new([list.clone(), vec![0]].concat()).is_none());
        assert!(Breached::new([[9; WIDTH], [1; WIDTH]].concat()).is_none(), "not sorted");
        assert!(Breached::new(Vec::new()).is_some_and(|empty| !empty.knows("zebra-merah")));
    }
}
