//! The phone number of an account: added, changed, removed; and accounts that have nothing else.

use crate::{
    client::{Answer, Client},
    harness::{PASSWORD, World, email_of},
    phone::{NUMBER, by_phone, other_than, send, verify},
};
use serde_json::json;

const NEW_PASSWORD: &str = "gunung api purba";

async fn request(client: &Client, number: &str) -> Answer {
    client.post("/api/auth/phone/request", json!({"phone_number": number, "country_code": "ID"})).await
}

async fn confirm(client: &Client, number: &str, code: &str) -> Answer {
    client.post("/api/auth/phone/confirm", json!({"phone_number": number, "country_code": "ID", "code": code})).await
}

/// Gives an account a number, as its owner would.
pub async fn give_number(world: &World, client: &Client, number: &str) {
    client.elevate().await;
    request(client, number).await.ok(200);
    confirm(client, number, &world.code_to(number).await).await.ok(200);
}

#[tokio::test]
async fn a_number_is_added_changed_and_removed_in_an_elevated_session() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    request(&world.anon(), NUMBER).await.refused(401, "UNAUTHENTICATED");
    request(&dewi, NUMBER).await.refused(403, "SUDO_REQUIRED");
    confirm(&dewi, NUMBER, "123456").await.refused(403, "SUDO_REQUIRED");
    dewi.delete("/api/auth/phone").await.refused(403, "SUDO_REQUIRED");
    give_number(&world, &dewi, NUMBER).await;
    let me = dewi.get("/api/user/me").await.ok(200);
    assert_eq!(
        (&me["data"]["phone"], &me["data"]["countryCode"], &me["data"]["phoneVerified"]),
        (&json!(NUMBER), &json!("ID"), &json!(true))
    );
    assert_eq!(by_phone(&world, NUMBER).await.id, dewi.id);

    give_number(&world, &dewi, "+6281298765432").await;
    let told = world.sms_to(NUMBER).await;
    assert!(told.last().unwrap().contains("tidak lagi terhubung dengan akun AIValid dewi_l"), "{told:?}");
    world.pass_secs(3600);
    assert_ne!(by_phone(&world, NUMBER).await.id, dewi.id, "the old number is anybody's");

    let dewi = dewi.again().await;
    dewi.elevate().await;
    dewi.delete("/api/auth/phone").await.ok(200);
    dewi.delete("/api/auth/phone").await.refused(404, "NOT_FOUND");
    let mails = world.mails_to(&email_of("dewi_l")).await;
    let about: Vec<_> = mails.iter().filter(|mail| mail.body.contains("omor telepon")).collect();
    assert!(about.len() == 3 && about.iter().all(|mail| mail.body.contains("/not-me?token=") && !mail.body.contains("3456")), "{mails:?}");
    let events = world.audit_about(dewi.id).await;
    for event in ["phone.code_sent", "phone.added", "phone.changed", "phone.removed"] {
        assert!(events.contains(&(event.to_owned(), dewi.id)), "{event} {events:?}");
    }
    let list = dewi.get("/api/auth/security-events").await;
    assert!(!list.text().contains("81234567890") && !list.text().contains("81298765432"), "{list:?}");
}

#[tokio::test]
async fn a_code_of_one_use_is_worth_nothing_in_another() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    dewi.elevate().await;
    bima.elevate().await;
    send(&world.anon(), NUMBER).await.ok(200);
    let sign_in = world.code_to(NUMBER).await;
    confirm(&dewi, NUMBER, &sign_in).await.refused(401, "BAD_PHONE_CODE");
    request(&dewi, NUMBER).await.ok(200);
    let number = world.code_to(NUMBER).await;
    verify(&world.anon(), NUMBER, if number == sign_in { "000000" } else { &number }).await.refused(401, "BAD_PHONE_CODE");
    confirm(&bima, NUMBER, &number).await.refused(401, "BAD_PHONE_CODE");
    confirm(&dewi, NUMBER, &number).await.ok(200);
    confirm(&dewi, NUMBER, &number).await.refused(401, "BAD_PHONE_CODE");
    verify(&world.anon(), NUMBER, &sign_in).await.ok(200);
}

#[tokio::test]
async fn another_accounts_number_is_refused_only_to_who_holds_it() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    give_number(&world, &dewi, NUMBER).await;
    bima.elevate().await;
    let (taken, free) = (request(&bima, NUMBER).await, request(&bima, "081298765432").await);
    assert_eq!((taken.status, taken.json()), (free.status, free.json()));
    request(&bima, NUMBER).await.ok(200);
    let code = world.code_to(NUMBER).await;
    confirm(&bima, NUMBER, other_than(&code)).await.refused(401, "BAD_PHONE_CODE");
    confirm(&bima, NUMBER, &code).await.refused(409, "PHONE_TAKEN");
    assert_eq!(dewi.get("/api/user/me").await.ok(200)["data"]["phone"], NUMBER);
}

