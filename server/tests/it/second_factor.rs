//! Authenticator apps, backup codes, and proving once more who one is.

use crate::{
    client::Client,
    harness::{PASSWORD, World, email_of},
};
use aivalid_model::Timestamp;
use axum::http::Method;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder, Secret};

/// The code that an authenticator app shows at a time.
pub fn code_at(secret: &str, at: Timestamp) -> String {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30).with_skew(0);
    let app = builder.with_secret(Secret::try_from_base32(secret).unwrap()).with_account_name("x").build().unwrap();
    app.generate(at.secs().unsigned_abs()).to_string()
}

async fn sudo(client: &Client) {
    client.post("/api/auth/sudo", json!({"password": PASSWORD})).await.ok(200);
}

/// Switches an authenticator app on: its secret and the backup codes.
pub async fn switch_on(world: &World, client: &Client) -> (String, Vec<String>) {
    sudo(client).await;
    let setup = client.post("/api/auth/totp/setup", Value::Null).await.ok(200);
    let secret = setup["secret"].as_str().unwrap().to_owned();
    let codes = client.post("/api/auth/totp/verify", json!({"code": code_at(&secret, world.now())})).await.ok(200);
    let codes = codes["backup_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    // The step of the first code is used up.
    world.pass_secs(30);
    (secret, codes)
}

fn credentials(client: &Client) -> Value {
    json!({"email": email_of(&client.name), "password": PASSWORD})
}

/// The token of a sign-in that waits for its second factor.
pub async fn first_step(client: &Client) -> String {
    let answer = client.without_token().post("/api/auth/login", credentials(client)).await;
    let body = answer.ok(200);
    assert_eq!(body["mfa_required"], true);
    assert_eq!(body["methods"], json!(["otp", "code"]));
    assert!(answer.set_cookies().is_empty(), "no session yet");
    assert_eq!(body.as_object().unwrap().len(), 3);
    body["mfa_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_authenticator_app_is_asked_for_once_it_is_on() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    sudo(&dewi).await;
    let setup = dewi.post("/api/auth/totp/setup", Value::Null).await.ok(200);
    let secret = setup["secret"].as_str().unwrap();
    assert!(setup["uri"].as_str().unwrap().starts_with("otpauth://totp/AIValid:dewi_l?secret="), "{setup}");
    assert!(setup["qr_svg"].as_str().unwrap().starts_with("<svg"));
    // Begun is not on: signing in is as before.
    dewi.again().await;
    assert_eq!(dewi.get("/api/auth/totp/status").await.ok(200)["enabled"], false);

    dewi.post("/api/auth/totp/verify", json!({"code": "000000"})).await.refused(401, "BAD_CODE");
    let codes = dewi.post("/api/auth/totp/verify", json!({"code": code_at(secret, world.now())})).await.ok(200);
    assert_eq!(codes["backup_codes"].as_array().unwrap().len(), 8);
    let status = dewi.get("/api/auth/totp/status").await.ok(200);
    assert_eq!((&status["enabled"], &status["backup_codes_left"]), (&json!(true), &json!(8)));

    let token = first_step(&dewi).await;
    let guest = dewi.without_token();
    let step = |code: String| json!({"mfa_token": token, "code": code});
    guest.post("/api/auth/login/totp", step("123456".into())).await.refused(401, "BAD_CODE");
    let used = code_at(secret, world.now());
    guest.post("/api/auth/login/totp", step(used)).await.refused(401, "BAD_CODE");
    world.pass_secs(30);
    let answer = guest.post("/api/auth/login/totp", step(code_at(secret, world.now()))).await;
    let access = answer.ok(200)["access_token"].as_str().unwrap().to_owned();
    assert_eq!(dewi.with_token(&access).get("/api/user/me").await.ok(200)["data"]["username"], "dewi_l");
    assert_eq!(answer.header("cache-control"), "no-store");
    // The token is used up.
    world.pass_secs(30);
    guest.post("/api/auth/login/totp", step(code_at(secret, world.now()))).await.refused(401, "SIGN_IN_LAPSED");
}

#[tokio::test]
async fn a_step_of_drift_is_accepted_and_two_are_not() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = switch_on(&world, &dewi).await;
    world.pass_secs(300);
    for (drift, accepted) in [(-60, false), (60, false), (-30, true), (30, true)] {
        let at = Timestamp::from_secs(world.now().secs() + drift);
        let token = first_step(&dewi).await;
        let answer = dewi.without_token().post("/api/auth/login/totp", json!({"mfa_token": token, "code": code_at(&secret, at)})).await;
        if accepted {
            answer.ok(200);
        } else {
            answer.refused(401, "BAD_CODE");
        }
    }
}

#[tokio::test]
async fn racing_sign_ins_with_one_code_open_one_session() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = switch_on(&world, &dewi).await;
    let code = code_at(&secret, world.now());
    let tokens = [first_step(&dewi).await, first_step(&dewi).await, first_step(&dewi).await];
    let guest = dewi.without_token();
    let steps = tokens.map(|token| guest.post("/api/auth/login/totp", json!({"mfa_token": token, "code": code})));
    let answers = futures::future::join_all(steps).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_backup_code_works_once_however_it_is_written() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (_, codes) = switch_on(&world, &dewi).await;
    let guest = dewi.without_token();
    let written = codes[0].to_lowercase().replace('-', " ");
    let token = first_step(&dewi).await;
    guest.post("/api/auth/login/backup-code", json!({"mfa_token": token, "code": written})).await.ok(200);
    let token = first_step(&dewi).await;
    guest.post("/api/auth/login/backup-code", json!({"mfa_token": token, "code": codes[0]})).await.refused(401, "BAD_CODE");
    assert_eq!(dewi.get("/api/auth/totp/backup-codes/count").await.ok(200), json!({"count": 7}));

    let new = dewi.post("/api/auth/totp/backup-codes/regenerate", Value::Null).await.ok(200);
    guest.post("/api/auth/login/backup-code", json!({"mfa_token": token, "code": codes[1]})).await.refused(401, "BAD_CODE");
    guest.post("/api/auth/login/backup-code", json!({"mfa_token": token, "code": new["backup_codes"][0]})).await.ok(200);
}

