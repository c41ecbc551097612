//! Registering, confirming an address, one's account, others' profiles.

use crate::harness::{BEGIN_TEXT, DAY, PASSWORD, World, case, thread};
use serde_json::{Value, json};

fn registration(email: &str, username: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "username": username})
}

#[tokio::test]
async fn from_registering_to_the_first_thread() {
    let world = World::new().await;
    let anon = world.anon();
    let answer = anon.post("/api/auth/register", registration(" Dewi@Contoh.ID ", "Dewi_L")).await;
    let body = answer.ok(200);
    let id = body["user_id"].as_i64().unwrap();
    assert_eq!(body, json!({"user_id": id, "message": "Check your mail and confirm the address."}));
    assert!((1..1 << 53).contains(&id));
    assert!(answer.set_cookies().is_empty(), "registering signs nobody in");

    let mut dewi = anon.clone();
    dewi.name = "dewi".into();
    dewi.sign_in().await;
    dewi.post("/api/threads", thread("Salam kenal")).await.refused(403, "EMAIL_NOT_VERIFIED");
    dewi.post("/api/validation-cases", case("Kasus")).await.refused(403, "EMAIL_NOT_VERIFIED");

    let mail = world.mails_to("dewi@contoh.id").await.pop().unwrap();
    assert_eq!((mail.lang.as_str(), mail.subject.as_str()), ("id", "Konfirmasi alamat surel Anda"));
    assert!(mail.body.contains("Halo dewi_l,") && mail.body.contains("http://localhost:3000/verify?token=vfy_"), "{mail:?}");
    let token = world.verify_token("dewi@contoh.id").await;
    anon.post("/api/auth/verify/confirm", json!({"token": token})).await.ok(200);
    // The session that is open already learns it at once.
    assert_eq!(dewi.get("/api/user/me").await.ok(200)["data"]["emailVerified"], true);
    dewi.post("/api/threads", thread("Salam kenal")).await.ok(201);
    anon.post("/api/auth/verify/confirm", json!({"token": token})).await.refused(400, "INVALID_TOKEN");
}

#[tokio::test]
async fn mails_are_in_the_language_of_who_asked() {
    let world = World::new().await;
    let ask = world.anon();
    let ask = ask.ask(axum::http::Method::POST, "/api/auth/register").header("accept-language", "en-GB,en;q=0.9");
    ask.json(&registration("john@contoh.id", "john_s")).send().await.ok(200);
    let mail = world.mails_to("john@contoh.id").await.pop().unwrap();
    assert_eq!((mail.lang.as_str(), mail.subject.as_str()), ("en", "Confirm your e-mail address"));
}

#[tokio::test]
async fn a_username_is_made_up_when_none_is_given() {
    let world = World::new().await;
    let mut anon = world.anon();
    anon.post("/api/auth/register", json!({"email": "sari@contoh.id", "password": PASSWORD})).await.ok(200);
    anon.name = "sari".into();
    anon.sign_in().await;
    let name = anon.get("/api/user/me").await.ok(200)["data"]["username"].as_str().unwrap().to_owned();
    assert!(name.starts_with("user_") && name.len() == 13, "{name}");
}

#[tokio::test]
async fn every_bad_field_of_a_registration_is_named() {
    let anon = World::new().await.anon();
    let body = json!({"email": "dewi", "password": "pendek", "username": "a b", "accept_terms": false});
    let bad = anon.post("/api/auth/register", body).await.bad_fields();
    assert_eq!(bad, ["email: malformed", "password: too_short", "username: malformed", "accept_terms: must_accept"]);
    for (field, value, problem) in [
        ("username", "admin", "reserved"),
        ("username", "ab", "too_short"),
        ("username", "a234567890123456789012", "too_long"),
        ("password", "dewi@contoh.id99", "weak_password"),
        ("password", "xx-dewi_l-xx", "weak_password"),
        ("password", &"x".repeat(129), "too_long"),
        ("email", &format!("{}@contoh.id", "x".repeat(250)), "too_long"),
        ("email", "dewi@contoh.id\r\nBcc: semua@contoh.id", "malformed"),
    ] {
        let mut body = registration("dewi@contoh.id", "dewi_l");
        body[field] = json!(value);
        assert_eq!(anon.post("/api/auth/register", body).await.bad_fields(), [format!("{field}: {problem}")], "{value}");
    }
}

