//! Threads: starting, reading, listing, editing, deleting; categories and tags.

use crate::harness::{BEGIN_TEXT, World, thread};
use serde_json::{Value, json};

fn none() -> Value {
    json!({"like": 0, "love": 0, "haha": 0, "wow": 0, "sad": 0, "angry": 0})
}

#[tokio::test]
async fn a_thread_from_start_to_deletion() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let answer = dewi.post("/api/threads", thread("  Kappa   0,61: cukup? 🤔 ")).await;
    let card = json!({"id": dewi.id, "username": "dewi_l", "fullName": null, "avatarUrl": null, "badge": null});
    let mut expected = json!({
        "id": 1, "categoryId": 1, "author": card, "title": "Kappa 0,61: cukup? 🤔",
        "summary": "Dua penilai, 200 butir, kappa 0,61. Cukupkah? 🤔", "tags": ["kappa", "anotasi"], "pinned": false, "locked": false,
        "replyCount": 0, "reactions": none(), "createdAt": BEGIN_TEXT, "lastActivityAt": BEGIN_TEXT, "lastReplyBy": null,
        "contentType": "markdown", "content": "Dua penilai, 200 butir, kappa **0,61**. Cukupkah? 🤔",
        "contentHtml": "<p>Dua penilai, 200 butir, kappa <strong>0,61</strong>. Cukupkah? 🤔</p>\n",
        "editedAt": null, "myReaction": null, "mine": true, "watch": "watching",
    });
    assert_eq!(answer.ok(201), json!({"data": expected, "message": "Published."}));
    expected["mine"] = json!(false);
    expected["watch"] = Value::Null;
    assert_eq!(world.anon().get("/api/threads/1").await.ok(200), json!({"data": expected}));

    world.pass_secs(90);
    let mut edit = thread("Kappa 0,61: kurang");
    edit["category"] = json!("metode");
    edit["summary"] = json!("Ringkas.");
    edit["tags"] = json!(["Inter Rater", "#kappa", "kappa", ""]);
    let edited = dewi.put("/api/threads/1", edit).await.ok(200);
    let thread = &edited["data"];
    assert_eq!(
        (thread["categoryId"].as_i64(), thread["summary"].as_str(), &thread["tags"]),
        (Some(2), Some("Ringkas."), &json!(["inter-rater", "kappa"]))
    );
    assert_eq!((thread["editedAt"].as_str(), edited["message"].as_str()), (Some("2026-11-18T12:28:10Z"), Some("Saved.")));

    assert_eq!(dewi.delete("/api/threads/1").await.ok(200), json!({"message": "Deleted."}));
    for path in ["/api/threads/1", "/api/v1/threads/1/replies", "/api/v1/threads/1/reactions/summary"] {
        dewi.get(path).await.refused(404, "NOT_FOUND");
    }
    dewi.delete("/api/threads/1").await.refused(404, "NOT_FOUND");
    assert_eq!(world.anon().get("/api/threads").await.ok(200)["pagination"]["total"], 0);
}

#[tokio::test]
async fn a_table_is_content_too() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut table = thread("Hasil anotasi");
    table["content"] = json!({
        "type": "table",
        "columns": [{"name": "Butir", "kind": "text"}, {"name": "Skor", "kind": "number"}, {"name": "Sah", "kind": "yes_no"}],
        "rows": [["Satu & <b>dua</b>", 0.5, true], [null, -3, false]],
    });
    let body = dewi.post("/api/threads", table.clone()).await.ok(201);
    let html = body["data"]["contentHtml"].as_str().unwrap();
    assert_eq!(body["data"]["contentType"], "table");
    assert!(html.contains("<table") && html.contains("Satu &amp; &lt;b&gt;dua&lt;/b&gt;"), "{html}");
    let source: Value = serde_json::from_str(body["data"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(source["rows"], table["content"]["rows"]);
    for (rows, problem) in [
        (json!([["x"]]), "content.rows[0]: malformed"),
        (json!([["x", "y", true]]), "content.rows[0][1]: wrong_type"),
        (json!([[["x"], 1, true]]), "content.rows[0][0]: wrong_type"),
        (json!([["x".repeat(1_001), 1, true]]), "content.rows[0][0]: too_long"),
        (json!(vec![json!(["x", 1, true]); 501]), "content: too_many"),
    ] {
        table["content"]["rows"] = rows;
        assert_eq!(dewi.post("/api/threads", table.clone()).await.bad_fields(), [problem]);
    }
}

#[tokio::test]
async fn only_authors_and_moderators_change_a_thread() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let id = dewi.create("/api/threads", thread("Milik Dewi")).await;
    let path = format!("/api/threads/{id}");
    bima.put(&path, thread("Direbut")).await.refused(403, "FORBIDDEN");
    bima.delete(&path).await.refused(403, "FORBIDDEN");
    world.unverified("ragu").await.delete(&path).await.refused(403, "FORBIDDEN");
    world.anon().put(&path, thread("Direbut")).await.refused(401, "UNAUTHENTICATED");
    world.anon().delete(&path).await.refused(401, "UNAUTHENTICATED");
    let moderator = world.moderator("mod_rina").await;
    assert_eq!(moderator.get(&path).await.ok(200)["data"]["mine"], true);
    let moved = moderator.put(&path, thread("Dirapikan")).await.ok(200);
    assert_eq!(moved["data"]["author"]["username"], "dewi_l", "it stays its author's");
    world.admin("sri_wahyuni").await.delete(&path).await.ok(200);
}

