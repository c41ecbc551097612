//! Watching and muting.

use crate::harness::{World, case, reply, thread};
use serde_json::{Value, json};

#[tokio::test]
async fn whoever_starts_or_replies_watches_unless_they_muted_it() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    dewi.create("/api/threads", thread("Utas")).await;
    dewi.create("/api/validation-cases", case("Kasus")).await;
    for (path, kind) in [("/api/threads/1", "thread"), ("/api/validation-cases/1", "case")] {
        let replies = format!("/api/v1/{}/replies", path.trim_start_matches("/api/"));
        let watch = format!("/api/v1/watches/{kind}/1");
        assert_eq!(dewi.get(path).await.ok(200)["data"]["watch"], "watching");
        assert_eq!(bima.get(path).await.ok(200)["data"]["watch"], Value::Null);
        assert_eq!(bima.put(&watch, json!({"level": "muted"})).await.ok(200), json!({"data": {"level": "muted"}}));
        bima.create(&replies, reply("Diam-diam")).await;
        assert_eq!(bima.get(path).await.ok(200)["data"]["watch"], "muted");
        bima.delete(&watch).await.ok(200);
        bima.delete(&watch).await.ok(200);
        assert_eq!(bima.get(path).await.ok(200)["data"]["watch"], Value::Null);
        bima.create(&replies, reply("Terang-terangan")).await;
        assert_eq!(bima.get(path).await.ok(200)["data"]["watch"], "watching");
    }
}

#[tokio::test]
async fn bad_watches() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Utas")).await;
    let muted = json!({"level": "muted"});
    for path in ["thread/2", "case/1", "thread/0", "thread/-1", "thread/x", "reply/1", "user/1", "%00/1", "thread/9223372036854775808"] {
        dewi.put(&format!("/api/v1/watches/{path}"), muted.clone()).await.refused(404, "NOT_FOUND");
        dewi.delete(&format!("/api/v1/watches/{path}")).await.refused(404, "NOT_FOUND");
    }
    for (body, bad) in
        [(json!({"level": "loud"}), "level: unknown_value"), (json!({}), "level: required"), (json!({"level": 1}), "level: wrong_type")]
    {
        assert_eq!(dewi.put("/api/v1/watches/thread/1", body).await.bad_fields(), [bad]);
    }
    world.anon().put("/api/v1/watches/thread/1", muted).await.refused(401, "UNAUTHENTICATED");
}
