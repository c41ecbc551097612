//! Secrets that we hand out: API tokens, tokens of mailed links, device cookies.

use crate::source::Source;
use aivalid_model::{check::Check, identity::Token};
use aivalid_service::{
    identity::{API_TOKEN_PREFIX, Keys},
    ports::Random,
    secret::is_well_formed,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const PREFIXES: [&str; 5] = ["", API_TOKEN_PREFIX, "vfy_", "pk_", "avt"];
/// Characters of the random part and the checksum.
const LENGTH: usize = 49;

struct Given([u8; 32]);

impl Random for Given {
    fn fill(&self, buffer: &mut [u8]) {
        let length = buffer.len().min(self.0.len());
        buffer[..length].copy_from_slice(&self.0[..length]);
    }
}

/// Only what is written as we write it, with its own checksum, is taken for a secret of ours; a device cookie is taken only as it was
/// signed.
pub fn secrets(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for prefix in PREFIXES {
        assert!(!is_well_formed(prefix, &text) || is_one(prefix, &text), "{prefix} {text:?}");
    }
    if let Ok(token) = Token::check(text.into_owned()) {
        assert!((16..=512).contains(&token.expose().len()) && token.expose().bytes().all(|byte| byte.is_ascii_graphic()));
        assert_eq!(Token::check(token.expose().to_owned()).as_ref(), Ok(&token), "read once is read for good");
    }

    let mut from = Source::new(data);
    let prefix = from.pick(&PREFIXES);
    let random: &dyn Random = &Given(from.array());
    let secret = random.secret(prefix);
    assert_eq!(secret.len(), prefix.len() + LENGTH);
    assert!(is_one(prefix, &secret));
    assert_eq!(Token::check(secret.clone()).unwrap().expose(), secret, "what we hand out comes back");
    for other in PREFIXES {
        assert_eq!(is_well_formed(other, &secret), other == prefix, "{other} {secret}");
    }
    let changed = from.edited_text(&secret);
    for other in PREFIXES {
        // A checksum of 24 bits can be right by chance: then it is right by the definition, too.
        assert!(!is_well_formed(other, &changed) || is_one(other, &changed), "{other} {changed:?}");
    }

    let keys = Keys::new(vec![], vec![], vec![7; 32]);
    let device = URL_SAFE_NO_PAD.encode(from.array::<16>());
    let cookie = keys.sign_device(&device);
    assert_eq!(keys.device(&cookie), Some(device));
    let changed = from.edited_text(&cookie);
    assert!(changed == cookie || keys.device(&changed).is_none(), "{changed:?} for {cookie}");
}

/// What a secret is, said in another way.
fn is_one(prefix: &str, text: &str) -> bool {
    let word = |text: &str| text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    text.len() == prefix.len() + LENGTH
        && text.starts_with(prefix)
        && word(&text[prefix.len()..])
        && URL_SAFE_NO_PAD.decode(&text[text.len() - 6..]).is_ok_and(|check| Sha256::digest(&text[..text.len() - 6]).starts_with(&check))
}
