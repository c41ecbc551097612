//! Reactions to threads, cases and replies: one for each person, another replaces it.

use crate::{
    client::Client,
    harness::{World, case, reply, thread},
};
use serde_json::{Value, json};

/// One of each kind, by the path of its reactions.
async fn targets(owner: &Client) -> [String; 3] {
    let thread = owner.create("/api/threads", thread("Kappa 0,61")).await;
    let case = owner.create("/api/validation-cases", case("Periksa 50 soal")).await;
    let reply = owner.create(&format!("/api/v1/threads/{thread}/replies"), reply("Setuju")).await;
    [
        format!("/api/v1/threads/{thread}/reactions"),
        format!("/api/v1/validation-cases/{case}/reactions"),
        format!("/api/v1/replies/{reply}/reactions"),
    ]
}

fn counts(like: u32, wow: u32) -> Value {
    json!({"like": like, "love": 0, "haha": 0, "wow": wow, "sad": 0, "angry": 0})
}

#[tokio::test]
async fn one_each_and_another_replaces_it() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    for path in targets(&dewi).await {
        let like = json!({"type": "like"});
        assert_eq!(
            dewi.post(&path, like.clone()).await.ok(200),
            json!({"data": {"reactions": counts(1, 0), "total": 1, "myReaction": "like"}})
        );
        assert_eq!(dewi.post(&path, like.clone()).await.ok(200)["data"]["total"], 1, "twice is once");
        assert_eq!(bima.post(&path, like).await.ok(200)["data"]["reactions"], counts(2, 0));
        assert_eq!(bima.post(&path, json!({"type": "wow"})).await.ok(200)["data"]["reactions"], counts(1, 1));
        assert_eq!(bima.delete(&path).await.ok(200), json!({"data": {"reactions": counts(1, 0), "total": 1, "myReaction": null}}));
        assert_eq!(bima.delete(&path).await.ok(200)["data"]["total"], 1, "nothing to take back");
    }
}

#[tokio::test]
async fn the_summary_knows_ones_own() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    for path in &targets(&dewi).await[..2] {
        dewi.post(path, json!({"type": "wow"})).await.ok(200);
        for (client, own) in [(&dewi, json!("wow")), (&bima, Value::Null), (&world.anon(), Value::Null)] {
            let summary = client.get(&format!("{path}/summary")).await.ok(200);
            assert_eq!(summary, json!({"data": {"reactions": counts(0, 1), "total": 1, "myReaction": own}}));
        }
    }
    assert_eq!(dewi.get("/api/threads/1").await.ok(200)["data"]["myReaction"], "wow");
    assert_eq!(dewi.get("/api/validation-cases/1").await.ok(200)["data"]["reactions"], counts(0, 1));
    assert_eq!(bima.get("/api/threads").await.ok(200)["data"][0]["reactions"], counts(0, 1), "lists carry the figures");
}

#[tokio::test]
async fn who_may_react() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let ragu = world.unverified("ragu").await;
    for path in targets(&dewi).await {
        let like = json!({"type": "like"});
        world.anon().post(&path, like.clone()).await.refused(401, "UNAUTHENTICATED");
        world.anon().delete(&path).await.refused(401, "UNAUTHENTICATED");
        ragu.post(&path, like).await.refused(403, "EMAIL_NOT_VERIFIED");
        ragu.delete(&path).await.refused(403, "EMAIL_NOT_VERIFIED");
    }
}

#[tokio::test]
async fn bad_reactions() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for path in targets(&dewi).await {
        for (body, bad) in [
            (json!({"type": "meh"}), "type: unknown_value"),
            (json!({"type": "LIKE"}), "type: unknown_value"),
            (json!({"type": "like' OR '1'='1"}), "type: unknown_value"),
            (json!({"type": 1}), "type: wrong_type"),
            (json!({"type": null}), "type: wrong_type"),
            (json!({"kind": "like", "type": "like"}), "kind: unknown_field"),
            (json!({}), "type: required"),
        ] {
            assert_eq!(dewi.post(&path, body).await.bad_fields(), [bad], "{path}");
        }
    }
    for kind in ["threads", "validation-cases", "replies"] {
        for id in ["0", "-1", "99", "x", "9223372036854775808", "1e1"] {
            let path = format!("/api/v1/{kind}/{id}/reactions");
            dewi.post(&path, json!({"type": "like"})).await.refused(404, "NOT_FOUND");
            dewi.delete(&path).await.refused(404, "NOT_FOUND");
            dewi.get(&format!("{path}/summary")).await.refused(404, "NOT_FOUND");
        }
    }
}

#[tokio::test]
async fn a_crowd_at_once_is_counted_right() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let [path, ..] = targets(&dewi).await;
    let mut crowd = vec![];
    for number in 0..12 {
        crowd.push(world.user(&format!("orang_{number}")).await);
    }
    let work = crowd.into_iter().enumerate().map(|(number, client)| {
        let path = path.clone();
        tokio::spawn(async move {
            for kind in ["like", "wow", if number % 2 == 0 { "like" } else { "wow" }] {
                client.post(&path, json!({"type": kind})).await.ok(200);
            }
        })
    });
    for done in futures::future::join_all(work).await {
        done.unwrap();
    }
    assert_eq!(dewi.get(&format!("{path}/summary")).await.ok(200)["data"]["reactions"], counts(6, 6));
    assert_eq!(dewi.get("/api/threads/1").await.ok(200)["data"]["reactions"], counts(6, 6), "the thread was told as well");
}
