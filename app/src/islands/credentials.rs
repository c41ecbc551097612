//! The browser's `WebAuthn` functions. They are looked up by name each time, because browsers differ in which of them they have; what
//! goes in and comes out stays JavaScript's own values, so that no JSON is read here.

use super::base64url;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

type Outcome<T = JsValue> = Result<T, JsValue>;

/// A member, unless it is missing.
pub(super) fn get(target: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(target, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn set(target: &JsValue, name: &str, value: &JsValue) {
    // Ours are plain objects, which take every member.
    let _ = Reflect::set(target, &name.into(), value);
}

/// A member that is text.
pub(super) fn text(target: &JsValue, name: &str) -> Option<String> {
    get(target, name)?.as_string()
}

/// Calls a method, and waits where it promises something.
pub(super) async fn call(target: &JsValue, name: &str, arguments: &[&JsValue]) -> Outcome {
    let method: Function = get(target, name).and_then(|method| method.dyn_into().ok()).ok_or(JsValue::UNDEFINED)?;
    let list: Array = arguments.iter().copied().collect();
    JsFuture::from(Promise::resolve(&method.apply(target, &list)?)).await
}

/// `PublicKeyCredential`, where the browser has it.
pub(super) fn api() -> Option<JsValue> {
    get(&window(), "PublicKeyCredential")
}

/// Whether one of the static questions is answered with yes.
pub(super) async fn is(question: &str) -> bool {
    let Some(api) = api() else { return false };
    call(&api, question, &[]).await.is_ok_and(|answer| answer.is_truthy())
}

/// Whether the browser says that it can do something (`WebAuthn` level 3).
pub(super) async fn can(what: &str) -> bool {
    let Some(api) = api() else { return false };
    call(&api, "getClientCapabilities", &[]).await.is_ok_and(|all| get(&all, what).is_some_and(|can| can.is_truthy()))
}

/// Tells the browser something about its passkeys, where it listens.
pub(super) async fn signal(method: &str, json: &str) {
    if let (Some(api), Ok(details)) = (api(), JSON::parse(json)) {
        // Browsers may refuse; nothing depends on it.
        let _ = call(&api, method, &[&details]).await;
    }
}

/// Posts JSON to our own API. What it refuses comes back as its error, with `code`.
pub(super) async fn post(path: &str, body: &str) -> Outcome {
    let request = JSON::parse(r#"{"method":"POST","headers":{"content-type":"application/json"}}"#)?;
    set(&request, "body", &body.into());
    let response = call(&window(), "fetch", &[&path.into(), &request]).await?;
    let answer = call(&response, "json", &[]).await?;
    if get(&response, "ok").is_some_and(|ok| ok.is_truthy()) { Ok(answer) } else { Err(answer) }
}

/// Asks for a passkey (`get`) or makes one (`create`) with options as our API answers them; the answer as JSON.
pub(super) async fn ask(verb: &str, options: &JsValue, stop: &JsValue) -> Outcome<String> {
    let public_key = get(options, "publicKey").ok_or(JsValue::UNDEFINED)?;
    let wishes = Object::new();
    set(&wishes, "publicKey", &parsed(verb, public_key).await?);
    set(&wishes, "signal", stop);
    if let Some(mediation) = get(options, "mediation") {
        set(&wishes, "mediation", &mediation);
    }
    let credentials = get(&window(), "navigator").and_then(|navigator| get(&navigator, "credentials")).ok_or(JsValue::UNDEFINED)?;
    let credential = call(&credentials, verb, &[&wishes]).await?;
    written(&credential)
}

/// Options with their bytes as bytes: by the browser, or by hand where it can't.
async fn parsed(verb: &str, options: JsValue) -> Outcome {
    let parser = if verb == "create" { "parseCreationOptionsFromJSON" } else { "parseRequestOptionsFromJSON" };
    if let Some(api) = api().filter(|api| get(api, parser).is_some()) {
        return call(&api, parser, &[&options]).await;
    }
    bytes(&options, "challenge");
    if let Some(user) = get(&options, "user") {
        bytes(&user, "id");
    }
    for list in ["allowCredentials", "excludeCredentials"] {
        for entry in get(&options, list).map(|list| Array::from(&list)).unwrap_or_default().iter() {
            bytes(&entry, "id");
        }
    }
    Ok(options)
}

fn bytes(target: &JsValue, name: &str) {
    if let Some(bytes) = text(target, name).and_then(|text| base64url::decode(&text)) {
        set(target, name, &Uint8Array::from(bytes.as_slice()));
    }
}

/// A credential as JSON: by its own `toJSON`, or by hand where it has none.
fn written(credential: &JsValue) -> Outcome<String> {
    if get(credential, "toJSON").is_some() {
        return JSON::stringify(credential).map(Into::into);
    }
    let copy = Object::new();
    for name in ["id", "type", "authenticatorAttachment"] {
        set(&copy, name, &get(credential, name).unwrap_or(JsValue::UNDEFINED));
    }
    copy_bytes(credential, &copy, "rawId");
    let (response, inner) = (get(credential, "response").ok_or(JsValue::UNDEFINED)?, Object::new());
    for name in ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] {
        copy_bytes(&response, &inner, name);
    }
    for (from, method, to, name) in
        [(&response, "getTransports", &inner, "transports"), (credential, "getClientExtensionResults", &copy, "clientExtensionResults")]
    {
        if let Some(method) = get(from, method).and_then(|method| method.dyn_into::<Function>().ok()) {
            set(to, name, &method.call0(from)?);
        }
    }
    set(&copy, "response", &inner);
    JSON::stringify(&copy).map(Into::into)
}

fn copy_bytes(from: &JsValue, to: &Object, name: &str) {
    if let Some(buffer) = get(from, name) {
        set(to, name, &base64url::encode(&Uint8Array::new(&buffer).to_vec()).into());
    }
}
