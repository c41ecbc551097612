//! `Idempotency-Key` (spec section 3): a repeated request does its work once.

use crate::{
    client::{Answer, Client},
    harness::{World, thread},
};
use axum::http::Method;
use serde_json::{Value, json};

async fn post(client: &Client, key: &str, path: &str, body: &Value) -> Answer {
    client.ask(Method::POST, path).header("idempotency-key", key).json(body).send().await
}

async fn count(client: &Client) -> i64 {
    client.get("/api/threads").await.ok(200)["pagination"]["total"].as_i64().unwrap()
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer_and_works_once() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let first = post(&dewi, "kunci-0001", "/api/threads", &thread("Sekali")).await;
    assert_eq!(first.header("idempotent-replayed"), "");
    first.ok(201);
    world.pass_secs(60);
    for _ in 0..3 {
        let again = post(&dewi, "kunci-0001", "/api/threads", &thread("Sekali")).await;
        assert_eq!((again.status, again.text(), again.header("idempotent-replayed")), (201, first.text(), "true"));
        assert!(again.is_json());
    }
    assert_eq!(count(&dewi).await, 1);
    post(&dewi, "kunci-0002", "/api/threads", &thread("Sekali")).await.ok(201);
    assert_eq!(count(&dewi).await, 2);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_a_conflict() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    post(&dewi, "kunci-0001", "/api/threads", &thread("Satu")).await.ok(201);
    post(&dewi, "kunci-0001", "/api/threads", &thread("Dua")).await.refused(409, "IDEMPOTENCY_MISMATCH");
    post(&dewi, "kunci-0001", "/api/v1/threads/1/replies", &json!({"content": "Tiga"})).await.refused(409, "IDEMPOTENCY_MISMATCH");
    assert_eq!(count(&dewi).await, 1);
}

#[tokio::test]
async fn at_once_one_works_and_the_others_wait_or_get_its_answer() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let racers = (0..12).map(|_| {
        let dewi = dewi.clone();
        tokio::spawn(async move { post(&dewi, "kunci-balapan", "/api/threads", &thread("Sekali")).await })
    });
    let answers = futures::future::join_all(racers).await;
    let mut worked = 0;
    for answer in answers.into_iter().map(Result::unwrap) {
        match answer.status {
            201 => worked += 1,
            _ => drop(answer.refused(409, "IDEMPOTENCY_IN_PROGRESS")),
        }
    }
    assert!(worked >= 1);
    assert_eq!(count(&dewi).await, 1);
}

#[tokio::test]
async fn keys_have_a_form() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for key in ["short", "", "with space in it", "tab\tulator-key", &"x".repeat(129)] {
        post(&dewi, key, "/api/threads", &thread("Buruk")).await.refused(400, "BAD_REQUEST");
    }
    let ask = dewi.ask(Method::POST, "/api/threads").header("idempotency-key", b"k\xfcnci-0001").json(&thread("Buruk"));
    ask.send().await.refused(400, "BAD_REQUEST");
    post(&dewi, &"x".repeat(128), "/api/threads", &thread("Baik")).await.ok(201);
    post(&dewi, "12345678", "/api/threads", &thread("Baik")).await.ok(201);
    assert_eq!(count(&dewi).await, 2);
}

#[tokio::test]
async fn a_key_belongs_to_its_user() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    post(&dewi, "kunci-0001", "/api/threads", &thread("Milik Dewi")).await.ok(201);
    let other = post(&bima, "kunci-0001", "/api/threads", &thread("Milik Bima")).await.ok(201);
    assert_eq!(other["data"]["author"]["username"], "bima");
    post(&world.anon(), "kunci-0001", "/api/threads", &thread("Milik Dewi")).await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn answers_with_tokens_are_never_kept() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let body = json!({"refresh_token": dewi.refresh_token});
    let first = post(&dewi, "kunci-0001", "/api/auth/refresh", &body).await;
    let next = json!({"refresh_token": first.ok(200)["refresh_token"]});
    let second = post(&dewi, "kunci-0001", "/api/auth/refresh", &next).await;
    assert_ne!(first.text(), second.text());
    assert_eq!((second.status, second.header("idempotent-replayed")), (200, ""));
}

#[tokio::test]
async fn what_may_go_better_next_time_is_not_kept() {
    let world = World::new().await;
    let dewi = world.new_user("dewi_l").await;
    for number in 0..10 {
        dewi.create("/api/threads", thread(&format!("Utas {number}"))).await;
    }
    post(&dewi, "kunci-0001", "/api/threads", &thread("Nanti")).await.refused(429, "RATE_LIMITED");
    world.pass_secs(60 * 60);
    let dewi = dewi.again().await;
    post(&dewi, "kunci-0001", "/api/threads", &thread("Nanti")).await.ok(201);
    // Someone whose address is not confirmed yet can try again under the same key once it is.
    let ragu = world.unverified("ragu").await;
    post(&ragu, "kunci-0002", "/api/threads", &thread("Ragu")).await.refused(403, "EMAIL_NOT_VERIFIED");
    let users = &world.app.service.stores().users;
    users.user_verify_email(aivalid_model::id::UserId(ragu.id), world.now()).await.unwrap();
    let sure = ragu.again().await;
    post(&sure, "kunci-0002", "/api/threads", &thread("Ragu")).await.ok(201);
}

#[tokio::test]
async fn bodies_are_limited_before_they_are_read_whole() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let large = json!({"content": "x".repeat(10 * 1024 * 1024)});
    post(&dewi, "kunci-0001", "/api/threads", &large).await.refused(413, "TOO_LARGE");
}
