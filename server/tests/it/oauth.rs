//! Signing in with other services as people do it: against a real provider, and what becomes of accounts.

use crate::{
    client::{Answer, Client},
    harness::{World, email_of},
    issuer::{Github, Issuer},
    provider::{Provider, begin},
    second_factor::{code_at, switch_on},
};
use aivalid_model::id::UserId;
use aivalid_service::store::{FederatedIdentity, IdentityLinked, IdentityUnlinked};
use serde_json::{Value, json};

pub const START: &str = "/api/auth/oauth/acme/start";

/// Somebody whose address the issuer vouches for.
pub fn person(name: &str) -> Value {
    json!({ "sub": format!("sub-{name}"), "email": email_of(name), "email_verified": true, "preferred_username": name })
}

/// From the beginning to the answer after coming back.
pub async fn sign_in(issuer: &Issuer, browser: &Client, claims: Value) -> Answer {
    let location = begin(browser, START).await;
    browser.get(&issuer.come_back(&location, claims)).await
}

#[track_caller]
pub fn leads(answer: &Answer, to: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, to), "{answer:?}");
}

/// Makes an account with what waits in this browser.
pub async fn make_account(browser: &Client, email: &str, username: &str) -> Answer {
    browser.form("/register/federated", &[("email", email), ("username", username), ("accept_terms", "on")]).await
}

/// Somebody who made their account with the issuer, in their browser.
async fn newcomer(world: &World, issuer: &Issuer, name: &str) -> Client {
    let browser = world.browser();
    leads(&sign_in(issuer, &browser, person(name)).await, "/register/federated");
    leads(&make_account(&browser, &email_of(name), name).await, "/");
    browser
}

/// Connects somebody's account, as if they had done so before.
pub async fn link(world: &World, issuer: &Issuer, whose: &Client) {
    let identity = FederatedIdentity {
        user: UserId(whose.id),
        provider: "acme".into(),
        issuer: issuer.url(),
        subject: format!("sub-{}", whose.name),
        email: Some("dewi@kantor.example".into()),
        linked_at: world.now(),
        last_used_at: None,
    };
    assert_eq!(world.app.service.stores().federated.identity_link(&identity).await.unwrap(), IdentityLinked::Done);
}

pub async fn me(browser: &Client) -> Value {
    browser.get("/api/user/me").await.ok(200)["data"].clone()
}