#[tokio::test]
async fn a_confirmation_link_lives_a_day() {
    let world = World::new().await;
    let anon = world.anon();
    anon.post("/api/auth/register", registration("dewi@contoh.id", "dewi_l")).await.ok(200);
    let token = world.verify_token("dewi@contoh.id").await;
    world.pass_secs(DAY);
    anon.post("/api/auth/verify/confirm", json!({"token": token})).await.refused(400, "INVALID_TOKEN");
    anon.post("/api/auth/verify/request", json!({"email": "DEWI@contoh.id"})).await.ok(200);
    let mails = world.mails_to("dewi@contoh.id").await;
    let fresh = mails[1].body.split_once("token=").unwrap().1.split_whitespace().next().unwrap();
    world.pass_secs(DAY - 1);
    anon.post("/api/auth/verify/confirm", json!({"token": fresh})).await.ok(200);
}

#[tokio::test]
async fn tokens_that_were_never_made_are_refused() {
    let anon = World::new().await.anon();
    for (token, bad) in [("", "token: required"), ("short", "token: malformed"), ("dua kata dan lebih panjang", "token: malformed")] {
        assert_eq!(anon.post("/api/auth/verify/confirm", json!({"token": token})).await.bad_fields(), [bad]);
    }
    anon.post("/api/auth/verify/confirm", json!({"token": "vfy_0000000000000000000000000000000000000000000"}))
        .await
        .refused(400, "INVALID_TOKEN");
    anon.post("/api/auth/verify/confirm", json!({"token": "' OR 1=1 --'OR'1'='1".replace(' ', "+")})).await.refused(400, "INVALID_TOKEN");
}

#[tokio::test]
async fn one_device_makes_three_accounts() {
    let world = World::new().await;
    let browser = world.browser();
    browser.get("/nothing").await.page(404);
    assert!(browser.cookie("aivalid_device").is_some(), "the first page gives the device its cookie");
    for number in 1..=3 {
        browser.post("/api/auth/register", registration(&format!("a{number}@contoh.id"), &format!("akun_{number}"))).await.ok(200);
    }
    browser.post("/api/auth/register", registration("a4@contoh.id", "akun_4")).await.refused(403, "DEVICE_LIMIT");
    // A cookie that we did not sign is no cookie: the limit can't be filled up or got round for others by making one up.
    let signed = browser.cookie("aivalid_device").unwrap();
    let (device, signature) = signed.split_once('.').unwrap();
    let last = if signature.ends_with('A') { 'B' } else { 'A' };
    let forger = world.browser();
    forger.set_cookie("aivalid_device", &format!("{device}.{}{last}", &signature[..signature.len() - 1]));
    forger.post("/api/auth/register", registration("a5@contoh.id", "akun_5")).await.ok(200);
    world.browser().post("/api/auth/register", registration("a6@contoh.id", "akun_6")).await.ok(200);
}

#[tokio::test]
async fn my_account_as_only_i_see_it() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let expected = json!({
        "id": dewi.id, "username": "dewi_l", "fullName": null, "avatarUrl": null, "badge": null,
        "email": "dewi_l@contoh.id", "emailVerified": true, "phone": null, "phoneVerified": false, "countryCode": null,
        "bio": "", "location": "", "website": "", "telegram": "", "timeZone": "WIB", "locale": null, "theme": "system", "role": "user",
        "createdAt": "2026-11-15T12:26:40Z", "usernameChangeAt": null,
    });
    assert_eq!(dewi.get("/api/user/me").await.ok(200), json!({ "data": expected }));
    world.anon().get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn an_account_changes_by_what_is_given() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let change = json!({
        "fullName": "Dewi Lestari", "bio": "Peneliti anotasi.\nمرحبا 👋", "location": "Yogyakarta", "website": "https://dewi.contoh.id",
        "telegram": "@dewi_lestari", "timeZone": "WITA", "locale": "en", "theme": "dark",
    });
    let body = dewi.put("/api/account", change).await.ok(200);
    let me = &body["data"];
    assert_eq!(
        (me["fullName"].as_str(), me["telegram"].as_str(), me["timeZone"].as_str()),
        (Some("Dewi Lestari"), Some("dewi_lestari"), Some("WITA"))
    );
    let cleared = dewi.put("/api/account", json!({"website": "", "locale": ""})).await.ok(200);
    let me = &cleared["data"];
    assert_eq!((me["website"].as_str(), &me["locale"], me["bio"].as_str()), (Some(""), &Value::Null, Some("Peneliti anotasi.\nمرحبا 👋")));
    assert_eq!(me["theme"], "dark");
    world.unverified("ragu").await.put("/api/account", json!({"bio": "Halo"})).await.ok(200);
}

