//! Passkeys over the API: made, shown, listed, renamed, removed.

use crate::{
    authenticator::{Authenticator, unfold},
    client::{Answer, Client},
    harness::{ORIGIN, PASSWORD, World, email_of},
};
use aivalid_model::{
    audit::AuditFilter,
    id::{PasskeyId, UserId},
    identity::Role,
};
use aivalid_service::store::{NewUser, Passkey, UserCreated};
use serde_json::{Value, json};

/// Confirms with the password.
pub async fn elevate(client: &Client) {
    client.post("/api/auth/sudo", json!({"password": PASSWORD})).await.ok(200);
}

/// Makes a passkey of an elevated client; answers the passkey.
pub async fn make(client: &Client, authenticator: &mut Authenticator) -> Value {
    let begun = client.post("/api/auth/passkeys/register/begin", json!({})).await.ok(200);
    let credential = authenticator.create(&begun["options"]);
    let body = json!({"session_id": begun["session_id"], "credential": credential});
    client.post("/api/auth/passkeys/register/finish", body).await.ok(201)["passkey"].clone()
}

/// Somebody with a passkey, elevated.
pub async fn with_passkey(world: &World, name: &str) -> (Client, Authenticator) {
    let client = world.user(name).await;
    let mut authenticator = Authenticator::new(ORIGIN);
    elevate(&client).await;
    make(&client, &mut authenticator).await;
    (client, authenticator)
}

/// Begins and ends a sign-in.
pub async fn sign_in(client: &Client, authenticator: &mut Authenticator) -> Answer {
    let begun = client.post("/api/auth/passkeys/login/begin", json!({})).await.ok(200);
    let credential = authenticator.get(&begun["options"]);
    finish(client, &begun, credential).await
}

/// Ends a sign-in.
pub async fn finish(client: &Client, begun: &Value, credential: Value) -> Answer {
    client.post("/api/auth/passkeys/login/finish", json!({"session_id": begun["session_id"], "credential": credential})).await
}

/// Confirms with a passkey.
pub async fn elevate_with(client: &Client, authenticator: &mut Authenticator) -> Answer {
    let begun = client.ask(axum::http::Method::POST, "/api/auth/sudo/passkey/begin").send().await.ok(200);
    let credential = authenticator.get(&begun["options"]);
    client.post("/api/auth/sudo", json!({"passkey": {"session_id": begun["session_id"], "credential": credential}})).await
}

/// Somebody whose only way in is this passkey, which was made for somebody else and given to them.
async fn passkey_only(world: &World, donor: &Client, authenticator: &mut Authenticator, name: &str) -> (Client, PasskeyId) {
    let id = UserId(9_000_000_000_000);
    let account = NewUser {
        id,
        email: Some(email_of(name)),
        phone: None,
        username: name.to_owned(),
        password_hash: None,
        locale: None,
        role: Role::User,
        email_verified: true,
        device: None,
        terms_version: "2026-11".to_owned(),
        now: world.now(),
    };
    let stores = world.app.service.stores();
    assert_eq!(stores.users.user_create(&account, i64::MAX).await.unwrap(), UserCreated::Done);
    let ring = stores.passkeys.passkey_ring(UserId(donor.id)).await.unwrap().unwrap();
    let record = ring.passkeys[0].clone();
    stores.passkeys.passkey_delete(record.user, record.id, true).await.unwrap();
    let handle = stores.passkeys.passkey_handle(id, &[7; 64]).await.unwrap();
    stores.passkeys.passkey_add(&Passkey { user: id, ..record.clone() }, 20).await.unwrap();
    authenticator.keys[0].handle = handle;
    let anon = world.anon();
    let body = sign_in(&anon, authenticator).await.ok(200);
    (anon.with_token(body["access_token"].as_str().unwrap()), record.id)
}

