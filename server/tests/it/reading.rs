//! Pages for reading: what they show to whom, and where their addresses lead.

use crate::{
    client::{Answer, Client},
    harness::{World, case, reply, thread},
};
use serde_json::json;

/// Where an answer redirects to.
fn moved(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    answer.header("location").to_owned()
}

/// A reply to a reply, or to the post.
async fn answer_to(author: &Client, parent: Option<i64>, text: &str) -> i64 {
    author.create("/api/v1/threads/1/replies", json!({ "content": text, "parentId": parent })).await
}

/// A thread with so many replies, each answering the one before it down to any depth.
async fn long_thread(replies: usize) -> (World, Client, Vec<i64>) {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Kappa 0,61")).await;
    let mut ids = Vec::new();
    for number in 0..replies {
        let parent = if number % 8 == 0 { None } else { ids.last().copied() };
        ids.push(
            answer_to(&dewi, parent, &format!("Balasan nomor {number}: {}", "dengan tiga penilai sebaiknya pakai Fleiss. ".repeat(5)))
                .await,
        );
    }
    (world, dewi, ids)
}

#[tokio::test]
async fn replies_nest_to_the_fourth_level_and_fifty_fit_the_budget() {
    let (world, dewi, ids) = long_thread(50).await;
    for reader in [world.anon(), dewi.in_browser().await] {
        let answer = reader.get("/threads/1-kappa-0-61?limit=50").await;
        let html = answer.page(200);
        assert!(html.len() < 90 * 1024, "{} bytes", html.len());
        assert!(ids.iter().all(|id| html.contains(&format!("<article class=\"reply\" id=\"r{id}\">"))));
        assert_eq!(html.matches("<article").count(), html.matches("</article>").count());
        assert_eq!(html.matches("<div").count(), html.matches("</div>").count());
        let deepest = html.split("<div class=\"replies\">").skip(1).scan(0_i64, |depth, part| {
            *depth += 1;
            let deepest = *depth;
            *depth -= i64::try_from(part.matches("</div></article>").count()).unwrap();
            Some(deepest)
        });
        assert_eq!(deepest.max(), Some(5), "the list itself and four levels in it");
    }
}

#[tokio::test]
async fn addresses_lead_to_the_right_page_under_the_present_title() {
    let (world, dewi, ids) = long_thread(45).await;
    let anon = world.anon();
    let last = ids[44];
    assert_eq!(moved(&anon.get(&format!("/threads/1-kappa-0-61?at={last}")).await, 302), format!("/threads/1-kappa-0-61?page=3#r{last}"));
    assert_eq!(
        moved(&anon.get(&format!("/threads/1-kappa-0-61?at={last}&limit=50")).await, 302),
        format!("/threads/1-kappa-0-61?limit=50#r{last}")
    );
    assert!(anon.get("/threads/1-kappa-0-61?page=3").await.page(200).contains(&format!("id=\"r{last}\"")));
    assert_eq!(moved(&anon.get("/threads/1-an-older-title?page=2").await, 301), "/threads/1-kappa-0-61?page=2");
    assert_eq!(moved(&anon.get("/threads/1").await, 301), "/threads/1-kappa-0-61");
    dewi.create("/api/validation-cases", case("Periksa 50 soal")).await;
    assert_eq!(moved(&anon.get("/validation-cases/1").await, 301), "/validation-cases/1-periksa-50-soal");
    anon.get(&format!("/validation-cases/1-periksa-50-soal?at={last}")).await.page(404);
    anon.get("/threads/1-kappa-0-61?at=77").await.page(404);
    anon.get("/threads/1-kappa-0-61?page=x").await.page(400);
}

