//! Validation cases: opening, reading, editing, tagging, cancelling, and the log (spec section 6).

use crate::harness::{BEGIN_TEXT, World, case};
use axum::http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_case_as_its_owner_and_others_read_it() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let body = dewi.post("/api/validation-cases", case("Periksa 50 soal kardiologi")).await.ok(201);
    let card = json!({"id": dewi.id, "username": "dewi_l", "fullName": null, "avatarUrl": null, "badge": null});
    let mut expected = json!({
        "id": 1, "categoryId": 3, "owner": card, "title": "Periksa 50 soal kardiologi",
        "summary": "Periksa jawaban model atas 50 soal kardiologi.", "tags": ["medis"], "bountyAmount": 1_500_000, "status": "open",
        "deadline": "2026-12-24T00:00:00Z", "replyCount": 0, "reactions": {"like": 0, "love": 0, "haha": 0, "wow": 0, "sad": 0, "angry": 0},
        "createdAt": BEGIN_TEXT, "lastActivityAt": BEGIN_TEXT, "contentType": "markdown",
        "content": "Periksa jawaban model atas 50 soal *kardiologi*.",
        "contentHtml": "<p>Periksa jawaban model atas 50 soal <em>kardiologi</em>.</p>\n", "editedAt": null, "myReaction": null, "mine": true, "watch": "watching",
    });
    assert_eq!(body["data"], expected);
    expected["mine"] = json!(false);
    expected["watch"] = Value::Null;
    assert_eq!(world.anon().get("/api/validation-cases/1/public").await.ok(200)["data"], expected);
    assert_eq!(bima.get("/api/validation-cases/1").await.ok(200)["data"], expected);
    world.anon().get("/api/validation-cases/1").await.refused(401, "UNAUTHENTICATED");
    assert_eq!(world.anon().get("/api/validation-cases/1/tags").await.ok(200), json!({"data": ["medis"]}));
}

