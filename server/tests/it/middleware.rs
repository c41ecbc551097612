//! What stands around every answer (spec section 3).

use crate::{
    client::Answer,
    harness::{PASSWORD, World},
};
use axum::http::Method;
use serde_json::json;
use std::io::Read;

#[tokio::test]
async fn a_well_formed_request_id_is_taken_and_any_other_replaced() {
    let anon = World::new().await.anon();
    let ask = |id: &'static str| anon.ask(Method::GET, "/api/threads").header("x-request-id", id).send();
    for id in ["abcdefgh", "0191e0d2-7c1b-7000-8000-0242ac120002", "A.b_c-1234"] {
        assert_eq!(ask(id).await.header("x-request-id"), id);
    }
    let long = "x".repeat(65);
    for id in ["short", "spaces in it", "<script>", "tab\tulator", "ümlaut-99", long.leak()] {
        let made = ask(id).await.header("x-request-id").to_owned();
        assert!(made.starts_with("req_") && made.len() == 20, "{made}");
    }
    assert_ne!(anon.get("/health").await.header("x-request-id"), anon.get("/health").await.header("x-request-id"));
    // The same id is what a page tells people to ask about.
    let page = anon.ask(Method::GET, "/nothing").header("x-request-id", "tanya-saya-1").send().await;
    assert!(page.page(404).contains("tanya-saya-1"));
}

#[tokio::test]
async fn every_security_header_has_its_value() {
    let world = World::new().await;
    for path in ["/api/threads", "/nothing", "/api/nothing", "/feeds/threads.atom", "/pkg/none.js", "/robots.txt", "/api/openapi.json"] {
        let answer = world.anon().get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-xss-protection", "0"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let policy = answer.header("permissions-policy");
        for part in ["geolocation=()", "microphone=()", "camera=()", "publickey-credentials-get=(self)"] {
            assert!(policy.contains(part), "{policy}");
        }
        let csp = answer.header("content-security-policy");
        for part in [
            "default-src 'self'",
            "'wasm-unsafe-eval'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(csp.contains(part), "{csp}");
        }
        assert!(!csp.contains("unsafe-inline") && !csp.contains("'unsafe-eval'"), "{csp}");
        assert_eq!(answer.header("strict-transport-security"), "", "not without TLS");
        let time = answer.header("x-response-time");
        assert!(time.strip_suffix("ms").is_some_and(|number| number.parse::<f64>().is_ok_and(|ms| ms >= 0.0)), "{time}");
    }
}

#[tokio::test]
async fn hsts_only_on_https() {
    let world = World::with(&[("PUBLIC_ORIGIN", "https://aivalid.example")]).await;
    for path in ["/health", "/nothing"] {
        assert_eq!(world.anon().get(path).await.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    }
}

#[tokio::test]
async fn the_nonce_is_new_each_time_and_on_every_script() {
    let anon = World::new().await.anon();
    let mut nonces = vec![];
    for _ in 0..3 {
        let answer = anon.get("/nothing").await;
        let nonce = answer.header("content-security-policy").split_once("'nonce-").unwrap().1.split('\'').next().unwrap().to_owned();
        assert!(nonce.len() >= 22);
        let html = answer.page(404);
        let scripts: Vec<_> = html.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
        assert!(!scripts.is_empty(), "{answer:?}");
        assert!(scripts.iter().all(|tag| tag.contains(&format!("nonce=\"{nonce}\""))), "{scripts:?}");
        assert!(!html.contains(" style=\"") && !html.contains("<style"), "no inline styles");
        assert!(!html.split('<').any(|tag| tag.split('>').next().unwrap_or_default().contains(" onclick=")));
        nonces.push(nonce);
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test]
async fn pages_are_kept_from_shared_caches() {
    let anon = World::new().await.anon();
    assert_eq!(anon.get("/nothing").await.header("cache-control"), "private, no-cache");
}

/// The text of a compressed answer.
fn plain(answer: &Answer) -> String {
    let mut text = String::new();
    let packed = &answer.body[..];
    match answer.header("content-encoding") {
        "zstd" => text = String::from_utf8(zstd::decode_all(packed).unwrap()).unwrap(),
        "br" => drop(brotli::Decompressor::new(packed, 4096).read_to_string(&mut text).unwrap()),
        "gzip" => drop(flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap()),
        other => panic!("{other:?}"),
    }
    text
}

#[tokio::test]
async fn answers_are_compressed_once_for_those_who_ask() {
    let anon = World::new().await.anon();
    // The API also varies by what the check of other sites' requests looks at.
    let varies = |answer: &Answer| answer.headers.get_all("vary").iter().any(|value| value.as_bytes() == b"accept-encoding");
    for (path, ending) in [("/", "</html>"), ("/api/openapi.json", "}"), ("/login", "</html>")] {
        let whole = anon.get(path).await;
        assert!(whole.status == 200 && whole.header("content-encoding").is_empty() && varies(&whole), "{path}");
        for (wanted, sent) in [("br", "br"), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "zstd"), ("br;q=0.1, gzip", "gzip")] {
            let answer = anon.ask(Method::GET, path).header("accept-encoding", wanted).send().await;
            assert_eq!((answer.status, answer.header("content-encoding"), varies(&answer)), (200, sent, true), "{path}");
            assert!(answer.body.len() * 2 < whole.body.len(), "{path} {wanted}: {} of {}", answer.body.len(), whole.body.len());
            assert!(plain(&answer).ends_with(ending), "{path} {wanted}");
        }
    }
}

#[tokio::test]
async fn short_answers_are_left_alone() {
    let anon = World::new().await.anon();
    let answer = anon.ask(Method::GET, "/api/v1/health/live").header("accept-encoding", "gzip, br, zstd").send().await;
    assert_eq!((answer.status, answer.header("content-encoding")), (200, ""));
}

#[tokio::test]
async fn what_another_site_asks_with_a_session_keeps_its_length_to_itself() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    for (site, sent) in [("cross-site", ""), ("same-site", ""), ("same-origin", "zstd"), ("none", "zstd")] {
        let ask = dewi.ask(Method::GET, "/account?guess=x").header("accept-encoding", "br, zstd").header("sec-fetch-site", site);
        assert_eq!(ask.send().await.header("content-encoding"), sent, "{site}");
    }
    let guest = world.browser();
    let led = guest.ask(Method::GET, "/").header("accept-encoding", "zstd").header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(led.header("content-encoding"), "zstd", "a guest has nothing to hide");
}