#[tokio::test]
async fn a_name_that_was_given_up_leads_to_the_present_one() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.put("/api/account", json!({ "username": "dewi_laras" })).await.ok(200);
    let anon = world.anon();
    assert_eq!(moved(&anon.get("/user/dewi_l").await, 301), "/user/dewi_laras");
    assert_eq!(moved(&anon.get("/user/DEWI_laras").await, 301), "/user/dewi_laras");
    assert!(anon.get("/user/dewi_laras").await.page(200).contains('@'));
    anon.get("/user/nobody_here").await.page(404);
}

#[tokio::test]
async fn only_those_who_may_get_a_form() {
    let (world, dewi, _) = long_thread(1).await;
    let path = "/threads/1-kappa-0-61";
    let form = "action=\"/threads/1/replies\"";
    assert!(dewi.in_browser().await.get(path).await.page(200).contains(form));
    let anon = world.anon();
    let answer = anon.get(path).await;
    let html = answer.page(200);
    assert!(!html.contains(form) && html.contains("/login?next=/threads/1-kappa-0-61%23composer"));
    world.lock_thread(1).await;
    assert!(!dewi.in_browser().await.get(path).await.page(200).contains(form));
}

#[tokio::test]
async fn the_record_offers_its_owner_what_can_be_done_and_nobody_else() {
    let world = World::new().await;
    let (dewi, budi) = (world.user("dewi_l").await, world.user("budi_s").await);
    dewi.create("/api/validation-cases", case("Periksa 50 soal")).await;
    budi.create("/api/v1/validation-cases/1/replies", reply("Bagaimana hasilnya dinilai?")).await;
    let path = "/validation-cases/1-periksa-50-soal";
    let deeds = ["edit", "cancel", "delete"].map(|deed| format!("/validation-cases/1/{deed}"));
    let owner = dewi.in_browser().await;
    let answer = owner.get(path).await;
    assert!(deeds.iter().all(|deed| answer.page(200).contains(deed)));
    for reader in [budi.in_browser().await, world.anon()] {
        let answer = reader.get(path).await;
        assert!(!deeds.iter().any(|deed| answer.page(200).contains(deed)));
        assert!(answer.page(200).contains("Bagaimana hasilnya dinilai?"));
    }
    dewi.post("/api/validation-cases/1/cancel", json!({ "reason": "Sudah selesai sendiri" })).await.ok(200);
    let answer = owner.get(path).await;
    assert!(!deeds.iter().any(|deed| answer.page(200).contains(deed)), "nothing can be done any more");
    assert!(answer.page(200).contains("Sudah selesai sendiri"), "the owner sees the log's details");
    assert!(!world.anon().get(path).await.page(200).contains("Sudah selesai sendiri"));
}

#[tokio::test]
async fn tags_gather_both_kinds_and_unknown_ones_are_not_found() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (mut a_thread, mut a_case) = (thread("Kappa 0,61"), case("Periksa 50 soal"));
    a_thread["tags"] = json!(["statistik"]);
    a_case["tags"] = json!(["statistik"]);
    dewi.create("/api/threads", a_thread).await;
    dewi.create("/api/validation-cases", a_case).await;
    let anon = world.anon();
    let answer = anon.get("/tags/statistik").await;
    assert!(answer.page(200).contains("Kappa 0,61") && answer.page(200).contains("Periksa 50 soal"));
    let answer = anon.get("/tags/statistik?of=cases").await;
    assert!(!answer.page(200).contains("Kappa 0,61") && answer.page(200).contains("Periksa 50 soal"));
    anon.get("/tags/tidak-ada").await.page(404);
    anon.get("/tags/bukan%20tagar").await.page(404);
}

#[tokio::test]
async fn what_people_wrote_stays_text_in_every_list() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let title = "<img src=x onerror=alert(1)> & \"kutip\"";
    dewi.create("/api/threads", thread(title)).await;
    dewi.create("/api/validation-cases", case(title)).await;
    let anon = world.anon();
    for path in ["/", "/forum", "/forum/umum", "/validation-cases", "/user/dewi_l"] {
        let answer = anon.get(path).await;
        assert!(!answer.page(200).contains("<img src=x"), "{path}");
    }
}
