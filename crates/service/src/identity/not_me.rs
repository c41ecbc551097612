//! "This wasn't me": the link in letters about an account, which undoes what was done to it.
//!
//! Its token is not stored: it names the account, the address the letter went to and the time, under a MAC. So every letter
//! keeps its own working link, whatever came after it, and the link that went to the old address works after the address was
//! changed.

use crate::{Service, store::User};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// What its tokens begin with.
const PREFIX: &str = "und_";

impl Service {
    /// The token of a letter to an account's present address.
    pub(super) fn undo_token(&self, owner: &User) -> String {
        let text = format!("{} {} {}", owner.card.id, self.now().secs(), owner.email);
        format!("{PREFIX}{}.{}", URL_SAFE_NO_PAD.encode(&text), self.inner.keys.undo_mac(&text))
    }
}
