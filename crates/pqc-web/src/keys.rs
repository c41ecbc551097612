//! Keys of this browser: made, found, forgotten when the server does not know them any more.

use crate::{
    js::{Outcome, random},
    seal, sending, vault,
    vault::Entry,
};
use aivalid_pqc::{SEED_BYTES, SigningKey};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

/// A key may be in the browser for so long before the server knows it, in milliseconds: another tab may be registering it.
const PATIENCE: f64 = 10.0 * 60.0 * 1000.0;

fn key_of(seed: &[u8; SEED_BYTES]) -> Outcome<SigningKey> {
    SigningKey::from_seed(seed).ok_or(JsValue::UNDEFINED)
}

impl Entry {
    /// The key itself, for as long as something is being signed.
    pub async fn open(&self) -> Outcome<SigningKey> {
        let key = key_of(&*seal::open(&self.sealed, &self.id).await?)?;
        if key.public().id().to_string() == self.id { Ok(key) } else { Err(JsValue::UNDEFINED) }
    }
}

/// Makes a key and keeps it, not registered yet.
pub async fn make(user: &str) -> Outcome<SigningKey> {
    let seed = Zeroizing::new(random::<SEED_BYTES>()?);
    let key = key_of(&seed)?;
    let id = key.public().id().to_string();
    let sealed = seal::seal(&seed, &id).await?;
    vault::keep(&Entry { id, user: user.to_owned(), made: js_sys::Date::now(), sealed }).await?;
    Ok(key)
}

/// A user's newest key in this browser; where the live ones are known, of those.
pub async fn newest(user: &str, live: Option<&[String]>) -> Outcome<Option<Entry>> {
    let entries = vault::of(user).await?;
    Ok(entries.into_iter().rfind(|entry| live.is_none_or(|live| live.contains(&entry.id))))
}

/// The ids of a user's live keys, as the server lists them at `path`.
pub async fn live(path: &str) -> Outcome<Vec<String>> {
    sending::list(path).await
}

/// Forgets a user's keys that were removed elsewhere.
pub async fn forget_all_but(user: &str, live: &[String]) -> Outcome<()> {
    for entry in vault::of(user).await? {
        if !live.contains(&entry.id) && js_sys::Date::now() - entry.made > PATIENCE {
            vault::forget(&entry.id).await?;
        }
    }
    Ok(())
}
