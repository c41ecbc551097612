//! Rate limits (spec section 3), moved by the test's clock.

use crate::{
    client::Answer,
    harness::{PASSWORD, World, case, reply, thread},
};
use axum::http::Method;
use serde_json::json;

/// The figures of a refused request.
fn figures(answer: &Answer) -> (u64, u64, u64) {
    let number = |name: &str| answer.header(name).parse().unwrap();
    assert_eq!(answer.status, 429, "{answer:?}");
    (number("ratelimit-limit"), number("retry-after"), number("ratelimit-reset"))
}

#[tokio::test]
async fn a_new_account_posts_ten_times_an_hour() {
    let world = World::new().await;
    let dewi = world.new_user("dewi_l").await;
    for number in 1..=4 {
        dewi.create("/api/threads", thread(&format!("Utas {number}"))).await;
        dewi.create("/api/validation-cases", case(&format!("Kasus {number}"))).await;
        world.pass_secs(60);
    }
    dewi.create("/api/v1/threads/1/replies", reply("Sembilan")).await;
    dewi.create("/api/v1/validation-cases/1/replies", reply("Sepuluh")).await;
    for (path, body) in
        [("/api/threads", thread("Sebelas")), ("/api/validation-cases", case("Sebelas")), ("/api/v1/threads/1/replies", reply("Sebelas"))]
    {
        let answer = dewi.post(path, body).await;
        assert_eq!(answer.refused(429, "RATE_LIMITED"), json!({"limit": 10, "retryAfter": 56 * 60, "window": 3600}));
        assert_eq!(figures(&answer), (10, 56 * 60, 56 * 60), "the limit that was hit, not the general one");
    }
    // Reading, editing and reacting go on.
    dewi.put("/api/threads/1", thread("Disunting")).await.ok(200);
    dewi.post("/api/v1/threads/1/reactions", json!({"type": "like"})).await.ok(200);
    world.pass_secs(56 * 60);
    let dewi = dewi.again().await;
    dewi.create("/api/threads", thread("Sebelas")).await;
    dewi.create("/api/threads", thread("Dua belas")).await;
    dewi.post("/api/threads", thread("Tiga belas")).await.refused(429, "RATE_LIMITED");
}

#[tokio::test]
async fn what_is_refused_for_its_form_does_not_count_as_posting() {
    let world = World::new().await;
    let dewi = world.new_user("dewi_l").await;
    for _ in 0..15 {
        dewi.post("/api/threads", json!({"title": "x"})).await.refused(400, "VALIDATION");
        dewi.post("/api/v1/threads/99/replies", reply("Ke mana?")).await.refused(404, "NOT_FOUND");
    }
    dewi.create("/api/threads", thread("Pertama")).await;
}

#[tokio::test]
async fn an_older_account_posts_sixty_times_an_hour() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Utas")).await;
    for number in 2..=60 {
        dewi.create("/api/v1/threads/1/replies", reply(&format!("Balasan {number}"))).await;
    }
    let answer = dewi.post("/api/v1/threads/1/replies", reply("Terlalu banyak")).await;
    assert_eq!(figures(&answer), (60, 3600, 3600));
    world.user("bima").await.create("/api/v1/threads/1/replies", reply("Orang lain boleh")).await;
}

#[tokio::test]
async fn signing_in_five_times_a_quarter_of_an_hour_for_each_account() {
    let world = World::new().await;
    world.user("dewi_l").await;
    world.pass_secs(15 * 60);
    let wrong = |email: &'static str| json!({"email": email, "password": "salah sama sekali"});
    for _ in 0..5 {
        // From anywhere: the address changes, the account does not.
        world.anon().post("/api/auth/login", wrong("dewi_l@contoh.id")).await.refused(401, "BAD_CREDENTIALS");
    }
    let right = json!({"email": "dewi_l@contoh.id", "password": PASSWORD});
    let answer = world.anon().post("/api/auth/login", right.clone()).await;
    assert_eq!(figures(&answer), (5, 900, 900));
    // An account that does not exist is limited alike.
    for _ in 0..5 {
        world.anon().post("/api/auth/login", wrong("nobody@contoh.id")).await.refused(401, "BAD_CREDENTIALS");
    }
    world.anon().post("/api/auth/login", wrong("nobody@contoh.id")).await.refused(429, "RATE_LIMITED");
    // Five wrong ones also lock the password for half an hour.
    world.pass_secs(30 * 60);
    world.anon().post("/api/auth/login", right).await.ok(200);
}

#[tokio::test]
async fn signing_in_ten_times_a_quarter_of_an_hour_from_each_address() {
    let world = World::new().await;
    let anon = world.anon();
    for number in 0..10 {
        anon.post("/api/auth/login", json!({"email": format!("a{number}@contoh.id"), "password": "salah sekali"}))
            .await
            .refused(401, "BAD_CREDENTIALS");
    }
    let answer = anon.post("/api/auth/login", json!({"email": "a99@contoh.id", "password": "salah sekali"})).await;
    assert_eq!(figures(&answer), (10, 900, 900));
}

