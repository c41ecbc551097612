//! What the staff does takes two factors, and an administrator's password is held to the rules of any other.

use crate::{
    authenticator::Authenticator,
    client::Client,
    harness::{ORIGIN, PASSWORD, World},
    passkeys,
    second_factor::{code_at, switch_on},
};
use aivalid_model::{
    check::Check,
    identity::{Email, Password, Username},
};
use axum::http::Method;
use serde_json::{Value, json};

const WHY: &str = "Permintaan tertulis";

/// What the staff can do, one of each kind.
fn deeds(of: &Client) -> Vec<(Method, String, Value)> {
    let user = |rest: &str| format!("/api/v1/admin/users/{}{rest}", of.id);
    vec![
        (Method::PUT, user("/role"), json!({"role": "moderator", "reason": WHY})),
        (Method::POST, user("/suspend"), json!({"reason": WHY})),
        (Method::POST, user("/unlock"), json!({"reason": WHY})),
        (Method::GET, "/api/v1/admin/audit/export?form=csv".to_owned(), Value::Null),
        (Method::GET, "/api/v1/admin/kyc".to_owned(), Value::Null),
        (Method::GET, "/api/v1/admin/recovery".to_owned(), Value::Null),
    ]
}

async fn ask(client: &Client, (method, path, body): &(Method, String, Value)) -> crate::client::Answer {
    let ask = client.ask(method.clone(), path);
    if body.is_null() { ask.send().await } else { ask.json(body).send().await }
}

#[tokio::test]
async fn the_staffs_deeds_take_two_factors() {
    let world = World::new().await;
    let (admin, ani) = (world.admin("dewi").await.with_one_factor().await, world.user("ani").await);
    for deed in deeds(&ani) {
        ask(&admin, &deed).await.refused(403, "SUDO_REQUIRED");
    }
    admin.elevate().await;
    for deed in deeds(&ani) {
        ask(&admin, &deed).await.refused(403, "ASSURANCE_REQUIRED");
    }
    // An app that is switched on is shown with that, and the same session may.
    let (secret, _) = switch_on(&world, &admin).await;
    let role = &deeds(&ani)[0];
    ask(&admin, role).await.ok(200);
    // So may one that was signed in to with both; sudo takes both as well.
    let guest = admin.without_token();
    let begun = guest.post("/api/auth/login", json!({"email": "dewi@contoh.id", "password": PASSWORD})).await.ok(200);
    let code = code_at(&secret, world.now());
    let done = guest.post("/api/auth/login/totp", json!({"mfa_token": begun["mfa_token"], "code": code})).await.ok(200);
    let again = admin.with_token(done["access_token"].as_str().unwrap());
    ask(&again, role).await.refused(403, "SUDO_REQUIRED");
    again.post("/api/auth/sudo", json!({"password": PASSWORD})).await.refused(401, "BAD_CODE");
    world.pass_secs(30);
    let proof = json!({"password": PASSWORD, "code": code_at(&secret, world.now())});
    again.post("/api/auth/sudo", proof).await.ok(200);
    ask(&again, &deeds(&ani)[1]).await.ok(200);
}

#[tokio::test]
async fn a_passkey_is_two_factors() {
    let world = World::new().await;
    let (admin, ani) = (world.admin("dewi").await.with_one_factor().await, world.user("ani").await);
    let mut key = Authenticator::new(ORIGIN);
    passkeys::elevate(&admin).await;
    passkeys::make(&admin, &mut key).await;
    ask(&admin, &deeds(&ani)[0]).await.refused(403, "ASSURANCE_REQUIRED");
    passkeys::elevate_with(&admin, &mut key).await.ok(200);
    ask(&admin, &deeds(&ani)[0]).await.ok(200);
}

