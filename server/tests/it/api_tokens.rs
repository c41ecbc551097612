//! Personal API tokens: what a program can do with one, and what it never can.

use crate::{
    client::Client,
    harness::{PASSWORD, World, email_of, thread},
};
use axum::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// A program with a new token of these scopes, from the owner's address.
async fn program(owner: &Client, scopes: &[&str]) -> (Client, i64) {
    owner.elevate().await;
    let made = owner.post("/api/auth/tokens", json!({"name": "Skrip malam", "scopes": scopes})).await;
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.ok(201);
    (owner.with_token(made["token"].as_str().unwrap()), made["id"].as_i64().unwrap())
}

#[tokio::test]
async fn a_token_is_shown_once_and_acts_within_its_scopes() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (reader, id) = program(&dewi, &["read"]).await;
    let token = reader.token.clone().unwrap();
    assert!(token.starts_with("avt_") && token.len() == 53, "{token}");
    assert_eq!(reader.get("/api/user/me").await.ok(200)["data"]["username"], "dewi_l");
    reader.post("/api/threads", thread("Uji")).await.refused(403, "SCOPE_REQUIRED");
    let (writer, _) = program(&dewi, &["read", "write"]).await;
    writer.post("/api/threads", thread("Uji")).await.ok(201);
    let (blind, _) = program(&dewi, &["write"]).await;
    blind.get("/api/user/me").await.refused(403, "SCOPE_REQUIRED");

    let list = dewi.get("/api/auth/tokens").await;
    assert!(!list.text().contains(&token), "the token itself is not kept");
    let list = list.ok(200)["data"].clone();
    let of = |id: i64| list.as_array().unwrap().iter().find(|token| token["id"] == id).unwrap().clone();
    assert_eq!(of(id)["hint"], token[49..]);
    assert_eq!(of(id)["scopes"], json!(["read"]));
    assert_eq!(of(id)["last_used_ip"], dewi.ip.to_string());
    assert_eq!(of(id)["expired"], false);
    assert_eq!(list.as_array().unwrap().len(), 3);

    let facts = reader.get("/api/v1/auth/session").await.ok(200)["data"].clone();
    assert_eq!((&facts["api_token_id"], &facts["session_id"], &facts["amr"]), (&json!(id), &Value::Null, &json!([])));
    let facts = dewi.get("/api/v1/auth/session").await.ok(200)["data"].clone();
    assert_eq!((&facts["session_id"], &facts["amr"], &facts["assurance_level"]), (&json!(dewi.session), &json!(["pwd"]), &json!(1)));
    assert!(facts["elevated_until"].is_string(), "{facts}");
}

