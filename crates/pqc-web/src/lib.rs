//! Signing keys in the browser. A WebAssembly module of its own, loaded by the few pages that sign something
//! (`Page::signing`), so that no other page pays for it.
//!
//! The secret key is 32 random bytes. It is kept in the browser's database, sealed with an AES-GCM key that the browser made and does
//! not hand out ([`seal`], [`vault`]), and is in the clear only while something is signed. Who can run scripts on our pages can
//! have things signed, but can't carry the key away.
//!
//! What pages declare, [`forms`] does; [`sending`] is the one way a signed request leaves. Other scripts call [`send`].

mod dom;
mod forms;
mod js;
mod keys;
mod seal;
mod sending;
mod vault;

use wasm_bindgen::prelude::*;

/// Wakes what the page declares; `html` has `data-signing` afterwards.
#[wasm_bindgen]
pub async fn wake() {
    forms::wake().await;
}

/// Sends a JSON body as a request signed with the user's newest key in this browser. `path` may have a query, and `{key}` in it
/// stands for the key's id. Answers what the server answered, parsed; what it refuses, and having no key (`code: "NO_KEY"`), is thrown as
/// an object with a `code`.
#[wasm_bindgen]
pub async fn send(user: String, method: String, path: String, body: String, idempotency_key: Option<String>) -> Result<JsValue, JsValue> {
    let key = keys::newest(&user, None).await?.ok_or_else(|| js::problem("NO_KEY"))?;
    let idempotency_key = idempotency_key.unwrap_or_default();
    sending::send(&key.open().await?, &sending::Outgoing { method, path, body, idempotency_key }).await
}
