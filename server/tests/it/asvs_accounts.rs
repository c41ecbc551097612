//! Accounts, factors and sessions as OWASP ASVS 5.0, V6 and V7 want them, where no other file shows it. Numbers are those of
//! docs/ASVS.md.

use crate::{
    client::{Client, claims},
    harness::{PASSWORD, World, email_of},
    second_factor::switch_on,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// 6.3.2
#[tokio::test]
async fn a_new_installation_has_no_accounts() {
    let world = World::new().await;
    assert_eq!(world.app.service.stores().users.user_count().await.unwrap(), 0);
    for name in ["admin", "administrator", "root", "aivalid", "bimo_saputra", "dewi_wardhani"] {
        for (email, password) in [(email_of(name), "admin"), (format!("{name}@demo.example"), "periksa-dua-kali-26")] {
            world.anon().post("/api/auth/login", json!({"email": email, "password": password})).await.refused(401, "BAD_CREDENTIALS");
        }
    }
}

/// The token of the newest letter with this link.
async fn link(world: &World, address: &str, link: &str) -> String {
    let mails = world.mails_to(address).await;
    let rest = mails.iter().rev().find_map(|mail| mail.body.split_once(link).map(|(_, rest)| rest.to_owned()));
    rest.unwrap_or_else(|| panic!("no {link} in {mails:?}")).split(|c: char| c.is_whitespace() || c == '"').next().unwrap().to_owned()
}

/// 6.3.6, 7.6.2
#[tokio::test]
async fn a_link_of_a_mail_opens_no_session() {
    let world = World::new().await;
    let browser = world.browser();
    let fields = [("email", "dewi@contoh.id"), ("password", PASSWORD), ("username", "dewi_l"), ("accept_terms", "true")];
    assert_eq!(browser.form("/register", &fields).await.status, 303);
    let is_guest = async |what: &str| {
        assert_eq!((browser.cookie("aivalid_access"), browser.cookie("aivalid_refresh")), (None, None), "{what}");
        browser.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    };
    is_guest("registered").await;
    let verify = link(&world, "dewi@contoh.id", "/verify?token=").await;
    browser.get(&format!("/verify?token={verify}")).await.page(200);
    is_guest("looked at the link").await;
    assert_eq!(browser.form("/verify", &[("token", &verify)]).await.status, 303);
    is_guest("confirmed").await;
    browser.form("/forgot", &[("email", "dewi@contoh.id")]).await;
    let reset = link(&world, "dewi@contoh.id", "/reset?token=").await;
    let path = format!("/reset?token={reset}");
    browser.get(&path).await.page(200);
    is_guest("looked at the other link").await;
    assert_eq!(browser.form(&path, &[("token", &reset), ("password", "gerimis di pelabuhan lama")]).await.status, 303);
    is_guest("set a password").await;
    let undo = link(&world, "dewi@contoh.id", "/not-me?token=").await;
    browser.get(&format!("/not-me?token={undo}")).await.page(200);
    browser.form("/not-me", &[("token", &undo)]).await;
    is_guest("undid it").await;
    // None of them is a second step either.
    for token in [&verify, &reset, &undo] {
        browser.post("/api/auth/login/totp", json!({"mfa_token": token, "code": "123456"})).await.refused(401, "SIGN_IN_LAPSED");
    }
}

/// 6.3.7
#[tokio::test]
async fn every_change_of_a_second_factor_is_told() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let letters = async || {
        let mails = world.mails_to(&email_of("dewi_l")).await;
        assert!(mails.iter().all(|mail| mail.body.contains("/not-me?token=")), "each can be undone: {mails:?}");
        mails.len()
    };
    switch_on(&world, &dewi).await;
    assert_eq!(letters().await, 1, "switched on");
    dewi.post("/api/auth/totp/backup-codes/regenerate", Value::Null).await.ok(200);
    assert_eq!(letters().await, 2, "new backup codes");
    dewi.post("/api/auth/totp/disable", Value::Null).await.ok(200);
    assert_eq!(letters().await, 3, "switched off");
}

/// 6.5.2, 6.5.3, 6.5.4, 6.7.2, 7.2.3
#[tokio::test]
async fn secrets_are_long_and_never_the_same() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let mut seen = BTreeSet::new();
    let mut fresh = |what: &str, secret: String, length: usize| {
        assert!(secret.len() >= length, "{what}: {} of {length}", secret.len());
        assert!(seen.insert(secret), "{what} came twice");
    };
    for name in ["dewi_l", "bima"] {
        let person = world.user(name).await;
        // 43 characters for 32 bytes; a checksum follows.
        let jti = claims(&person.refresh_token)["jti"].as_str().unwrap()[..43].to_owned();
        fresh("bytes of a session", hex::encode(URL_SAFE_NO_PAD.decode(jti).unwrap()), 2 * 32);
        let (secret, codes) = switch_on(&world, &person).await;
        fresh("an app's seed, in base 32", secret, 160 / 5);
        let more = person.post("/api/auth/totp/backup-codes/regenerate", Value::Null).await.ok(200);
        let more = more["backup_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
        for code in codes.into_iter().chain(more.collect::<Vec<_>>()) {
            fresh("a backup code, in base 32", code.replace('-', ""), 120 / 5);
        }
        for _ in 0..10 {
            let begun = world.anon().post("/api/auth/passkeys/login/begin", json!({})).await.ok(200);
            let challenge = URL_SAFE_NO_PAD.decode(begun["options"]["publicKey"]["challenge"].as_str().unwrap()).unwrap();
            fresh("bytes of a challenge", hex::encode(challenge), 2 * 32);
        }
    }
}

