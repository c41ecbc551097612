//! A password that was set with a mailed link does not go around an account's passkeys.

use crate::{
    authenticator::Authenticator,
    client::{Answer, Client},
    harness::{DAY, ORIGIN, PASSWORD, World},
    passkeys::{elevate, finish, make, sign_in, with_passkey},
};
use serde_json::{Value, json};

const DEWI: &str = "dewi_l@contoh.id";
const NEW: &str = "gerimis di pelabuhan lama";

async fn token(world: &World, link: &str) -> String {
    let mails = world.mails_to(DEWI).await;
    let rest = mails.iter().rev().find_map(|mail| Some(mail.body.split_once(link)?.1.to_owned()));
    rest.unwrap_or_else(|| panic!("no {link} in {mails:?}")).split(|c: char| c.is_whitespace() || c == '"').next().unwrap().to_owned()
}

async fn reset(world: &World, password: &str) {
    world.pass_secs(1);
    world.anon().post("/api/auth/forgot-password", json!({"email": DEWI})).await.ok(200);
    let reset = token(world, "/reset?token=").await;
    world.anon().post("/api/auth/reset-password", json!({"token": reset, "password": password})).await.ok(200);
}

async fn login(client: &Client, password: &str) -> Value {
    client.post("/api/auth/login", json!({"email": DEWI, "password": password})).await.ok(200)
}

/// The token of a sign-in that waits for a passkey.
async fn waiting(client: &Client) -> String {
    let body = login(client, NEW).await;
    assert_eq!((&body["mfa_required"], &body["methods"]), (&json!(true), &json!(["passkey"])), "{body}");
    body["mfa_token"].as_str().unwrap().to_owned()
}

async fn begin(client: &Client, mfa: &str) -> Value {
    client.post("/api/auth/login/passkey/begin", json!({"mfa_token": mfa})).await.ok(200)
}

async fn show(client: &Client, mfa: &str, begun: &Value, credential: Value) -> Answer {
    let body = json!({"mfa_token": mfa, "session_id": begun["session_id"], "credential": credential});
    client.post("/api/auth/login/passkey", body).await
}

async fn world_of() -> World {
    World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await
}

#[tokio::test]
async fn the_next_sign_in_needs_a_passkey_and_those_after_it_do_not() {
    let world = world_of().await;
    let (dewi, mut key) = with_passkey(&world, "dewi_l").await;
    assert!(login(&world.anon(), PASSWORD).await["access_token"].is_string(), "as long as nobody reset it");
    reset(&world, NEW).await;
    dewi.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    let anon = world.anon();
    let mfa = waiting(&anon).await;
    for (path, code) in [("totp", "123456"), ("backup-code", "ABCD-EFGH-IJKL-MNOP-QRST-UVWX")] {
        anon.post(&format!("/api/auth/login/{path}"), json!({"mfa_token": mfa, "code": code})).await.refused(401, "BAD_CODE");
    }
    let begun = begin(&anon, &mfa).await;
    assert_eq!(begun["options"]["publicKey"]["allowCredentials"].as_array().unwrap().len(), 1);
    let answer = show(&anon, &mfa, &begun, key.get(&begun["options"])).await;
    let access = answer.ok(200)["access_token"].as_str().unwrap().to_owned();
    let facts = anon.with_token(&access).get("/api/v1/auth/session").await.ok(200);
    assert_eq!(facts["data"]["amr"], json!(["pwd", "passkey"]), "{facts}");
    // It is used up, and the password counts from now on.
    let begun = anon.post("/api/auth/login/passkey/begin", json!({"mfa_token": mfa})).await;
    begun.refused(401, "SIGN_IN_LAPSED");
    assert!(login(&world.anon(), NEW).await["access_token"].is_string());
}