#[tokio::test]
async fn a_passkey_is_made_and_is_a_whole_sign_in() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut authenticator = Authenticator::new(ORIGIN);
    elevate(&dewi).await;
    let begun = dewi.post("/api/auth/passkeys/register/begin", json!({})).await;
    assert_eq!(begun.header("cache-control"), "no-store");
    let begun = begun.ok(200);
    let options = &begun["options"]["publicKey"];
    assert_eq!(options["rp"], json!({"id": "localhost", "name": "AIValid"}));
    assert_eq!((&options["user"]["name"], &options["user"]["displayName"]), (&json!("dewi_l@contoh.id"), &json!("dewi_l")));
    assert_eq!(unfold(&options["user"]["id"]).len(), 64);
    assert_eq!(options["excludeCredentials"], json!([]));
    let selection = &options["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&json!("required"), &json!("required")));
    let credential = authenticator.create(&begun["options"]);
    let body = json!({"session_id": begun["session_id"], "credential": credential, "name": "  Ponsel   Dewi 📱 "});
    let made = dewi.post("/api/auth/passkeys/register/finish", body).await.ok(201)["passkey"].clone();
    let id = made["id"].as_i64().unwrap();
    let expected = json!({"id": id, "name": "Ponsel Dewi 📱", "provider": "Google Password Manager", "synced": true,
        "created_at": "2026-11-18T12:26:40Z", "last_used_at": null});
    assert_eq!(made, expected);

    world.pass_secs(60);
    let anon = world.anon();
    let begun = anon.post("/api/auth/passkeys/login/begin", json!({})).await.ok(200);
    assert_eq!((begun["options"].get("mediation"), &begun["options"]["publicKey"]["allowCredentials"]), (None, &json!([])));
    let credential = authenticator.get(&begun["options"]);
    let body = finish(&anon, &begun, credential).await.ok(200);
    assert_eq!((&body["user"]["username"], &body["token_type"]), (&json!("dewi_l"), &json!("Bearer")));
    let phone = anon.with_token(body["access_token"].as_str().unwrap());
    let sessions = phone.get("/api/auth/sessions").await.ok(200);
    let current = sessions["data"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap().clone();
    assert_eq!(current["login_method"], "passkey");
    let list = phone.get("/api/auth/passkeys").await.ok(200);
    assert_eq!(list["passkeys"][0]["last_used_at"], "2026-11-18T12:27:40Z");
    let status = phone.get("/api/auth/passkeys/status").await.ok(200);
    assert_eq!(status, json!({"available": true, "enabled": true, "count": 1, "limit": 20}));
}

#[tokio::test]
async fn autofill_asks_for_conditional_mediation() {
    let world = World::new().await;
    let (_, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let anon = world.anon();
    let begun = anon.post("/api/auth/passkeys/login/begin", json!({"mediation": "conditional"})).await.ok(200);
    assert_eq!(begun["options"]["mediation"], "conditional");
    let credential = authenticator.get(&begun["options"]);
    finish(&anon, &begun, credential).await.ok(200);
    // A body may be left out altogether.
    anon.ask(axum::http::Method::POST, "/api/auth/passkeys/login/begin").send().await.ok(200);
}

#[tokio::test]
async fn making_one_takes_a_confirmation_or_a_fresh_password() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let begin = "/api/auth/passkeys/register/begin";
    dewi.post(begin, json!({})).await.refused(403, "SUDO_REQUIRED");
    dewi.post(begin, json!({"after_sign_in": true})).await.ok(200);
    world.pass_secs(5 * 60);
    dewi.post(begin, json!({"after_sign_in": true})).await.refused(403, "SUDO_REQUIRED");
    elevate(&dewi).await;
    let mut authenticator = Authenticator::new(ORIGIN);
    make(&dewi, &mut authenticator).await;
    world.pass_secs(10 * 60);
    dewi.post(begin, json!({})).await.refused(403, "SUDO_REQUIRED");
    let again = dewi.again().await;
    again.post(begin, json!({"after_sign_in": true})).await.refused(403, "SUDO_REQUIRED");
    // A sign-in with a passkey is no confirmation either.
    let anon = world.anon();
    let token = sign_in(&anon, &mut authenticator).await.ok(200)["access_token"].as_str().unwrap().to_owned();
    anon.with_token(&token).post(begin, json!({"after_sign_in": true})).await.refused(403, "SUDO_REQUIRED");
}

#[tokio::test]
async fn the_browser_may_make_one_by_itself_after_a_sign_in() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut authenticator = Authenticator { present: false, verified: false, ..Authenticator::new(ORIGIN) };
    let begun = dewi.post("/api/auth/passkeys/register/begin", json!({"mediation": "conditional", "after_sign_in": true})).await.ok(200);
    assert_eq!(begun["options"]["mediation"], "conditional");
    let credential = authenticator.create(&begun["options"]);
    let body = json!({"session_id": begun["session_id"], "credential": credential});
    let made = dewi.post("/api/auth/passkeys/register/finish", body).await.ok(201);
    assert_eq!(made["passkey"]["name"], "Google Password Manager");
    // Signing in with it takes a verified user all the same.
    sign_in(&world.anon(), &mut authenticator).await.refused(401, "PASSKEY_REFUSED");
    authenticator.present = true;
    sign_in(&world.anon(), &mut authenticator).await.refused(401, "PASSKEY_REFUSED");
    authenticator.verified = true;
    sign_in(&world.anon(), &mut authenticator).await.ok(200);
}