pub async fn connections(browser: &Client) -> Vec<String> {
    let list = browser.get("/api/auth/oauth").await.ok(200)["connections"].clone();
    list.as_array().unwrap().iter().map(|one| one["provider"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_real_provider_makes_an_account_and_signs_in_to_it() {
    let provider = Provider::start("kampus");
    let world = provider.world("kampus").await;
    let browser = world.browser();
    let page = browser.get("/login?next=%2Fforum").await;
    assert!(
        page.page(200).contains("href=\"/api/auth/oauth/kampus/start?next=/forum\"") && page.text().contains("Lanjutkan dengan Kampus")
    );
    let location = begin(&browser, "/api/auth/oauth/kampus/start?next=/forum").await;
    let back = provider.sign_in(&location, "dewi_l").await;
    assert!(back.contains("&iss="), "{back}");
    leads(&browser.get(&back).await, "/register/federated");
    let form = browser.get("/register/federated").await;
    assert!(form.page(200).contains("value=\"dewi_l@contoh.id\"") && form.text().contains("value=\"dewi_l\""));
    leads(&make_account(&browser, "dewi_l@contoh.id", "dewi_l").await, "/forum");
    let account = me(&browser).await;
    assert_eq!((account["username"].as_str(), account["emailVerified"].as_bool()), (Some("dewi_l"), Some(true)));
    assert_eq!(browser.cookie("aivalid_identity"), None);
    assert!(world.mails_to("dewi_l@contoh.id").await.is_empty(), "an address that was vouched for needs no letter");

    let other = world.browser();
    other.get("/login").await.page(200);
    let location = begin(&other, "/api/auth/oauth/kampus/start").await;
    leads(&other.get(&provider.sign_in(&location, "dewi_l").await).await, "/");
    assert_eq!(me(&other).await["id"], account["id"]);
    let sessions = other.get("/api/auth/sessions").await.ok(200)["data"].clone();
    assert_eq!(sessions[0]["login_method"], "kampus");
    assert!(other.get("/account/sessions").await.page(200).contains("<span>Kampus</span>"));

    let third = world.browser();
    let location = begin(&third, "/api/auth/oauth/kampus/start?next=/forum").await;
    leads(&third.get(&provider.cancel(&location).await).await, "/login?next=/forum");
    let page = third.get("/login?next=/forum").await;
    assert!(page.page(200).contains("Anda membatalkannya") && !page.text().contains("No</b>"), "{page:?}");
}

#[tokio::test]
async fn a_real_providers_unverified_address_is_confirmed_by_mail() {
    let provider = Provider::start("kampus");
    let world = provider.world("kampus").await;
    world.user("belum_ani").await;
    // The address has an account, which the provider's word does not prove: nothing tells.
    for (name, typed, letter) in [("belum_ani", "belum_ani@contoh.id", "sudah"), ("tanpa_budi", "budi@contoh.id", "tautan")] {
        let browser = world.browser();
        let location = begin(&browser, "/api/auth/oauth/kampus/start").await;
        leads(&browser.get(&provider.sign_in(&location, name).await).await, "/register/federated");
        browser.get("/register/federated").await.page(200);
        let username = format!("{name}_x");
        leads(&make_account(&browser, typed, &username).await, "/verify?sent");
        assert_eq!(browser.cookie("aivalid_access"), None);
        let mails = world.mails_to(typed).await;
        assert!(mails.last().unwrap().body.contains(letter), "{mails:?}");
    }
    let token = world.verify_token("budi@contoh.id").await;
    let browser = world.browser();
    let again = async || {
        let location = begin(&browser, "/api/auth/oauth/kampus/start").await;
        browser.get(&provider.sign_in(&location, "tanpa_budi").await).await
    };
    leads(&again().await, "/register/federated");
    world.anon().post("/api/auth/verify/confirm", json!({ "token": token })).await.ok(200);
    leads(&again().await, "/");
    assert_eq!(me(&browser).await["username"], "tanpa_budi_x");
}

#[tokio::test]
async fn the_owner_of_a_known_address_signs_in_and_connects() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let dewi = world.user("dewi_l").await;
    let browser = world.browser();
    leads(&sign_in(&issuer, &browser, person("dewi_l")).await, "/account/connect");
    assert_eq!(browser.cookie("aivalid_access"), None, "an address signs nobody in");
    let page = browser.get("/account/connect").await;
    assert!(page.page(200).contains("dewi_l@contoh.id") && page.text().contains("href=\"/login?next=/account/connect\""));
    browser.form("/account/connect", &[]).await.page(401);
    leads(
        &browser.form("/login?next=%2Faccount%2Fconnect", &[("email", &email_of("dewi_l")), ("password", crate::harness::PASSWORD)]).await,
        "/account/connect",
    );
    assert!(browser.get("/account/connect").await.page(200).contains("@dewi_l"));
    leads(&browser.form("/account/connect", &[]).await, "/");
    assert_eq!(connections(&browser).await, ["acme"]);
    leads(&sign_in(&issuer, &world.browser(), person("dewi_l")).await, "/");

    let mails = world.mails_to(&email_of("dewi_l")).await;
    let told = mails.iter().find(|mail| mail.body.contains("Acme")).unwrap();
    let audit = world.audit_about(dewi.id).await;
    assert!(audit.contains(&("federated.linked".to_owned(), dewi.id)), "{audit:?}");
    let undo = told.body.split_once("/not-me?token=").unwrap().1.split_whitespace().next().unwrap().to_owned();
    world.anon().post("/api/auth/not-me", json!({ "token": undo })).await.ok(200);
    leads(&sign_in(&issuer, &world.browser(), person("dewi_l")).await, "/account/connect");
}

#[tokio::test]
async fn another_account_or_an_old_session_connects_nothing() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let dewi = world.user("dewi_l").await;
    let stranger = world.user("budi_s").await.in_browser().await;
    world.pass_secs(1);
    issuer.at(world.now());
    leads(&sign_in(&issuer, &stranger, person("dewi_l")).await, "/account/connect");
    let refused = stranger.form("/account/connect", &[]).await;
    assert!(refused.page(403).contains("akun lain"), "{refused:?}");

    let browser = dewi.in_browser().await;
    world.pass_secs(60);
    issuer.at(world.now());
    leads(&sign_in(&issuer, &browser, person("dewi_l")).await, "/account/connect");
    // The session was there before: that it is still dewi is to be proven.
    leads(&browser.form("/account/connect", &[]).await, "/account/sudo?next=/account/connect");
    browser.elevate().await;
    leads(&browser.form("/account/connect", &[]).await, "/");
    assert_eq!(connections(&browser).await, ["acme"]);
}

#[tokio::test]
async fn the_account_page_connects_and_disconnects() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    let page = dewi.get("/account/connections").await;
    assert!(page.page(200).contains("href=\"/account/sudo?next=/account/connections\""), "{page:?}");
    dewi.elevate().await;
    let page = dewi.get("/account/connections").await;
    let link = page.page(200).split("href=\"").find(|part| part.starts_with(START)).unwrap().split('"').next().unwrap().to_owned();

    // Another site can have the browser follow a link, but not make this one.
    for foreign in [format!("{START}?connect=x"), format!("{START}?connect="), link.replace("connect=", "connect=A")] {
        leads(&dewi.get(&foreign).await, "/account/connections");
    }
    let budi = world.user("budi_s").await.in_browser().await;
    budi.elevate().await;
    leads(&budi.get(&link).await, "/account/connections");

    let location = begin(&dewi, &link).await;
    let someone_elses_address = person("lain");
    leads(&dewi.get(&issuer.come_back(&location, someone_elses_address)).await, "/account/connections");
    assert!(dewi.get("/account/connections").await.page(200).contains("lain@contoh.id"));
    leads(&sign_in(&issuer, &world.browser(), person("lain")).await, "/");

    // Nobody else takes it, and one of each service is enough.
    let connect = async |browser: &Client, claims: Value| {
        let page = browser.get("/account/connections").await;
        let link =
            page.page(200).split("href=\"").find(|part| part.starts_with(START)).map(|part| part.split('"').next().unwrap().to_owned());
        let location = begin(browser, &link.unwrap()).await;
        browser.get(&issuer.come_back(&location, claims)).await
    };
    leads(&connect(&budi, person("lain")).await, "/account/connections");
    assert!(budi.get("/account/connections").await.page(200).contains("sudah terhubung dengan akun lain"));
    let location = begin(&dewi, &link).await;
    leads(&dewi.get(&issuer.come_back(&location, person("kedua"))).await, "/account/connections");
    assert!(dewi.get("/account/connections").await.page(200).contains("Putuskan yang itu dahulu"));

    leads(&dewi.form("/account/connections", &[("disconnect", "acme")]).await, "/account/connections");
    assert!(connections(&dewi).await.is_empty());
    assert_eq!(dewi.form("/account/connections", &[("disconnect", "acme")]).await.status, 404);
    leads(&sign_in(&issuer, &world.browser(), person("lain")).await, "/register/federated");
    let audit: Vec<String> = world.audit_about(dewi.id).await.into_iter().map(|(event, _)| event).collect();
    assert!(audit.contains(&"federated.linked".to_owned()) && audit.contains(&"federated.unlinked".to_owned()), "{audit:?}");
    assert_eq!(world.mails_to(&email_of("dewi_l")).await.iter().filter(|mail| mail.body.contains("Acme")).count(), 2);
}

