//! Every page answers whole HTML with a title, in both languages.

use crate::harness::{World, case, reply, thread};
use axum::http::Method;

/// Every page that guests can read: what is added to the routes is added here.
const PAGES: [&str; 17] = [
    "/",
    "/validation-cases",
    "/validation-cases?status=open&min=1.000&tag=&sort=top",
    "/validation-cases/category/model-ai",
    "/validation-cases/1-periksa-50-soal",
    "/forum",
    "/forum/umum",
    "/forum/umum?sort=unanswered&page=7",
    "/threads/1-kappa-0-61",
    "/user/dewi_l",
    "/user/dewi_l?tab=threads",
    "/user/dewi_l?tab=badges",
    "/about",
    "/privacy",
    "/terms",
    "/status",
    "/offline",
];

#[tokio::test]
async fn every_page_answers_in_both_languages() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Kappa 0,61")).await;
    dewi.create("/api/validation-cases", case("Periksa 50 soal")).await;
    dewi.create("/api/v1/threads/1/replies", reply("Setuju")).await;
    for path in PAGES {
        for lang in ["id", "en"] {
            let answer = world.anon().ask(Method::GET, path).header("accept-language", lang).send().await;
            let html = answer.page(200);
            assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{path}");
            assert!(html.contains("<h1"), "{path} has a heading");
            assert!(html.trim_end().ends_with("</html>"), "{path} is whole");
        }
    }
}

#[tokio::test]
async fn a_page_that_is_gone_says_so_in_both_languages() {
    let world = World::new().await;
    for path in ["/threads/99", "/threads/-1", "/threads/x", "/threads/99999999999999999999", "/nothing"] {
        for lang in ["id", "en"] {
            let answer = world.anon().ask(Method::GET, path).header("accept-language", lang).send().await;
            assert!(answer.page(404).contains(&format!("<html lang=\"{lang}\"")), "{path}");
        }
    }
}

#[tokio::test]
async fn the_first_page_gives_a_browser_its_device_and_later_ones_do_not() {
    let world = World::new().await;
    let browser = world.browser();
    let first = browser.get("/nothing").await;
    let cookies = first.set_cookies();
    assert!(cookies.len() == 1 && cookies[0].starts_with("aivalid_device=") && cookies[0].contains("HttpOnly"), "{cookies:?}");
    assert!(browser.get("/nothing").await.set_cookies().is_empty());
    assert!(world.anon().get("/api/threads").await.set_cookies().is_empty(), "programs get none");
}

#[tokio::test]
async fn a_message_is_shown_once_and_not_spent_by_fetching_ahead() {
    let world = World::new().await;
    let browser = world.browser();
    browser.set_cookie("flash", "nobody_knows_this");
    let ahead = browser.ask(Method::GET, "/nothing").header("sec-purpose", "prefetch").send().await;
    assert!(!ahead.set_cookies().iter().any(|cookie| cookie.starts_with("flash=")));
    browser.get("/api/threads").await.ok(200);
    assert!(browser.cookie("flash").is_some(), "only a page can show it");
    browser.get("/nothing").await.page(404);
    assert_eq!(browser.cookie("flash"), None);
    browser.set_cookie("flash", "%3Cscript%3Ealert(1)");
    assert!(!browser.get("/nothing").await.page(404).contains("alert(1)"));
}
