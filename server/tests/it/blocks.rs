//! Blocking people.

use crate::harness::{BEGIN_TEXT, World, case, reply, thread};
use serde_json::json;

#[tokio::test]
async fn a_block_from_beginning_to_end() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let card = json!({"id": bima.id, "username": "bima", "fullName": null, "avatarUrl": null, "badge": null});
    let block = json!({"user": card, "blockedAt": BEGIN_TEXT});
    let body = json!({"userId": bima.id});
    assert_eq!(dewi.post("/api/v1/blocks", body.clone()).await.ok(201), json!({"data": block, "message": "Blocked."}));
    world.pass_secs(60);
    assert_eq!(dewi.post("/api/v1/blocks", body).await.ok(201)["data"], block, "again: nothing changes");
    let list = dewi.get("/api/v1/blocks").await.ok(200);
    assert_eq!(list, json!({"data": [block], "pagination": {"page": 1, "limit": 20, "total": 1, "totalPages": 1}}));
    assert_eq!(bima.get("/api/v1/blocks").await.ok(200)["pagination"]["total"], 0, "nobody sees who blocks them");
    dewi.delete(&format!("/api/v1/blocks/{}", bima.id)).await.ok(200);
    dewi.delete(&format!("/api/v1/blocks/{}", bima.id)).await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn neither_replies_to_the_other() {
    let world = World::new().await;
    let (dewi, bima, sari) = (world.user("dewi_l").await, world.user("bima").await, world.user("sari").await);
    dewi.create("/api/threads", thread("Milik Dewi")).await;
    bima.create("/api/validation-cases", case("Milik Bima")).await;
    sari.create("/api/threads", thread("Milik Sari")).await;
    let by_bima = bima.create("/api/v1/threads/2/replies", reply("Dari Bima")).await;
    dewi.post("/api/v1/blocks", json!({"userId": bima.id})).await.ok(201);
    bima.post("/api/v1/threads/1/replies", reply("Halo")).await.refused(403, "BLOCKED");
    dewi.post("/api/v1/validation-cases/1/replies", reply("Halo")).await.refused(403, "BLOCKED");
    dewi.post("/api/v1/threads/2/replies", json!({"content": "Kepada Bima", "parentId": by_bima})).await.refused(403, "BLOCKED");
    // In a third person's thread both may speak, only not to one another.
    dewi.create("/api/v1/threads/2/replies", reply("Kepada Sari")).await;
    dewi.delete(&format!("/api/v1/blocks/{}", bima.id)).await.ok(200);
    bima.create("/api/v1/threads/1/replies", reply("Baikan")).await;
}

#[tokio::test]
async fn bad_blocks() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.post("/api/v1/blocks", json!({"userId": dewi.id})).await.refused(400, "SELF_BLOCK");
    for id in [0, -1, 1, i64::MAX] {
        dewi.post("/api/v1/blocks", json!({"userId": id})).await.refused(404, "NOT_FOUND");
        dewi.delete(&format!("/api/v1/blocks/{id}")).await.refused(404, "NOT_FOUND");
    }
    for (body, bad) in [
        (json!({}), "userId: required"),
        (json!({"userId": "bima"}), "userId: wrong_type"),
        (json!({"userId": 1.5}), "userId: wrong_type"),
        (json!({"user_id": 1}), "userId: required"),
    ] {
        assert!(dewi.post("/api/v1/blocks", body).await.bad_fields().contains(&bad.to_owned()), "{bad}");
    }
    world.anon().get("/api/v1/blocks").await.refused(401, "UNAUTHENTICATED");
}