#[tokio::test]
async fn the_last_way_in_stays_and_disconnecting_needs_a_fresh_proof() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let ani = newcomer(&world, &issuer, "ani_k").await;
    world.anon().delete("/api/auth/oauth/acme").await.refused(401, "UNAUTHENTICATED");
    ani.delete("/api/auth/oauth/acme").await.refused(403, "SUDO_REQUIRED");
    leads(&ani.form("/account/connections", &[("disconnect", "acme")]).await, "/account/sudo?next=/account/connections");

    // A password, so that there is something to prove with; and away with it again.
    let dewi = world.user("dewi_l").await;
    dewi.elevate().await;
    dewi.delete("/api/auth/oauth/acme").await.refused(404, "NOT_FOUND");
    dewi.delete("/api/auth/oauth/%00").await.refused(404, "NOT_FOUND");
    let store = &world.app.service.stores().federated;
    let id = UserId(me(&ani).await["id"].as_i64().unwrap());
    let outcome = store.identity_unlink(id, "acme", true).await.unwrap();
    assert_eq!(outcome, IdentityUnlinked::LastWay);
}

#[tokio::test]
async fn a_second_factor_follows() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = switch_on(&world, &dewi).await;
    link(&world, &issuer, &dewi).await;
    issuer.at(world.now());
    // A browser that comes straight from elsewhere is a device from its first step on.
    let browser = world.browser();
    let location = begin(&browser, &format!("{START}?next=%2Fforum")).await;
    leads(&browser.get(&issuer.come_back(&location, person("dewi_l"))).await, "/login/2fa?next=/forum");
    assert_eq!(browser.cookie("aivalid_access"), None);
    browser.get("/login/2fa?next=/forum").await.page(200);
    leads(&browser.form("/login/2fa?next=/forum", &[("code", &code_at(&secret, world.now()))]).await, "/forum");
    assert_eq!(me(&browser).await["username"], "dewi_l");
}

