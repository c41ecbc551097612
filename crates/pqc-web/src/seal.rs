//! Sealing a seed with a key that never leaves the browser: AES-GCM by `WebCrypto`, with a key that can't be exported. The key's id is
//! bound to what is sealed, so that one entry can't pass for another.

use crate::js::{Outcome, call, object, random, subtle};
use aivalid_pqc::SEED_BYTES;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

/// A sealed seed: all three can stand in the browser's database.
pub struct Sealed {
    /// The browser's key, a `CryptoKey`.
    pub wrap: JsValue,
    /// 12 bytes, used once.
    pub nonce: JsValue,
    /// The seed under it.
    pub bytes: JsValue,
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn parameters(nonce: &JsValue, id: &str) -> JsValue {
    object(&[("name", &"AES-GCM".into()), ("iv", nonce), ("additionalData", &bytes(id.as_bytes()))])
}

/// Seals a seed under a key made for it alone.
pub async fn seal(seed: &[u8; SEED_BYTES], id: &str) -> Outcome<Sealed> {
    let subtle = subtle()?;
    let usages: Array = ["encrypt", "decrypt"].iter().map(|usage| JsValue::from(*usage)).collect();
    let kind = object(&[("name", &"AES-GCM".into()), ("length", &256.into())]);
    let wrap = call(&subtle, "generateKey", &[&kind, &JsValue::FALSE, &usages]).await?;
    let nonce = bytes(&random::<12>()?);
    let plain = Uint8Array::from(seed.as_slice());
    let sealed = call(&subtle, "encrypt", &[&parameters(&nonce, id), &wrap, &plain]).await;
    plain.fill(0, 0, plain.length());
    Ok(Sealed { wrap, nonce, bytes: sealed? })
}

/// The seed, if nobody changed anything.
pub async fn open(sealed: &Sealed, id: &str) -> Outcome<Zeroizing<[u8; SEED_BYTES]>> {
    let plain = call(&subtle()?, "decrypt", &[&parameters(&sealed.nonce, id), &sealed.wrap, &sealed.bytes]).await?;
    let plain = Uint8Array::new(&plain);
    let mut seed = Zeroizing::new([0; SEED_BYTES]);
    if plain.length() as usize != SEED_BYTES {
        return Err(JsValue::UNDEFINED);
    }
    plain.copy_to(seed.as_mut_slice());
    plain.fill(0, 0, plain.length());
    Ok(seed)
}
