//! The API's own description, and the pages to browse it.

use crate::harness::World;
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every endpoint that there is, by path: what is added to the API is added there.
const ENDPOINTS: &str = include_str!("endpoints.txt");
/// Writes without a body.
const BODILESS: [&str; 8] = [
    "/api/auth/sudo/passkey/begin",
    "/api/auth/logout",
    "/api/auth/logout-all",
    "/api/auth/totp/setup",
    "/api/auth/totp/disable",
    "/api/auth/totp/backup-codes/regenerate",
    "/api/auth/recovery/stop",
    "/api/v1/admin/recovery/{id}/approve",
];

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut all = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.clone(), path.clone(), operation));
        }
    }
    all
}

#[tokio::test]
async fn the_document_is_3_1_and_lists_every_route() {
    let anon = World::new().await.anon();
    let document = anon.get("/api/openapi.json").await.ok(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let listed: BTreeSet<String> = operations(&document).iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    let expected: BTreeSet<String> = ENDPOINTS.lines().map(str::to_owned).collect();
    assert_eq!(listed, expected);
    for path in document["paths"].as_object().unwrap().keys() {
        let address = path
            .replace("{username}", "dewi")
            .replace("{slug}", "umum")
            .replace("{tagSlug}", "kappa")
            .replace("{replyId}", "1")
            .replace("{id}", "1")
            .replace("{userId}", "1")
            .replace("{targetType}", "thread")
            .replace("{targetId}", "1")
            .replace("{documentId}", "1")
            .replace("{provider}", "google")
            .replace("{sessionId}", "1?reason=Alasan")
            .replace("{badgeId}", "1?reason=Alasan");
        // A method that nothing takes: an address without a route would be 404.
        anon.ask(Method::PATCH, &address).send().await.refused(405, "METHOD_NOT_ALLOWED");
    }
}

#[tokio::test]
async fn operations_have_names_words_and_answers_of_their_own() {
    let anon = World::new().await.anon();
    let document = anon.get("/api/openapi.json").await.ok(200);
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "{name} is the name of two operations");
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{method} {path} has no summary");
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2') || status == "303"), "{method} {path} never succeeds");
        assert_eq!(operation.get("requestBody").is_some(), takes_a_body(&method, &path), "{method} {path}");
    }
    let references = document.to_string();
    for reference in references.split("\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document["components"]["schemas"].get(reference).is_some(), "{reference} is described nowhere");
    }
}

fn takes_a_body(method: &str, path: &str) -> bool {
    ["post", "put"].contains(&method) && !BODILESS.contains(&path)
}

#[tokio::test]
async fn what_needs_a_session_refuses_guests() {
    let world = World::new().await;
    let document = world.anon().get("/api/openapi.json").await.ok(200);
    let mut checked = 0;
    for (method, path, operation) in operations(&document) {
        if operation.get("security").is_none() {
            continue;
        }
        let address = path
            .replace("{replyId}", "1")
            .replace("{id}", "1")
            .replace("{tagSlug}", "kappa")
            .replace("{userId}", "1")
            .replace("{targetType}", "thread")
            .replace("{targetId}", "1")
            .replace("{documentId}", "1")
            .replace("{provider}", "google")
            .replace("{sessionId}", "1?reason=Alasan")
            .replace("{badgeId}", "1?reason=Alasan");
        let ask = world.anon().clone();
        let ask = ask.ask(method.to_uppercase().parse().unwrap(), &address);
        let ask = if takes_a_body(&method, &path) { ask.json(&good_body(&path)) } else { ask };
        let answer = ask.send().await;
        answer.refused(401, "UNAUTHENTICATED");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{method} {path}");
        checked += 1;
    }
    assert!(checked >= 28, "{checked}");
}

fn good_body(path: &str) -> Value {
    let content = json!({"type": "markdown", "text": "Isi."});
    match path {
        "/api/threads" | "/api/threads/{id}" => json!({"category": "umum", "title": "Judul", "content": content}),
        "/api/validation-cases" | "/api/validation-cases/{id}" => {
            json!({"category": "model-ai", "title": "Judul", "content": content, "bountyAmount": 0})
        }
        "/api/validation-cases/{id}/tags" => json!({"tag": "kappa"}),
        _ if path.ends_with("/reactions") => json!({"type": "like"}),
        _ if path.contains("/replies") => json!({"content": "Setuju."}),
        "/api/auth/phone/request" => json!({"phone_number": "+6281234567890"}),
        "/api/auth/phone/confirm" => json!({"phone_number": "+6281234567890", "code": "123456"}),
        "/api/v1/blocks" => json!({"userId": 1}),
        "/api/v1/admin/kyc/{id}/approve" => json!({"level": 1}),
        "/api/v1/admin/kyc/{id}/reject" | "/api/v1/admin/recovery/{id}/reject" => json!({"reason": "Foto KTP tidak terbaca."}),
        "/api/v1/admin/users/{id}/role" => json!({"role": "user", "reason": "Alasan"}),
        "/api/v1/admin/users/{id}/badges" => json!({"badgeId": 1, "reason": "Alasan"}),
        _ if path.contains("/admin/users/") => json!({"reason": "Alasan"}),
        _ if path.contains("/watches/") => json!({"level": "watching"}),
        "/api/auth/passkeys/register/finish" => json!({"session_id": "pk_1", "credential": {}}),
        "/api/auth/passkeys/{id}/name" => json!({"name": "Ponsel"}),
        "/api/auth/tokens" => json!({"name": "Skrip", "scopes": ["read"]}),
        "/api/auth/sudo" => json!({"password": "kuda lumping hijau"}),
        "/api/auth/change-password" => json!({"new_password": "kuda lumping biru"}),
        "/api/auth/change-email" => json!({"email": "lain@contoh.id"}),
        "/api/auth/totp/verify" | "/api/auth/totp/verify-code" => json!({"code": "123456"}),
        "/api/v1/users/{userId}/pqc-keys" => json!({"publicKey": "AA==", "name": "Laptop"}),
        _ => json!({}),
    }
}

#[tokio::test]
async fn the_browsable_page_needs_nothing_from_elsewhere() {
    let anon = World::new().await.anon();
    let moved = anon.get("/api/docs").await;
    assert!([301, 302, 303, 307, 308].contains(&moved.status) && moved.header("location") == "/api/docs/", "{moved:?}");
    let page = anon.get("/api/docs/").await;
    assert_eq!(page.status, 200);
    let mut parts = vec![];
    for attribute in ["src=\"", "href=\""] {
        parts.extend(page.text().split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    assert!(parts.len() >= 3, "{page:?}");
    for part in parts {
        assert!(!part.contains("//"), "{part} is elsewhere");
        let answer = anon.get(&format!("/api/docs/{}", part.trim_start_matches("./"))).await;
        assert_eq!(answer.status, 200, "{part}");
    }
    // Scripts in the page itself would need a nonce that a foreign page can't have.
    assert!(page.text().split("<script").skip(1).all(|script| script.split('>').next().unwrap().contains("src=")), "{page:?}");
    let start = anon.get("/api/docs/swagger-initializer.js").await;
    assert!(start.text().contains("/api/openapi.json"), "{start:?}");
}
