//! Pages with passkeys: what the browser's script fills in is sent like any other form.

use crate::{
    authenticator::{Authenticator, fold},
    client::{Answer, Client},
    harness::{ORIGIN, PASSWORD, World, email_of},
    passkeys::{elevate, make, with_passkey},
};
use axum::http::Method;
use serde_json::{Value, json};

/// A form's body.
fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

async fn post(browser: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.ask(Method::POST, path).form(&form(fields)).send().await
}

/// What the script would fill in after this beginning.
async fn answer(browser: &Client, begin: &str, ask: Value, act: impl FnOnce(&Value) -> Value) -> [(&'static str, String); 2] {
    let begun = browser.post(begin, ask).await.ok(200);
    [("session_id", begun["session_id"].as_str().unwrap().to_owned()), ("credential", act(&begun["options"]).to_string())]
}

fn fields<'a>(filled: &'a [(&'static str, String); 2], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    filled.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect()
}

const LOGIN: &str = "/api/auth/passkeys/login/begin";
const MAKE: &str = "/api/auth/passkeys/register/begin";

#[tokio::test]
async fn the_sign_in_page_offers_passkeys_and_the_password() {
    let world = World::new().await;
    for (lang, words) in
        [("id", "memerlukan JavaScript. Silakan masuk dengan kata sandi"), ("en", "needs JavaScript. Please use your password")]
    {
        let answer = world.browser().get(&format!("/login?next=%2Faccount&lang={lang}")).await;
        let html = answer.page(200);
        assert!(html.contains(r#"autocomplete="username webauthn""#), "autofill stands on the address");
        assert!(html.contains(words), "{lang}");
        assert!(
            html.contains(r#"action="/login/passkey?next=/account""#) && html.contains(r#"data-begin="/api/auth/passkeys/login/begin""#)
        );
    }
    let nowhere = World::with(&[("PUBLIC_ORIGIN", "http://127.0.0.1:3000")]).await;
    assert!(!nowhere.browser().get("/login").await.page(200).contains("data-passkey"), "no button that can't work");
}

#[tokio::test]
async fn a_passkey_signs_the_browser_in() {
    let world = World::new().await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let browser = world.browser();
    let filled = answer(&browser, LOGIN, json!({}), |options| authenticator.get(options)).await;
    let done = post(&browser, "/login/passkey?next=%2Faccount%2Fsessions", &fields(&filled, &[])).await;
    assert_eq!((done.status, done.header("location")), (303, "/account/sessions"), "{done:?}");
    browser.get("/account/sessions").await.page(200);

    let stranger = world.browser();
    let again = post(&stranger, "/login/passkey", &fields(&filled, &[])).await;
    assert!(again.page(400).contains("terlalu lama atau sudah selesai"), "{again:?}");
    for nonsense in [&[][..], &[("session_id", "x"), ("credential", "{")], &[("credential", "5")]] {
        post(&stranger, "/login/passkey", nonsense).await.page(400);
    }
    let mut unverified = Authenticator { verified: false, ..authenticator.clone() };
    let filled = answer(&stranger, LOGIN, json!({}), |options| unverified.get(options)).await;
    let refused = post(&stranger, "/login/passkey", &fields(&filled, &[])).await;
    assert!(refused.page(401).contains("tidak dapat diverifikasi") && !refused.text().contains("signalUnknownCredential"));
    assert_eq!(stranger.cookie("aivalid_access"), None);

    // A passkey that is gone: the browser is told to forget it.
    let id = dewi.get("/api/auth/passkeys").await.ok(200)["passkeys"][0]["id"].clone();
    dewi.delete(&format!("/api/auth/passkeys/{id}")).await.ok(200);
    let filled = answer(&stranger, LOGIN, json!({}), |options| authenticator.get(options)).await;
    let gone = post(&stranger, "/login/passkey", &fields(&filled, &[])).await;
    let html = gone.page(401);
    assert!(html.contains("signalUnknownCredential") && html.contains(&fold(&authenticator.keys[0].id)), "{gone:?}");
    let read = stranger.get("/login/passkey?next=%2Fforum").await;
    assert_eq!((read.status, read.header("location")), (303, "/login?next=/forum"));
}

#[tokio::test]
async fn passkeys_are_added_renamed_and_removed_on_their_page() {
    let world = World::new().await;
    let browser = world.user("dewi_l").await.in_browser().await;
    let path = "/account/passkeys";
    assert!(browser.get(path).await.page(200).contains("Belum ada passkey"));
    elevate(&browser).await;
    let mut authenticator = Authenticator::new(ORIGIN);
    let filled = answer(&browser, MAKE, json!({}), |options| authenticator.create(options)).await;
    let done = post(&browser, path, &fields(&filled, &[("name", "Laptop <b>kantor</b>")])).await;
    assert_eq!((done.status, done.header("location")), (303, path), "{done:?}");
    let list = browser.get(path).await;
    let html = list.page(200);
    assert!(
        html.contains("Laptop &lt;b&gt;kantor&lt;/b&gt;") && html.contains("Tersinkron") && html.contains("signalAllAcceptedCredentials")
    );
    let again = post(&browser, path, &fields(&filled, &[])).await;
    assert!(again.page(400).contains("terlalu lama atau sudah selesai"));

    let id = browser.get("/api/auth/passkeys").await.ok(200)["passkeys"][0]["id"].to_string();
    post(&browser, path, &[("rename", &id), ("name", " ")]).await.page(422);
    assert_eq!(post(&browser, path, &[("rename", &id), ("name", "Ponsel")]).await.status, 303);
    assert!(browser.get(path).await.page(200).contains("Ponsel"));
    assert_eq!(post(&browser, path, &[("rename", "x"), ("name", "Ponsel")]).await.status, 404);

    world.pass_secs(10 * 60);
    let asked = post(&browser, path, &[("remove", &id)]).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/account/sudo?next=/account/passkeys"), "{asked:?}");
    elevate(&browser).await;
    assert_eq!(post(&browser, path, &[("remove", &id)]).await.status, 303);
    assert!(browser.get(path).await.page(200).contains("Belum ada passkey"));
}

#[tokio::test]
async fn a_passkey_confirms_on_the_page_that_asks() {
    let world = World::new().await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let browser = dewi.in_browser().await;
    let asks = browser.get("/account/sudo?next=%2Faccount%2Fpasskeys").await;
    assert!(asks.page(200).contains(r#"action="/account/sudo/passkey?next=/account/passkeys""#), "{asks:?}");
    let filled = answer(&browser, "/api/auth/sudo/passkey/begin", json!({}), |options| authenticator.get(options)).await;
    let done = post(&browser, "/account/sudo/passkey?next=%2Faccount%2Fpasskeys", &fields(&filled, &[])).await;
    assert_eq!((done.status, done.header("location")), (303, "/account/passkeys"), "{done:?}");
    browser.post(MAKE, json!({})).await.ok(200);
    let again = post(&browser, "/account/sudo/passkey", &fields(&filled, &[])).await;
    assert!(again.page(400).contains("terlalu lama atau sudah selesai"));
    let other = world.user("bima").await.in_browser().await;
    assert!(!other.get("/account/sudo").await.page(200).contains("data-passkey"), "there is none to confirm with");
}

/// Signs in with the password on a device that can keep passkeys; where that leads.
async fn typed(browser: &Client, next: &str) -> String {
    let email = email_of("dewi_l");
    let done = post(browser, &format!("/login?next={next}"), &[("email", &email), ("password", PASSWORD), ("passkeys", "1")]).await;
    assert_eq!(done.status, 303, "{done:?}");
    done.header("location").to_owned()
}

#[tokio::test]
async fn one_is_offered_after_a_password_and_seldom() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    let browser = world.browser();
    let offer = typed(&browser, "%2Fforum").await;
    assert_eq!(offer, "/account/passkeys/offer?next=/forum");
    assert!(browser.get(&offer).await.page(200).contains("Lain kali, masuk tanpa kata sandi"));
    let later = post(&browser, &offer, &[("later", "1")]).await;
    assert_eq!((later.status, later.header("location")), (303, "/forum"));
    let asked = browser.get(&offer).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/forum"), "not again in this browser");

    let other = world.browser();
    let offer = typed(&other, "%2F%2Fevil.example").await;
    assert_eq!(offer, "/account/passkeys/offer?next=/");
    let mut authenticator = Authenticator::new(ORIGIN);
    let ask = json!({"after_sign_in": true, "mediation": "conditional"});
    let filled = answer(&other, MAKE, ask, |options| authenticator.create(options)).await;
    let done = post(&other, &offer, &fields(&filled, &[])).await;
    assert_eq!((done.status, done.header("location")), (303, "/"), "{done:?}");
    let third = world.browser();
    let offer = typed(&third, "%2Fforum").await;
    let asked = third.get(&offer).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/forum"), "the account has one");
    let wrong = post(&third, &offer, &[("session_id", "x"), ("credential", "{}")]).await;
    assert!(wrong.page(400).contains("terlalu lama atau sudah selesai"));
    elevate(&dewi).await;
    make(&dewi, &mut authenticator).await;
}
