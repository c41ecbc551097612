//! Passwords and addresses: forgotten, changed, guessed, undone; devices; taking one's data and one's account away.

use crate::{
    client::Client,
    harness::{PASSWORD, World, email_of, reply, thread},
};
use serde_json::{Value, json};
use std::io::Read;

pub const NEW: &str = "gerimis di pelabuhan lama";

pub async fn sudo(client: &Client) {
    client.elevate().await;
}

pub async fn login(client: &Client, name: &str, password: &str) -> u16 {
    client.post("/api/auth/login", json!({"email": email_of(name), "password": password})).await.status
}

/// The token of the newest letter whose text holds this link.
pub async fn token(world: &World, address: &str, link: &str) -> String {
    let mails = world.mails_to(address).await;
    let found = mails.iter().rev().find_map(|mail| mail.body.split_once(link).map(|(_, rest)| rest.to_owned()));
    let rest = found.unwrap_or_else(|| panic!("no {link} in {mails:?}"));
    rest.split(|c: char| c.is_whitespace() || c == '"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_a_link_that_works_once() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let guest = world.anon();
    guest.post("/api/auth/forgot-password", json!({"email": " Dewi_L@contoh.id "})).await.ok(200);
    let reset = token(&world, "dewi_l@contoh.id", "/reset?token=").await;
    let body = |password: &str| json!({"token": reset, "password": password});
    assert_eq!(guest.post("/api/auth/reset-password", body("password123")).await.bad_fields(), ["password: weak_password"]);
    guest.post("/api/auth/reset-password", body(NEW)).await.ok(200);
    guest.post("/api/auth/reset-password", body(NEW)).await.refused(400, "INVALID_TOKEN");
    dewi.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert_eq!((login(&guest, "dewi_l", PASSWORD).await, login(&guest, "dewi_l", NEW).await), (401, 200));
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert!(mails.iter().any(|mail| mail.body.contains("/not-me?token=")), "{mails:?}");
}

#[tokio::test]
async fn a_reset_link_lapses_and_a_newer_one_replaces_it() {
    let world = World::new().await;
    world.user("dewi_l").await;
    let guest = world.anon();
    let mut tokens = vec![];
    for _ in 0..2 {
        guest.post("/api/auth/forgot-password", json!({"email": "dewi_l@contoh.id"})).await.ok(200);
        world.pass_secs(1);
        tokens.push(token(&world, "dewi_l@contoh.id", "/reset?token=").await);
    }
    let body = |token: &str| json!({"token": token, "password": NEW});
    guest.post("/api/auth/reset-password", body(&tokens[0])).await.refused(400, "INVALID_TOKEN");
    world.pass_secs(30 * 60);
    guest.post("/api/auth/reset-password", body(&tokens[1])).await.refused(400, "INVALID_TOKEN");
    assert_eq!(login(&guest, "dewi_l", PASSWORD).await, 200);
}

#[tokio::test]
async fn asking_for_a_link_tells_nothing_of_accounts() {
    let world = World::new().await;
    world.user("dewi_l").await;
    let known = world.anon().post("/api/auth/forgot-password", json!({"email": "dewi_l@contoh.id"})).await;
    let unknown = world.anon().post("/api/auth/forgot-password", json!({"email": "nobody@contoh.id"})).await;
    assert_eq!((known.status, known.body), (unknown.status, unknown.body));
    assert!(world.mails_to("nobody@contoh.id").await.is_empty());
}

#[tokio::test]
async fn a_reset_does_not_go_around_the_second_factor() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    crate::second_factor::switch_on(&world, &dewi).await;
    world.anon().post("/api/auth/forgot-password", json!({"email": "dewi_l@contoh.id"})).await.ok(200);
    let reset = token(&world, "dewi_l@contoh.id", "/reset?token=").await;
    world.anon().post("/api/auth/reset-password", json!({"token": reset, "password": NEW})).await.ok(200);
    let answer = world.anon().post("/api/auth/login", json!({"email": "dewi_l@contoh.id", "password": NEW})).await.ok(200);
    assert_eq!(answer["mfa_required"], true);
}