#[tokio::test]
async fn a_sign_in_waits_five_minutes_on_its_own_device() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = switch_on(&world, &dewi).await;
    let browser = world.browser();
    browser.get("/login").await;
    let mut here = browser.clone();
    here.name.clone_from(&dewi.name);
    let token = first_step(&here).await;
    let step = |at| json!({"mfa_token": token, "code": code_at(&secret, at)});
    let elsewhere = world.browser();
    elsewhere.get("/login").await;
    elsewhere.post("/api/auth/login/totp", step(world.now())).await.refused(401, "SIGN_IN_LAPSED");
    browser.post("/api/auth/login/totp", step(world.now())).await.ok(200);
}

#[tokio::test]
async fn guessing_codes_ends_soon() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = switch_on(&world, &dewi).await;
    let token = first_step(&dewi).await;
    let guest = dewi.without_token();
    for _ in 0..5 {
        guest.post("/api/auth/login/totp", json!({"mfa_token": token, "code": "000000"})).await.refused(401, "BAD_CODE");
    }
    let right = json!({"mfa_token": token, "code": code_at(&secret, world.now())});
    guest.post("/api/auth/login/totp", right).await.refused(429, "RATE_LIMITED");
}

#[tokio::test]
async fn what_matters_needs_proof_that_lapses() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let guarded = ["/api/auth/totp/setup", "/api/auth/totp/disable", "/api/auth/totp/backup-codes/regenerate"];
    for path in guarded {
        dewi.without_token().post(path, Value::Null).await.refused(401, "UNAUTHENTICATED");
        dewi.post(path, Value::Null).await.refused(403, "SUDO_REQUIRED");
    }
    dewi.post("/api/auth/totp/verify", json!({"code": "123456"})).await.refused(403, "SUDO_REQUIRED");
    dewi.post("/api/auth/sudo", json!({"password": "salah sekali"})).await.refused(401, "BAD_CREDENTIALS");
    dewi.post("/api/auth/totp/setup", Value::Null).await.refused(403, "SUDO_REQUIRED");
    sudo(&dewi).await;
    dewi.again().await.post("/api/auth/totp/setup", Value::Null).await.refused(403, "SUDO_REQUIRED");
    dewi.post("/api/auth/totp/setup", Value::Null).await.ok(200);
    world.pass_secs(600);
    dewi.post("/api/auth/totp/setup", Value::Null).await.refused(403, "SUDO_REQUIRED");
}

