//! Bodies that can't be read, at every endpoint that takes one.

use crate::{
    client::{Answer, Client},
    harness::{PASSWORD, World, case, reply, thread},
};
use axum::http::Method;
use serde_json::{Value, json};

/// Every endpoint with a body: method, path, a body that it takes.
fn endpoints(reply_id: i64) -> Vec<(Method, String, Value)> {
    let mut all = vec![
        (Method::POST, "/api/auth/register".into(), json!({"email": "baru@contoh.id", "password": PASSWORD})),
        (Method::POST, "/api/auth/verify/request".into(), json!({"email": "baru@contoh.id"})),
        (Method::POST, "/api/auth/verify/confirm".into(), json!({"token": "vfy_0000000000000000"})),
        (Method::POST, "/api/auth/login".into(), json!({"email": "baru@contoh.id", "password": PASSWORD})),
        (Method::POST, "/api/auth/refresh".into(), json!({"refresh_token": "x"})),
        (Method::POST, "/api/auth/recovery".into(), json!({"mfa_token": "mfa_0000000000000000"})),
        (Method::POST, "/api/auth/recovery/finish".into(), json!({"token": "rcf_0000000000000000"})),
        (Method::POST, "/api/auth/recovery/stop-by-link".into(), json!({"token": "rcs_0000000000000000"})),
        (Method::POST, "/api/auth/passkeys/check".into(), json!({"email": "baru@contoh.id"})),
        (Method::POST, "/api/auth/passkeys/login/begin".into(), json!({"mediation": "conditional"})),
        (Method::POST, "/api/auth/passkeys/login/finish".into(), json!({"session_id": "pk_1", "credential": {}})),
        (Method::POST, "/api/auth/passkeys/register/begin".into(), json!({"mediation": "conditional"})),
        (Method::POST, "/api/auth/passkeys/register/finish".into(), json!({"session_id": "pk_1", "credential": {}})),
        (Method::PUT, "/api/auth/passkeys/1/name".into(), json!({"name": "Ponsel"})),
        (Method::POST, "/api/v1/auth/otp/send".into(), json!({"phone_number": "0812 3456 7890", "country_code": "ID"})),
        (Method::POST, "/api/v1/auth/otp/verify".into(), json!({"phone_number": "+6281234567890", "code": "123456"})),
        (Method::POST, "/api/auth/phone/request".into(), json!({"phone_number": "0812 3456 7890", "country_code": "ID"})),
        (Method::POST, "/api/auth/phone/confirm".into(), json!({"phone_number": "+6281234567890", "code": "123456"})),
        (Method::PUT, "/api/account".into(), json!({"bio": "Halo"})),
        (Method::POST, "/api/threads".into(), thread("Judul")),
        (Method::PUT, "/api/threads/1".into(), thread("Judul")),
        (Method::POST, "/api/validation-cases".into(), case("Judul")),
        (Method::PUT, "/api/validation-cases/1".into(), case("Judul")),
        (Method::POST, "/api/validation-cases/1/tags".into(), json!({"tag": "baru"})),
        (Method::POST, "/api/validation-cases/1/cancel".into(), json!({"reason": "Selesai"})),
        (Method::POST, format!("/api/v1/replies/{reply_id}/reactions"), json!({"type": "like"})),
    ];
    for kind in ["threads", "validation-cases"] {
        all.push((Method::POST, format!("/api/v1/{kind}/1/replies"), reply("Setuju")));
        all.push((Method::POST, format!("/api/v1/{kind}/1/reactions"), json!({"type": "like"})));
    }
    all.push((Method::PUT, format!("/api/v1/threads/1/replies/{reply_id}"), reply("Setuju")));
    all
}

async fn dewi_with_posts(world: &World) -> (Client, i64) {
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Utas")).await;
    dewi.create("/api/validation-cases", case("Kasus")).await;
    let reply = dewi.create("/api/v1/threads/1/replies", reply("Balasan")).await;
    (dewi, reply)
}

/// Asks every endpoint with something in place of its body.
async fn everywhere(content_type: Option<&str>, body: &[u8], check: impl Fn(&Answer)) {
    let world = World::new().await;
    let (dewi, reply) = dewi_with_posts(&world).await;
    for (method, path, _) in endpoints(reply) {
        let mut ask = dewi.ask(method, &path).body(body);
        if let Some(kind) = content_type {
            ask = ask.header("content-type", kind);
        }
        check(&ask.send().await);
    }
}

