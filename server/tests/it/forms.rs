//! Pages that write, without scripts: 303 after success, the same page with 422 and everything typed after a mistake.

use crate::harness::{PASSWORD, World, email_of, thread};
use axum::http::Method;

#[tokio::test]
async fn a_browser_registers_confirms_and_signs_in() {
    let world = World::new().await;
    let browser = world.browser();
    browser.get("/register").await.page(200);
    let post = |path: &'static str, body: String| browser.ask(Method::POST, path).form(&body).send();
    let fields = "email=dewi%40contoh.id&password=kuda+lumping+hijau&username=dewi_l";
    let refused = post("/register", "email=dewi&password=pendek&username=a+b".to_owned()).await;
    let html = refused.page(422);
    assert!(html.contains("value=\"dewi\"") && html.contains("value=\"a b\"") && !html.contains("value=\"pendek\""), "{refused:?}");
    let done = post("/register", format!("{fields}&accept_terms=true")).await;
    assert_eq!(done.status, 303, "{done:?}");

    let token = world.verify_token("dewi@contoh.id").await;
    browser.get(&format!("/verify?token={token}")).await.page(200);
    let done = browser.ask(Method::POST, "/verify").form(&format!("token={token}")).send().await;
    assert_eq!(done.status, 303, "{done:?}");

    let wrong = post("/login", "email=dewi%40contoh.id&password=salah+sekali".to_owned()).await;
    assert!(wrong.page(401).contains("value=\"dewi@contoh.id\""), "{wrong:?}");
    let done = post("/login?next=%2Faccount", "email=dewi%40contoh.id&password=kuda+lumping+hijau".to_owned()).await;
    assert_eq!((done.status, done.header("location")), (303, "/account"));
    assert!(browser.get("/account").await.page(200).contains("dewi_l"));
    let done = browser.ask(Method::POST, "/logout").form("").send().await;
    assert_eq!(done.status, 303);
    assert_eq!(browser.cookie("aivalid_access"), None);
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let world = World::new().await;
    world.user("dewi_l").await;
    for next in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "javascript%3Aalert(1)", "%2F%09%2Fevil.example"]
    {
        let browser = world.browser();
        let body = format!("email={}&password={}", email_of("dewi_l").replace('@', "%40"), PASSWORD.replace(' ', "+"));
        world.pass_secs(15 * 60);
        let done = browser.ask(Method::POST, &format!("/login?next={next}")).form(&body).send().await;
        assert_eq!((done.status, done.header("location")), (303, "/"), "{next}");
    }
}

#[tokio::test]
async fn pages_of_members_send_guests_to_sign_in() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Utas")).await;
    let browser = dewi.in_browser().await;
    let other = world.user("bima").await.in_browser().await;
    for path in [
        "/account",
        "/account/preferences",
        "/account/sessions",
        "/threads/new",
        "/threads/1/edit",
        "/threads/1/delete",
        "/validation-cases/new",
    ] {
        let guest = world.browser().get(path).await;
        assert!(guest.status == 401 || (guest.status == 303 && guest.header("location").starts_with("/login")), "{guest:?}");
        browser.get(path).await.page(200);
        if path.ends_with("/edit") || path.ends_with("/delete") {
            other.get(path).await.page(403);
        }
    }
}
