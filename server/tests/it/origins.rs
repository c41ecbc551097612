//! Calls from other origins: who may read (CORS), and which writes are forged (CSRF).

use crate::{
    client::Answer,
    harness::{ORIGIN, PASSWORD, World, thread},
};
use axum::http::Method;
use serde_json::json;

const PARTNER: &str = "https://mitra.example";

#[tokio::test]
async fn only_listed_origins_may_read_with_credentials() {
    let world = World::with(&[("CORS_ORIGINS", PARTNER)]).await;
    let anon = world.anon();
    let ask = |origin: &'static str| anon.ask(Method::GET, "/api/threads").header("origin", origin).send();
    let answer = ask(PARTNER).await;
    assert_eq!((answer.header("access-control-allow-origin"), answer.header("access-control-allow-credentials")), (PARTNER, "true"));
    assert!(answer.header("vary").to_lowercase().contains("origin"));
    for origin in
        ["https://evil.example", "https://mitra.example.evil.example", "http://mitra.example", "null", "https://mitra.example:8443"]
    {
        assert_eq!(ask(origin).await.header("access-control-allow-origin"), "", "{origin}");
    }
    // Pages are for nobody else.
    let page = anon.ask(Method::GET, "/nothing").header("origin", PARTNER).send().await;
    assert_eq!(page.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_preflight_names_methods_and_headers() {
    let world = World::with(&[("CORS_ORIGINS", PARTNER)]).await;
    let anon = world.anon();
    let ask = |origin: &'static str| {
        let ask = anon.ask(Method::OPTIONS, "/api/threads/1").header("origin", origin).header("access-control-request-method", "PUT");
        ask.header("access-control-request-headers", "authorization,content-type,idempotency-key").send()
    };
    let answer = ask(PARTNER).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, PARTNER));
    let (methods, headers) = (answer.header("access-control-allow-methods"), answer.header("access-control-allow-headers"));
    assert!(["GET", "POST", "PUT", "PATCH", "DELETE"].iter().all(|method| methods.contains(method)), "{methods}");
    assert!(["authorization", "content-type", "idempotency-key"].iter().all(|name| headers.contains(name)), "{headers}");
    assert_eq!(ask("https://evil.example").await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_listed_origin_may_read_why_it_was_refused() {
    let world = World::with(&[("CORS_ORIGINS", PARTNER)]).await;
    let program = world.user("dewi_l").await;
    let browser = program.in_browser().await;
    let readable = |answer: &Answer| {
        assert_eq!(
            (answer.header("access-control-allow-origin"), answer.header("access-control-allow-credentials")),
            (PARTNER, "true"),
            "{answer:?}"
        );
    };
    let forged = browser.ask(Method::POST, "/api/threads").origin(Some(PARTNER)).json(&thread("Dari mitra")).send().await;
    forged.refused(403, "CSRF");
    readable(&forged);
    let guest = world.anon().ask(Method::GET, "/api/user/me").header("origin", PARTNER).send().await;
    guest.refused(401, "UNAUTHENTICATED");
    readable(&guest);
    for _ in 0..1000 {
        program.get("/api/nothing").await;
    }
    let many = program.ask(Method::GET, "/api/tags").header("origin", PARTNER).send().await;
    many.refused(429, "RATE_LIMITED");
    readable(&many);
    let exposed = many.header("access-control-expose-headers");
    assert!(
        ["retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].iter().all(|name| exposed.contains(name)),
        "{exposed}"
    );
    let page = program.ask(Method::GET, "/nothing").header("origin", PARTNER).send().await;
    page.page(429);
    assert_eq!(page.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_write_with_cookies_must_come_from_our_own_pages() {
    let world = World::with(&[("CORS_ORIGINS", PARTNER)]).await;
    let browser = world.user("dewi_l").await.in_browser().await;
    let write = |origin: Option<&'static str>, site: Option<&'static str>| {
        let mut ask = browser.ask(Method::POST, "/api/threads").origin(origin).json(&thread("Dari mana?"));
        if let Some(site) = site {
            ask = ask.header("sec-fetch-site", site);
        }
        ask.send()
    };
    for (origin, site) in [
        (None, None),
        (Some("https://evil.example"), None),
        (Some("null"), None),
        (Some("http://localhost:3001"), None),
        (Some("https://localhost:3000"), None),
        (Some("http://localhost:3000.evil.example"), None),
        (Some(PARTNER), None),
        (None, Some("cross-site")),
        (None, Some("same-site")),
        (None, Some("none")),
        (Some("https://evil.example"), Some("cross-site")),
        (Some(ORIGIN), Some("cross-site")),
    ] {
        write(origin, site).await.refused(403, "CSRF");
    }
    for (origin, site) in [(Some(ORIGIN), None), (None, Some("same-origin")), (Some(ORIGIN), Some("same-origin"))] {
        write(origin, site).await.ok(201);
    }
    assert_eq!(world.anon().get("/api/threads").await.ok(200)["pagination"]["total"], 3);
}

#[tokio::test]
async fn every_method_that_writes_is_guarded_and_reading_is_not() {
    let world = World::new().await;
    let browser = world.user("dewi_l").await.in_browser().await;
    browser.post("/api/threads", thread("Utas")).await.ok(201);
    let foreign = Some("https://evil.example");
    browser.ask(Method::PUT, "/api/threads/1").origin(foreign).json(&thread("Direbut")).send().await.refused(403, "CSRF");
    browser.ask(Method::DELETE, "/api/threads/1").origin(foreign).send().await.refused(403, "CSRF");
    browser.ask(Method::POST, "/api/auth/logout").origin(foreign).send().await.refused(403, "CSRF");
    browser.ask(Method::POST, "/api/auth/refresh").origin(foreign).send().await.refused(403, "CSRF");
    browser.ask(Method::GET, "/api/user/me").origin(foreign).send().await.ok(200);
    // An expired session's cookies are a browser's all the same.
    world.pass_secs(60 * 60);
    browser.ask(Method::DELETE, "/api/threads/1").origin(foreign).send().await.refused(403, "CSRF");
    world.anon().get("/api/threads/1").await.ok(200);
}

#[tokio::test]
async fn programs_with_a_token_are_not_concerned() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for origin in [None, Some("https://evil.example"), Some("null")] {
        dewi.ask(Method::POST, "/api/threads").origin(origin).json(&thread("Program")).send().await.ok(201);
    }
    let login = json!({"email": "dewi_l@contoh.id", "password": PASSWORD});
    world.anon().post("/api/auth/login", login).await.ok(200);
}

#[tokio::test]
async fn forms_of_pages_are_guarded_even_without_cookies() {
    let world = World::new().await;
    let anon = world.anon();
    let post = |origin: Option<&'static str>| anon.ask(Method::POST, "/login").origin(origin).form("email=a%40b.co&password=x").send();
    let forged = |answer: Answer| assert!(answer.page(403).contains("<h1>"), "{answer:?}");
    forged(post(None).await);
    forged(post(Some("https://evil.example")).await);
    assert_ne!(post(Some(ORIGIN)).await.status, 403);
    forged(anon.ask(Method::POST, "/fn/anything").form("x=1").send().await);
}
