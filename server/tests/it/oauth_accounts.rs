//! Accounts that are made with another service: races, mistakes, limits, and what remains.

use crate::{
    harness::email_of,
    issuer::Issuer,
    oauth::{connections, leads, link, make_account, me, person, sign_in},
};
use futures::future::join_all;
use serde_json::json;

#[tokio::test]
async fn of_racing_registrations_with_one_identity_one_makes_an_account() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let browsers = [world.browser(), world.browser(), world.browser()];
    for browser in &browsers {
        leads(&sign_in(&issuer, browser, person("ani_k")).await, "/register/federated");
    }
    let made = join_all(browsers.iter().zip(["ani_satu", "ani_dua", "ani_tiga"]).map(|(browser, name)| {
        let email = format!("{name}@contoh.id");
        async move { make_account(browser, &email, name).await }
    }));
    // Addresses that nobody vouched for: three letters, of which one makes the identity count.
    let made = made.await;
    assert!(made.iter().all(|answer| ["/verify?sent", "/login"].contains(&answer.header("location"))), "{made:?}");
    let mut confirmed = 0;
    for name in ["ani_satu", "ani_dua", "ani_tiga"] {
        let mails = world.mails_to(&format!("{name}@contoh.id")).await;
        for token in mails.iter().filter_map(|mail| mail.body.split_once("/verify?token=")?.1.split_whitespace().next()) {
            world.anon().post("/api/auth/verify/confirm", json!({ "token": token })).await.ok(200);
            confirmed += 1;
        }
    }
    assert!(confirmed >= 1);
    let browser = world.browser();
    leads(&sign_in(&issuer, &browser, person("ani_k")).await, "/");
    assert_eq!(connections(&browser).await, ["acme"]);

    let vouched = [world.browser(), world.browser()];
    for browser in &vouched {
        leads(&sign_in(&issuer, browser, person("budi_s")).await, "/register/federated");
    }
    let email = email_of("budi_s");
    let made = join_all(vouched.iter().zip(["budi_a", "budi_b"]).map(|(browser, name)| make_account(browser, &email, name))).await;
    assert_eq!(made.iter().filter(|answer| answer.header("location") == "/").count(), 1, "{made:?}");
    assert!(made.iter().any(|answer| ["/login", "/account/connect"].contains(&answer.header("location"))), "{made:?}");
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_and_the_identity_still_waits() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    world.user("dewi_l").await;
    let browser = world.browser();
    leads(&sign_in(&issuer, &browser, person("ani_k")).await, "/register/federated");
    let bad = browser.form("/register/federated", &[("email", "x"), ("username", "a b")]).await;
    let html = bad.page(422);
    assert!(html.contains("href=\"#email\"") && html.contains("href=\"#username\"") && html.contains("href=\"#accept_terms\""), "{bad:?}");
    assert!(make_account(&browser, &email_of("ani_k"), "dewi_l").await.page(422).contains("href=\"#username\""));
    // Somebody else's address is neither revealed nor believed.
    let other = world.browser();
    leads(&sign_in(&issuer, &other, person("budi_s")).await, "/register/federated");
    leads(&make_account(&other, &email_of("dewi_l"), "budi_s").await, "/verify?sent");
    assert_eq!(other.cookie("aivalid_access"), None);
    leads(&make_account(&browser, &email_of("ani_k"), "").await, "/");
    assert!(me(&browser).await["username"].as_str().unwrap().starts_with("user_"));
    // Again, and by somebody with nothing.
    leads(&make_account(&browser, &email_of("ani_k"), "").await, "/login");
    for path in ["/register/federated", "/account/connect"] {
        leads(&world.browser().get(path).await, "/login");
        leads(&world.browser().form(path, &[]).await, "/login");
        let odd = world.browser();
        odd.set_cookie("aivalid_identity", "x");
        leads(&odd.get(path).await, "/login");
    }
}

#[tokio::test]
async fn a_device_makes_only_so_many_accounts() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let browser = world.browser();
    browser.get("/login").await.page(200);
    for (number, name) in ["satu_a", "dua_b", "tiga_c", "empat_d"].into_iter().enumerate() {
        leads(&sign_in(&issuer, &browser, person(name)).await, "/register/federated");
        let made = make_account(&browser, &email_of(name), name).await;
        assert_eq!(made.status, if number < 3 { 303 } else { 403 }, "{made:?}");
        for cookie in ["aivalid_access", "aivalid_refresh"] {
            browser.cookies.as_ref().unwrap().lock().unwrap().remove(cookie);
        }
    }
}

#[tokio::test]
async fn an_export_tells_of_connections_and_a_deleted_account_has_none() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let dewi = world.user("dewi_l").await;
    link(&world, &issuer, &dewi).await;
    dewi.elevate().await;
    let archive = dewi.get("/api/account/export").await;
    assert_eq!(archive.status, 200);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive.body)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("connections.json").unwrap(), &mut text).unwrap();
    assert!(text.contains("dewi@kantor.example") && text.contains("Acme"), "{text}");
    let gone = dewi.delete("/api/account").await;
    assert_eq!(gone.status, 200, "{gone:?}");
    leads(&sign_in(&issuer, &world.browser(), person("dewi_l")).await, "/register/federated");
}
