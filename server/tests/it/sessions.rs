//! Signing in, the list of sessions, and ending them.

use crate::{
    client::{Client, claims},
    harness::{BEGIN, BEGIN_TEXT, DAY, PASSWORD, World, email_of, thread},
};
use axum::http::Method;
use serde_json::{Value, json};

/// The names of all fields, however deep.
fn every_name(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(name, inner)| [vec![name.clone()], every_name(inner)].concat()).collect(),
        Value::Array(items) => items.iter().flat_map(every_name).collect(),
        _ => vec![],
    }
}

#[tokio::test]
async fn signing_in_gives_tokens_and_cookies() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    world.grant_badge(&dewi, "teliti").await;
    let answer = world.anon().post("/api/auth/login", json!({"email": " DEWI_L@contoh.id", "password": PASSWORD})).await;
    let body = answer.ok(200);
    assert_eq!(
        (body["user_id"].as_i64(), body["token_type"].as_str(), body["expires_in"].as_i64()),
        (Some(dewi.id), Some("Bearer"), Some(900))
    );
    assert_eq!(body["user"]["username"], "dewi_l");
    assert_eq!(
        body.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["access_token", "expires_in", "refresh_token", "token_type", "user", "user_id"]
    );
    for word in every_name(&body) {
        assert!(!word.contains(|c: char| c.is_ascii_uppercase()), "{word} in {body}");
    }
    assert_eq!(answer.header("cache-control"), "no-store");
    let cookies = answer.set_cookies();
    assert_eq!(cookies.len(), 2);
    for (cookie, name) in cookies.iter().zip(["aivalid_access", "aivalid_refresh"]) {
        assert!(
            cookie.starts_with(&format!("{name}=")) && cookie.ends_with("; Path=/; Max-Age=604800; SameSite=Lax; HttpOnly"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn on_https_cookies_are_secure_and_bound_to_the_host() {
    let world = World::with(&[("PUBLIC_ORIGIN", "https://aivalid.example")]).await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    dewi.get("/").await;
    for name in ["__Host-aivalid_access", "__Host-aivalid_refresh", "__Host-aivalid_device"] {
        assert!(dewi.cookie(name).is_some(), "{name}");
    }
    // A device that another host of the domain planted counts for nothing.
    let victim = world.browser();
    victim.set_cookie("aivalid_device", &dewi.cookie("__Host-aivalid_device").unwrap());
    assert!(victim.get("/").await.set_cookies().iter().any(|cookie| cookie.starts_with("__Host-aivalid_device=")));
    victim.post("/api/auth/login", json!({"email": "dewi_l@contoh.id", "password": PASSWORD})).await.ok(200);
    let devices = victim.get("/api/auth/devices").await.ok(200);
    assert_eq!(devices["data"].as_array().unwrap().len(), 1, "{devices}");
    assert_eq!(dewi.get("/api/user/me").await.ok(200)["data"]["username"], "dewi_l");
    let answer = dewi.post("/api/auth/login", json!({"email": "dewi_l@contoh.id", "password": PASSWORD})).await;
    assert!(
        answer.set_cookies().iter().all(|cookie| cookie.contains("; Secure") && cookie.contains("HttpOnly") && !cookie.contains("Domain"))
    );
}

#[tokio::test]
async fn an_access_token_says_what_the_specification_lists() {
    let world = World::new().await;
    let admin = world.admin("sri_wahyuni").await;
    let said = claims(admin.token.as_ref().unwrap());
    let now = world.now().secs();
    let expected = json!({
        "user_id": admin.id, "email": "sri_wahyuni@contoh.id", "jti": said["jti"], "type": "access", "session_id": admin.session,
        "device_id": null, "kyc_status": "none", "kyc_level": 0,
        "permissions": ["content:moderate", "cases:moderate", "finance:review", "kyc:review", "users:manage", "catalog:manage", "audit:read", "system:manage"],
        "scopes": ["read", "write", "finance", "admin"], "phone_number": null, "country_code": null,
        "iss": "aivalid", "aud": "http://localhost:3000", "iat": now, "nbf": now, "exp": now + 900,
    });
    assert_eq!(said, expected);
    let refresh = claims(&admin.refresh_token);
    assert_eq!((refresh["type"].as_str(), refresh["exp"].as_i64()), (Some("refresh"), Some(now + 7 * 86_400)));
}

#[tokio::test]
async fn the_list_shows_each_session_and_which_is_this() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    world.pass_secs(60);
    let other = world.anon();
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let body = json!({"email": "dewi_l@contoh.id", "password": PASSWORD});
    let login = other.ask(Method::POST, "/api/auth/login").header("user-agent", agent).json(&body).send().await.ok(200);
    let id = claims(login["access_token"].as_str().unwrap())["session_id"].as_i64().unwrap();
    let list = dewi.get("/api/auth/sessions").await.ok(200);
    let expected = json!({"data": [
        {
            "id": id, "user_id": dewi.id, "login_method": "password", "device": "Firefox, Linux", "ip": other.ip.to_string(),
            "created_at": "2026-11-18T12:27:40Z", "last_active_at": "2026-11-18T12:27:40Z", "expires_at": "2026-12-18T12:27:40Z", "current": false,
        },
        {
            "id": dewi.session, "user_id": dewi.id, "login_method": "password", "device": "", "ip": dewi.ip.to_string(),
            "created_at": BEGIN_TEXT, "last_active_at": BEGIN_TEXT, "expires_at": "2026-12-18T12:26:40Z", "current": true,
        },
    ]});
    assert_eq!(list, expected);
    world.user("bima").await;
    assert_eq!(dewi.get("/api/auth/sessions").await.ok(200)["data"].as_array().unwrap().len(), 2, "one's own only");
}

#[tokio::test]
async fn ending_a_session_works_at_its_very_next_request() {
    let world = World::new().await;
    let here = world.user("dewi_l").await;
    let there = here.again().await;
    there.get("/api/user/me").await.ok(200);
    here.delete(&format!("/api/auth/sessions/{}", there.session)).await.ok(200);
    there.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    there.post("/api/auth/refresh", json!({"refresh_token": there.refresh_token})).await.refused(401, "SESSION_REVOKED");
    here.delete(&format!("/api/auth/sessions/{}", there.session)).await.refused(404, "NOT_FOUND");
    here.get("/api/user/me").await.ok(200);
}

#[tokio::test]
async fn sessions_of_others_are_not_there() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let admin = world.admin("sri_wahyuni").await;
    for client in [&bima, &admin] {
        client.delete(&format!("/api/auth/sessions/{}", dewi.session)).await.refused(404, "NOT_FOUND");
    }
    for id in ["1", "-1", "0", "x", "9223372036854775807", "99999999999999999999999", "1.5", "%20"] {
        bima.delete(&format!("/api/auth/sessions/{id}")).await.refused(404, "NOT_FOUND");
    }
    dewi.get("/api/user/me").await.ok(200);
}

#[tokio::test]
async fn signing_out_ends_this_session_alone() {
    let world = World::new().await;
    let program = world.user("dewi_l").await;
    let browser = program.in_browser().await;
    let answer = browser.ask(Method::POST, "/api/auth/logout").send().await;
    assert_eq!(answer.ok(200), json!({"message": "Signed out."}));
    assert_eq!((browser.cookie("aivalid_access"), browser.cookie("aivalid_refresh")), (None, None));
    browser.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    browser.ask(Method::POST, "/api/auth/logout").send().await.refused(401, "UNAUTHENTICATED");
    program.get("/api/user/me").await.ok(200);
    program.ask(Method::POST, "/api/auth/logout").send().await.ok(200);
    program.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn signing_out_everywhere_ends_them_all() {
    let world = World::new().await;
    let first = world.user("dewi_l").await;
    let (second, bima) = (first.in_browser().await, world.user("bima").await);
    second.get("/api/user/me").await.ok(200);
    first.ask(Method::POST, "/api/auth/logout-all").send().await.ok(200);
    for client in [&first, &second] {
        client.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    }
    bima.get("/api/user/me").await.ok(200);
}

/// Signs in so often that the next sign-in pushes the first of these sessions out: five sign-ins fit into a quarter of an
/// hour, six do not.
async fn fill_up(world: &World, first: &Client) {
    for _ in 0..4 {
        world.pass_secs(4 * 60);
        let elsewhere = world.anon();
        let body = json!({"email": email_of(&first.name), "password": PASSWORD});
        let answer = elsewhere.post("/api/auth/login", body).await.ok(200);
        assert_eq!((&answer["message"], &answer["sessions_ended"]), (&Value::Null, &Value::Null), "there is room");
    }
    world.pass_secs(4 * 60);
}

#[tokio::test]
async fn five_sessions_live_and_the_oldest_gives_way() {
    let world = World::new().await;
    let first = world.user("dewi_l").await;
    fill_up(&world, &first).await;
    let alive = first.post("/api/auth/refresh", json!({"refresh_token": first.refresh_token})).await.ok(200);
    let last = world.anon();
    let answer = last.post("/api/auth/login", json!({"email": "dewi_l@contoh.id", "password": PASSWORD})).await.ok(200);
    assert_eq!(answer["sessions_ended"], 1);
    assert!(answer["message"].as_str().unwrap().contains("oldest session has ended"), "{answer}");
    // Whoever held the oldest is told why, with whichever of its tokens.
    for token in [&alive["refresh_token"], &json!(first.refresh_token)] {
        world.anon().post("/api/auth/refresh", json!({"refresh_token": token})).await.refused(401, "SESSION_REPLACED");
    }
    first.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    let last = last.with_token(answer["access_token"].as_str().unwrap());
    assert_eq!(last.get("/api/auth/sessions").await.ok(200)["data"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn both_browsers_are_told_that_the_oldest_session_ended() {
    let world = World::new().await;
    let program = world.user("dewi_l").await;
    world.pass_secs(60);
    let old = program.in_browser().await;
    program.ask(Method::POST, "/api/auth/logout").send().await.ok(200);
    let told = |page: &str| page.contains("Anda dikeluarkan dari perangkat ini");
    let stale = || {
        let copy = world.browser();
        copy.set_cookie("aivalid_access", &old.cookie("aivalid_access").unwrap());
        copy.set_cookie("aivalid_refresh", &old.cookie("aivalid_refresh").unwrap());
        copy
    };
    world.pass_secs(15 * 60);
    fill_up(&world, &program).await;
    assert!(!told(old.get("/forum").await.page(200)));
    let (island, writer, member) = (stale(), stale(), stale());

    let new = world.browser();
    let done = new.ask(Method::POST, "/login").form("email=dewi_l%40contoh.id&password=kuda+lumping+hijau").send().await;
    assert_eq!((done.status, new.cookie("flash").as_deref()), (303, Some("signed_in_replaced")), "{done:?}");
    let words = "sesi yang paling lama dibuka sudah diakhiri";
    assert!(new.get("/forum").await.page(200).contains(words));
    assert!(!new.get("/forum").await.page(200).contains(words), "said once");

    // At the next page, whatever the browser does first.
    assert!(told(old.get("/forum").await.page(200)));
    assert!(!told(old.get("/forum").await.page(200)), "said once");
    assert_eq!(old.cookie("aivalid_refresh"), None);
    island.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert!(told(island.get("/forum").await.page(200)));
    let ahead = member.ask(Method::GET, "/forum").header("sec-purpose", "prefetch").send().await;
    assert!(!told(ahead.page(200)));
    assert_eq!(member.get("/account").await.status, 303);
    assert!(told(member.get("/login").await.page(200)));
    let refused = writer.ask(Method::POST, "/threads/new").form("title=Utas").send().await;
    assert!(told(refused.text()), "{refused:?}");
    assert!(!told(writer.get("/forum").await.page(200)), "said once");
}

#[tokio::test]
async fn an_access_token_lives_fifteen_minutes_and_a_session_thirty_days() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    world.pass_secs(899);
    dewi.get("/api/user/me").await.ok(200);
    world.pass_secs(1 + 5);
    dewi.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    dewi.post("/api/threads", thread("Terlambat")).await.refused(401, "UNAUTHENTICATED");

    let mut token = dewi.refresh_token.clone();
    for _ in 0..5 {
        world.pass_secs(6 * DAY - 900);
        let answer = dewi.post("/api/auth/refresh", json!({"refresh_token": token})).await;
        if world.now().secs() >= BEGIN.secs() + 30 * 86_400 {
            answer.refused(401, "SESSION_REVOKED");
            return;
        }
        token = answer.ok(200)["refresh_token"].as_str().unwrap().to_owned();
        assert!(claims(&token)["exp"].as_i64().unwrap() <= BEGIN.secs() + 30 * 86_400, "no token outlives its session");
    }
    world.pass_secs(DAY);
    dewi.post("/api/auth/refresh", json!({"refresh_token": token})).await.refused(401, "SESSION_REVOKED");
}

#[tokio::test]
async fn every_bad_field_of_a_sign_in_is_named() {
    let anon = World::new().await.anon();
    assert_eq!(
        anon.post("/api/auth/login", json!({"email": "dewi", "password": ""})).await.bad_fields(),
        ["email: malformed", "password: required"]
    );
}
