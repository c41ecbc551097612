//! Passwords as OWASP ASVS 5.0, V6.2 wants them: anything may be one, nothing is changed, nothing grows old. Numbers are those
//! of docs/ASVS.md.

use crate::{
    client::Client,
    harness::{DAY, PASSWORD, World, email_of},
};
use serde_json::{Value, json};

async fn login(client: &Client, name: &str, password: &str) -> u16 {
    client.post("/api/auth/login", json!({"email": email_of(name), "password": password})).await.status
}

/// 128 characters that nobody guesses, nor any pattern.
fn longest() -> String {
    let mut bytes = [0; 64];
    getrandom::fill(&mut bytes).unwrap();
    hex::encode(bytes)
}

/// 6.2.5, 6.2.9
#[tokio::test]
async fn any_mixture_of_characters_will_do() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let anon = world.anon();
    let longest = longest();
    let kinds = [
        "only small letters with spaces between",
        "4820937561083629174",
        "🦜🌋🥁🛶🪁🧵🏮🪘🐉🎋🍃🧭",
        "гамелан на рассвете",
        "<script>alert('x')</script>",
        "'; DROP TABLE users; --",
        longest.as_str(),
    ];
    for (number, password) in kinds.into_iter().enumerate() {
        let name = format!("orang_{number}");
        anon.post("/api/auth/register", json!({"email": email_of(&name), "password": password, "username": name})).await.ok(200);
        assert_eq!(login(&world.anon(), &name, password).await, 200, "{password}");
    }
}

/// 6.2.8, 6.2.9
#[tokio::test]
async fn a_password_is_verified_exactly_as_typed() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    let longest = longest();
    let cut = &longest[..127];
    let last = if longest.ends_with('0') { format!("{cut}1") } else { format!("{cut}0") };
    let composed = "  Perahu Kertas di Caf\u{e9} ";
    let cases = [
        (
            composed,
            vec![composed.trim().to_owned(), composed.to_lowercase(), composed.replace('\u{e9}', "e\u{301}"), composed.replace("  ", " ")],
        ),
        (longest.as_str(), vec![cut.to_owned(), last, format!("{longest}0"), longest.to_uppercase()]),
    ];
    dewi.elevate().await;
    for (password, others) in cases {
        dewi.post("/api/auth/change-password", json!({"new_password": password})).await.ok(200);
        for other in others {
            assert_eq!(login(&world.anon(), "dewi_l", &other).await, 401, "{other:?} for {password:?}");
        }
        // The right one forgets the four wrong ones; a fifth would have locked it.
        assert_eq!(login(&world.anon(), "dewi_l", password).await, 200, "{password:?}");
    }
}

/// 6.2.10
#[tokio::test]
async fn passwords_do_not_grow_old() {
    let world = World::new().await;
    world.user("dewi_l").await;
    world.pass_secs(10 * 365 * DAY);
    let body = world.anon().post("/api/auth/login", json!({"email": email_of("dewi_l"), "password": PASSWORD})).await.ok(200);
    assert_eq!(body["user"]["username"], "dewi_l");
}

/// The `<input …>`s of a page.
fn inputs(page: &str) -> impl Iterator<Item = &str> {
    page.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap())
}

/// 6.2.6, 6.2.7
#[tokio::test]
async fn fields_hide_what_is_typed_and_take_what_is_pasted() {
    let world = World::new().await;
    let browser = world.user("dewi_l").await.in_browser().await;
    browser.form("/account/sudo?next=/account", &[("password", PASSWORD)]).await;
    let guest = world.browser();
    for (client, path, purpose) in [
        (&guest, "/login", "current-password"),
        (&guest, "/register", "new-password"),
        (&guest, "/reset?token=rst_abcdefghijklmnop", "new-password"),
        (&browser, "/account/sudo", "current-password"),
        (&browser, "/account/credentials", "new-password"),
    ] {
        let answer = client.get(path).await;
        let page = answer.page(200);
        let of_passwords: Vec<&str> = inputs(page).filter(|input| input.contains("password\"") && input.contains("name=\"")).collect();
        assert_eq!(of_passwords.len(), 1, "{path}: {of_passwords:?}");
        for part in ["type=\"password\"".to_owned(), format!("autocomplete=\"{purpose}\"")] {
            assert!(of_passwords[0].contains(&part), "{path}: no {part} in {}", of_passwords[0]);
        }
        for against in ["maxlength", "readonly", "onpaste", "disabled"] {
            assert!(!of_passwords[0].contains(against), "{path}: {}", of_passwords[0]);
        }
    }
}

/// 6.4.2
#[tokio::test]
async fn there_are_no_hints_and_no_questions() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for (path, body) in [
        ("/api/auth/register", json!({"email": "sari@contoh.id", "password": PASSWORD})),
        ("/api/auth/reset-password", json!({"token": "rst_abcdefghijklmnop", "password": PASSWORD})),
        ("/api/auth/change-password", json!({"new_password": PASSWORD})),
        ("/api/auth/forgot-password", json!({"email": "dewi_l@contoh.id"})),
    ] {
        for field in ["password_hint", "security_question", "security_answer"] {
            let mut body = body.clone();
            body[field] = json!("Nama kucing pertama?");
            assert_eq!(dewi.post(path, body).await.bad_fields(), [format!("{field}: unknown_field")], "{path}");
        }
    }
}

/// 6.4.6
#[tokio::test]
async fn staff_choose_nobodys_password() {
    let world = World::new().await;
    let (admin, ani) = (world.admin("dewi").await, world.user("ani").await);
    admin.elevate().await;
    let account = format!("/api/v1/admin/users/{}", ani.id);
    for field in ["password", "newPassword", "passwordHash", "email", "totpEnabled"] {
        let mut body = json!({"reason": "Permintaan tertulis"});
        body[field] = json!("kata sandi dari staf");
        assert_eq!(admin.put(&account, body).await.bad_fields(), [format!("{field}: unknown_field")]);
    }
    // They can have a link sent, as anybody can; it goes to the owner, and the answer does not hold it.
    let answer = admin.post("/api/auth/forgot-password", json!({"email": email_of("ani")})).await;
    assert_eq!(answer.ok(200).as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
    let links = |mails: Vec<crate::harness::Letter>| mails.iter().filter(|mail| mail.body.contains("/reset?token=")).count();
    assert_eq!((links(world.mails_to(&email_of("ani")).await), links(world.mails_to(&email_of("dewi")).await)), (1, 0));
    assert_eq!(login(&world.anon(), "ani", PASSWORD).await, 200, "until the owner follows it, nothing changes");
    let file: Value = admin.get(&account).await.ok(200);
    assert!(!file.to_string().contains("argon2"), "nor do they see the hash");
}