#[tokio::test]
async fn an_account_with_only_a_phone_secures_itself() {
    let world = World::new().await;
    let ani = by_phone(&world, NUMBER).await;
    // Writing needs an address; a code by SMS does not elevate; the only way in stays.
    ani.post("/api/threads", crate::harness::thread("Halo")).await.refused(403, "EMAIL_NOT_VERIFIED");
    ani.post("/api/auth/sudo", json!({"password": PASSWORD})).await.refused(401, "BAD_CREDENTIALS");
    ani.delete("/api/auth/phone").await.refused(403, "SUDO_REQUIRED");
    world.pass_secs(600);
    ani.post("/api/auth/change-password", json!({"new_password": NEW_PASSWORD})).await.refused(403, "SUDO_REQUIRED");
    ani.post("/api/auth/change-email", json!({"email": "ani@contoh.id"})).await.refused(403, "SUDO_REQUIRED");

    let ani = by_phone(&world, NUMBER).await;
    ani.post("/api/auth/change-email", json!({"email": "ani@contoh.id"})).await.ok(200);
    ani.post("/api/auth/change-password", json!({"new_password": format!("x{}x", &NUMBER[1..])})).await.refused(400, "VALIDATION");
    ani.post("/api/auth/change-password", json!({"new_password": NEW_PASSWORD})).await.ok(200);
    // From now on it is the password that is asked for.
    ani.post("/api/auth/change-email", json!({"email": "lain@contoh.id"})).await.refused(403, "SUDO_REQUIRED");
    ani.post("/api/auth/sudo", json!({"password": NEW_PASSWORD})).await.ok(200);
    ani.delete("/api/auth/phone").await.refused(409, "LAST_WAY_IN");
    let mails = world.mails_to("ani@contoh.id").await;
    let link = mails.iter().find_map(|mail| mail.body.split_once("/verify?token=")).unwrap().1;
    let token = link.split_whitespace().next().unwrap();
    ani.post("/api/auth/verify/confirm", json!({ "token": token })).await.ok(200);
    ani.delete("/api/auth/phone").await.ok(200);
    world.anon().post("/api/auth/login", json!({"email": "ani@contoh.id", "password": NEW_PASSWORD})).await.ok(200);
    ani.create("/api/threads", crate::harness::thread("Halo")).await;
}

#[tokio::test]
async fn a_fresh_sms_sets_nothing_in_an_account_that_has_more() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    give_number(&world, &dewi, NUMBER).await;
    let thief = by_phone(&world, NUMBER).await;
    assert_eq!(thief.id, dewi.id);
    thief.post("/api/auth/change-password", json!({"new_password": NEW_PASSWORD})).await.refused(403, "SUDO_REQUIRED");
    thief.post("/api/auth/change-email", json!({"email": "pencuri@contoh.id"})).await.refused(403, "SUDO_REQUIRED");
    thief.post("/api/auth/passkeys/register/begin", json!({})).await.refused(403, "SUDO_REQUIRED");
    thief.post("/api/auth/passkeys/register/begin", json!({"after_sign_in": true})).await;
    thief.get("/api/account/export").await.refused(403, "SUDO_REQUIRED");
    request(&thief, "081298765432").await.refused(403, "SUDO_REQUIRED");
}

#[tokio::test]
async fn who_took_the_number_over_is_locked_out_by_the_owner() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let home = dewi.in_browser().await;
    home.get("/").await;
    give_number(&world, &dewi, NUMBER).await;
    let thief = world.browser();
    thief.get("/login").await;
    send(&thief, NUMBER).await.ok(200);
    // The first device of all is not told of, so the owner's own comes first.
    world.anon().post("/api/auth/login", json!({"email": email_of("dewi_l"), "password": PASSWORD})).await.ok(200);
    verify(&thief, NUMBER, &world.code_to(NUMBER).await).await.ok(200);
    thief.get("/api/user/me").await.ok(200);
    let mails = world.mails_to(&email_of("dewi_l")).await;
    let link = mails.iter().rev().find_map(|mail| mail.body.split_once("/not-me?token=")).unwrap().1;
    let token = link.split_whitespace().next().unwrap();
    world.anon().post("/api/auth/not-me", json!({ "token": token })).await.ok(200);
    thief.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    send(&world.anon(), NUMBER).await.ok(200);
    let again = verify(&world.anon(), NUMBER, &world.code_to(NUMBER).await).await.ok(200);
    assert_ne!(again["user_id"], dewi.id, "the number opens another, empty account");
}

#[tokio::test]
async fn administrators_find_accounts_without_an_address() {
    let world = World::new().await;
    let ani = by_phone(&world, NUMBER).await;
    let admin = world.admin("dewi_w").await;
    for text in ["0812-3456-7890", "6281234567890", "34567890"] {
        let list = admin.get(&format!("/api/v1/admin/users?q={}", aivalid_app::paths::query_value(text))).await.ok(200);
        let rows = list["data"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{text} {list}");
        assert_eq!((&rows[0]["id"], &rows[0]["email"], &rows[0]["phone"]), (&json!(ani.id), &json!(null), &json!(NUMBER)));
    }
    let browser = admin.in_browser().await;
    assert!(browser.get("/admin/users").await.page(200).contains(NUMBER));
    assert!(browser.get(&format!("/admin/users/{}", ani.id)).await.page(200).contains(NUMBER));
}

#[tokio::test]
async fn an_account_without_an_address_can_be_taken_along_and_deleted() {
    let world = World::new().await;
    let ani = by_phone(&world, NUMBER).await;
    ani.post("/api/auth/change-password", json!({"new_password": NEW_PASSWORD})).await.ok(200);
    ani.post("/api/auth/sudo", json!({"password": NEW_PASSWORD})).await.ok(200);
    let zip = ani.get("/api/account/export").await;
    assert_eq!(zip.status, 200, "{zip:?}");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip.body)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("account.json").unwrap(), &mut text).unwrap();
    assert!(text.contains(NUMBER), "{text}");
    ani.delete("/api/account").await.ok(200);
    ani.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert_ne!(by_phone(&world, NUMBER).await.id, ani.id, "the number is free");
}