#[tokio::test]
async fn mails_five_an_hour_to_each_address_and_twenty_from_each() {
    let world = World::new().await;
    world.unverified("ragu").await;
    for _ in 0..5 {
        world.anon().post("/api/auth/verify/request", json!({"email": "ragu@contoh.id"})).await.ok(200);
    }
    let answer = world.anon().post("/api/auth/verify/request", json!({"email": "RAGU@contoh.id"})).await;
    assert_eq!(figures(&answer), (5, 3600, 3600));
    let register = json!({"email": "ragu@contoh.id", "password": PASSWORD});
    world.anon().post("/api/auth/register", register).await.refused(429, "RATE_LIMITED");
    assert_eq!(world.mails_to("ragu@contoh.id").await.len(), 5);

    let one = world.anon();
    for number in 0..20 {
        one.post("/api/auth/register", json!({"email": format!("b{number}@contoh.id"), "password": PASSWORD})).await.ok(200);
    }
    let answer = one.post("/api/auth/register", json!({"email": "b99@contoh.id", "password": PASSWORD})).await;
    assert_eq!(figures(&answer), (20, 3600, 3600));
}

#[tokio::test]
async fn refreshing_ten_times_a_minute() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut token = dewi.refresh_token.clone();
    for _ in 0..10 {
        let body = dewi.post("/api/auth/refresh", json!({"refresh_token": token})).await.ok(200);
        token = body["refresh_token"].as_str().unwrap().to_owned();
    }
    let answer = dewi.post("/api/auth/refresh", json!({"refresh_token": token})).await;
    assert_eq!(figures(&answer), (10, 60, 60));
    // A browser that must refresh now is told so on a page of its own; its session is not lost.
    let browser = dewi.without_token().with_cookies();
    browser.set_cookie("aivalid_refresh", &token);
    let page = browser.get("/nothing").await;
    page.page(429);
    assert_eq!(figures(&page), (10, 60, 60));
    assert_eq!(figures(&browser.get("/api/threads").await), (10, 60, 60));
    world.pass_secs(60);
    dewi.post("/api/auth/refresh", json!({"refresh_token": token})).await.ok(200);
}

#[tokio::test]
async fn forms_of_pages_say_when_to_come_back() {
    let world = World::new().await;
    let browser = world.browser();
    // Now the browser has the device by which sign-ins are counted.
    browser.get("/login").await.page(200);
    let post = || browser.ask(Method::POST, "/login").form("email=nobody%40contoh.id&password=salah+sama+sekali").send();
    for _ in 0..5 {
        let wrong = post().await;
        wrong.page(401);
        assert_eq!(wrong.header("ratelimit-limit"), "3000", "the general figures, where no tighter limit was hit");
    }
    let answer = post().await;
    answer.page(429);
    assert_eq!(figures(&answer), (5, 900, 900));
    world.pass_secs(15 * 60);
    post().await.page(401);

    let dewi = world.new_user("dewi_l").await.in_browser().await;
    for number in 0..10 {
        dewi.create("/api/threads", thread(&format!("Utas {number}"))).await;
    }
    let answer = dewi.ask(Method::POST, "/threads/1/replies").form("content=Sebelas").send().await;
    assert!(answer.page(429).contains("Sebelas"));
    assert_eq!(figures(&answer), (10, 3600, 3600));
}

#[tokio::test]
async fn everything_else_a_thousand_times_a_minute_for_each_user() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let first = dewi.get("/api/tags").await;
    assert_eq!(
        (first.header("ratelimit-limit"), first.header("ratelimit-remaining"), first.header("ratelimit-reset")),
        ("1000", "999", "60")
    );
    for _ in 1..1000 {
        dewi.get("/api/nothing").await.refused(404, "NOT_FOUND");
    }
    let answer = dewi.get("/api/tags").await;
    assert_eq!(answer.refused(429, "RATE_LIMITED"), json!({"limit": 1000, "retryAfter": 60, "window": 60}));
    assert_eq!(figures(&answer), (1000, 60, 60));
    dewi.get("/nothing").await.page(429);
    world.anon().get("/api/tags").await.ok(200);
    world.pass_secs(60);
    dewi.get("/api/tags").await.ok(200);
}

#[tokio::test]
async fn three_thousand_times_a_minute_from_each_address() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let flood = dewi.without_token();
    world.pass_secs(60);
    for _ in 0..3000 {
        flood.get("/api/nothing").await.refused(404, "NOT_FOUND");
    }
    assert_eq!(figures(&flood.get("/api/tags").await), (3000, 60, 60));
    flood.get("/nothing").await.page(429);
    // Whoever is signed in at the same address is refused as well, as an error and as a page.
    assert_eq!(figures(&dewi.get("/api/tags").await), (3000, 60, 60));
    dewi.get("/nothing").await.page(429);
    world.anon().get("/nothing").await.page(404);
}

#[tokio::test]
async fn every_figure_can_be_raised() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "3")]).await;
    let dewi = world.new_user("dewi_l").await;
    for number in 1..=30 {
        dewi.create("/api/threads", thread(&format!("Utas {number}"))).await;
    }
    assert_eq!(figures(&dewi.post("/api/threads", thread("Terakhir")).await).0, 30);
}