#[tokio::test]
async fn with_an_app_the_password_alone_proves_nothing() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, codes) = switch_on(&world, &dewi).await;
    world.pass_secs(600);
    dewi.post("/api/auth/sudo", json!({"password": PASSWORD})).await.refused(401, "BAD_CODE");
    dewi.post("/api/auth/sudo", json!({"password": PASSWORD, "code": "000000"})).await.refused(401, "BAD_CODE");
    dewi.post("/api/auth/sudo", json!({"password": "salah sekali", "code": code_at(&secret, world.now())}))
        .await
        .refused(401, "BAD_CREDENTIALS");
    dewi.post("/api/auth/totp/disable", Value::Null).await.refused(403, "SUDO_REQUIRED");
    dewi.post("/api/auth/sudo", json!({"password": PASSWORD, "backup_code": codes[3]})).await.ok(200);

    let other = world.anon();
    let token = first_step(&dewi).await;
    let body = other.post("/api/auth/login/totp", json!({"mfa_token": token, "code": code_at(&secret, world.now())})).await.ok(200);
    let other = other.with_token(body["access_token"].as_str().unwrap());
    dewi.post("/api/auth/totp/disable", Value::Null).await.ok(200);
    other.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    dewi.get("/api/user/me").await.ok(200);
    dewi.post("/api/auth/totp/disable", Value::Null).await.refused(409, "TOTP_STATE");
    dewi.again().await;
}

#[tokio::test]
async fn bad_input_is_named_and_changes_nothing() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let long = "x".repeat(5_000);
    for (path, body, fields) in [
        ("/api/auth/login/totp", json!({"mfa_token": "", "code": "12"}), vec!["mfa_token: required", "code: malformed"]),
        ("/api/auth/login/totp", json!({"mfa_token": long, "code": long}), vec!["mfa_token: malformed", "code: malformed"]),
        ("/api/auth/login/backup-code", json!({"mfa_token": "mfa_abcdefghijklmnop", "code": "123456"}), vec!["code: malformed"]),
        ("/api/auth/totp/verify-code", json!({"code": "１２３４５６"}), vec!["code: malformed"]),
        ("/api/auth/sudo", json!({"code": "1"}), vec!["password: required", "code: malformed"]),
        ("/api/auth/sudo", json!({"password": 1}), vec!["password: wrong_type"]),
        ("/api/auth/sudo", json!({"password": "x", "admin": true}), vec!["admin: unknown_field"]),
    ] {
        assert_eq!(dewi.post(path, body).await.bad_fields(), fields, "{path}");
    }
    dewi.ask(Method::POST, "/api/auth/sudo").typed("application/json", "{").send().await.refused(400, "BAD_REQUEST");
}

#[tokio::test]
async fn pages_lead_through_the_second_step() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, codes) = switch_on(&world, &dewi).await;
    let browser = world.browser();
    browser.get("/login").await;
    let answer = browser.form("/login?next=/forum", &[("email", &email_of("dewi_l")), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login/2fa?next=/forum"));
    let page = browser.get("/login/2fa?next=/forum").await;
    assert!(page.text().contains("autocomplete=\"one-time-code\""));
    let wrong = browser.form("/login/2fa?next=/forum", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 401);
    assert!(!wrong.text().contains("000000"));
    let right = browser.form("/login/2fa?next=/forum", &[("code", &code_at(&secret, world.now()))]).await;
    assert_eq!((right.status, right.header("location")), (303, "/forum"));
    assert!(browser.cookie("aivalid_access").is_some());

    // Switching off asks for proof, and comes back.
    let off = browser.form("/account/two-factor", &[("action", "disable")]).await;
    assert_eq!((off.status, off.header("location")), (303, "/account/sudo?next=/account/two-factor"));
    world.pass_secs(30);
    let proven = browser.form("/account/sudo?next=/account/two-factor", &[("password", PASSWORD), ("code", &codes[0])]).await;
    assert_eq!((proven.status, proven.header("location")), (303, "/account/two-factor"));
    let off = browser.form("/account/two-factor", &[("action", "disable")]).await;
    assert_eq!(off.status, 303);
    assert!(browser.get("/account/two-factor").await.text().contains("value=\"begin\""));
    assert_eq!(world.anon().get("/login/2fa").await.status, 303, "nothing waits");
}
