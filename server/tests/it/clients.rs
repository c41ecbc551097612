//! What is told of sign-ins by unknown clients, what a browser's scripts get to know, and how a session follows another.

use crate::{
    client::{Client, claims},
    harness::{DAY, PASSWORD, World, email_of},
};
use axum::http::Method;
use serde_json::json;

const DEWI: &str = "dewi_l@contoh.id";

async fn login(client: &Client) {
    client.post("/api/auth/login", json!({"email": DEWI, "password": PASSWORD})).await.ok(200);
}

/// Signs in as a program that names itself.
async fn login_as(client: &Client, user_agent: &str) {
    let body = json!({"email": DEWI, "password": PASSWORD});
    client.ask(Method::POST, "/api/auth/login").header("user-agent", user_agent).json(&body).send().await.ok(200);
}

async fn letters(world: &World) -> usize {
    let mails = world.mails_to(DEWI).await;
    mails.iter().filter(|mail| mail.body.contains("/not-me?token=")).count()
}

#[tokio::test]
async fn a_client_without_a_device_is_told_once_a_day() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    assert_eq!(letters(&world).await, 0, "the very first sign-in is no news");
    let known = world.browser();
    known.get("/login").await;
    login(&known).await;
    assert_eq!(letters(&world).await, 1, "the first browser is, where a program was first");
    login(&known).await;
    assert_eq!(letters(&world).await, 1);

    let program = world.anon();
    login(&program).await;
    login(&program).await;
    assert_eq!(letters(&world).await, 2, "once for each network and kind of client");
    login_as(&program, "curl/8.5").await;
    login(&world.anon()).await;
    assert_eq!(letters(&world).await, 4);
    // A browser that keeps nothing is a new one each time, and no letter follows each.
    for _ in 0..3 {
        let private = program.without_token().with_cookies();
        private.get("/login").await;
        login(&private).await;
    }
    assert_eq!(letters(&world).await, 4);
    world.pass_secs(DAY);
    login(&program).await;
    login(&known).await;
    assert_eq!(letters(&world).await, 5);
    let signed_in = world.audit_about(dewi.id).await.into_iter().filter(|(event, _)| event == "login.done").count();
    assert_eq!(signed_in, 12, "the log has every one");
}

#[tokio::test]
async fn who_names_another_kind_each_time_fills_no_mailbox() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let program = world.anon();
    for n in 0..40 {
        login_as(&program, &format!("skrip {n}")).await;
    }
    // The very first sign-in counted as well.
    assert_eq!(letters(&world).await, 19);
}

/// Nobody knows since when a thief has been there, so every device has to sign in once more to be known.
#[tokio::test]
async fn this_was_not_me_forgets_the_devices() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let (owner, thief) = (world.browser(), world.browser());
    for client in [&owner, &thief] {
        client.get("/login").await;
        login(client).await;
        world.pass_secs(DAY);
    }
    let token = async |link: &str| {
        let mails = world.mails_to(DEWI).await;
        let rest = mails.iter().rev().find_map(|mail| Some(mail.body.split_once(link)?.1.to_owned())).unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    };
    let undo = token("/not-me?token=").await;
    world.anon().post("/api/auth/not-me", json!({"token": undo})).await.ok(200);
    let reset = token("/reset?token=").await;
    let new = "gerimis di pelabuhan lama";
    world.anon().post("/api/auth/reset-password", json!({"token": reset, "password": new})).await.ok(200);
    // A lock holds for what was a known device before.
    for _ in 0..5 {
        world.anon().post("/api/auth/login", json!({"email": DEWI, "password": "salah sekali lagi"})).await.refused(401, "BAD_CREDENTIALS");
    }
    thief.post("/api/auth/login", json!({"email": DEWI, "password": new})).await.refused(401, "BAD_CREDENTIALS");
    world.pass_secs(30 * 60);
    owner.post("/api/auth/login", json!({"email": DEWI, "password": new})).await.ok(200);
    let devices = owner.get("/api/auth/devices").await.ok(200);
    assert_eq!(devices["data"].as_array().unwrap().len(), 1, "{devices}");
}

#[tokio::test]
async fn signing_in_anew_ends_the_session_that_the_browser_had() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let mut browser = dewi.in_browser().await;
    let (access, refresh) = (browser.cookie("aivalid_access").unwrap(), browser.cookie("aivalid_refresh").unwrap());
    let first = dewi.with_token(&access);
    first.get("/api/user/me").await.ok(200);
    browser.sign_in().await;
    first.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    dewi.get("/api/user/me").await.ok(200);
    world.anon().post("/api/auth/refresh", json!({"refresh_token": refresh})).await.refused(401, "SESSION_SUCCEEDED");

    // A request that was on its way with the old cookies does not take the new ones away.
    let late = browser.without_cookies().without_token().with_cookies();
    late.set_cookie("aivalid_access", &access);
    late.set_cookie("aivalid_refresh", &refresh);
    let answer = late.get("/api/user/me").await;
    assert_eq!((answer.status, answer.set_cookies().iter().any(|cookie| cookie.contains("Max-Age=0"))), (401, false));

    // Nor has somebody else's session any use in this browser.
    let second = dewi.with_token(&browser.cookie("aivalid_access").unwrap());
    second.get("/api/user/me").await.ok(200);
    "bima".clone_into(&mut browser.name);
    browser.sign_in().await;
    second.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert_eq!(browser.get("/api/user/me").await.ok(200)["data"]["username"], "bima");
    bima.get("/api/user/me").await.ok(200);
    let told: Vec<_> = world.audit_about(dewi.id).await.into_iter().filter(|(event, _)| event == "session.succeeded").collect();
    assert_eq!(told.len(), 2);
}