/// The owner's own sign-in with the passkey says nothing of who set the password.
#[tokio::test]
async fn only_a_passkey_shown_beside_it_makes_it_count() {
    let world = world_of().await;
    let (_, mut key) = with_passkey(&world, "dewi_l").await;
    reset(&world, NEW).await;
    let owner = world.anon();
    let body = sign_in(&owner, &mut key).await.ok(200);
    let owner = owner.with_token(body["access_token"].as_str().unwrap());
    let thief = world.anon();
    waiting(&thief).await;
    // Nor does it elevate a session.
    owner.post("/api/auth/sudo", json!({"password": NEW})).await.refused(401, "PASSKEY_REQUIRED");
    let begun = owner.post("/api/auth/sudo/passkey/begin", Value::Null).await.ok(200);
    let proof = json!({"passkey": {"session_id": begun["session_id"], "credential": key.get(&begun["options"])}});
    owner.post("/api/auth/sudo", proof).await.ok(200);
    owner.post("/api/auth/change-password", json!({"new_password": "angin laut di dermaga tua"})).await.ok(200);
    assert!(login(&world.anon(), "angin laut di dermaga tua").await["access_token"].is_string(), "its owner chose it");
}

#[tokio::test]
async fn another_accounts_passkey_or_ceremony_finishes_nothing() {
    let world = world_of().await;
    let (_, mut key) = with_passkey(&world, "dewi_l").await;
    let (bima, mut other) = with_passkey(&world, "bima").await;
    reset(&world, NEW).await;
    let anon = world.anon();
    let mfa = waiting(&anon).await;
    // Somebody else's key for the right challenge.
    let begun = begin(&anon, &mfa).await;
    let mut open = begun["options"].clone();
    open["publicKey"]["allowCredentials"] = json!([]);
    show(&anon, &mfa, &begun, other.get(&open)).await.refused(401, "PASSKEY_REFUSED");
    // The right key for a challenge of another kind, and a challenge that was used.
    let plain = anon.post("/api/auth/passkeys/login/begin", json!({})).await.ok(200);
    show(&anon, &mfa, &plain, key.get(&plain["options"])).await.refused(400, "PASSKEY_EXPIRED");
    show(&anon, &mfa, &begun, key.get(&begun["options"])).await.refused(400, "PASSKEY_EXPIRED");
    let step = begin(&anon, &mfa).await;
    finish(&anon, &step, key.get(&step["options"])).await.refused(400, "PASSKEY_EXPIRED");
    // Without a sign-in that waits there is nothing to begin.
    for body in [json!({}), json!({"mfa_token": "mfa_abcdefghijklmnop"})] {
        anon.post("/api/auth/login/passkey/begin", body).await.refused(401, "SIGN_IN_LAPSED");
    }
    let bad = json!({"mfa_token": "", "session_id": "", "credential": 1});
    assert_eq!(
        anon.post("/api/auth/login/passkey", bad).await.bad_fields(),
        ["mfa_token: required", "session_id: required", "credential: wrong_type"]
    );
    bima.get("/api/user/me").await.ok(200);
    let begun = begin(&anon, &mfa).await;
    show(&anon, &mfa, &begun, key.get(&begun["options"])).await.ok(200);
}

#[tokio::test]
async fn whoever_lost_the_passkeys_recovers() {
    let world = world_of().await;
    with_passkey(&world, "dewi_l").await;
    reset(&world, NEW).await;
    let anon = world.anon();
    let mfa = waiting(&anon).await;
    anon.post("/api/auth/recovery", json!({"mfa_token": mfa})).await.ok(200);
    for _ in 0..4 {
        world.pass_secs(DAY);
        world.app.service.recoveries_tick().await.unwrap();
    }
    let link = token(&world, "/recovery/finish?token=").await;
    anon.post("/api/auth/recovery/finish", json!({"token": link})).await.ok(200);
    assert!(login(&anon, NEW).await["access_token"].is_string());
}

#[tokio::test]
async fn with_an_app_its_code_is_asked_for_as_before() {
    let world = world_of().await;
    let (dewi, _key) = with_passkey(&world, "dewi_l").await;
    let (secret, _) = crate::second_factor::switch_on(&world, &dewi).await;
    reset(&world, NEW).await;
    let body = login(&world.anon(), NEW).await;
    assert_eq!(body["methods"], json!(["otp", "code"]));
    let code = crate::second_factor::code_at(&secret, world.now());
    world.anon().post("/api/auth/login/totp", json!({"mfa_token": body["mfa_token"], "code": code})).await.ok(200);
}