#[tokio::test]
async fn changing_the_password_ends_all_other_sessions() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let other = dewi.again().await;
    let new = json!({"new_password": NEW});
    dewi.post("/api/auth/change-password", new.clone()).await.refused(403, "SUDO_REQUIRED");
    sudo(&dewi).await;
    for weak in ["dewi_l dewi_l", "xx-DEWI_L-xx-2026", "Password123", "aaaaaaaaaaaa"] {
        let answer = dewi.post("/api/auth/change-password", json!({"new_password": weak})).await;
        assert_eq!(answer.bad_fields(), ["new_password: weak_password"], "{weak}");
    }
    dewi.post("/api/auth/change-password", new).await.ok(200);
    other.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    dewi.get("/api/user/me").await.ok(200);
    assert_eq!(login(&world.anon(), "dewi_l", NEW).await, 200);
}

#[tokio::test]
async fn weak_passwords_are_refused_when_registering() {
    let world = World::new().await;
    for weak in ["password123", "qwertyuiop", "budi_santoso1", "AIValid2026!"] {
        let body = json!({"email": "budi_santoso@contoh.id", "password": weak, "username": "budi_s"});
        assert_eq!(world.anon().post("/api/auth/register", body).await.bad_fields(), ["password: weak_password"], "{weak}");
    }
}

#[tokio::test]
async fn an_address_changes_by_the_link_to_it_and_the_old_one_can_take_it_back() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let new = json!({"email": "dewi.baru@contoh.id"});
    dewi.post("/api/auth/change-email", new.clone()).await.refused(403, "SUDO_REQUIRED");
    sudo(&dewi).await;
    dewi.post("/api/auth/change-email", new).await.ok(200);
    assert_eq!(dewi.get("/api/user/me").await.ok(200)["data"]["email"], "dewi_l@contoh.id");
    let confirm = token(&world, "dewi.baru@contoh.id", "/verify?token=").await;
    world.anon().post("/api/auth/verify/confirm", json!({"token": confirm})).await.ok(200);
    assert_eq!(dewi.get("/api/user/me").await.ok(200)["data"]["email"], "dewi.baru@contoh.id");
    world.anon().post("/api/auth/verify/confirm", json!({"token": confirm})).await.refused(400, "INVALID_TOKEN");

    let undo = token(&world, "dewi_l@contoh.id", "/not-me?token=").await;
    world.anon().post("/api/auth/not-me", json!({"token": undo})).await.ok(200);
    dewi.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert_eq!(login(&world.anon(), "dewi_l", PASSWORD).await, 401, "the password is taken away");
    let reset = token(&world, "dewi_l@contoh.id", "/reset?token=").await;
    world.anon().post("/api/auth/reset-password", json!({"token": reset, "password": NEW})).await.ok(200);
    assert_eq!(login(&world.anon(), "dewi_l", NEW).await, 200);
}

#[tokio::test]
async fn a_wish_for_a_taken_address_tells_its_owner_only() {
    let world = World::new().await;
    let (dewi, _bima) = (world.user("dewi_l").await, world.user("bima").await);
    sudo(&dewi).await;
    let taken = dewi.post("/api/auth/change-email", json!({"email": "bima@contoh.id"})).await;
    let free = dewi.post("/api/auth/change-email", json!({"email": "bebas@contoh.id"})).await;
    assert_eq!((taken.status, taken.body), (free.status, free.body));
    let mails = world.mails_to("bima@contoh.id").await;
    assert!(mails.len() == 1 && !mails[0].body.contains("token="), "{mails:?}");
}

