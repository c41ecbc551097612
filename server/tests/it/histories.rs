//! What threads and replies said before they were edited.

use crate::harness::{World, reply, thread};
use serde_json::json;

#[tokio::test]
async fn every_edit_keeps_what_it_replaced() {
    let world = World::new().await;
    let (dewi, moderator) = (world.user("dewi_l").await, world.moderator("mod_rina").await);
    dewi.create("/api/threads", thread("Pertama")).await;
    assert_eq!(world.anon().get("/api/v1/threads/1/history").await.ok(200)["pagination"]["total"], 0);
    world.pass_secs(60);
    dewi.put("/api/threads/1", thread("Kedua")).await.ok(200);
    world.pass_secs(60);
    moderator.put("/api/threads/1", thread("Ketiga")).await.ok(200);
    let history = world.anon().get("/api/v1/threads/1/history").await.ok(200);
    let seen: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["version"], &one["title"], &one["editedAt"], &one["editedBy"]["username"]))
        .collect();
    let expected = [
        (json!(2), json!("Kedua"), json!("2026-11-18T12:28:40Z"), json!("mod_rina")),
        (json!(1), json!("Pertama"), json!("2026-11-18T12:27:40Z"), json!("dewi_l")),
    ];
    assert_eq!(seen, expected.each_ref().map(|(version, title, at, by)| (version, title, at, by)));

    let id = dewi.create("/api/v1/threads/1/replies", reply("Semula")).await;
    dewi.put(&format!("/api/v1/threads/1/replies/{id}"), reply("Kemudian")).await.ok(200);
    let path = format!("/api/v1/replies/{id}/history");
    let history = world.anon().get(&path).await.ok(200);
    assert_eq!((&history["data"][0]["content"], history["data"][0].get("title")), (&json!("Semula"), None));
    // What is deleted has no public history.
    dewi.delete(&format!("/api/v1/threads/1/replies/{id}")).await.ok(200);
    world.anon().get(&path).await.refused(404, "NOT_FOUND");
    dewi.delete("/api/threads/1").await.ok(200);
    world.anon().get("/api/v1/threads/1/history").await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn unknown_ids_have_none() {
    let anon = World::new().await.anon();
    for id in ["0", "-1", "9", "x", "9223372036854775808", "%00"] {
        anon.get(&format!("/api/v1/threads/{id}/history")).await.refused(404, "NOT_FOUND");
        anon.get(&format!("/api/v1/replies/{id}/history")).await.refused(404, "NOT_FOUND");
    }
}