const JSON: Option<&str> = Some("application/json");

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_400() {
    for bytes in [&b"{\"email\": \"\xff\xfe\", \"title\": \"\xc3\"}"[..], b"\xff\xfe{\0}\0", b"\xed\xa0\x80"] {
        everywhere(JSON, bytes, |answer| drop(answer.refused(400, "BAD_REQUEST"))).await;
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_400() {
    for text in [
        "",
        "{",
        "null null",
        "{\"email\": }",
        "nonsense",
        "{} trailing",
        "{\"a\":1}{\"b\":2}",
        "\u{feff}{}",
        "{\"email\": \"\u{1}\"}",
        "{'email': 'x'}",
        "{\"email\": NaN}",
    ] {
        everywhere(JSON, text.as_bytes(), |answer| drop(answer.refused(400, "BAD_REQUEST"))).await;
    }
}

#[tokio::test]
async fn ten_megabytes_are_413() {
    let large = format!("{{\"content\": \"{}\"}}", "x".repeat(10 * 1024 * 1024));
    everywhere(JSON, large.as_bytes(), |answer| drop(answer.refused(413, "TOO_LARGE"))).await;
}

#[tokio::test]
async fn another_content_type_is_415() {
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonp"),
        Some("*/*"),
    ] {
        everywhere(kind, b"{\"email\": \"a@b.co\"}", |answer| drop(answer.refused(415, "UNSUPPORTED_MEDIA_TYPE"))).await;
    }
}

#[tokio::test]
async fn deep_nesting_is_400() {
    for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), format!("{{\"content\": {}1{}}}", "[".repeat(5_000), "]".repeat(5_000))] {
        everywhere(JSON, text.as_bytes(), |answer| assert_eq!(answer.status, 400, "{answer:?}")).await;
    }
}

#[tokio::test]
async fn something_else_than_an_object_is_400() {
    for text in ["null", "true", "5", "\"text\"", "[]", "[\"baru@contoh.id\", \"kuda lumping hijau\"]", "[{\"email\": \"a@b.co\"}]"] {
        everywhere(JSON, text.as_bytes(), |answer| assert_eq!(answer.status, 400, "{text}: {answer:?}")).await;
    }
}

#[tokio::test]
async fn an_unknown_field_is_named() {
    let world = World::new().await;
    let (dewi, reply) = dewi_with_posts(&world).await;
    for (method, path, mut body) in endpoints(reply) {
        body["isAdmin"] = json!(true);
        let answer = dewi.ask(method, &path).json(&body).send().await;
        assert_eq!(answer.bad_fields(), ["isAdmin: unknown_field"], "{path}");
    }
}

#[tokio::test]
async fn fields_of_another_type_are_named() {
    let world = World::new().await;
    let (dewi, reply) = dewi_with_posts(&world).await;
    for (method, path, good) in endpoints(reply) {
        // What a browser made is read when its ceremony is known.
        for name in good.as_object().unwrap().keys().filter(|name| *name != "credential") {
            for value in [json!(true), json!({"$gt": ""}), json!([["x"]]), json!(-7.5)] {
                let mut body = good.clone();
                body[name] = value.clone();
                let bad = dewi.ask(method.clone(), &path).json(&body).send().await.bad_fields();
                // A list names the entry that is wrong, and an object what it lacks.
                let what = if good[name].is_object() && value.is_object() { ".type: required" } else { ": wrong_type" };
                assert!(bad.len() == 1 && bad[0].starts_with(name.as_str()) && bad[0].ends_with(what), "{path} {name} {value}: {bad:?}");
            }
        }
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_named_at_once() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let sorted = |answer: Answer| {
        let mut bad = answer.bad_fields();
        bad.sort();
        bad
    };
    let nothing = sorted(dewi.post("/api/threads", json!({})).await);
    assert_eq!(nothing, ["category: required", "content: required", "title: required"]);
    let body = json!({"email": 5, "username": "a b", "password": "pendek", "isAdmin": true, "role": {"name": "admin"}});
    let mixed = sorted(world.anon().post("/api/auth/register", body).await);
    assert_eq!(mixed, ["email: wrong_type", "isAdmin: unknown_field", "password: too_short", "role: unknown_field", "username: malformed"]);
    let body =
        json!({"title": 7, "content": {"type": "markdown", "text": 8}, "bountyAmount": "banyak", "tags": [1], "deadline": false, "x": 1});
    let case = sorted(dewi.post("/api/validation-cases", body).await);
    let expected = [
        "bountyAmount: wrong_type",
        "category: required",
        "content: wrong_type",
        "deadline: wrong_type",
        "tags[0]: wrong_type",
        "title: wrong_type",
        "x: unknown_field",
    ];
    assert_eq!(case, expected);
    let many: serde_json::Map<String, Value> = (0..200).map(|number| (format!("f{number}"), json!(number))).collect();
    assert!(sorted(dewi.post("/api/threads", Value::Object(many)).await).len() >= 10, "and there is an end to it");
}

#[tokio::test]
async fn what_is_wrong_inside_content_is_named_by_its_path() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for (content, bad) in [
        (json!({"type": "markdown"}), "content.text: required"),
        (json!({"type": "html", "text": "x"}), "content.type: unknown_value"),
        (json!({"text": "x"}), "content.type: required"),
        (json!({"type": "markdown", "text": "x", "html": "<b>"}), "content.html: unknown_field"),
        (json!({"type": "table", "rows": []}), "content.columns: required"),
        (json!("x"), "content: wrong_type"),
    ] {
        let mut body = thread("Judul");
        body["content"] = content.clone();
        assert_eq!(dewi.post("/api/threads", body).await.bad_fields(), [bad], "{content}");
    }
}

