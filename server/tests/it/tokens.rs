//! Tokens that we did not make, or made for something else.

use crate::{client::Client, harness::World};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn open(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut next = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (next(), next())
}

/// A token with another key, and whatever header and claims.
fn forged(header: &Value, claims: &Value, key: &[u8]) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

async fn is_refused(client: &Client, token: &str, why: &str) {
    let bearer = client.with_token(token);
    let answer = bearer.get("/api/user/me").await;
    assert_eq!(answer.status, 401, "{why}: {answer:?}");
    // In a cookie it is nothing either.
    let browser = client.without_token().with_cookies();
    browser.set_cookie("aivalid_access", token);
    assert_eq!(browser.get("/api/user/me").await.status, 401, "{why}");
    // What guests may read, they may read.
    assert_eq!(bearer.get("/api/threads").await.status, 200, "{why}");
}

#[tokio::test]
async fn only_our_own_access_tokens_count() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let good = dewi.token.clone().unwrap();
    let (header, claims) = open(&good);
    assert_eq!((header["alg"].as_str(), header["kid"].as_str()), (Some("HS256"), Some("dev")));
    let signature = good.rsplit('.').next().unwrap();

    is_refused(&dewi, &forged(&header, &claims, b"another secret of thirty-two bytes"), "another key").await;
    is_refused(&dewi, &forged(&header, &claims, b""), "an empty key").await;
    for alg in ["none", "None", "HS384", "HS512", "RS256"] {
        let header = json!({"alg": alg, "typ": "JWT", "kid": "dev"});
        is_refused(&dewi, &format!("{}.{}.", part(&header), part(&claims)), alg).await;
        is_refused(&dewi, &format!("{}.{}.{signature}", part(&header), part(&claims)), alg).await;
        is_refused(&dewi, &forged(&header, &claims, b"x"), alg).await;
    }
    for kid in [json!("other"), json!("../../secrets"), json!(null), json!("")] {
        is_refused(&dewi, &forged(&json!({"alg": "HS256", "typ": "JWT", "kid": kid}), &claims, b"x"), "kid").await;
    }
    let mut richer = claims.clone();
    richer["permissions"] = json!(["users:manage"]);
    is_refused(&dewi, &format!("{}.{}.{signature}", part(&header), part(&richer)), "changed claims").await;
    is_refused(&dewi, &dewi.refresh_token, "a refresh token is no access token").await;
    for junk in ["", ".", "..", "a.b.c", "x", &"A".repeat(20_000), "eyJ.eyJ.eyJ"] {
        is_refused(&dewi, junk, "junk").await;
    }
    dewi.get("/api/user/me").await.ok(200);
}

#[tokio::test]
async fn only_our_own_refresh_tokens_count() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (header, claims) = open(&dewi.refresh_token);
    let access = dewi.token.clone().unwrap();
    let tokens = [
        forged(&header, &claims, b"another secret of thirty-two bytes"),
        format!("{}.{}.", part(&json!({"alg": "none", "kid": "dev"})), part(&claims)),
        access,
        "x".to_owned(),
        "a.b.c".to_owned(),
    ];
    for token in tokens {
        world.anon().post("/api/auth/refresh", json!({"refresh_token": token})).await.refused(401, "SESSION_REVOKED");
    }
    dewi.post("/api/auth/refresh", json!({"refresh_token": dewi.refresh_token})).await.ok(200);
}

#[tokio::test]
async fn tokens_of_another_installation_do_not_count_here() {
    let (here, there) = (World::new().await, World::new().await);
    let mine = here.user("dewi_l").await;
    let foreign = there.user("dewi_l").await;
    is_refused(&mine, foreign.token.as_ref().unwrap(), "another installation's").await;
    let key = |byte: u8| base64::engine::general_purpose::STANDARD.encode([byte; 32]);
    let settings = [("SIGNING_KEYS", format!("k:{}", key(7))), ("PEPPER", key(8))];
    let same_keys = |origin: &'static str| {
        let settings = settings.clone();
        async move {
            let mut vars: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
            vars.push(("PUBLIC_ORIGIN", origin));
            World::with(&vars).await
        }
    };
    let (one, two) = (same_keys("https://satu.example").await, same_keys("https://dua.example").await);
    let (mine, foreign) = (one.user("dewi_l").await, two.user("dewi_l").await);
    assert_eq!(open(foreign.token.as_ref().unwrap()).0["kid"], "k");
    is_refused(&mine, foreign.token.as_ref().unwrap(), "the same keys, another audience").await;
}

#[tokio::test]
async fn signing_keys_can_be_replaced_without_signing_anyone_out() {
    let key = |byte: u8| base64::engine::general_purpose::STANDARD.encode([byte; 32]);
    let (old, both) = (format!("a:{}", key(1)), format!("b:{},a:{}", key(2), key(1)));
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("shared.db").display());
    let before = World::with(&[("SIGNING_KEYS", &old), ("PEPPER", &key(9)), ("DATABASE_URL", &database)]).await;
    let dewi = before.user("dewi_l").await;
    let after = World::beside(&before, &[("SIGNING_KEYS", &both), ("PEPPER", &key(9)), ("DATABASE_URL", &database)]).await;
    let client = after.anon().with_token(dewi.token.as_ref().unwrap());
    client.get("/api/user/me").await.ok(200);
    let fresh = client.post("/api/auth/refresh", json!({"refresh_token": dewi.refresh_token})).await.ok(200);
    assert_eq!(open(fresh["access_token"].as_str().unwrap()).0["kid"], "b");
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let anon = world.anon();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let value = format!("{scheme} {}", dewi.token.as_ref().unwrap());
        anon.ask(axum::http::Method::GET, "/api/user/me").header("authorization", value).send().await.ok(200);
    }
    for value in ["Basic ZGV3aTpkZXdp", "Bearer", "Bearer ", "Token x"] {
        anon.ask(axum::http::Method::GET, "/api/user/me").header("authorization", value).send().await.refused(401, "UNAUTHENTICATED");
    }
}
