//! Replies to threads and to cases: the same rules under both.

use crate::{
    client::Client,
    harness::{BEGIN_TEXT, World, case, reply, thread},
};
use serde_json::{Value, json};

/// One of each kind, and where their replies are.
async fn posts(owner: &Client) -> [String; 2] {
    let thread = owner.create("/api/threads", thread("Kappa 0,61")).await;
    let case = owner.create("/api/validation-cases", case("Periksa 50 soal")).await;
    [format!("/api/v1/threads/{thread}/replies"), format!("/api/v1/validation-cases/{case}/replies")]
}

#[tokio::test]
async fn a_reply_from_writing_to_deletion() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    for path in posts(&dewi).await {
        let body = bima.post(&path, reply("Setuju, *tetapi* 0,61 itu sedang. 👍")).await.ok(201);
        let id = body["data"]["id"].as_i64().unwrap();
        let card = json!({"id": bima.id, "username": "bima", "fullName": null, "avatarUrl": null, "badge": null});
        let none = json!({"like": 0, "love": 0, "haha": 0, "wow": 0, "sad": 0, "angry": 0});
        let mut expected = json!({
            "id": id, "parentId": null, "depth": 0, "author": card, "content": "Setuju, *tetapi* 0,61 itu sedang. 👍",
            "contentHtml": "<p>Setuju, <em>tetapi</em> 0,61 itu sedang. 👍</p>\n", "reactions": none, "myReaction": null,
            "createdAt": BEGIN_TEXT, "editedAt": null, "deleted": false, "mine": true,
        });
        assert_eq!(body, json!({"data": expected, "message": "Sent."}));
        expected["mine"] = json!(false);
        let list = world.anon().get(&path).await.ok(200);
        assert_eq!(list, json!({"data": [expected], "pagination": {"page": 1, "limit": 20, "total": 1, "totalPages": 1}}));

        let one = format!("{path}/{id}");
        let edited = bima.put(&one, reply("Diperbaiki.")).await.ok(200);
        assert_eq!((edited["data"]["content"].as_str(), edited["data"]["editedAt"].as_str()), (Some("Diperbaiki."), Some(BEGIN_TEXT)));
        bima.delete(&one).await.ok(200);
        bima.delete(&one).await.refused(404, "NOT_FOUND");
        bima.put(&one, reply("Kembali?")).await.refused(404, "NOT_FOUND");
        assert_eq!(world.anon().get(&path).await.ok(200)["pagination"]["total"], 0);
    }
}

#[tokio::test]
async fn who_may_reply_edit_and_delete() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let (ragu, moderator) = (world.unverified("ragu").await, world.moderator("mod_rina").await);
    for path in posts(&dewi).await {
        world.anon().post(&path, reply("Halo")).await.refused(401, "UNAUTHENTICATED");
        ragu.post(&path, reply("Halo")).await.refused(403, "EMAIL_NOT_VERIFIED");
        let id = bima.create(&path, reply("Milik Bima")).await;
        let one = format!("{path}/{id}");
        for (client, status, code) in [(&dewi, 403, "FORBIDDEN"), (&ragu, 403, "FORBIDDEN"), (&world.anon(), 401, "UNAUTHENTICATED")] {
            client.put(&one, reply("Direbut")).await.refused(status, code);
            client.delete(&one).await.refused(status, code);
        }
        assert_eq!(moderator.put(&one, reply("Dirapikan")).await.ok(200)["data"]["author"]["username"], "bima");
        moderator.delete(&one).await.ok(200);
    }
}