#[tokio::test]
async fn only_trusted_proxies_speak_for_others() {
    // Clients of this world come from 203.0.113.0/24.
    for (trusted, forwarded, expected) in [
        ("", "198.51.100.7", None),
        ("203.0.113.0/24", "198.51.100.7", Some("198.51.100.7")),
        ("203.0.113.0/24", "6.6.6.6, 198.51.100.7, 203.0.113.250", Some("198.51.100.7")),
        ("203.0.113.0/24", "2001:db8::7", Some("2001:db8::7")),
        ("203.0.113.0/24", "::ffff:198.51.100.7", Some("198.51.100.7")),
        ("203.0.113.0/24", "junk, <script>", None),
        ("10.0.0.0/8", "198.51.100.7", None),
    ] {
        let world = World::with(&[("TRUSTED_PROXIES", trusted)]).await;
        let dewi = world.user("dewi_l").await;
        let body = json!({"email": "dewi_l@contoh.id", "password": PASSWORD});
        let proxy = world.anon();
        world.pass_secs(1);
        proxy.ask(Method::POST, "/api/auth/login").header("x-forwarded-for", forwarded).json(&body).send().await.ok(200);
        let seen = dewi.get("/api/auth/sessions").await.ok(200)["data"][0]["ip"].as_str().unwrap().to_owned();
        assert_eq!(seen, expected.map_or_else(|| proxy.ip.to_string(), str::to_owned), "{trusted} {forwarded}");
    }
}

#[tokio::test]
async fn two_forwarding_headers_read_as_one() {
    let world = World::with(&[("TRUSTED_PROXIES", "203.0.113.0/24")]).await;
    let dewi = world.user("dewi_l").await;
    let body = json!({"email": "dewi_l@contoh.id", "password": PASSWORD});
    world.pass_secs(1);
    // The client forged the first; the proxy added the second (RFC 9110, 5.3).
    let guest = dewi.without_token();
    let ask = guest.ask(Method::POST, "/api/auth/login").header("x-forwarded-for", "6.6.6.6").header("x-forwarded-for", "198.51.100.7");
    ask.json(&body).send().await.ok(200);
    assert_eq!(dewi.get("/api/auth/sessions").await.ok(200)["data"][0]["ip"], "198.51.100.7");
}

#[tokio::test]
async fn development_has_one_name() {
    let anon = World::new().await.anon();
    let ask = |host: &'static str, path: &'static str| anon.ask(Method::GET, path).header("host", host).send();
    let moved = ask("127.0.0.1:3000", "/threads/1?page=2").await;
    assert_eq!((moved.status, moved.header("location")), (307, "http://localhost:3000/threads/1?page=2"));
    assert_eq!(ask("127.0.0.1:3000", "/api/threads").await.status, 200);
    for host in ["127.0.0.1.evil.example", "127.0.0.1@evil.example", "127.0.0.1:3000@evil.example", "evil.example"] {
        assert_eq!(ask(host, "/nothing").await.header("location"), "", "{host}");
    }
    let elsewhere = World::with(&[("PUBLIC_ORIGIN", "https://aivalid.example")]).await.anon();
    let answer = elsewhere.ask(Method::GET, "/nothing").header("host", "127.0.0.1:3000").send().await;
    assert_eq!(answer.status, 404, "a proxy's checks are not sent away");
}

#[tokio::test]
async fn pages_speak_the_language_that_is_asked_for() {
    let world = World::new().await;
    let anon = world.anon();
    let with = |name: &'static str, value: &'static str| anon.ask(Method::GET, "/nothing").header(name, value).send();
    assert!(anon.get("/nothing").await.page(404).contains("<html lang=\"id\""));
    assert!(with("accept-language", "en-US,en;q=0.9").await.page(404).contains("<html lang=\"en\""));
    assert!(with("accept-language", "fr, in;q=0.5").await.page(404).contains("<html lang=\"id\""));
    assert!(with("cookie", "lang=en").await.page(404).contains("<html lang=\"en\""));
    assert!(anon.get("/nothing?lang=en").await.page(404).contains("<html lang=\"en\""));
    let both = anon.ask(Method::GET, "/nothing?lang=id").header("cookie", "lang=en").header("accept-language", "en").send().await;
    assert!(both.page(404).contains("<html lang=\"id\""), "the address wins");
    assert!(with("cookie", "lang=xx").await.page(404).contains("<html lang=\"id\""));
}