#[tokio::test]
async fn lists_are_sorted_filtered_and_paged() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    for number in 1..=5 {
        let mut new = thread(&format!("Utas {number}"));
        new["category"] = json!(if number % 2 == 0 { "metode" } else { "umum" });
        new["tags"] = json!([format!("tag-{number}"), "semua"]);
        dewi.create("/api/threads", new).await;
        world.pass_secs(1);
    }
    bima.create("/api/v1/threads/2/replies", json!({"content": "Menarik."})).await;
    bima.post("/api/v1/threads/1/reactions", json!({"type": "love"})).await.ok(200);
    let anon = world.anon();
    let titles = |body: Value| -> Vec<i64> { body["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect() };
    for (query, expected) in [
        ("", vec![2, 5, 4, 3, 1]),
        ("?sort=latest", vec![2, 5, 4, 3, 1]),
        ("?sort=newest", vec![5, 4, 3, 2, 1]),
        ("?sort=unanswered", vec![5, 4, 3, 1]),
        ("?category=metode&sort=newest", vec![4, 2]),
        ("?tag=tag-3", vec![3]),
        ("?tag=none", vec![]),
        ("?author=dewi_l&sort=newest&limit=2", vec![5, 4]),
        ("?author=bima", vec![]),
        ("?sort=newest&limit=2&page=3", vec![1]),
        ("?sort=newest&limit=2&page=99", vec![]),
        ("?sort=newest&limit=0", vec![5]),
        ("?nonsense=1&sort=newest&page=0&limit=1", vec![5]),
    ] {
        assert_eq!(titles(anon.get(&format!("/api/threads{query}")).await.ok(200)), expected, "{query}");
    }
    assert_eq!(titles(anon.get("/api/threads?sort=top").await.ok(200)).len(), 5);
    let row = anon.get("/api/threads?limit=1").await.ok(200)["data"][0].clone();
    assert_eq!((row["replyCount"].as_i64(), row["lastReplyBy"]["username"].as_str()), (Some(1), Some("bima")));
    assert!(row.get("content").is_none() && row.get("contentHtml").is_none(), "lists carry no contents");
    assert_eq!(
        anon.get("/api/threads?limit=1000").await.ok(200)["pagination"],
        json!({"page": 1, "limit": 100, "total": 5, "totalPages": 1})
    );

    for sort in ["latest", "newest", "top", "unanswered"] {
        let whole = titles(anon.get(&format!("/api/threads?sort={sort}")).await.ok(200));
        let (mut walked, mut cursor) = (vec![], String::new());
        loop {
            let body = anon.get(&format!("/api/threads?sort={sort}&limit=2{cursor}")).await.ok(200);
            walked.extend(titles(body.clone()));
            let Some(next) = body["pagination"]["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(walked, whole, "{sort}");
    }
}

#[tokio::test]
async fn bad_list_parameters() {
    let anon = World::new().await.anon();
    for query in ["sort=best", "page=x", "page=-1", "limit=-5", "limit=1e9", "page=99999999999999999999", "sort="] {
        anon.get(&format!("/api/threads?{query}")).await.refused(400, "BAD_REQUEST");
        anon.get(&format!("/api/validation-cases?{query}")).await.refused(400, "BAD_REQUEST");
    }
    for query in ["category=none", "category=model-ai", "author=nobody", "category=%27--", "author=%00"] {
        anon.get(&format!("/api/threads?{query}")).await.refused(404, "NOT_FOUND");
    }
    for query in [
        "tag=%27%3BDROP%20TABLE%20threads",
        "cursor=junk",
        "cursor=latest.0.1.99999999999999999999",
        "tag=%00",
        "tag=%ff%fe",
        "page=4294967295",
    ] {
        anon.get(&format!("/api/threads?{query}")).await.ok(200);
    }
}

#[tokio::test]
async fn every_bad_field_of_a_thread_is_named() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let body = json!({
        "category": "Bukan Slug!", "title": "ab", "summary": "x".repeat(501), "content": {"type": "markdown", "text": " \n "},
        "tags": ["a", "b", "c", "d", "e", "f"],
    });
    let expected = ["category: malformed", "title: too_short", "summary: too_long", "content: required", "tags: too_many"];
    assert_eq!(dewi.post("/api/threads", body.clone()).await.bad_fields(), expected);
    let id = dewi.create("/api/threads", thread("Yang baik")).await;
    assert_eq!(dewi.put(&format!("/api/threads/{id}"), body).await.bad_fields(), expected);
    for (field, value, problem) in [
        ("title", json!("x".repeat(256)), "title: too_long"),
        ("title", json!("nul\u{0}"), "title: bad_characters"),
        ("title", json!("balik\u{202e}kanan"), "title: bad_characters"),
        ("content", json!({"type": "markdown", "text": "x".repeat(50_001)}), "content: too_long"),
        ("content", json!({"type": "markdown", "text": "a\u{0}b"}), "content: bad_characters"),
        ("tags", json!(["-buruk-"]), "tags: malformed"),
        ("tags", json!(["x".repeat(51)]), "tags: too_long"),
        ("category", json!("tidak-ada"), "category: not_found"),
        ("category", json!("model-ai"), "category: not_found"),
    ] {
        let mut body = thread("Judul");
        body[field] = value;
        assert_eq!(dewi.post("/api/threads", body).await.bad_fields(), [problem]);
    }
    let mut longest = thread(&"é".repeat(255));
    longest["content"]["text"] = json!("é".repeat(50_000));
    dewi.post("/api/threads", longest).await.ok(201);
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for id in ["0", "-1", "2", "9223372036854775807", "9223372036854775808", "x", "1.0", "1e3", "%31%00", "%ff", "１"] {
        let id = if id == "１" { "%EF%BC%91" } else { id };
        let path = format!("/api/threads/{id}");
        dewi.get(&path).await.refused(404, "NOT_FOUND");
        dewi.put(&path, thread("Judul")).await.refused(404, "NOT_FOUND");
        dewi.delete(&path).await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn categories_and_tags_carry_their_figures() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Satu")).await;
    let mut two = thread("Dua");
    two["tags"] = json!(["kappa"]);
    dewi.create("/api/threads", two).await;
    let anon = world.anon();
    let category = json!({
        "id": 1, "slug": "umum", "kind": "forum", "nameId": "Nama umum", "nameEn": "Name umum", "descriptionId": "Uraian umum",
        "descriptionEn": "Description umum", "colour": "teal", "icon": "messages-square",
    });
    let all = anon.get("/api/categories").await.ok(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 3);
    for (key, value) in category.as_object().unwrap() {
        assert_eq!(&all["data"][0][key], value);
    }
    let slugs = |body: Value| -> Vec<String> {
        body["data"].as_array().unwrap().iter().map(|one| one["slug"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(slugs(anon.get("/api/categories?kind=forum").await.ok(200)), ["umum", "metode"]);
    assert_eq!(slugs(anon.get("/api/categories?kind=case").await.ok(200)), ["model-ai"]);
    anon.get("/api/categories?kind=other").await.refused(400, "BAD_REQUEST");
    assert_eq!(anon.get("/api/tags").await.ok(200), json!({"data": [{"slug": "kappa", "count": 2}, {"slug": "anotasi", "count": 1}]}));
    assert_eq!(slugs(anon.get("/api/tags?limit=1").await.ok(200)), ["kappa"]);
    anon.get("/api/tags?limit=many").await.refused(400, "BAD_REQUEST");
}