#[tokio::test]
async fn every_bad_field_of_an_account_is_named() {
    let dewi = World::new().await.user("dewi_l").await;
    let change = json!({
        "username": "root", "fullName": "x".repeat(81), "bio": "x".repeat(501), "location": "a\u{202e}b", "website": "javascript:alert(1)",
        "telegram": "ab", "timeZone": "Mars", "theme": "ungu", "locale": "fr",
    });
    let bad = dewi.put("/api/account", change).await.bad_fields();
    let expected = [
        "username: reserved",
        "fullName: too_long",
        "bio: too_long",
        "location: bad_characters",
        "website: malformed",
        "telegram: malformed",
        "timeZone: unknown_value",
        "theme: unknown_value",
        "locale: unknown_value",
    ];
    assert_eq!(bad, expected);
}

#[tokio::test]
async fn a_username_changes_once_in_thirty_days_and_the_old_one_still_leads_here() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let body = dewi.put("/api/account", json!({"username": "dewi_lestari"})).await.ok(200);
    assert_eq!(
        (body["data"]["username"].as_str(), body["data"]["usernameChangeAt"].as_str()),
        (Some("dewi_lestari"), Some("2026-12-18T12:26:40Z"))
    );
    for name in ["dewi_l", "dewi_lestari", "DEWI_L"] {
        assert_eq!(bima.get(&format!("/api/user/{name}")).await.ok(200)["data"]["username"], "dewi_lestari");
    }
    dewi.put("/api/account", json!({"username": "dewi_3"})).await.refused(409, "USERNAME_TOO_SOON");
    dewi.put("/api/account", json!({"username": "dewi_lestari"})).await.ok(200);
    assert_eq!(bima.put("/api/account", json!({"username": "dewi_lestari"})).await.bad_fields(), ["username: taken"]);
    assert_eq!(
        bima.put("/api/account", json!({"username": "dewi_l"})).await.bad_fields(),
        ["username: taken"],
        "old names are nobody else's"
    );
    world.pass_secs(30 * DAY - 1);
    let dewi = {
        let mut dewi = dewi;
        dewi.name = "dewi_l".into();
        dewi.again().await
    };
    dewi.put("/api/account", json!({"username": "dewi_3"})).await.refused(409, "USERNAME_TOO_SOON");
    world.pass_secs(1);
    dewi.put("/api/account", json!({"username": "dewi_3"})).await.ok(200);
}

#[tokio::test]
async fn a_profile_as_everyone_sees_it() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.put("/api/account", json!({"bio": "Peneliti.", "telegram": "dewi_lestari"})).await.ok(200);
    dewi.create("/api/threads", thread("Satu")).await;
    dewi.create("/api/validation-cases", case("Dua")).await;
    world.grant_badge(&dewi, "teliti").await;
    let body = world.anon().get("/api/user/dewi_l").await.ok(200);
    let badge = json!({
        "id": 1, "slug": "teliti", "nameId": "Nama teliti", "nameEn": "Name teliti", "descriptionId": "Uraian teliti",
        "descriptionEn": "Description teliti", "icon": "award", "colour": "teal",
    });
    let expected = json!({
        "id": dewi.id, "username": "dewi_l", "fullName": null, "avatarUrl": null, "badge": badge, "bio": "Peneliti.", "location": "",
        "website": "", "role": "user", "createdAt": "2026-11-15T12:26:40Z", "threadCount": 1, "caseCount": 1,
    });
    assert_eq!(body, json!({ "data": expected }), "neither address nor Telegram name");
    let grants = world.anon().get("/api/user/dewi_l/badges").await.ok(200);
    assert_eq!(grants, json!({"data": [{"badge": badge, "reason": "Sepuluh kasus rampung", "grantedAt": BEGIN_TEXT}]}));
}

#[tokio::test]
async fn someones_threads_and_cases() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    for number in 1..=3 {
        dewi.create("/api/threads", thread(&format!("Utas {number}"))).await;
        dewi.create("/api/validation-cases", case(&format!("Kasus {number}"))).await;
        world.pass_secs(1);
    }
    bima.create("/api/threads", thread("Milik Bima")).await;
    for (kind, first) in [("threads", "Utas 3"), ("validation-cases", "Kasus 3")] {
        let body = world.anon().get(&format!("/api/user/dewi_l/{kind}?limit=2")).await.ok(200);
        assert_eq!((body["data"][0]["title"].as_str(), body["pagination"]["total"].as_i64()), (Some(first), Some(3)));
        assert_eq!((body["data"].as_array().unwrap().len(), body["pagination"]["totalPages"].as_i64()), (2, Some(2)));
    }
}

#[tokio::test]
async fn nobody_is_not_found() {
    let world = World::new().await;
    let anon = world.anon();
    for name in ["nobody", "x", "%00", "..%2f..", "%F0%9F%98%80", "a%27%20OR%201=1", "%ff"] {
        for tail in ["", "/badges", "/threads", "/validation-cases"] {
            anon.get(&format!("/api/user/{name}{tail}")).await.refused(404, "NOT_FOUND");
        }
    }
}