#[tokio::test]
async fn a_suspended_account_stays_out() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let dewi = world.user("dewi_l").await;
    link(&world, &issuer, &dewi).await;
    let admin = world.admin("adi_s").await;
    admin.elevate().await;
    admin.post(&format!("/api/v1/admin/users/{}/suspend", dewi.id), json!({ "reason": "Mengancam anggota lain." })).await.ok(200);
    let browser = world.browser();
    leads(&sign_in(&issuer, &browser, person("dewi_l")).await, "/login");
    assert_eq!(browser.cookie("aivalid_access"), None);
    assert!(browser.get("/login").await.page(200).contains("Akun ini ditangguhkan"));
}

#[tokio::test]
async fn only_githubs_primary_verified_address_counts() {
    let github = Github::start().await;
    let world = github.world().await;
    world.user("dewi_l").await;
    let start = "/api/auth/oauth/github/start";
    let address = |email: &str, primary: bool, verified: bool| json!({ "email": email, "primary": primary, "verified": verified, "visibility": null });
    let dewi = email_of("dewi_l");
    for emails in
        [json!([]), json!([address(&dewi, true, false)]), json!([address(&dewi, false, true), address("x@contoh.id", true, false)])]
    {
        github.set_emails(emails);
        let browser = world.browser();
        let location = begin(&browser, start).await;
        leads(&browser.get(&github.come_back(&location)).await, "/register/federated");
        let page = browser.get("/register/federated").await;
        assert!(page.page(200).contains("value=\"octo_cat\"") && !page.text().contains("@contoh.id"), "{page:?}");
    }
    github.set_emails(json!([address("x@contoh.id", false, true), address(&dewi, true, true)]));
    let browser = world.browser();
    let location = begin(&browser, start).await;
    leads(&browser.get(&github.come_back(&location)).await, "/account/connect");
    leads(
        &browser.form("/login?next=%2Faccount%2Fconnect", &[("email", &dewi), ("password", crate::harness::PASSWORD)]).await,
        "/account/connect",
    );
    leads(&browser.form("/account/connect", &[]).await, "/");
    github.set_emails(json!([]));
    let other = world.browser();
    let location = begin(&other, start).await;
    leads(&other.get(&github.come_back(&location)).await, "/");
    assert_eq!(me(&other).await["username"], "dewi_l");

    // A code that is not good is answered with 200 and an error.
    let location = begin(&other, start).await;
    let state = crate::provider::query_of(&location, "state");
    leads(&other.get(&format!("/api/auth/oauth/github/callback?code=salah&state={state}")).await, "/login");
}