#[tokio::test]
async fn a_program_never_touches_how_its_owner_signs_in() {
    let world = World::new().await;
    let admin = world.admin("sri_wahyuni").await;
    let (program, id) = program(&admin, &["read", "write", "finance", "admin"]).await;
    let refused = [
        (Method::GET, "/api/auth/tokens".to_owned(), Value::Null),
        (Method::POST, "/api/auth/tokens".to_owned(), json!({"name": "Lagi", "scopes": ["read"]})),
        (Method::DELETE, format!("/api/auth/tokens/{id}"), Value::Null),
        (Method::GET, "/api/auth/oauth".to_owned(), Value::Null),
        (Method::DELETE, "/api/auth/oauth/google".to_owned(), Value::Null),
        (Method::POST, "/api/auth/sudo".to_owned(), json!({"password": PASSWORD})),
        (Method::GET, "/api/auth/sessions".to_owned(), Value::Null),
        (Method::DELETE, format!("/api/auth/sessions/{}", admin.session), Value::Null),
        (Method::POST, "/api/auth/logout".to_owned(), Value::Null),
        (Method::POST, "/api/auth/logout-all".to_owned(), Value::Null),
        (Method::GET, "/api/auth/devices".to_owned(), Value::Null),
        (Method::GET, "/api/auth/security-events".to_owned(), Value::Null),
        (Method::POST, "/api/auth/change-password".to_owned(), json!({"new_password": "kuda lumping biru"})),
        (Method::POST, "/api/auth/change-email".to_owned(), json!({"email": "lain@contoh.id"})),
        (Method::POST, "/api/auth/totp/setup".to_owned(), Value::Null),
        (Method::GET, "/api/auth/passkeys".to_owned(), Value::Null),
        (Method::POST, "/api/auth/passkeys/register/begin".to_owned(), json!({})),
        (Method::GET, "/api/v1/auth/kyc".to_owned(), Value::Null),
        (Method::DELETE, "/api/account".to_owned(), Value::Null),
        (Method::GET, "/api/account/export".to_owned(), Value::Null),
        (Method::POST, format!("/api/v1/admin/users/{}/unlock", admin.id), json!({"reason": "Permintaan tertulis"})),
    ];
    for (method, path, body) in refused {
        let ask = program.ask(method.clone(), &path);
        let ask = if body.is_null() { ask } else { ask.json(&body) };
        let answer = ask.send().await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (403, Some("SESSION_REQUIRED")), "{method} {path}: {answer:?}");
    }
    // With the scope, the role's permissions are there for what asks for no proof; pages are for people.
    program.get("/api/v1/admin/users").await.ok(200);
    assert_eq!(program.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_role_reaches_a_program_only_by_its_scope() {
    let world = World::new().await;
    let (admin, dewi) = (world.admin("sri_wahyuni").await, world.user("dewi_l").await);
    let (plain, _) = program(&admin, &["read", "write"]).await;
    plain.get("/api/v1/admin/users").await.refused(403, "FORBIDDEN");
    dewi.elevate().await;
    let wish = json!({"name": "Skrip", "scopes": ["admin"]});
    assert_eq!(dewi.post("/api/auth/tokens", wish).await.bad_fields(), ["scopes: unknown_value"]);
}

#[tokio::test]
async fn a_token_ends_at_once_when_it_is_revoked_and_by_itself() {
    let world = World::new().await;
    let (dewi, budi) = (world.user("dewi_l").await, world.user("budi_s").await);
    let (first, id) = program(&dewi, &["read"]).await;
    let (second, _) = program(&dewi, &["read"]).await;
    budi.delete(&format!("/api/auth/tokens/{id}")).await.refused(404, "NOT_FOUND");
    dewi.delete(&format!("/api/auth/tokens/{id}")).await.ok(200);
    dewi.delete(&format!("/api/auth/tokens/{id}")).await.refused(404, "NOT_FOUND");
    first.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    second.get("/api/user/me").await.ok(200);
    let events: Vec<String> = world.audit_about(dewi.id).await.into_iter().map(|(event, _)| event).collect();
    assert_eq!(events.iter().filter(|event| event.starts_with("token.")).count(), 3, "{events:?}");
    let mails = world.mails_to(&email_of("dewi_l")).await;
    assert_eq!(mails.iter().filter(|mail| mail.body.contains("Token API")).count(), 3, "{mails:?}");

    world.pass(Duration::from_hours(30 * 24) - Duration::from_secs(1));
    second.get("/api/user/me").await.ok(200);
    world.pass_secs(1);
    second.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    let dewi = dewi.again().await;
    assert_eq!(dewi.get("/api/auth/tokens").await.ok(200)["data"][0]["expired"], true);
    world.pass(Duration::from_hours(31 * 24));
    assert_eq!(world.app.service.sweep_api_tokens().await.unwrap(), 1);
}

#[tokio::test]
async fn junk_and_altered_tokens_are_nobodys() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (program, _) = program(&dewi, &["read"]).await;
    let token = program.token.clone().unwrap();
    let mut altered = token.clone();
    altered.replace_range(10..11, if &token[10..11] == "A" { "B" } else { "A" });
    for bad in [altered.as_str(), "avt_", &token[..52], &format!("{token}A"), &token.to_uppercase(), "avt_%00'; DROP TABLE api_tokens"] {
        dewi.with_token(bad).get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    }
    program.get("/api/user/me").await.ok(200);
}