/// 7.2.2, 7.2.4
#[tokio::test]
async fn each_sign_in_gives_tokens_of_its_own() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let browser = dewi.in_browser().await;
    let before = (browser.cookie("aivalid_access"), browser.cookie("aivalid_refresh"), browser.session);
    // What somebody planted in the browser is not taken over.
    let mut planted = world.browser();
    planted.set_cookie("aivalid_access", before.0.as_ref().unwrap());
    planted.set_cookie("aivalid_refresh", before.1.as_ref().unwrap());
    planted.name.clone_from(&dewi.name);
    planted.sign_in().await;
    assert_ne!(planted.session, before.2);
    assert!(planted.cookie("aivalid_access") != before.0 && planted.cookie("aivalid_refresh") != before.1);
    browser.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    planted.get("/api/user/me").await.ok(200);
}

/// 7.4.3
#[tokio::test]
async fn all_other_sessions_end_with_one_button() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let browser = dewi.in_browser().await;
    assert!(browser.get("/account/sessions").await.page(200).contains("value=\"others\""));
    assert_eq!(browser.form("/account/sessions", &[("end", "others")]).await.status, 303);
    dewi.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert!(!browser.get("/account/sessions").await.page(200).contains("value=\"others\""));
}

/// 7.4.4
#[tokio::test]
async fn every_page_of_a_member_leads_out() {
    let world = World::new().await;
    let browser = world.admin("dewi").await.in_browser().await;
    for path in [
        "/",
        "/forum",
        "/validation-cases",
        "/threads/new",
        "/validation-cases/new",
        "/account",
        "/account/preferences",
        "/account/security",
        "/account/sessions",
        "/account/credentials",
        "/account/data",
        "/account/two-factor",
        "/account/passkeys",
        "/account/kyc",
        "/account/sudo",
        "/user/dewi",
        "/admin/users",
        "/admin/audit",
    ] {
        assert!(browser.get(path).await.page(200).contains("action=\"/logout\""), "{path}");
    }
}

/// 7.4.5
#[tokio::test]
async fn another_signing_key_signs_everybody_out() {
    let key = |byte: u8| base64::engine::general_purpose::STANDARD.encode([byte; 32]);
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("shared.db").display());
    let (old, new) = (format!("a:{}", key(1)), format!("b:{}", key(2)));
    let before = World::with(&[("SIGNING_KEYS", &old), ("PEPPER", &key(9)), ("DATABASE_URL", &database)]).await;
    let everybody = [before.user("dewi_l").await, before.admin("sri_wahyuni").await];
    let after = World::beside(&before, &[("SIGNING_KEYS", &new), ("PEPPER", &key(9)), ("DATABASE_URL", &database)]).await;
    for client in everybody {
        let there = after.anon().with_token(client.token.as_ref().unwrap());
        there.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
        let refresh = json!({"refresh_token": client.refresh_token});
        after.anon().post("/api/auth/refresh", refresh).await.refused(401, "SESSION_REVOKED");
        let body = json!({"email": email_of(&client.name), "password": PASSWORD});
        after.anon().post("/api/auth/login", body).await.ok(200);
    }
}

/// 10.3.3
#[tokio::test]
async fn a_deleted_accounts_name_and_tokens_stay_nobodys() {
    let world = World::new().await;
    let gone = world.user("dewi_l").await;
    gone.elevate().await;
    gone.delete("/api/account").await.ok(200);
    let taken = json!({"email": "lain@contoh.id", "password": PASSWORD, "username": "dewi_l"});
    assert_eq!(world.anon().post("/api/auth/register", taken).await.bad_fields(), ["username: taken"]);
    // Not even somebody with the same address gets what the tokens of the old account open.
    let again = json!({"email": email_of("dewi_l"), "password": PASSWORD, "username": "dewi_baru"});
    world.anon().post("/api/auth/register", again).await.ok(200);
    let mut new: Client = world.anon();
    new.name = "dewi_l".into();
    new.sign_in().await;
    assert_ne!(claims(new.token.as_ref().unwrap())["user_id"], json!(gone.id));
    gone.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    gone.post("/api/auth/refresh", json!({"refresh_token": gone.refresh_token})).await.refused(401, "SESSION_REVOKED");
}
