//! The one way a signed request leaves the browser.

use crate::js::{Outcome, call, get, object, problem, random, text, window};
use aivalid_pqc::{KEY_ID, Request, SIGNATURE, SignedAt, SigningKey, TIMESTAMP};
use js_sys::{Array, Date};
use std::cell::Cell;
use wasm_bindgen::JsValue;

thread_local! {
    /// How much later it is on the server than here, in milliseconds, as far as it ever mattered.
    static LATER: Cell<f64> = const { Cell::new(0.0) };
}

/// A request before it is signed.
pub struct Outgoing {
    /// In capitals.
    pub method: String,
    /// With a query, if any; `{key}` stands for the key that signs.
    pub path: String,
    /// JSON.
    pub body: String,
    /// Empty for none.
    pub idempotency_key: String,
}

/// Signs and sends. A device whose clock is wrong learns the time from the server's refusal and signs once more.
pub async fn send(key: &SigningKey, outgoing: &Outgoing) -> Outcome {
    match attempt(key, outgoing).await {
        Err(refused) if text(&refused, "code").as_deref() == Some("PQC_TIMESTAMP_SKEWED") => attempt(key, outgoing).await,
        outcome => outcome,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time after 1970, in whole seconds")]
fn now() -> Option<SignedAt> {
    SignedAt::from_secs(((Date::now() + LATER.get()) / 1000.0) as u64)
}

async fn attempt(key: &SigningKey, outgoing: &Outgoing) -> Outcome {
    let unsignable = || problem("UNSIGNABLE");
    let Outgoing { method, path, body, idempotency_key } = outgoing;
    let id = key.public().id().to_string();
    let path = path.replace("{key}", &id);
    let at = now().ok_or_else(unsignable)?;
    let request = Request::new(method, &path, at, idempotency_key, body.as_bytes()).map_err(|_| unsignable())?;
    let signature = key.sign(&request, &random()?).ok_or_else(unsignable)?;
    let pairs = [
        ("content-type", "application/json".to_owned()),
        (KEY_ID, id),
        (TIMESTAMP, at.to_string()),
        (SIGNATURE, signature.to_base64()),
        (aivalid_pqc::IDEMPOTENCY_KEY, idempotency_key.clone()),
    ];
    let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.into())).collect();
    let headers = object(&pairs.iter().map(|(name, value)| (*name, value)).collect::<Vec<(&str, &JsValue)>>());
    let options = object(&[("method", &method.as_str().into()), ("headers", &headers), ("body", &body.as_str().into())]);
    answer(&path, &options).await
}

/// Fetches from our own API. What it refuses is thrown, with its `code`.
async fn answer(path: &str, options: &JsValue) -> Outcome {
    let response = call(&window()?.into(), "fetch", &[&path.into(), options]).await?;
    let answer = call(&response, "json", &[]).await?;
    if get(&response, "ok").is_some_and(|ok| ok.is_truthy()) {
        return Ok(answer);
    }
    if text(&answer, "code").as_deref() == Some("PQC_TIMESTAMP_SKEWED")
        && let Some(headers) = get(&response, "headers")
        && let Some(date) = call(&headers, "get", &["date".into()].each_ref()).await.ok().and_then(|date| date.as_string())
    {
        let theirs = Date::parse(&date);
        if theirs.is_finite() {
            LATER.set(theirs - Date::now());
        }
    }
    Err(answer)
}

/// The ids in a list of the API, read anew.
pub async fn list(path: &str) -> Outcome<Vec<String>> {
    let answer = answer(path, &object(&[("cache", &"no-store".into())])).await?;
    let data = get(&answer, "data").ok_or(JsValue::UNDEFINED)?;
    Ok(Array::from(&data).iter().filter_map(|entry| text(&entry, "id")).collect())
}