#[tokio::test]
async fn what_is_wished_for_is_checked() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let wish = json!({"name": "Skrip", "scopes": ["read"]});
    dewi.post("/api/auth/tokens", wish.clone()).await.refused(403, "SUDO_REQUIRED");
    dewi.elevate().await;
    let post = async |body: Value| dewi.post("/api/auth/tokens", body).await.bad_fields();
    assert_eq!(
        post(json!({"name": "", "scopes": [], "expires_in_days": 0})).await,
        ["name: required", "scopes: required", "expires_in_days: out_of_range"]
    );
    assert_eq!(
        post(json!({"name": "x".repeat(61), "scopes": ["root"], "expires_in_days": 366})).await,
        ["name: too_long", "scopes: unknown_value", "expires_in_days: out_of_range"]
    );
    assert_eq!(post(json!({"name": "a\u{7}b", "scopes": ["read"]})).await, ["name: bad_characters"]);
    assert_eq!(post(json!({"name": "a", "scopes": ["read"], "x": 1})).await, ["x: unknown_field"]);
    for id in ["0", "x", "99999999999999999999"] {
        dewi.delete(&format!("/api/auth/tokens/{id}")).await.refused(404, "NOT_FOUND");
    }
    for _ in 0..50 {
        dewi.post("/api/auth/tokens", wish.clone()).await.ok(201);
    }
    dewi.post("/api/auth/tokens", wish).await.refused(409, "TOKEN_LIMIT");
}

#[tokio::test]
async fn a_suspended_owners_programs_stop_too() {
    let world = World::new().await;
    let (admin, dewi) = (world.admin("sri_wahyuni").await, world.user("dewi_l").await);
    let (program, _) = program(&dewi, &["read"]).await;
    admin.elevate().await;
    admin.post(&format!("/api/v1/admin/users/{}/suspend", dewi.id), json!({"reason": "Menyebar spam"})).await.ok(200);
    program.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_page_makes_shows_and_revokes() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    let page = dewi.get("/account/tokens").await;
    assert!(page.page(200).contains("/account/sudo?next=/account/tokens"), "{page:?}");
    assert_eq!(
        dewi.form("/account/tokens", &[("name", "CI"), ("read", "on"), ("expires_in_days", "30")]).await.status,
        303,
        "proof comes first"
    );
    dewi.form("/account/sudo?next=/account/tokens", &[("password", PASSWORD)]).await;
    let bad = dewi.form("/account/tokens", &[("name", "CI <b>"), ("expires_in_days", "banyak")]).await;
    let text = bad.page(422);
    assert!(text.contains("CI &lt;b&gt;") && text.contains("id=\"scopes-e\"") && text.contains("id=\"expires_in_days-e\""), "{text}");
    assert!(!text.contains("name=\"admin\""), "not for somebody without a role");
    let made = dewi.form("/account/tokens", &[("name", "CI"), ("read", "on"), ("write", "on"), ("expires_in_days", "7")]).await;
    let token = made.page(200).split('>').find_map(|part| part.starts_with("avt_").then(|| part[..53].to_owned())).unwrap();
    assert_eq!(made.header("cache-control"), "no-store");
    dewi.without_cookies().with_token(&token).get("/api/user/me").await.ok(200);
    let text = dewi.get("/account/tokens").await;
    let id = text.page(200).split("name=\"revoke\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!text.text().contains(&token));
    let gone = dewi.form("/account/tokens", &[("revoke", &id)]).await;
    assert_eq!((gone.status, gone.header("location")), (303, "/account/tokens"));
    dewi.without_cookies().with_token(&token).get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    for lang in ["id", "en"] {
        dewi.set_cookie("lang", lang);
        assert!(!dewi.get("/account/tokens").await.page(200).contains("tokens."), "a key without words");
    }
}

#[tokio::test]
async fn owners_are_told_a_week_before_a_token_ends() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (_, id) = program(&dewi, &["read"]).await;
    let short = json!({"name": "Sebentar", "scopes": ["read"], "expires_in_days": 7});
    dewi.post("/api/auth/tokens", short).await.ok(201);
    let told = async || {
        let count = world.app.service.tell_of_ending_tokens().await.unwrap();
        let mails = world.mails_to(&email_of("dewi_l")).await;
        let letters: Vec<_> = mails.into_iter().filter(|mail| mail.subject.contains("segera berakhir")).collect();
        (count, letters)
    };
    assert_eq!(told().await.0, 0);
    world.pass(Duration::from_hours(23 * 24) - Duration::from_secs(1));
    assert_eq!(told().await.0, 0);
    world.pass_secs(1);
    let (count, letters) = told().await;
    assert_eq!((count, letters.len()), (1, 1), "not of the one that lived a week: {letters:?}");
    assert!(letters[0].body.contains("Skrip malam") && letters[0].body.contains("/account/tokens"), "{letters:?}");
    let (count, letters) = told().await;
    assert_eq!((count, letters.len()), (0, 1), "once");
    dewi.again().await.delete(&format!("/api/auth/tokens/{id}")).await.ok(200);
}