#[tokio::test]
async fn what_the_browser_is_told_names_every_passkey() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    assert_eq!(dewi.get("/api/auth/passkeys").await.ok(200), json!({"passkeys": [], "signals": null}));
    let (mut phone, mut key) = (Authenticator::new(ORIGIN), Authenticator::security_key(ORIGIN));
    elevate(&dewi).await;
    make(&dewi, &mut phone).await;
    world.pass_secs(1);
    let made = make(&dewi, &mut key).await;
    assert_eq!((&made["synced"], &made["provider"]), (&json!(false), &Value::Null));
    let list = dewi.get("/api/auth/passkeys").await.ok(200);
    let ids = [&phone, &key].map(|device| crate::authenticator::fold(&device.keys[0].id));
    let handle = crate::authenticator::fold(&phone.keys[0].handle);
    assert_eq!(key.keys[0].handle, phone.keys[0].handle, "an account has one handle");
    let expected = json!({
        "all_accepted_credentials": {"rpId": "localhost", "userId": handle, "allAcceptedCredentialIds": ids},
        "current_user_details": {"rpId": "localhost", "userId": handle, "name": "dewi_l@contoh.id", "displayName": "dewi_l"},
    });
    assert_eq!(list["signals"], expected);
    let begun = dewi.post("/api/auth/passkeys/register/begin", json!({})).await.ok(200);
    let excluded = begun["options"]["publicKey"]["excludeCredentials"].as_array().unwrap().clone();
    assert_eq!(excluded.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), ids);
}

#[tokio::test]
async fn renaming_and_removing_take_a_confirmation() {
    let world = World::new().await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let bima = world.user("bima").await;
    let id = dewi.get("/api/auth/passkeys").await.ok(200)["passkeys"][0]["id"].clone();
    let (name, one) = (format!("/api/auth/passkeys/{id}/name"), format!("/api/auth/passkeys/{id}"));
    dewi.put(&name, json!({"name": "Laptop kantor"})).await.ok(200);
    assert_eq!(dewi.get("/api/auth/passkeys").await.ok(200)["passkeys"][0]["name"], "Laptop kantor");
    elevate(&bima).await;
    bima.put(&name, json!({"name": "Milik Bima"})).await.refused(404, "NOT_FOUND");
    bima.delete(&one).await.refused(404, "NOT_FOUND");
    world.pass_secs(10 * 60);
    dewi.put(&name, json!({"name": "x"})).await.refused(403, "SUDO_REQUIRED");
    dewi.delete(&one).await.refused(403, "SUDO_REQUIRED");
    elevate(&dewi).await;
    dewi.delete(&one).await.ok(200);
    dewi.delete(&one).await.refused(404, "NOT_FOUND");
    let list = dewi.get("/api/auth/passkeys").await.ok(200);
    assert_eq!((&list["passkeys"], &list["signals"]["all_accepted_credentials"]["allAcceptedCredentialIds"]), (&json!([]), &json!([])));
    sign_in(&world.anon(), &mut authenticator).await.refused(401, "PASSKEY_UNKNOWN");
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let world = World::new().await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let (citra, id) = passkey_only(&world, &dewi, &mut authenticator, "citra").await;
    elevate_with(&citra, &mut authenticator).await.ok(200);
    citra.delete(&format!("/api/auth/passkeys/{id}")).await.refused(409, "LAST_WAY_IN");
    let mut second = Authenticator::new(ORIGIN);
    make(&citra, &mut second).await;
    citra.delete(&format!("/api/auth/passkeys/{id}")).await.ok(200);
    sign_in(&world.anon(), &mut second).await.ok(200);
}