/// The middleware refreshed the old session on the way: its cookies must not overwrite those of the new one.
#[tokio::test]
async fn signing_in_with_an_outdated_access_token_leaves_the_new_cookies() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let mut browser = world.user("dewi_l").await.in_browser().await;
    let first = browser.session;
    world.pass_secs(60 * 60);
    let answer = browser.form("/login", &[("email", DEWI), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 303);
    let cookies = answer.set_cookies();
    assert_eq!(cookies.iter().filter(|cookie| cookie.starts_with("aivalid_access=")).count(), 1, "{cookies:?}");
    assert_ne!(claims(&browser.cookie("aivalid_access").unwrap())["session_id"], first);
    browser.get("/api/user/me").await.ok(200);
    world.pass_secs(60 * 60);
    let out = browser.form("/logout", &[]).await;
    assert_eq!((out.status, browser.cookie("aivalid_access"), browser.cookie("aivalid_refresh")), (303, None, None));
    browser.sign_in().await;
}

#[tokio::test]
async fn the_session_that_is_replaced_needs_no_room() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    for _ in 0..3 {
        dewi.again().await;
    }
    let mut browser = dewi.in_browser().await;
    browser.sign_in().await;
    dewi.get("/api/user/me").await.ok(200);
    assert_eq!(dewi.get("/api/auth/sessions").await.ok(200)["data"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn scripts_of_our_own_pages_get_no_tokens() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let body = json!({"email": DEWI, "password": PASSWORD});
    let browser = world.browser();
    let answer = browser.post("/api/auth/login", body.clone()).await;
    let own = answer.ok(200);
    assert!(own["access_token"].is_null() && own["refresh_token"].is_null() && own["token_type"].is_null(), "{own}");
    assert_eq!((own["user"]["username"].as_str(), answer.set_cookies().len()), (Some("dewi_l"), 2), "{:?}", answer.set_cookies());
    browser.get("/api/user/me").await.ok(200);
    // The word that no script can change counts, not the one of older browsers.
    for (site, has_tokens) in [("same-origin", false), ("none", true), ("cross-site", true)] {
        let ask = world.anon().ask(Method::POST, "/api/auth/login").header("sec-fetch-site", site).json(&body).send().await.ok(200);
        assert_eq!(ask["access_token"].is_string(), has_tokens, "{site}");
    }
    let program = world.anon();
    let tokens = program.post("/api/auth/login", body).await.ok(200);
    let next = program.post("/api/auth/refresh", json!({"refresh_token": tokens["refresh_token"]})).await.ok(200);
    assert!(next["access_token"].is_string() && next["refresh_token"].is_string(), "{next}");
}

#[tokio::test]
async fn elevating_a_browser_renews_its_tokens_and_signs_nobody_out() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    let browser = dewi.in_browser().await;
    let (access, refresh) = (browser.cookie("aivalid_access").unwrap(), browser.cookie("aivalid_refresh").unwrap());
    let parallel = browser.without_token().with_cookies();
    parallel.set_cookie("aivalid_access", &access);
    parallel.set_cookie("aivalid_refresh", &refresh);
    world.pass_secs(10);
    let form = [("password", PASSWORD)];
    let proven = browser.form("/account/sudo?next=/account/data", &form).await;
    assert_eq!((proven.status, proven.header("location")), (303, "/account/data"));
    let (new_access, new_refresh) = (browser.cookie("aivalid_access").unwrap(), browser.cookie("aivalid_refresh").unwrap());
    assert!(new_access != access && new_refresh != refresh);
    parallel.get("/api/user/me").await.ok(200);
    browser.get("/account/data").await.page(200);
    // A copy of the old refresh token shows itself as soon as its successor was used.
    world.pass_secs(60);
    browser.post("/api/auth/refresh", json!({})).await.ok(200);
    world.anon().post("/api/auth/refresh", json!({"refresh_token": refresh})).await.refused(401, "SESSION_REVOKED");
    browser.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");

    let api = dewi.in_browser().await;
    let before = api.cookie("aivalid_refresh").unwrap();
    api.post("/api/auth/sudo", json!({"password": PASSWORD})).await.ok(200);
    assert_ne!(api.cookie("aivalid_refresh").unwrap(), before);
    assert!(dewi.post("/api/auth/sudo", json!({"password": PASSWORD})).await.set_cookies().is_empty());
    assert_eq!(email_of(&dewi.name), DEWI);
}