#[tokio::test]
async fn forged_and_old_undo_links_undo_nothing() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    sudo(&dewi).await;
    dewi.post("/api/auth/change-password", json!({"new_password": NEW})).await.ok(200);
    let undo = token(&world, "dewi_l@contoh.id", "/not-me?token=").await;
    let (text, mac) = undo.split_once('.').unwrap();
    let other_text = {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(format!("{} {} jahat@contoh.id", dewi.id, world.now().secs()))
    };
    for forged in
        [format!("und_{other_text}.{mac}"), format!("{text}.AAAA"), "und_x.y.z.u.v.w.x.y".to_owned(), "und_................".to_owned()]
    {
        world.anon().post("/api/auth/not-me", json!({"token": forged})).await.refused(400, "INVALID_TOKEN");
    }
    world.pass_secs(7 * 24 * 60 * 60);
    world.anon().post("/api/auth/not-me", json!({"token": undo})).await.refused(400, "INVALID_TOKEN");
}

/// A device that the account was used on, and one that it was not.
pub async fn two_browsers(world: &World, name: &str) -> (Client, Client) {
    let (known, strange) = (world.browser(), world.browser());
    known.get("/login").await;
    strange.get("/login").await;
    assert_eq!(login(&known, name, PASSWORD).await, 200);
    (known, strange)
}

#[tokio::test]
async fn devices_are_listed_and_new_ones_are_told() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (first, second) = two_browsers(&world, "dewi_l").await;
    assert_eq!(world.mails_to("dewi_l@contoh.id").await.len(), 1, "the first device is, where a program signed in before");
    assert_eq!(login(&second, "dewi_l", PASSWORD).await, 200);
    assert_eq!(login(&second, "dewi_l", PASSWORD).await, 200);
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert!(mails.len() == 2 && mails[1].body.contains("/not-me?token="), "{mails:?}");
    let devices = first.get("/api/auth/devices").await.ok(200);
    let devices = devices["data"].as_array().unwrap();
    assert_eq!(devices.iter().map(|device| device["current"].as_bool().unwrap()).collect::<Vec<_>>().len(), 2);
    assert_eq!(devices.iter().filter(|device| device["current"] == true).count(), 1);
    drop(dewi);
}

#[tokio::test]
async fn a_deleted_account_is_gone_and_its_posts_are_nobodys() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let id = dewi.create("/api/threads", thread("Ambang kappa")).await;
    dewi.delete("/api/account").await.refused(403, "SUDO_REQUIRED");
    sudo(&dewi).await;
    dewi.delete("/api/account").await.ok(200);
    dewi.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert_eq!(login(&world.anon(), "dewi_l", PASSWORD).await, 401);
    world.anon().get("/api/user/dewi_l").await.refused(404, "NOT_FOUND");
    let thread = world.anon().get(&format!("/api/threads/{id}")).await.ok(200);
    assert_eq!(thread["data"]["author"]["username"], "deleted");
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert_eq!(mails.len(), 1, "{mails:?}");

    let admin = world.admin("sri_wahyuni").await;
    sudo(&admin).await;
    admin.delete("/api/account").await.refused(409, "ADMIN_STAYS");
}

#[tokio::test]
async fn ones_data_comes_as_a_zip_file() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let id = dewi.create("/api/threads", thread("Ambang kappa")).await;
    dewi.post(&format!("/api/v1/threads/{id}/replies"), reply("Catatan saya sendiri.")).await.ok(201);
    dewi.get("/api/account/export").await.refused(403, "SUDO_REQUIRED");
    sudo(&dewi).await;
    let answer = dewi.get("/api/account/export").await;
    assert_eq!((answer.status, answer.header("content-type"), answer.header("cache-control")), (200, "application/zip", "no-store"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.body)).unwrap();
    let mut read = |name: &str| -> Value {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        assert!(!text.contains("argon2"), "{name}");
        serde_json::from_str(&text).unwrap()
    };
    assert_eq!(read("account.json")["email"], "dewi_l@contoh.id");
    assert_eq!(read("threads.json")[0]["title"], "Ambang kappa");
    assert_eq!(read("replies.json")[0]["content"], "Catatan saya sendiri.");
    assert!(read("security-events.json").as_array().unwrap().iter().any(|event| event["event"] == "login.done"));
}