/// A first factor is worth nothing any more once the password behind it has gone.
#[tokio::test]
async fn a_new_password_ends_sign_ins_that_wait() {
    let world = world_of().await;
    let dewi = world.user("dewi_l").await;
    let (secret, codes) = crate::second_factor::switch_on(&world, &dewi).await;
    let thief = world.anon();
    let wait = async || login(&thief, PASSWORD).await["mfa_token"].as_str().unwrap().to_owned();
    let step = |mfa: &str| json!({"mfa_token": mfa, "code": crate::second_factor::code_at(&secret, world.now())});
    let (by_reset, left) = (wait().await, wait().await);
    reset(&world, PASSWORD).await;
    // Even the same password again is a new one.
    thief.post("/api/auth/login/totp", step(&by_reset)).await.refused(401, "SIGN_IN_LAPSED");
    thief.post("/api/auth/login/backup-code", json!({"mfa_token": left, "code": codes[0]})).await.refused(401, "SIGN_IN_LAPSED");
    thief.post("/api/auth/recovery", json!({"mfa_token": left})).await.refused(401, "SIGN_IN_LAPSED");

    let mut owner = world.anon();
    let fresh = login(&owner, PASSWORD).await["mfa_token"].as_str().unwrap().to_owned();
    let body = owner.post("/api/auth/login/totp", step(&fresh)).await.ok(200);
    owner = owner.with_token(body["access_token"].as_str().unwrap());
    world.pass_secs(30);
    let by_change = wait().await;
    let proof = json!({"password": PASSWORD, "code": crate::second_factor::code_at(&secret, world.now())});
    owner.post("/api/auth/sudo", proof).await.ok(200);
    owner.post("/api/auth/change-password", json!({"new_password": NEW})).await.ok(200);
    world.pass_secs(30);
    thief.post("/api/auth/login/totp", step(&by_change)).await.refused(401, "SIGN_IN_LAPSED");
}

#[tokio::test]
async fn a_lock_ends_sign_ins_that_wait_on_strange_devices() {
    let world = world_of().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = crate::second_factor::switch_on(&world, &dewi).await;
    let thief = world.anon();
    let wait = async || login(&thief, PASSWORD).await["mfa_token"].as_str().unwrap().to_owned();
    let mfa = wait().await;
    for _ in 0..5 {
        world.anon().post("/api/auth/login", json!({"email": DEWI, "password": "salah sekali lagi"})).await.refused(401, "BAD_CREDENTIALS");
    }
    let step = |mfa: &str| json!({"mfa_token": mfa, "code": crate::second_factor::code_at(&secret, world.now())});
    thief.post("/api/auth/login/totp", step(&mfa)).await.refused(401, "SIGN_IN_LAPSED");
    world.pass_secs(30 * 60);
    thief.post("/api/auth/login/totp", step(&wait().await)).await.ok(200);
}

#[tokio::test]
async fn the_page_asks_for_the_passkey_and_leads_those_without_one_on() {
    let world = world_of().await;
    let (_, mut key) = with_passkey(&world, "dewi_l").await;
    reset(&world, NEW).await;
    let browser = world.browser();
    browser.get("/login").await;
    let first = browser.form("/login?next=/forum", &[("email", DEWI), ("password", NEW)]).await;
    assert_eq!((first.status, first.header("location")), (303, "/login/2fa?next=/forum"));
    let page = browser.get("/login/2fa?next=/forum").await;
    let text = page.page(200);
    assert!(text.contains("data-begin=\"/api/auth/login/passkey/begin\"") && text.contains("<noscript>"), "{text}");
    assert!(text.contains("href=\"/recovery\"") && !text.contains("one-time-code"), "{text}");
    assert!(browser.get("/recovery").await.page(200).contains("<form"), "recovery can be asked for");
    // The page's script sends no token: the browser has it as a cookie.
    let begun = browser.post("/api/auth/login/passkey/begin", json!({})).await.ok(200);
    let (ceremony, wrong) = (begun["session_id"].as_str().unwrap().to_owned(), json!({}).to_string());
    let refused = browser.form("/login/2fa?next=/forum", &[("session_id", &ceremony), ("credential", &wrong)]).await;
    assert!(refused.page(422).contains("data-passkey=\"get\""), "{refused:?}");
    let begun = browser.post("/api/auth/login/passkey/begin", json!({})).await.ok(200);
    let credential = key.get(&begun["options"]).to_string();
    let ceremony = begun["session_id"].as_str().unwrap();
    let done = browser.form("/login/2fa?next=/forum", &[("session_id", ceremony), ("credential", &credential)]).await;
    assert_eq!((done.status, done.header("location")), (303, "/forum"), "{done:?}");
    browser.get("/api/user/me").await.ok(200);
}

