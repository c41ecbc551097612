//! Taking an account over, step by step as a thief would, and its owner's way back.

use crate::{
    authenticator::{Authenticator, fold},
    client::{Answer, Client},
    harness::{ORIGIN, PASSWORD, World, email_of},
    passkeys::{elevate, finish, make, sign_in, with_passkey},
};
use serde_json::{Value, json};

const NEW: &str = "gerimis di pelabuhan lama";

async fn link(world: &World, address: &str, link: &str) -> String {
    let mails = world.mails_to(address).await;
    let rest = mails.iter().rev().find_map(|mail| mail.body.split_once(link).map(|(_, rest)| rest.to_owned()));
    rest.unwrap_or_else(|| panic!("no {link} in {mails:?}")).split(|c: char| c.is_whitespace() || c == '"').next().unwrap().to_owned()
}

/// Uses the link of the newest letter to an address that undoes what was done.
async fn undo(world: &World, address: &str) {
    let token = link(world, address, "/not-me?token=").await;
    world.anon().post("/api/auth/not-me", json!({"token": token})).await.ok(200);
}

/// Shows the token of a link to a new password.
async fn reset(world: &World, token: &str) -> Answer {
    world.anon().post("/api/auth/reset-password", json!({"token": token, "password": NEW})).await
}

/// Sets a new password with the link of the newest letter to an address.
async fn reset_by_letter(world: &World, address: &str) {
    let token = link(world, address, "/reset?token=").await;
    reset(world, &token).await.ok(200);
}

/// Has a link to a new password mailed.
async fn forget(world: &World, address: &str) {
    world.anon().post("/api/auth/forgot-password", json!({"email": address})).await.ok(200);
}

/// Follows the link of the newest letter that confirms an address.
async fn confirm(world: &World, address: &str) -> Answer {
    let token = link(world, address, "/verify?token=").await;
    world.anon().post("/api/auth/verify/confirm", json!({"token": token})).await
}

/// Wishes for another address of an account.
async fn wish(client: &Client, address: &str) {
    elevate(client).await;
    client.post("/api/auth/change-email", json!({"email": address})).await.ok(200);
}

async fn login(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/api/auth/login", json!({"email": email, "password": password})).await
}

/// The thief's own undo link, mailed to the thief's address while they had the account, must not work after the owner's.
#[tokio::test]
async fn a_thiefs_link_does_not_undo_the_owners_undoing() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let thief = world.user("dewi_l").await;
    wish(&thief, "evil@contoh.id").await;
    confirm(&world, "evil@contoh.id").await.ok(200);
    world.pass_secs(60);
    thief.post("/api/auth/change-password", json!({"new_password": "sandi milik si pencuri"})).await.ok(200);
    let thiefs = link(&world, "evil@contoh.id", "/not-me?token=").await;
    world.pass_secs(60);
    undo(&world, "dewi_l@contoh.id").await;
    reset_by_letter(&world, "dewi_l@contoh.id").await;
    login(&world.anon(), "dewi_l@contoh.id", NEW).await.ok(200);
    world.pass_secs(3600);
    world.anon().post("/api/auth/not-me", json!({"token": thiefs})).await.refused(400, "INVALID_TOKEN");
    login(&world.anon(), "dewi_l@contoh.id", NEW).await.ok(200);
}

/// An address that was left is kept for the undo link.
#[tokio::test]
async fn an_address_that_was_left_comes_back_from_whoever_took_it() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let thief = world.user("dewi_l").await;
    wish(&thief, "evil@contoh.id").await;
    confirm(&world, "evil@contoh.id").await.ok(200);
    world.anon().post("/api/auth/register", json!({"email": "dewi_l@contoh.id", "password": PASSWORD, "username": "boneka"})).await.ok(200);
    undo(&world, "dewi_l@contoh.id").await;
    let to_thief = world.mails_to("evil@contoh.id").await.iter().any(|mail| mail.body.contains("/reset?token="));
    assert!(!to_thief, "the link to a new password went to the thief");
}

/// A wish for another address dies with a new password.
#[tokio::test]
async fn a_new_password_ends_a_wish_for_another_address() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let thief = world.user("dewi_l").await;
    wish(&thief, "evil@contoh.id").await;
    forget(&world, "dewi_l@contoh.id").await;
    reset_by_letter(&world, "dewi_l@contoh.id").await;
    confirm(&world, "evil@contoh.id").await.refused(400, "INVALID_TOKEN");
}

