//! Proving once more who one is by another service: only by one that asks there and then, and only where there is nothing else.

use crate::{
    client::Client,
    harness::{PASSWORD, World, email_of},
    issuer::{Github, Issuer},
    oauth::{leads, make_account, person, sign_in},
    provider::{Provider, begin, query_of},
    second_factor::switch_on,
};
use serde_json::{Value, json};

/// Somebody whose only way in is the issuer, in their browser.
async fn newcomer(issuer: &Issuer, world: &World, name: &str) -> Client {
    let mut browser = world.browser();
    leads(&sign_in(issuer, &browser, person(name)).await, "/register/federated");
    leads(&make_account(&browser, &email_of(name), name).await, "/");
    browser.name = name.to_owned();
    browser
}

/// The link of the page that asks who one is.
async fn link(browser: &Client) -> String {
    let page = browser.get("/account/sudo?next=/account/data").await;
    let text = page.page(200).replace("&amp;", "&");
    let rest = text.split_once("href=\"/api/auth/oauth/").unwrap_or_else(|| panic!("no link: {text}")).1;
    format!("/api/auth/oauth/{}", rest.split('"').next().unwrap())
}

/// Somebody who signed in at the issuer at a time, by its clock.
fn signed_in_at(name: &str, at: Option<i64>) -> Value {
    let mut claims = person(name);
    if let Some(at) = at {
        claims["auth_time"] = at.into();
    }
    claims
}

async fn is_elevated(browser: &Client) -> bool {
    browser.get("/api/v1/auth/session").await.ok(200)["data"]["elevated_until"].is_string()
}

#[tokio::test]
async fn a_real_provider_confirms_who_has_nothing_else() {
    let provider = Provider::start("kampus");
    let world = provider.world("kampus").await;
    let browser = world.browser();
    let location = begin(&browser, "/api/auth/oauth/kampus/start").await;
    leads(&browser.get(&provider.sign_in(&location, "dewi_l").await).await, "/register/federated");
    leads(&make_account(&browser, "dewi_l@contoh.id", "dewi_l").await, "/");
    browser.delete("/api/account").await.refused(403, "SUDO_REQUIRED");
    let location = begin(&browser, &link(&browser).await).await;
    assert_eq!((query_of(&location, "prompt").as_str(), query_of(&location, "max_age").as_str()), ("login", "0"));
    leads(&browser.get(&provider.sign_in(&location, "dewi_l").await).await, "/account/data");
    assert!(is_elevated(&browser).await);
    world.pass_secs(600);
    assert!(!is_elevated(&browser).await, "for ten minutes, as ever");
    let location = begin(&browser, &link(&browser).await).await;
    leads(&browser.get(&provider.cancel(&location).await).await, "/account/sudo?next=/account/data");
    assert!(!is_elevated(&browser).await);
}

#[tokio::test]
async fn the_account_can_then_be_deleted() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let browser = newcomer(&issuer, &world, "dewi_l").await;
    let location = begin(&browser, &link(&browser).await).await;
    leads(&browser.get(&issuer.come_back(&location, signed_in_at("dewi_l", Some(world.now().secs())))).await, "/account/data");
    let id = browser.get("/api/user/me").await.ok(200)["data"]["id"].as_i64().unwrap();
    let events = world.audit_about(id).await;
    assert!(events.iter().any(|(event, _)| event == "sudo.done"), "{events:?}");
    browser.delete("/api/account").await.ok(200);
}

#[tokio::test]
async fn a_session_at_the_service_is_no_proof() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let browser = newcomer(&issuer, &world, "dewi_l").await;
    let now = world.now().secs();
    for (name, at) in [
        ("dewi_l", None),
        ("dewi_l", Some(now - 61)),
        ("dewi_l", Some(now - 86_400)),
        ("dewi_l", Some(now + 61)),
        // Somebody else's word, however fresh.
        ("budi_s", Some(now)),
    ] {
        // Each of them is a try that counts.
        world.pass_secs(900);
        issuer.at(world.now());
        let at = at.map(|at| at + world.now().secs() - now);
        let location = begin(&browser, &link(&browser).await).await;
        leads(&browser.get(&issuer.come_back(&location, signed_in_at(name, at))).await, "/account/sudo?next=/account/data");
        assert!(browser.get("/account/sudo?next=/account/data").await.page(200).contains("tidak dapat diverifikasi"), "{name} {at:?}");
        assert!(!is_elevated(&browser).await, "{name} {at:?}");
    }
}

#[tokio::test]
async fn links_work_in_their_own_session_only() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let (dewi, budi) = (newcomer(&issuer, &world, "dewi_l").await, newcomer(&issuer, &world, "budi_s").await);
    let theirs = link(&dewi).await;
    leads(&budi.get(&theirs).await, "/account/sudo?next=/account/data");
    leads(&world.browser().get(&theirs).await, "/account/sudo?next=/account/data");
    leads(&dewi.get("/api/auth/oauth/acme/start?sudo=x&next=/account/data").await, "/account/sudo?next=/account/data");
    // Nor does the way back, in another session of the same person.
    let location = begin(&dewi, &theirs).await;
    let back = issuer.come_back(&location, signed_in_at("dewi_l", Some(world.now().secs())));
    let other = world.browser();
    leads(&sign_in(&issuer, &other, person("dewi_l")).await, "/");
    leads(&other.get(&back).await, "/login");
    assert!(!is_elevated(&other).await && !is_elevated(&dewi).await);
}

#[tokio::test]
async fn who_has_something_of_their_own_shows_that() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let browser = newcomer(&issuer, &world, "dewi_l").await;
    let link_then = link(&browser).await;
    let location = begin(&browser, &link_then).await;
    let back = issuer.come_back(&location, signed_in_at("dewi_l", Some(world.now().secs())));
    // Elevated in the meantime, they set a password: the way back is worth nothing any more.
    let first = begin(&browser, &link(&browser).await).await;
    leads(&browser.get(&issuer.come_back(&first, signed_in_at("dewi_l", Some(world.now().secs())))).await, "/account/data");
    browser.post("/api/auth/change-password", json!({ "new_password": PASSWORD })).await.ok(200);
    world.pass_secs(595);
    issuer.at(world.now());
    leads(&browser.get(&back).await, "/account/sudo?next=/account/data");
    world.pass_secs(10);
    assert!(!is_elevated(&browser).await);
    assert!(!browser.get("/account/sudo").await.page(200).contains("/api/auth/oauth/"));
    leads(&browser.get(&link_then).await, "/account/sudo?next=/account/data");
    switch_on(&world, &browser).await;
    assert!(!browser.get("/account/sudo").await.page(200).contains("/api/auth/oauth/"));
}

#[tokio::test]
async fn github_can_not_and_the_page_says_so() {
    let github = Github::start().await;
    let world = github.world().await;
    github.set_emails(json!([{"email": "dewi_l@contoh.id", "primary": true, "verified": true}]));
    let browser = world.browser();
    let location = begin(&browser, "/api/auth/oauth/github/start").await;
    leads(&browser.get(&github.come_back(&location)).await, "/register/federated");
    leads(&make_account(&browser, "dewi_l@contoh.id", "dewi_l").await, "/");
    let page = browser.get("/account/sudo").await;
    let text = page.page(200);
    assert!(text.contains("GitHub tidak memberi tahu kapan") && text.contains("href=\"/forgot\""), "{text}");
    assert!(!text.contains("/api/auth/oauth/") && !text.contains("sudo."), "{text}");
}