#[tokio::test]
async fn a_passkey_confirms_like_a_password() {
    let world = World::new().await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let bima = world.user("bima").await;
    world.pass_secs(10 * 60);
    bima.ask(axum::http::Method::POST, "/api/auth/sudo/passkey/begin").send().await.refused(409, "NO_PASSKEY");
    let dewi = dewi.again().await;
    let begin = "/api/auth/passkeys/register/begin";
    dewi.post(begin, json!({})).await.refused(403, "SUDO_REQUIRED");
    let begun = dewi.ask(axum::http::Method::POST, "/api/auth/sudo/passkey/begin").send().await.ok(200);
    let allowed = begun["options"]["publicKey"]["allowCredentials"].as_array().unwrap().clone();
    assert_eq!((allowed.len(), &allowed[0]["transports"]), (1, &json!(["internal", "hybrid"])));
    // In another session, of the same person or not, it is worth nothing.
    let credential = authenticator.get(&begun["options"]);
    let body = json!({"passkey": {"session_id": begun["session_id"], "credential": credential}});
    dewi.again().await.post("/api/auth/sudo", body.clone()).await.refused(400, "PASSKEY_EXPIRED");
    dewi.post("/api/auth/sudo", body).await.refused(400, "PASSKEY_EXPIRED");
    elevate_with(&dewi, &mut authenticator).await.ok(200);
    dewi.post(begin, json!({})).await.ok(200);
    world.pass_secs(10 * 60);
    dewi.post(begin, json!({})).await.refused(403, "SUDO_REQUIRED");
}

#[tokio::test]
async fn an_account_keeps_twenty() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    let mut authenticator = Authenticator::new(ORIGIN);
    elevate(&dewi).await;
    let late = dewi.post("/api/auth/passkeys/register/begin", json!({})).await.ok(200);
    for _ in 0..20 {
        make(&dewi, &mut authenticator).await;
    }
    dewi.post("/api/auth/passkeys/register/begin", json!({})).await.refused(409, "PASSKEY_LIMIT");
    let body = json!({"session_id": late["session_id"], "credential": authenticator.create(&late["options"])});
    dewi.post("/api/auth/passkeys/register/finish", body).await.refused(409, "PASSKEY_LIMIT");
}

#[tokio::test]
async fn there_are_none_at_an_ip_address() {
    let world = World::with(&[("PUBLIC_ORIGIN", "http://127.0.0.1:3000")]).await;
    let dewi = world.user("dewi_l").await;
    elevate(&dewi).await;
    for path in ["register/begin", "login/begin"] {
        dewi.post(&format!("/api/auth/passkeys/{path}"), json!({})).await.refused(409, "PASSKEYS_UNAVAILABLE");
    }
    dewi.post("/api/auth/passkeys/check", json!({"email": "dewi_l@contoh.id"})).await.refused(409, "PASSKEYS_UNAVAILABLE");
    assert_eq!(dewi.get("/api/auth/passkeys/status").await.ok(200)["available"], false);
}

/// What the audit log says of somebody, oldest first.
async fn events(world: &World, about: &Client) -> Vec<String> {
    let filter = AuditFilter { subject: Some(UserId(about.id)), ..AuditFilter::default() };
    let mut records = world.app.service.stores().audit.audit_list(&filter, None, 100).await.unwrap();
    records.reverse();
    records.into_iter().map(|record| record.entry.event).filter(|event| !event.starts_with("login.done")).collect()
}

#[tokio::test]
async fn owners_and_the_log_are_told() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut key = Authenticator::security_key(ORIGIN);
    elevate(&dewi).await;
    let id = make(&dewi, &mut key).await["id"].clone();
    let mut copy = key.clone();
    sign_in(&world.anon(), &mut key).await.ok(200);
    sign_in(&world.anon(), &mut copy).await.refused(401, "PASSKEY_REFUSED");
    dewi.put(&format!("/api/auth/passkeys/{id}/name"), json!({"name": "Kunci <biru>"})).await.ok(200);
    dewi.delete(&format!("/api/auth/passkeys/{id}")).await.ok(200);
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert_eq!(mails.len(), 3, "the passkey made and removed, and the sign-in: {mails:?}");
    assert!(mails.iter().all(|mail| mail.body.contains("und_")), "each can be undone: {mails:?}");
    assert!(mails.iter().any(|mail| mail.body.contains("Kunci <biru>")), "{mails:?}");
    let expected = ["sudo.done", "passkey.added", "alert.passkey_copied", "login.failed", "passkey.renamed", "passkey.removed"];
    assert_eq!(events(&world, &dewi).await, expected);
}