/// A proof counts for what was shown in it, not for what the session began with.
#[tokio::test]
async fn a_session_opened_with_a_passkey_and_elevated_by_password_rests_on_one_factor() {
    let world = world_of().await;
    let (_, mut key) = with_passkey(&world, "dewi_l").await;
    let anon = world.anon();
    let body = sign_in(&anon, &mut key).await.ok(200);
    let dewi = anon.with_token(body["access_token"].as_str().unwrap());
    let path = format!("/api/v1/users/{}/pqc-keys", body["user_id"]);
    elevate(&dewi).await;
    dewi.post(&path, json!({"publicKey": "AAAA", "name": "x"})).await.refused(403, "ASSURANCE_REQUIRED");
    // What SUDO alone asks for is open.
    make(&dewi, &mut Authenticator::new(ORIGIN)).await;
    let begun = dewi.post("/api/auth/sudo/passkey/begin", Value::Null).await.ok(200);
    let proof = json!({"passkey": {"session_id": begun["session_id"], "credential": key.get(&begun["options"])}});
    dewi.post("/api/auth/sudo", proof).await.ok(200);
    assert_eq!(dewi.post(&path, json!({"publicKey": "AAAA", "name": "x"})).await.status, 400, "only the key is wrong now");
}

/// Each change of what signs in is the moment to sign out elsewhere, in one click and without scripts.
#[tokio::test]
async fn after_a_change_all_other_sessions_can_be_ended_at_once() {
    let world = world_of().await;
    let dewi = world.user("dewi_l").await;
    let browser = dewi.in_browser().await;
    let offers = |page: &str| page.contains("action=\"/account/sessions\"") && page.contains("value=\"others\"");
    assert!(!offers(browser.get("/account/passkeys").await.page(200)));
    browser.form("/account/sudo?next=/account/passkeys", &[("password", PASSWORD)]).await;
    let begun = browser.post("/api/auth/passkeys/register/begin", json!({})).await.ok(200);
    let credential = Authenticator::new(ORIGIN).create(&begun["options"]).to_string();
    let fields = [("session_id", begun["session_id"].as_str().unwrap()), ("credential", credential.as_str())];
    assert_eq!(browser.form("/account/passkeys", &fields).await.status, 303);
    assert!(offers(browser.get("/account/passkeys").await.page(200)));
    assert!(!offers(browser.get("/account/passkeys").await.page(200)), "once");
    let id = browser.get("/api/auth/passkeys").await.ok(200)["passkeys"][0]["id"].to_string();
    browser.form("/account/passkeys", &[("remove", &id)]).await;
    assert!(offers(browser.get("/account/passkeys").await.page(200)));

    browser.form("/account/two-factor", &[("action", "begin")]).await;
    let page = browser.get("/account/two-factor").await;
    let secret = page.text().split_once("secret=").unwrap().1.split('&').next().unwrap().to_owned();
    let code = crate::second_factor::code_at(&secret, world.now());
    let codes = browser.form("/account/two-factor", &[("action", "enable"), ("code", &code)]).await;
    assert!(offers(codes.page(200)), "{codes:?}");

    browser.form("/account/credentials", &[("action", "email"), ("email", "dewi.baru@contoh.id")]).await;
    let mails = world.mails_to("dewi.baru@contoh.id").await;
    let link = mails[0].body.split_once("/verify?token=").unwrap().1.split_whitespace().next().unwrap().to_owned();
    assert_eq!(browser.form("/verify", &[("token", &link)]).await.header("location"), "/");
    assert!(offers(browser.get("/").await.page(200)));
    let ended = browser.form("/account/sessions", &[("end", "others")]).await;
    assert_eq!((ended.status, ended.header("location")), (303, "/account/sessions"));
    dewi.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    browser.get("/api/user/me").await.ok(200);
}