#[tokio::test]
async fn lists_by_every_filter() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    for (number, bounty) in [(1, 0), (2, 100_000_000), (3, 5_000)] {
        let mut new = case(&format!("Kasus {number}"));
        new["bountyAmount"] = json!(bounty);
        new["tags"] = json!([format!("tag-{number}")]);
        (if number == 3 { &bima } else { &dewi }).create("/api/validation-cases", new).await;
        world.pass_secs(1);
    }
    dewi.post("/api/validation-cases/1/cancel", json!({})).await.ok(200);
    let ids = |body: Value| -> Vec<i64> { body["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect() };
    for (path, expected) in [
        ("?sort=newest", vec![3, 2, 1]),
        ("?status=open&sort=newest", vec![3, 2]),
        ("?status=cancelled", vec![1]),
        ("?owner=bima", vec![3]),
        ("?tag=tag-2", vec![2]),
        ("?bounty_min=5000&sort=newest", vec![3, 2]),
        ("?bounty_min=5001", vec![2]),
        ("?category=model-ai&sort=newest", vec![3, 2, 1]),
        ("/category/model-ai?sort=newest&limit=1", vec![3]),
        ("/latest?limit=2", vec![3, 2]),
    ] {
        assert_eq!(ids(world.anon().get(&format!("/api/validation-cases{path}")).await.ok(200)), expected, "{path}");
    }
    assert_eq!(ids(dewi.get("/api/validation-cases/me").await.ok(200)), [2, 1]);
    world.anon().get("/api/validation-cases/me").await.refused(401, "UNAUTHENTICATED");
    for path in ["/category/umum", "/category/none", "?owner=nobody", "?category=umum"] {
        world.anon().get(&format!("/api/validation-cases{path}")).await.refused(404, "NOT_FOUND");
    }
    for query in ["status=lost", "bounty_min=x"] {
        world.anon().get(&format!("/api/validation-cases?{query}")).await.refused(400, "BAD_REQUEST");
    }
    let categories = world.anon().get("/api/validation-cases/categories").await.ok(200);
    assert_eq!(categories["data"].as_array().unwrap().len(), 1);
    assert_eq!(categories["data"][0]["slug"], "model-ai");
}

#[tokio::test]
async fn only_the_owner_and_moderators_change_a_case() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    dewi.create("/api/validation-cases", case("Milik Dewi")).await;
    for (client, status, code) in [(&bima, 403, "FORBIDDEN"), (&world.anon(), 401, "UNAUTHENTICATED")] {
        client.put("/api/validation-cases/1", case("Direbut")).await.refused(status, code);
        client.delete("/api/validation-cases/1").await.refused(status, code);
        client.post("/api/validation-cases/1/tags", json!({"tag": "rebut"})).await.refused(status, code);
        client.delete("/api/validation-cases/1/tags/medis").await.refused(status, code);
        client.post("/api/validation-cases/1/cancel", json!({})).await.refused(status, code);
    }
    world.unverified("ragu").await.post("/api/validation-cases", case("Ragu")).await.refused(403, "EMAIL_NOT_VERIFIED");
    world.anon().post("/api/validation-cases", case("Siapa")).await.refused(401, "UNAUTHENTICATED");
    let moderator = world.moderator("mod_rina").await;
    moderator.put("/api/validation-cases/1", case("Dirapikan")).await.ok(200);
    moderator.delete("/api/validation-cases/1").await.ok(200);
    for path in ["", "/public", "/case-log", "/tags"] {
        dewi.get(&format!("/api/validation-cases/1{path}")).await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn tags_are_added_and_taken_away() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/validation-cases", case("Kasus")).await;
    let path = "/api/validation-cases/1/tags";
    assert_eq!(dewi.post(path, json!({"tag": "Kardiologi"})).await.ok(201), json!({"data": ["medis", "kardiologi"], "message": "Added."}));
    assert_eq!(dewi.post(path, json!({"tag": "kardiologi"})).await.ok(201)["data"], json!(["medis", "kardiologi"]), "twice is once");
    for tag in ["a", "b", "c"] {
        dewi.post(path, json!({"tag": tag})).await.ok(201);
    }
    assert_eq!(dewi.post(path, json!({"tag": "keenam"})).await.bad_fields(), ["tag: too_many"]);
    assert_eq!(dewi.delete(&format!("{path}/kardiologi")).await.ok(200)["data"], json!(["medis", "a", "b", "c"]));
    for tag in ["kardiologi", "%27%20OR%201=1", "%00", "%ff"] {
        dewi.delete(&format!("{path}/{tag}")).await.refused(404, "NOT_FOUND");
    }
    for (tag, bad) in [("", "tag: required"), ("dua kata", "tag: malformed"), ("<b>", "tag: malformed"), (&"x".repeat(51), "tag: too_long")]
    {
        assert_eq!(dewi.post(path, json!({"tag": tag})).await.bad_fields(), [bad]);
    }
}

#[tokio::test]
async fn what_is_cancelled_stays_as_it_is() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/validation-cases", case("Kasus")).await;
    assert_eq!(dewi.post("/api/validation-cases/1/cancel", json!({"reason": "x".repeat(501)})).await.bad_fields(), ["reason: too_long"]);
    let body = dewi.post("/api/validation-cases/1/cancel", json!({"reason": "Sudah tidak perlu."})).await.ok(200);
    assert_eq!(body["data"]["status"], "cancelled");
    let refused = json!({"status": "cancelled", "allowed": []});
    assert_eq!(dewi.post("/api/validation-cases/1/cancel", json!({})).await.refused(409, "INVALID_TRANSITION"), refused);
    assert_eq!(dewi.put("/api/validation-cases/1", case("Lagi")).await.refused(409, "INVALID_TRANSITION"), refused);
    assert_eq!(dewi.post("/api/validation-cases/1/tags", json!({"tag": "baru"})).await.refused(409, "INVALID_TRANSITION"), refused);
    assert_eq!(dewi.delete("/api/validation-cases/1/tags/medis").await.refused(409, "INVALID_TRANSITION"), refused);
    assert_eq!(dewi.delete("/api/validation-cases/1").await.refused(409, "INVALID_TRANSITION"), refused);
    dewi.create("/api/validation-cases", case("Tanpa badan")).await;
    dewi.ask(Method::POST, "/api/validation-cases/2/cancel").send().await.ok(200);
}

#[tokio::test]
async fn of_two_racing_deeds_one_wins() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/validation-cases", case("Kasus")).await;
    let racers = (0..8).map(|_| {
        let dewi = dewi.clone();
        tokio::spawn(async move { dewi.post("/api/validation-cases/1/cancel", json!({})).await.status })
    });
    let mut statuses: Vec<u16> = futures::future::join_all(racers).await.into_iter().map(Result::unwrap).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    let log = dewi.get("/api/validation-cases/1/case-log").await.ok(200);
    assert_eq!(log["data"]["entries"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_log_shows_everyone_the_chain_and_the_owner_the_details() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/validation-cases", case("Kasus")).await;
    world.pass_secs(60);
    let mut edit = case("Kasus yang diperjelas");
    edit["bountyAmount"] = json!(2_000_000);
    dewi.put("/api/validation-cases/1", edit).await.ok(200);
    dewi.post("/api/validation-cases/1/tags", json!({"tag": "baru"})).await.ok(201);
    dewi.delete("/api/validation-cases/1/tags/medis").await.ok(200);
    dewi.post("/api/validation-cases/1/cancel", json!({"reason": "Selesai sendiri."})).await.ok(200);

    let log = dewi.get("/api/validation-cases/1/case-log").await.ok(200);
    assert_eq!(log["data"]["verified"], true);
    let entries = log["data"]["entries"].as_array().unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["created", "edited", "tag_added", "tag_removed", "cancelled"]);
    assert_eq!(entries[0]["details"]["bountyAmount"], 1_500_000);
    assert_eq!(
        (&entries[1]["details"]["title"], &entries[4]["details"]),
        (&json!("Kasus yang diperjelas"), &json!({"reason": "Selesai sendiri."}))
    );
    assert_eq!(entries[0]["prevHash"], "0".repeat(64));
    for (pair, seq) in entries.windows(2).zip(1..) {
        assert_eq!((&pair[1]["prevHash"], &pair[0]["seq"]), (&pair[0]["hash"], &json!(seq)));
    }
    for client in [world.anon(), world.user("bima").await] {
        let public = client.get("/api/validation-cases/1/case-log").await;
        assert!(!public.text().contains("Selesai sendiri"), "{public:?}");
        let public = public.ok(200);
        assert_eq!(public["data"]["verified"], true);
        for (seen, whole) in public["data"]["entries"].as_array().unwrap().iter().zip(entries) {
            let mut expected = whole.clone();
            expected.as_object_mut().unwrap().remove("details");
            assert_eq!(*seen, expected);
        }
    }
    assert!(world.moderator("mod_rina").await.get("/api/validation-cases/1/case-log").await.text().contains("Selesai sendiri"));
}