#[tokio::test]
async fn pages_say_how_to_get_a_second_factor() {
    let world = World::new().await;
    let (admin, ani) = (world.admin("dewi").await.with_one_factor().await, world.user("ani").await);
    let browser = admin.in_browser().await;
    let deed = format!("/admin/users/{}/suspend", ani.id);
    let first = browser.get(&deed).await;
    assert_eq!((first.status, first.header("location")), (303, format!("/account/sudo?next={deed}").as_str()));
    browser.elevate().await;
    for path in [deed.as_str(), "/admin/kyc", "/admin/recovery"] {
        for lang in ["id", "en"] {
            browser.set_cookie("lang", lang);
            let page = browser.get(path).await;
            let text = page.page(403);
            assert!(text.contains("href=\"/account/two-factor\"") && text.contains("href=\"/account/passkeys\""), "{path}: {text}");
            assert!(!text.contains("problem_page."), "{path}: a key without words");
        }
    }
    let sent = browser.form(&deed, &[("reason", WHY)]).await;
    assert!(sent.status == 403 && sent.text().contains("/account/two-factor"), "{sent:?}");
    let export = browser.form("/admin/audit/export", &[("form", "csv")]).await;
    assert!(export.status == 403 && export.text().contains("/account/two-factor"), "{export:?}");

    // Who has a passkey is asked for it; the password, which is one factor, is not offered.
    let mut key = Authenticator::new(ORIGIN);
    passkeys::make(&browser, &mut key).await;
    let asked = browser.get(&deed).await;
    let sudo = format!("/account/sudo?two&next={deed}");
    assert_eq!((asked.status, asked.header("location")), (303, sudo.as_str()));
    let page = browser.get(&sudo).await;
    assert!(!page.page(200).contains("name=\"password\""), "{}", page.text());
    let by_passkey = sudo.replace("/account/sudo?", "/account/sudo/passkey?");
    assert!(page.text().contains(&format!("action=\"{}\"", by_passkey.replace('&', "&amp;"))), "{}", page.text());
    // Also when the passkey is refused, and when that page is loaded anew.
    let refused = browser.form(&by_passkey, &[("session_id", "nothing"), ("credential", "{}")]).await;
    assert!(refused.status >= 400 && refused.text().contains("/account/sudo/passkey?two"), "{refused:?}");
    assert!(!refused.text().contains("name=\"password\""), "{refused:?}");
    assert_eq!(browser.get(&by_passkey).await.header("location"), sudo);
    let export = browser.form("/admin/audit/export", &[("form", "csv")]).await;
    assert!(export.status == 303 && export.header("location").starts_with("/account/sudo?two&next=/admin/audit"), "{export:?}");
    // An app goes with the password.
    switch_on(&world, &browser).await;
    assert!(browser.get(&sudo).await.page(200).contains("name=\"password\""));
    assert!(browser.get(&deed).await.page(200).contains("name=\"reason\""), "the code that switched it on was a second factor");
}

#[tokio::test]
async fn an_administrators_password_is_held_to_the_rules() {
    let world = World::new().await;
    let make = async |password: &str| {
        let (email, name) = (Email::check("dewi@contoh.id".to_owned()).unwrap(), Username::check("dewi_w".to_owned()).unwrap());
        world.app.service.admin_create(email, name, Password::check(password.to_owned()).unwrap()).await
    };
    for weak in ["password123", "dewi@contoh.id 1", "xx dewi_w xx 12", "aaaaaaaaaaaa"] {
        let error = make(weak).await.unwrap_err();
        assert_eq!(error.code(), "VALIDATION", "{weak}: {error}");
    }
    make(PASSWORD).await.unwrap();
}

/// The command with a password on its input: whether it succeeded, and what it said.
fn create(world: &World, password: &str) -> (bool, String) {
    use std::{
        io::Write,
        process::{Command, Stdio},
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_aivalid"));
    command.args(["admin", "create", "--email", "dewi@contoh.id", "--username", "dewi_w"]);
    command.env_clear().env("DATA_DIR", world.data_dir()).env("RUST_LOG", "off");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn the_command_says_what_is_wrong_with_a_password() {
    let world = World::new().await;
    for (password, why) in
        [("password123", "known from a data breach"), ("dewi_w dewi_w 77", "says who"), ("zxzxzxzxzx88", "too easy to guess")]
    {
        let (ok, said) = create(&world, password);
        assert!(!ok && said.contains(why), "{password}: {said}");
        assert!(!said.contains(password), "it is not repeated: {said}");
    }
    assert!(create(&world, PASSWORD).0);
}
