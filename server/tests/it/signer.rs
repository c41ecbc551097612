//! Somebody who signs requests, and can be told to sign something else than what is sent.

use crate::{
    client::{Answer, Client},
    harness::{PASSWORD, World},
    second_factor::switch_on,
};
use aivalid_service::pqc::{IDEMPOTENCY_KEY, KEY_ID, Request, SIGNATURE, SignedAt, SigningKey, TIMESTAMP};
use axum::http::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU8, Ordering};

/// A request, whole.
#[derive(Clone, Debug)]
pub struct Draft {
    pub method: Method,
    pub path: String,
    pub at: u64,
    pub idempotency_key: String,
    pub body: Vec<u8>,
}

impl Draft {
    /// A POST of JSON, now.
    pub fn post(world: &World, path: &str, body: &Value) -> Self {
        let body = serde_json::to_vec(body).unwrap();
        Self { method: Method::POST, path: path.to_owned(), at: now(world), idempotency_key: String::new(), body }
    }
}

/// Whole seconds.
pub fn now(world: &World) -> u64 {
    world.now().secs().unsigned_abs()
}

/// A secret key.
pub struct Signer(pub SigningKey);

impl Signer {
    /// Another one each time.
    pub fn new() -> Self {
        static NEXT: AtomicU8 = AtomicU8::new(1);
        Self(SigningKey::from_seed(&[NEXT.fetch_add(1, Ordering::SeqCst); 32]).unwrap())
    }

    /// The key's id.
    pub fn id(&self) -> String {
        self.0.public().id().to_string()
    }

    /// The public key.
    pub fn public(&self) -> String {
        self.0.public().to_base64()
    }

    /// The three headers of a signature over this.
    pub fn headers(&self, draft: &Draft, randomness: u8) -> [(&'static str, String); 3] {
        let at = SignedAt::from_secs(draft.at).unwrap();
        let request = Request::new(draft.method.as_str(), &draft.path, at, &draft.idempotency_key, &draft.body).unwrap();
        let signature = self.0.sign(&request, &[randomness; 32]).unwrap();
        [(KEY_ID, self.id()), (TIMESTAMP, at.to_string()), (SIGNATURE, signature.to_base64())]
    }

    /// Signs what is sent.
    pub async fn send(&self, client: &Client, draft: &Draft) -> Answer {
        send(client, draft, &self.headers(draft, 0)).await
    }

    /// Registers the key under a name.
    pub async fn register(&self, world: &World, client: &Client, name: &str) -> Answer {
        let body = json!({"publicKey": self.public(), "name": name});
        self.send(client, &Draft::post(world, &keys(client), &body)).await
    }

    /// The path of the key's trial.
    pub fn check(&self, client: &Client) -> String {
        format!("{}/{}/check", keys(client), self.id())
    }
}

/// Sends a request with whatever headers.
pub async fn send(client: &Client, draft: &Draft, headers: &[(&'static str, String)]) -> Answer {
    let mut ask = client.ask(draft.method.clone(), &draft.path).typed("application/json", draft.body.clone());
    if !draft.idempotency_key.is_empty() {
        ask = ask.header(IDEMPOTENCY_KEY, &draft.idempotency_key);
    }
    for (name, value) in headers {
        ask = ask.header(name, value);
    }
    ask.send().await
}

/// The path of somebody's keys.
pub fn keys(client: &Client) -> String {
    format!("/api/v1/users/{}/pqc-keys", client.id)
}

/// Somebody in an elevated session with two factors.
pub async fn ready(world: &World, name: &str) -> Client {
    let client = world.user(name).await;
    elevate(world, &client).await;
    client
}

/// Switches an authenticator app on and confirms with it; the backup codes that are left.
pub async fn elevate(world: &World, client: &Client) -> Vec<String> {
    let (_, mut codes) = switch_on(world, client).await;
    confirm(client, codes.pop()).await;
    codes
}

/// Confirms with the password and a backup code.
pub async fn confirm(client: &Client, code: Option<String>) {
    client.post("/api/auth/sudo", json!({"password": PASSWORD, "backup_code": code})).await.ok(200);
}

/// Somebody with a registered key.
pub async fn with_key(world: &World, name: &str) -> (Client, Signer) {
    let (client, signer) = (ready(world, name).await, Signer::new());
    signer.register(world, &client, "Laptop kantor").await.ok(201);
    (client, signer)
}
