//! Signing in with a code by SMS.

use crate::{
    client::{Answer, Client, claims},
    harness::{PASSWORD, World, email_of},
};
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub const NUMBER: &str = "+6281234567890";

/// Asks for a code as people write their numbers.
pub async fn send(client: &Client, number: &str) -> Answer {
    client.post("/api/v1/auth/otp/send", json!({"phone_number": number, "country_code": "ID"})).await
}

pub async fn verify(client: &Client, number: &str, code: &str) -> Answer {
    client.post("/api/v1/auth/otp/verify", json!({"phone_number": number, "country_code": "ID", "code": code})).await
}

/// A code that the right one is not.
pub fn other_than(code: &str) -> &'static str {
    if code == "111111" { "222222" } else { "111111" }
}

/// Somebody signed in by phone, from an address of their own.
pub async fn by_phone(world: &World, number: &str) -> Client {
    let mut client = world.anon();
    send(&client, number).await.ok(200);
    let body = verify(&client, number, &world.code_to(number).await).await.ok(200);
    let token = body["access_token"].as_str().unwrap();
    client.id = body["user_id"].as_i64().unwrap();
    client.name = body["user"]["username"].as_str().unwrap().to_owned();
    client.session = claims(token)["session_id"].as_i64().unwrap();
    client.token = Some(token.to_owned());
    client
}

#[tokio::test]
async fn a_code_makes_an_account_and_then_signs_in() {
    let world = World::new().await;
    let guest = world.anon();
    let answer = send(&guest, "0812-3456-7890").await;
    assert_eq!(answer.ok(200), json!({"success": true, "message": "A code is on its way by SMS.", "expires_in": 300}));
    let sms = world.sms_to(NUMBER).await;
    assert!(sms.len() == 1 && sms[0].contains("adalah kode masuk AIValid Anda"), "{sms:?}");
    let answer = verify(&guest, "+62 (0)812 3456 7890", &world.code_to(NUMBER).await).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.ok(200);
    let user = &body["user"];
    assert_eq!(
        (&user["email"], &user["email_verified"], &user["phone"], &user["phone_verified"], &user["country_code"]),
        (&Value::Null, &json!(false), &json!(NUMBER), &json!(true), &json!("ID"))
    );
    assert!(user["username"].as_str().unwrap().starts_with("user_") && user["username_change_at"].is_null(), "{user}");
    let told = claims(body["access_token"].as_str().unwrap());
    assert_eq!((&told["email"], &told["phone_number"], &told["country_code"]), (&Value::Null, &json!(NUMBER), &json!("ID")));

    world.pass_secs(3600);
    let again = by_phone(&world, NUMBER).await;
    assert_eq!(again.id, body["user_id"], "the same account");
    let session = &again.get("/api/auth/sessions").await.ok(200)["data"][0];
    assert_eq!(session["login_method"], "sms");
    // The name may be chosen at once; then it rests.
    again.put("/api/account", json!({"username": "ani_baru"})).await.ok(200);
    again.put("/api/account", json!({"username": "ani_lagi"})).await.refused(409, "USERNAME_TOO_SOON");
}

#[tokio::test]
async fn the_terms_that_were_agreed_to_are_recorded() {
    use sqlx::Connection;
    let world = World::new().await;
    let ani = by_phone(&world, NUMBER).await;
    let path = world.data_dir().join("aivalid.db");
    let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    let version: String =
        sqlx::query_scalar("SELECT terms_version FROM users WHERE id = $1").bind(ani.id).fetch_one(&mut conn).await.unwrap();
    assert_eq!(version, aivalid_server::app::TERMS_VERSION);
    // Nothing that is kept of codes names the number.
    let guards: Vec<(Vec<u8>, String)> = sqlx::query_as("SELECT phone, state FROM phone_guards").fetch_all(&mut conn).await.unwrap();
    assert!(!guards.is_empty() && guards.iter().all(|(key, state)| !format!("{key:?}{state}").contains("812345")), "{guards:?}");
    assert!(!String::from_utf8_lossy(&guards[0].0).contains("812345"));
}

#[tokio::test]
async fn asking_for_a_code_tells_nothing() {
    let world = World::new().await;
    by_phone(&world, NUMBER).await;
    world.pass_secs(3600);
    let shape = |answer: &Answer| {
        let names: BTreeSet<String> = answer.headers.keys().map(ToString::to_string).collect();
        (answer.status, names, answer.json())
    };
    let known = send(&world.anon(), NUMBER).await;
    let unknown = send(&world.anon(), "081298765432").await;
    assert_eq!(shape(&known), shape(&unknown));
    let known = verify(&world.anon(), NUMBER, other_than(&world.code_to(NUMBER).await)).await;
    let unknown = verify(&world.anon(), "081298765432", other_than(&world.code_to("+6281298765432").await)).await;
    assert_eq!(shape(&known), shape(&unknown));
    known.refused(401, "BAD_PHONE_CODE");
}