#[tokio::test]
async fn a_category_that_is_not_there_is_named_with_the_rest() {
    let world = World::new().await;
    let (dewi, _) = dewi_with_posts(&world).await;
    let wrong = |mut body: Value| {
        body["category"] = json!("tidak-ada");
        body["title"] = json!("x");
        body
    };
    for (method, path, body) in [
        (Method::POST, "/api/threads", thread("Judul")),
        (Method::PUT, "/api/threads/1", thread("Judul")),
        (Method::POST, "/api/validation-cases", case("Judul")),
        (Method::PUT, "/api/validation-cases/1", case("Judul")),
    ] {
        let answer = dewi.ask(method.clone(), path).json(&wrong(body.clone())).send().await;
        assert_eq!(answer.bad_fields(), ["category: not_found", "title: too_short"], "{path}");
        // Also beside fields of another type, which are found while reading.
        let mut mixed = wrong(body.clone());
        mixed["tags"] = json!(5);
        let mut bad = dewi.ask(method.clone(), path).json(&mixed).send().await.bad_fields();
        bad.sort();
        assert_eq!(bad, ["category: not_found", "tags: wrong_type", "title: too_short"], "{path}");
        // A category of the other kind is none.
        let mut other = body;
        other["category"] = json!(if path.contains("cases") { "umum" } else { "model-ai" });
        assert_eq!(dewi.ask(method, path).json(&other).send().await.bad_fields(), ["category: not_found"], "{path}");
    }
    let mut late = case("Judul");
    late["category"] = json!("tidak-ada");
    late["deadline"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(dewi.post("/api/validation-cases", late).await.bad_fields(), ["category: not_found", "deadline: in_the_past"]);

    let browser = dewi.in_browser().await;
    let form = "title=x&category=tidak-ada&content=Isi&contentType=markdown";
    let page = browser.ask(Method::POST, "/threads/new").form(form).send().await;
    let html = page.page(422);
    assert!(html.contains("href=\"#category\"") && html.contains("href=\"#title\""), "{page:?}");
}

#[tokio::test]
async fn cells_that_do_not_fit_are_named_by_row_and_column() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut body = thread("Tabel");
    body["content"] = json!({
        "type": "table",
        "columns": [{"name": "Soal", "kind": "text"}, {"name": "", "kind": "number"}],
        "rows": [["a", 1], ["b", "dua"], [7, null], ["c"]],
    });
    let expected = [
        "content.columns[1].name: required",
        "content.rows[1][1]: wrong_type",
        "content.rows[2][0]: wrong_type",
        "content.rows[3]: malformed",
    ];
    assert_eq!(dewi.post("/api/threads", body).await.bad_fields(), expected);

    // A form shows empty rows, so the same cell is in the fourth row there.
    let browser = dewi.in_browser().await;
    let form = "title=Tabel&category=umum&contentType=table&column=Soal&kind=text&column=Skor&kind=number\
                &cell=a&cell=1&cell=&cell=&cell=b&cell=2&cell=c&cell=tiga";
    for (button, status) in [("", 422), ("preview", 422)] {
        let answer = browser.ask(Method::POST, "/threads/new").form(&format!("{form}&do={button}")).send().await;
        let html = answer.page(status);
        assert!(html.contains("href=\"#content.rows[3][1]\"") && html.contains("Baris 4, kolom 2:"), "{answer:?}");
        let cell = html.split("<input").find(|tag| tag.contains("id=\"content.rows[3][1]\"")).unwrap();
        assert!(cell.contains("aria-invalid=\"true\"") && cell.contains("value=\"tiga\""), "{cell}");
        assert_eq!(html.matches("aria-invalid").count(), 1);
    }
}

#[tokio::test]
async fn a_field_that_stands_twice_is_refused() {
    let world = World::new().await;
    let twice = br#"{"email": "a@contoh.id", "email": "b@contoh.id", "password": "kuda lumping hijau"}"#;
    let answer = world.anon().ask(Method::POST, "/api/auth/register").typed("application/json", twice).send().await;
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[tokio::test]
async fn paths_that_no_sane_client_sends() {
    let world = World::new().await;
    let (dewi, _) = dewi_with_posts(&world).await;
    for path in [
        "/api/threads/1%2f..%2f2",
        "/api/threads/1;DROP TABLE".replace(' ', "%20").as_str(),
        "/api/user/%2e%2e%2f%2e%2e",
        &format!("/api/user/{}", "x".repeat(8_000)),
        &format!("/api/threads/{}", "9".repeat(4_000)),
        &format!("/api/validation-cases/category/{}", "%F0%9F%92%A9".repeat(500)),
        "/api/validation-cases/1/tags/%3Cscript%3E",
        "/api//threads",
        "/api/threads//1",
    ] {
        let answer = dewi.ask(Method::GET, path).send().await;
        assert!([404, 405].contains(&answer.status) && answer.is_json(), "{answer:?}");
    }
    let long = format!("/api/threads?tag={}", "x".repeat(30_000));
    dewi.get(&long).await.ok(200);
}
