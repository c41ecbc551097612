//! How secrets that we hand out are written: a prefix that tells what they are, 256 random bits, and a checksum. So junk is
//! known for junk before any store is asked, and programs that look for leaked secrets in public places recognise ours.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Characters of 32 bytes in base64url.
const RANDOM: usize = 43;
/// Bytes of the checksum; six characters.
const CHECKED: usize = 4;

fn checksum(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text).into();
    let (head, _) = digest.split_at(CHECKED);
    URL_SAFE_NO_PAD.encode(head)
}

/// A secret of these random bytes.
pub(crate) fn of_bytes(prefix: &str, random: &[u8; 32]) -> String {
    let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random));
    let checksum = checksum(&text);
    text + &checksum
}

/// Whether a text could be a secret that we made with this prefix. Says nothing of whether we did: anyone can compute it.
pub fn is_well_formed(prefix: &str, text: &str) -> bool {
    let Some(rest) = text.strip_prefix(prefix) else { return false };
    let Some((random, check)) = rest.split_at_checked(RANDOM) else { return false };
    let is_word = random.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let made = text.strip_suffix(check).unwrap_or_default();
    is_word && checksum(made) == check
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_other_character_makes_it_junk(random: [u8; 32], place in 0_usize..53, other in "[A-Za-z0-9_-]") {
            let secret = of_bytes("avt_", &random);
            prop_assert_eq!(secret.len(), 53);
            prop_assert!(is_well_formed("avt_", &secret));
            prop_assert!(!is_well_formed("vfy_", &secret));
            let mut wrong = secret.clone();
            wrong.replace_range(place..=place, &other);
            prop_assert_eq!(is_well_formed("avt_", &wrong), wrong == secret);
        }

        #[test]
        fn nothing_makes_it_panic(text in ".{0,80}") {
            let _ = is_well_formed("", &text);
            prop_assert!(!is_well_formed("avt_", &text));
        }
    }
}
