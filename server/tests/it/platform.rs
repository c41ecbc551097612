//! Health, and addresses or methods that do not exist.

use crate::harness::World;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn health_says_that_the_process_runs() {
    let anon = World::new().await.anon();
    for path in ["/health", "/api/v1/health", "/api/v1/health/live"] {
        let body = anon.get(path).await.ok(200);
        assert_eq!(body, json!({"data": {"status": "ok", "version": env!("CARGO_PKG_VERSION")}}), "{path}");
    }
}

#[tokio::test]
async fn readiness_names_each_store_with_its_latency() {
    let anon = World::new().await.anon();
    let body = anon.get("/api/v1/health/ready").await.ok(200);
    let stores = body["data"].as_array().unwrap();
    assert_eq!(stores.len(), 1);
    assert_eq!((stores[0]["name"].as_str(), stores[0]["ok"].as_bool()), (Some("sqlite"), Some(true)));
    assert!(stores[0]["latencyMs"].as_f64().unwrap() >= 0.0);
}

#[tokio::test]
async fn what_does_not_exist_is_json_below_api_and_a_page_elsewhere() {
    let anon = World::new().await.anon();
    for path in ["/api/nothing", "/api/", "/api/v1/threads/1/nothing", "/api/%00", "/api/auth", "/api/threads/1/2/3"] {
        anon.get(path).await.refused(404, "NOT_FOUND");
        anon.post(path, json!({})).await.refused(404, "NOT_FOUND");
    }
    for path in ["/nothing", "/threads", "/threads/x", "/threads/1/2/3", "/..%2f..%2fetc/passwd", "/pkg/../Cargo.toml", "/%ff%fe"] {
        let answer = anon.get(path).await;
        assert_eq!(answer.status, 404, "{answer:?}");
    }
    anon.get("/nothing").await.page(404);
}

#[tokio::test]
async fn a_wrong_method_is_405_and_names_the_right_ones() {
    let anon = World::new().await.anon();
    for (method, path, allowed) in [
        (Method::DELETE, "/api/threads", "GET,HEAD,POST"),
        (Method::GET, "/api/auth/login", "POST"),
        (Method::PATCH, "/api/threads/1", "GET,HEAD,PUT,DELETE"),
        (Method::POST, "/health", "GET,HEAD"),
        (Method::PUT, "/api/v1/threads/1/reactions", "POST,DELETE"),
    ] {
        let answer = anon.ask(method, path).send().await;
        answer.refused(405, "METHOD_NOT_ALLOWED");
        let mut methods: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        let mut expected: Vec<_> = allowed.split(',').collect();
        methods.sort_unstable();
        expected.sort_unstable();
        assert_eq!(methods, expected, "{path}");
    }
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let anon = World::new().await.anon();
    let answer = anon.ask(Method::HEAD, "/api/threads").send().await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert!(answer.is_json());
}