/// Credentials that somebody hung onto an unconfirmed account go when its address' owner takes it.
#[tokio::test]
async fn what_was_hung_onto_an_unconfirmed_account_goes_with_its_first_reset() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let mut thief = world.anon();
    thief.post("/api/auth/register", json!({"email": "korban@contoh.id", "password": PASSWORD, "username": "korban"})).await.ok(200);
    thief.name = "korban".into();
    thief.sign_in().await;
    let mut key = Authenticator::new(ORIGIN);
    elevate(&thief).await;
    make(&thief, &mut key).await;
    forget(&world, "korban@contoh.id").await;
    reset_by_letter(&world, "korban@contoh.id").await;
    let answer = sign_in(&world.anon(), &mut key).await;
    assert_ne!(answer.status, 200, "the thief's passkey opens the owner's account");
}

/// Credentials and decoys are refused alike.
#[tokio::test]
async fn decoys_are_refused_like_credentials() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let (_, authenticator) = with_passkey(&world, "dewi_l").await;
    let anon = world.anon();
    let mut codes = vec![];
    for name in ["dewi_l", "nobody"] {
        let begun = anon.post("/api/auth/passkeys/check", json!({"email": email_of(name)})).await.ok(200);
        let offered = begun["options"]["publicKey"]["allowCredentials"][0]["id"].clone();
        let mut forger = authenticator.clone();
        let mut open = begun["options"].clone();
        open["publicKey"]["allowCredentials"] = json!([]);
        let mut credential = forger.get(&open);
        credential["id"] = offered.clone();
        credential["rawId"] = offered;
        credential["response"]["signature"] = json!(fold(&[1; 70]));
        codes.push(finish(&anon, &begun, credential).await.json()["code"].clone());
    }
    assert_eq!(codes[0], codes[1]);
}

/// An app that was begun long before it was switched on goes with the undo of switching it on.
#[tokio::test]
async fn undoing_removes_an_app_that_was_begun_early() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let thief = world.user("dewi_l").await;
    elevate(&thief).await;
    let setup = thief.post("/api/auth/totp/setup", Value::Null).await.ok(200);
    world.pass_secs(11 * 60);
    elevate(&thief).await;
    let secret = totp_rs::Secret::try_from_base32(setup["secret"].as_str().unwrap()).unwrap();
    let builder = totp_rs::Builder::new().with_algorithm(totp_rs::Algorithm::SHA1).with_digits(6).with_step_duration(30).with_skew(0);
    let code = builder.with_secret(secret).with_account_name("x").build().unwrap().generate(world.now().secs().unsigned_abs()).to_string();
    thief.post("/api/auth/totp/verify", json!({"code": code})).await.ok(200);
    undo(&world, "dewi_l@contoh.id").await;
    reset_by_letter(&world, "dewi_l@contoh.id").await;
    let answer = login(&world.anon(), "dewi_l@contoh.id", NEW).await.ok(200);
    assert!(answer["mfa_required"].is_null(), "the thief's app still guards the account");
}

/// A link to a new password that went to the old address does not outlive the change of the address.
#[tokio::test]
async fn links_to_a_new_password_die_with_the_address() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    wish(&dewi, "baru@contoh.id").await;
    forget(&world, "dewi_l@contoh.id").await;
    let token = link(&world, "dewi_l@contoh.id", "/reset?token=").await;
    confirm(&world, "baru@contoh.id").await.ok(200);
    reset(&world, &token).await.refused(400, "INVALID_TOKEN");
}

/// Undoing the last deed also takes away what was set up by an earlier one.
#[tokio::test]
async fn undoing_from_the_newest_letter_removes_what_came_days_before() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let thief = world.user("dewi_l").await;
    elevate(&thief).await;
    let mut key = Authenticator::new(ORIGIN);
    make(&thief, &mut key).await;
    world.pass_secs(20 * 60);
    let thief = thief.again().await;
    elevate(&thief).await;
    thief.post("/api/auth/change-password", json!({"new_password": "sandi milik si pencuri"})).await.ok(200);
    undo(&world, "dewi_l@contoh.id").await;
    assert_ne!(sign_in(&world.anon(), &mut key).await.status, 200, "the thief's passkey still opens the account");
}

/// The wrong passwords of an elevation count as wrong passwords.
#[tokio::test]
async fn wrong_passwords_of_a_confirmation_are_counted() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    for _ in 0..100 {
        dewi.post("/api/auth/sudo", json!({"password": "salah sekali lagi"})).await;
    }
    assert_eq!(dewi.post("/api/auth/sudo", json!({"password": PASSWORD})).await.status, 401);
}