#[tokio::test]
async fn answers_nest_to_depth_four_and_keep_reading_order() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for path in posts(&dewi).await {
        let mut parent = Value::Null;
        for level in 0..6 {
            world.pass_secs(1);
            let body = json!({"content": format!("Tingkat {level}"), "parentId": parent});
            parent = dewi.post(&path, body).await.ok(201)["data"]["id"].clone();
        }
        dewi.create(&path, reply("Terakhir")).await;
        let list = world.anon().get(&path).await.ok(200);
        let shape: Vec<(&str, i64)> =
            list["data"].as_array().unwrap().iter().map(|one| (one["content"].as_str().unwrap(), one["depth"].as_i64().unwrap())).collect();
        let expected =
            [("Tingkat 0", 0), ("Tingkat 1", 1), ("Tingkat 2", 2), ("Tingkat 3", 3), ("Tingkat 4", 4), ("Tingkat 5", 4), ("Terakhir", 0)];
        assert_eq!(shape, expected);

        let (mut walked, mut cursor) = (vec![], String::new());
        loop {
            let body = world.anon().get(&format!("{path}?limit=3{cursor}")).await.ok(200);
            walked.extend(body["data"].as_array().unwrap().iter().map(|one| one["content"].as_str().unwrap().to_owned()));
            let Some(next) = body["pagination"]["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(walked, expected.map(|(text, _)| text));
        let second = world.anon().get(&format!("{path}?limit=3&page=2")).await.ok(200);
        assert_eq!(second["data"][0]["content"], "Tingkat 3");
    }
}

#[tokio::test]
async fn a_deleted_reply_that_was_answered_keeps_its_place() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    for path in posts(&dewi).await {
        let parent = bima.create(&path, reply("Rahasia yang disesali")).await;
        world.pass_secs(1);
        dewi.create(&path, json!({"content": "Jawaban", "parentId": parent})).await;
        bima.delete(&format!("{path}/{parent}")).await.ok(200);
        let list = world.anon().get(&path).await;
        assert!(!list.text().contains("Rahasia") && !list.text().contains("bima"), "{list:?}");
        let first = &list.json()["data"][0];
        assert_eq!((first["deleted"].as_bool(), &first["author"], first["content"].as_str()), (Some(true), &Value::Null, Some("")));
        bima.post(&path, json!({"content": "Menyusul", "parentId": parent})).await.refused(409, "PARENT_GONE");
        bima.post(&format!("/api/v1/replies/{parent}/reactions"), json!({"type": "like"})).await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_reply_belongs_to_its_own_post() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let [threads, cases] = posts(&dewi).await;
    let other = format!("/api/v1/threads/{}/replies", dewi.create("/api/threads", thread("Lain")).await);
    let id = dewi.create(&threads, reply("Di sini")).await;
    for elsewhere in [&cases, &other] {
        dewi.post(elsewhere, json!({"content": "Di sana", "parentId": id})).await.refused(409, "PARENT_GONE");
        dewi.put(&format!("{elsewhere}/{id}"), reply("Di sana")).await.refused(404, "NOT_FOUND");
        dewi.delete(&format!("{elsewhere}/{id}")).await.refused(404, "NOT_FOUND");
    }
    for parent in [0, -1, i64::MAX] {
        dewi.post(&threads, json!({"content": "Kepada siapa?", "parentId": parent})).await.refused(409, "PARENT_GONE");
    }
}

#[tokio::test]
async fn nothing_is_added_where_it_is_closed_or_gone() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let [threads, cases] = posts(&dewi).await;
    let (in_thread, in_case) = (bima.create(&threads, reply("Satu")).await, bima.create(&cases, reply("Satu")).await);
    world.lock_thread(1).await;
    dewi.post(&threads, reply("Terkunci")).await.refused(409, "THREAD_LOCKED");
    dewi.delete("/api/threads/1").await.ok(200);
    dewi.delete("/api/validation-cases/1").await.ok(200);
    for (path, id) in [(threads, in_thread), (cases, in_case)] {
        bima.post(&path, reply("Ke mana?")).await.refused(404, "NOT_FOUND");
        bima.get(&path).await.refused(404, "NOT_FOUND");
        bima.put(&format!("{path}/{id}"), reply("Diam-diam")).await.refused(404, "NOT_FOUND");
        bima.post(&format!("/api/v1/replies/{id}/reactions"), json!({"type": "like"})).await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn bad_replies() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for path in posts(&dewi).await {
        let id = dewi.create(&path, reply("Baik")).await;
        for (body, bad) in [
            (reply(&"a".repeat(100_000)), "content: too_long"),
            (reply(&"👩‍🔬".repeat(33_334)), "content: too_long"),
            (reply(""), "content: required"),
            (reply(" \n\t "), "content: required"),
            (reply("a\u{0}b"), "content: bad_characters"),
            (json!({"content": 5}), "content: wrong_type"),
            (json!({"content": "x", "parentId": "7"}), "parentId: wrong_type"),
            (json!({"content": "x", "parent_id": 7}), "parent_id: unknown_field"),
            (json!({}), "content: required"),
        ] {
            assert_eq!(dewi.post(&path, body.clone()).await.bad_fields(), [bad]);
            assert_eq!(dewi.put(&format!("{path}/{id}"), body).await.bad_fields(), [bad]);
        }
        dewi.create(&path, reply(&"ß".repeat(20_000))).await;
        for id in ["0", "-1", "x", "9223372036854775808", "1.5", "%00"] {
            dewi.put(&format!("{path}/{id}"), reply("Ada?")).await.refused(404, "NOT_FOUND");
            dewi.delete(&format!("{path}/{id}")).await.refused(404, "NOT_FOUND");
        }
    }
    for base in ["threads", "validation-cases"] {
        for id in ["0", "-1", "99", "x", "9223372036854775808"] {
            dewi.get(&format!("/api/v1/{base}/{id}/replies")).await.refused(404, "NOT_FOUND");
            dewi.post(&format!("/api/v1/{base}/{id}/replies"), reply("Ada?")).await.refused(404, "NOT_FOUND");
        }
    }
}