#[tokio::test]
async fn a_code_works_once_for_five_minutes_and_three_tries() {
    let world = World::new().await;
    send(&world.anon(), NUMBER).await.ok(200);
    let code = world.code_to(NUMBER).await;
    verify(&world.anon(), NUMBER, &code).await.ok(200);
    verify(&world.anon(), NUMBER, &code).await.refused(401, "BAD_PHONE_CODE");

    send(&world.anon(), NUMBER).await.ok(200);
    let code = world.code_to(NUMBER).await;
    world.pass_secs(300);
    verify(&world.anon(), NUMBER, &code).await.refused(401, "BAD_PHONE_CODE");

    send(&world.anon(), NUMBER).await.ok(200);
    let code = world.code_to(NUMBER).await;
    verify(&world.anon(), "081298765432", &code).await.refused(401, "BAD_PHONE_CODE");
    for _ in 0..3 {
        verify(&world.anon(), NUMBER, other_than(&code)).await.refused(401, "BAD_PHONE_CODE");
    }
    verify(&world.anon(), NUMBER, &code).await.refused(401, "BAD_PHONE_CODE");
}

#[tokio::test]
async fn an_sms_is_not_sent_when_its_code_has_lapsed() {
    let world = World::new().await;
    send(&world.anon(), NUMBER).await.ok(200);
    world.pass_secs(300);
    assert!(world.sms_to(NUMBER).await.is_empty());
    let dead = world.app.service.operator_jobs(true).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].about.as_deref(), Some("sign_in_code to ID"));
    assert!(!format!("{dead:?}").contains("812345"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_codes_one_signs_in_and_every_try_counts() {
    let world = World::new().await;
    send(&world.anon(), NUMBER).await.ok(200);
    let code = world.code_to(NUMBER).await;
    let clients: Vec<Client> = (0..6).map(|_| world.anon()).collect();
    let answers = join_all(clients.iter().map(|client| verify(client, NUMBER, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");

    // Of a hundred guesses at once three are looked at: the fourth right one is not.
    send(&world.anon(), NUMBER).await.ok(200);
    let code = world.code_to(NUMBER).await;
    let wrong = other_than(&code);
    let clients: Vec<Client> = (0..6).map(|_| world.anon()).collect();
    join_all(clients.iter().map(|client| verify(client, NUMBER, wrong))).await;
    verify(&world.anon(), NUMBER, &code).await.refused(401, "BAD_PHONE_CODE");
}

#[tokio::test]
async fn codes_are_sent_three_times_an_hour_to_a_number_and_ten_times_for_an_address() {
    let world = World::new().await;
    for _ in 0..3 {
        send(&world.anon(), NUMBER).await.ok(200);
    }
    let refused = send(&world.anon(), "0812 3456 7890").await;
    assert_eq!(refused.refused(429, "RATE_LIMITED"), json!({"limit": 3, "retryAfter": 3600, "window": 3600}));
    let one = world.anon();
    for number in 0..10 {
        send(&one, &format!("0812000000{number}0")).await.ok(200);
    }
    assert_eq!(send(&one, "081299999999").await.refused(429, "RATE_LIMITED")["limit"], 10);
    world.pass_secs(3600);
    send(&one, NUMBER).await.ok(200);
}

#[tokio::test]
async fn codes_are_shown_twenty_times_an_hour_from_an_address() {
    let world = World::new().await;
    let one = world.anon();
    for _ in 0..20 {
        verify(&one, NUMBER, "123456").await.refused(401, "BAD_PHONE_CODE");
    }
    assert_eq!(verify(&one, NUMBER, "123456").await.refused(429, "RATE_LIMITED")["limit"], 20);
    // None was sent, so nobody closed the number with that.
    send(&world.anon(), NUMBER).await.ok(200);
}

#[tokio::test]
async fn ten_wrong_codes_in_a_day_stop_codes_for_a_day_and_nothing_else() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    super::phone_account::give_number(&world, &dewi, NUMBER).await;
    let mut wrong = 0;
    'rounds: loop {
        world.pass_secs(1200);
        send(&world.anon(), NUMBER).await.ok(200);
        let code = world.code_to(NUMBER).await;
        for _ in 0..3 {
            verify(&world.anon(), NUMBER, other_than(&code)).await.refused(401, "BAD_PHONE_CODE");
            wrong += 1;
            if wrong == 10 {
                break 'rounds;
            }
        }
    }
    let day = json!({"limit": 10, "retryAfter": 86_400, "window": 86_400});
    assert_eq!(verify(&world.anon(), NUMBER, "123456").await.refused(429, "RATE_LIMITED"), day);
    world.pass_secs(3600);
    let rest = json!({"limit": 10, "retryAfter": 82_800, "window": 86_400});
    assert_eq!(send(&world.anon(), NUMBER).await.refused(429, "RATE_LIMITED"), rest);
    world.anon().post("/api/auth/login", json!({"email": email_of("dewi_l"), "password": PASSWORD})).await.ok(200);
    world.pass_secs(82_800);
    send(&world.anon(), NUMBER).await.ok(200);
    verify(&world.anon(), NUMBER, &world.code_to(NUMBER).await).await.ok(200);
}

#[tokio::test]
async fn bad_input_is_named() {
    let world = World::new().await;
    let guest = world.anon();
    let bad = |path: &'static str, body: Value| {
        let guest = guest.clone();
        async move { guest.post(path, body).await.bad_fields() }
    };
    assert_eq!(bad("/api/v1/auth/otp/send", json!({"phone_number": "", "country_code": "ID"})).await, ["phone_number: required"]);
    assert_eq!(
        bad("/api/v1/auth/otp/send", json!({"phone_number": "021 555 0123", "country_code": "ID"})).await,
        ["phone_number: malformed"]
    );
    assert_eq!(bad("/api/v1/auth/otp/send", json!({"phone_number": "0812 3456 7890"})).await, ["country_code: required"]);
    assert_eq!(
        bad("/api/v1/auth/otp/send", json!({"phone_number": NUMBER, "country_code": "Mars"})).await,
        ["country_code: unknown_value"]
    );
    assert_eq!(
        bad("/api/v1/auth/otp/verify", json!({"phone_number": "x", "country_code": "ID", "code": "12345"})).await,
        ["phone_number: malformed", "code: malformed"]
    );
    let unknown = guest.post("/api/v1/auth/otp/send", json!({"phone_number": NUMBER, "x": 1})).await;
    assert!(unknown.bad_fields().iter().any(|bad| bad.starts_with("x: ")));
}

#[tokio::test]
async fn countries_that_are_not_named_get_no_sms() {
    let world = World::with(&[("SMS_COUNTRIES", "ID")]).await;
    let abroad = world.anon().post("/api/v1/auth/otp/send", json!({"phone_number": "+65 8123 4567"})).await;
    assert_eq!(abroad.bad_fields(), ["phone_number: unknown_value"]);
    send(&world.anon(), NUMBER).await.ok(200);
}

#[tokio::test]
async fn without_a_provider_everything_says_so() {
    let world = World::with(&[("SMS_PROVIDER", "none")]).await;
    send(&world.anon(), NUMBER).await.refused(409, "OTP_UNAVAILABLE");
    verify(&world.anon(), NUMBER, "123456").await.refused(409, "OTP_UNAVAILABLE");
    let dewi = world.user("dewi_l").await;
    dewi.elevate().await;
    dewi.post("/api/auth/phone/request", json!({"phone_number": NUMBER})).await.refused(409, "OTP_UNAVAILABLE");
    let page = world.browser().get("/login").await;
    assert!(!page.page(200).contains("/login/otp"));
    world.browser().get("/login/otp").await.page(409);
    assert!(dewi.in_browser().await.get("/account/phone").await.page(200).contains("/account/sudo"));
}

#[tokio::test]
async fn a_device_makes_three_accounts() {
    let world = World::new().await;
    let browser = world.browser();
    browser.get("/").await;
    for number in 0..4 {
        let number = format!("+62812000000{number}0");
        send(&browser, &number).await.ok(200);
        let answer = verify(&browser, &number, &world.code_to(&number).await).await;
        if number.ends_with("30") {
            answer.refused(403, "DEVICE_LIMIT");
        } else {
            answer.ok(200);
        }
        for cookie in ["aivalid_access", "aivalid_refresh"] {
            browser.cookies.as_ref().unwrap().lock().unwrap().remove(cookie);
        }
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_an_sms_is_none() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    super::phone_account::give_number(&world, &dewi, NUMBER).await;
    let (_, codes) = crate::second_factor::switch_on(&world, &dewi).await;
    world.pass_secs(60);
    send(&world.anon(), NUMBER).await.ok(200);
    let mut guest = world.anon();
    let body = verify(&guest, NUMBER, &world.code_to(NUMBER).await).await.ok(200);
    assert_eq!((&body["mfa_required"], &body["methods"]), (&json!(true), &json!(["otp", "code"])));
    assert!(body.get("access_token").is_none());
    let done = guest.post("/api/auth/login/backup-code", json!({"mfa_token": body["mfa_token"], "code": codes[0]})).await.ok(200);
    guest.token = Some(done["access_token"].as_str().unwrap().to_owned());
    guest.put("/api/account", json!({"bio": "Halo"})).await.ok(200);
    guest.post("/api/auth/change-password", json!({"new_password": "gunung api purba"})).await.refused(403, "SUDO_REQUIRED");
}

#[tokio::test]
async fn a_suspended_account_stays_out() {
    let world = World::new().await;
    let ani = by_phone(&world, NUMBER).await;
    let admin = world.admin("dewi_w").await;
    admin.elevate().await;
    let path = format!("/api/v1/admin/users/{}/suspend", ani.id);
    let suspended = admin.post(&path, json!({"reason": "Menipu orang"})).await;
    assert_eq!(suspended.status, 200, "{suspended:?}");
    ani.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    send(&world.anon(), NUMBER).await.ok(200);
    verify(&world.anon(), NUMBER, &world.code_to(NUMBER).await).await.refused(403, "ACCOUNT_SUSPENDED");
}
