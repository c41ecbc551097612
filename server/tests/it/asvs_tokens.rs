//! Self-contained tokens as OWASP ASVS 5.0, V9 wants them. Numbers are those of docs/ASVS.md.

use crate::harness::World;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// A token with this header and the claims of another, signed with a key of the attacker's.
fn forged(header: &Value, claims: &str, key: &[u8]) -> String {
    let signed = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// 9.1.3
#[tokio::test]
async fn keys_that_a_token_brings_along_are_not_believed() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let good = dewi.token.clone().unwrap();
    let claims = good.split('.').nth(1).unwrap();
    let key = b"thirty-two bytes of an attacker.";
    let jwk = json!({"kty": "oct", "alg": "HS256", "kid": "dev", "k": URL_SAFE_NO_PAD.encode(key)});
    for (name, value) in [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/keys.json")),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("x5c", json!([base64::engine::general_purpose::STANDARD.encode(key)])),
        ("x5t", json!(URL_SAFE_NO_PAD.encode(key))),
    ] {
        for kid in [json!("dev"), Value::Null, json!("https://evil.example/keys.json")] {
            let mut header = json!({"alg": "HS256", "typ": "JWT"});
            header[name] = value.clone();
            if !kid.is_null() {
                header["kid"] = kid.clone();
            }
            let bearer = dewi.with_token(&forged(&header, claims, key));
            bearer.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
            let refresh = dewi.refresh_token.split('.').nth(1).unwrap();
            let refresh = json!({"refresh_token": forged(&header, refresh, key)});
            world.anon().post("/api/auth/refresh", refresh).await.refused(401, "SESSION_REVOKED");
        }
    }
    dewi.get("/api/user/me").await.ok(200);
}