#[tokio::test]
async fn every_bad_field_of_a_case_is_named() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let body = json!({
        "category": "", "title": " ", "summary": "x".repeat(501), "content": {"type": "table", "columns": [], "rows": []}, "bountyAmount": -1,
        "tags": ["tidak sah!"],
    });
    let expected = [
        "category: required",
        "title: required",
        "summary: too_long",
        "content: required",
        "bountyAmount: out_of_range",
        "tags: malformed",
    ];
    assert_eq!(dewi.post("/api/validation-cases", body.clone()).await.bad_fields(), expected);
    dewi.create("/api/validation-cases", case("Kasus")).await;
    assert_eq!(dewi.put("/api/validation-cases/1", body).await.bad_fields(), expected);
    for (field, value, bad) in [
        ("bountyAmount", json!(100_000_001), "bountyAmount: out_of_range"),
        ("bountyAmount", json!(1.5), "bountyAmount: wrong_type"),
        ("bountyAmount", json!("1000"), "bountyAmount: wrong_type"),
        ("bountyAmount", json!(1e30), "bountyAmount: wrong_type"),
        ("bountyAmount", json!(i64::MIN), "bountyAmount: out_of_range"),
        ("deadline", json!("besok"), "deadline: wrong_type"),
        ("deadline", json!("2026-11-18T12:26:40Z"), "deadline: in_the_past"),
        ("deadline", json!("2026-02-30T00:00:00Z"), "deadline: wrong_type"),
        ("category", json!("umum"), "category: not_found"),
        ("status", json!("completed"), "status: unknown_field"),
    ] {
        let mut body = case("Kasus");
        body[field] = value;
        assert_eq!(dewi.post("/api/validation-cases", body).await.bad_fields(), [bad]);
    }
    for amount in [0, 100_000_000] {
        let mut body = case("Batas");
        body["bountyAmount"] = json!(amount);
        body["deadline"] = json!("9999-12-31T23:59:59+07:00");
        dewi.post("/api/validation-cases", body).await.ok(201);
    }
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for id in ["0", "-1", "2", "9223372036854775807", "9223372036854775808", "x", "1.0", "%00"] {
        let path = format!("/api/validation-cases/{id}");
        dewi.get(&path).await.refused(404, "NOT_FOUND");
        dewi.put(&path, case("Kasus")).await.refused(404, "NOT_FOUND");
        dewi.delete(&path).await.refused(404, "NOT_FOUND");
        for tail in ["public", "case-log", "tags"] {
            dewi.get(&format!("{path}/{tail}")).await.refused(404, "NOT_FOUND");
        }
        dewi.post(&format!("{path}/tags"), json!({"tag": "baru"})).await.refused(404, "NOT_FOUND");
        dewi.delete(&format!("{path}/tags/baru")).await.refused(404, "NOT_FOUND");
        dewi.post(&format!("{path}/cancel"), json!({})).await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_deadline_that_has_passed_is_said_to_have_passed() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let id = dewi.create("/api/validation-cases", case("Periksa 50 soal")).await;
    let path = format!("/validation-cases/{id}-periksa-50-soal");
    let before = world.anon().get("/validation-cases").await.page(200).contains("Tenggat 24 Des");
    assert!(before && world.anon().get(&path).await.page(200).contains("Penawaran ditunggu sampai"));
    world.pass_secs(60 * 24 * 60 * 60);
    assert!(world.anon().get("/validation-cases").await.page(200).contains("Lewat tenggat"));
    assert!(world.anon().get(&path).await.page(200).contains("Penawaran tadinya ditunggu sampai"));
    assert!(dewi.in_browser().await.get(&path).await.page(200).contains("sunting kasus ini untuk menetapkan tenggat baru"));
}