#[tokio::test]
async fn pages_lead_through_it_all() {
    let world = World::new().await;
    world.user("dewi_l").await;
    let browser = world.browser();
    assert!(browser.get("/login").await.page(200).contains("href=\"/forgot\""));
    let asked = browser.form("/forgot", &[("email", "dewi_l@contoh.id")]).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/forgot?sent"));
    assert_eq!(browser.form("/forgot", &[("email", "bukan alamat")]).await.status, 422);
    let reset = token(&world, "dewi_l@contoh.id", "/reset?token=").await;
    let path = format!("/reset?token={reset}");
    assert!(browser.get(&path).await.page(200).contains("autocomplete=\"new-password\""));
    let weak = browser.form(&path, &[("token", &reset), ("password", "password123")]).await;
    assert!(weak.page(422).contains(&reset) && !weak.text().contains("password123"));
    let done = browser.form(&path, &[("token", &reset), ("password", NEW)]).await;
    assert_eq!((done.status, done.header("location")), (303, "/login"));
    assert!(browser.form(&path, &[("token", &reset), ("password", NEW)]).await.page(400).contains("href=\"/forgot\""));
    browser.form("/login", &[("email", &email_of("dewi_l")), ("password", NEW)]).await;
    for path in ["/account/credentials", "/account/data"] {
        assert!(browser.get(path).await.page(200).contains("/account/sudo?next="), "{path}");
    }
    let kept = browser.form("/account/credentials", &[("action", "email"), ("email", "x@contoh.id")]).await;
    assert_eq!((kept.status, kept.header("location")), (303, "/account/sudo?next=/account/credentials"));
    browser.form("/account/sudo?next=/account/data", &[("password", NEW)]).await;
    let bad = browser.form("/account/credentials", &[("action", "password"), ("new_password", "dewi_l")]).await;
    assert!(bad.page(422).contains("new_password-error") || bad.text().contains("aria-invalid"));
    assert_eq!(browser.form("/account/data", &[("username", "orang lain")]).await.status, 422);
    let gone = browser.form("/account/data", &[("username", "Dewi_L")]).await;
    assert_eq!((gone.status, gone.header("location")), (303, "/"));
    assert!(browser.cookie("aivalid_access").is_none());
    let undo = browser.get("/not-me?token=und_abcdefghijklmnop").await;
    assert!(undo.page(200).contains("<button"));
    assert_eq!(browser.form("/not-me", &[("token", "und_abcdefghijklmnop")]).await.status, 400);
}

#[tokio::test]
async fn a_password_is_rated_while_it_is_typed() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    let guest = world.browser();
    let rate = async |client: &Client, password: &str, known_by: Value| {
        client.set_cookie("lang", "en");
        let answer = client.post("/fn/rate-password", json!({"password": password, "known_by": known_by})).await.ok(200);
        (answer["score"].as_u64().unwrap(), answer["words"].as_str().unwrap().to_owned())
    };
    assert_eq!(rate(&guest, "kuda", json!([])).await, (0, "At least 8 characters.".to_owned()));
    assert_eq!(rate(&guest, "password123", json!([])).await.0, 0, "known from breaches");
    assert_eq!(rate(&guest, "bima.arya-kuda-lumping", json!(["bima.arya@contoh.id"])).await.0, 1, "it says whose it is");
    assert_eq!(rate(&dewi, "dewi_l-kuda-lumping", json!([])).await.0, 1, "the account's own words are known");
    assert_eq!(rate(&guest, "kudakuda", json!([])).await.0, 2);
    assert!(rate(&guest, "kuda lumping hijau", json!([])).await.0 >= 3);
    assert!(rate(&guest, &"a b".repeat(5000), json!(vec!["x".repeat(1000); 100])).await.0 <= 4, "long ones cost no more");
    let (service, caller) = (&world.app.service, aivalid_service::Caller::guest());
    let mut refused = false;
    for _ in 0..=240 {
        refused |= service.password_rate(&caller, "kuda", vec![]).await.is_err();
    }
    assert!(refused, "rating costs time, so there is a limit");
}
