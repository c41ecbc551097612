//! The pages of signing in by SMS, without scripts.

use crate::{
    harness::World,
    phone::{NUMBER, other_than},
    phone_account::give_number,
};

#[tokio::test]
async fn number_then_code_and_a_new_account() {
    let world = World::new().await;
    let guest = world.browser();
    assert!(guest.get("/login?next=/forum").await.page(200).contains("href=\"/login/otp?next=/forum\""));
    let page = guest.get("/login/otp").await;
    let text = page.page(200);
    assert!(text.contains("<option selected value=\"ID\">Indonesia (+62)</option>") || text.contains("value=\"ID\" selected"), "{text}");
    assert!(text.contains("Karena itu, untuk uang"), "it says what an SMS is not enough for");
    let bad = guest.form("/login/otp", &[("action", "send"), ("country_code", "ID"), ("phone_number", "0812")]).await;
    assert!(bad.page(422).contains("value=\"0812\""));
    let sent = guest.form("/login/otp", &[("action", "send"), ("country_code", "ID"), ("phone_number", "0812 3456 7890")]).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/login/otp"));
    assert!(!sent.set_cookies().join(" ").contains("81234567890"), "no number in a cookie");
    let page = guest.get("/login/otp").await;
    let text = page.page(200);
    assert!(text.contains("autocomplete=\"one-time-code\"") && text.contains("inputmode=\"numeric\"") && text.contains(NUMBER), "{text}");
    guest.get("/login/otp?change").await.page(200);
    let code = world.code_to(NUMBER).await;
    let wrong = guest.form("/login/otp", &[("action", "verify"), ("code", other_than(&code))]).await;
    assert!(wrong.page(401).contains("Kode ini salah"));
    guest.form("/login/otp", &[("action", "verify"), ("code", "12")]).await.page(422);
    let done = guest.form("/login/otp", &[("action", "verify"), ("code", &code)]).await;
    assert_eq!((done.status, done.header("location")), (303, "/account"));
    assert!(guest.cookie("aivalid_access").is_some() && guest.cookie("aivalid_otp").is_none());
    let account = guest.get("/account").await;
    let text = account.page(200);
    assert!(text.contains("Akun Anda dibuat") && text.contains("Belum ada alamat surel") && text.contains(NUMBER), "{text}");
    // Who is here already goes on; where the address would be confirmed, one can be added.
    assert_eq!(guest.get("/login/otp").await.header("location"), "/");
    assert_eq!(guest.get("/verify").await.header("location"), "/account/credentials");
    assert!(guest.get("/account/credentials").await.page(200).contains("name=\"new_password\""));
}

#[tokio::test]
async fn another_code_and_how_long_to_wait_for_it() {
    let world = World::new().await;
    let guest = world.browser();
    let fields = [("action", "send"), ("country_code", "ID"), ("phone_number", "081234567890")];
    assert_eq!(guest.form("/login/otp?next=/forum", &fields).await.header("location"), "/login/otp?next=/forum");
    for _ in 0..2 {
        assert_eq!(guest.form("/login/otp?next=/forum", &[("action", "again")]).await.status, 303);
    }
    world.pass_secs(600);
    let refused = guest.form("/login/otp?next=/forum", &[("action", "again")]).await;
    assert!(refused.page(429).contains("50 menit lagi"), "{refused:?}");
    assert_eq!(world.sms_to(NUMBER).await.len(), 0, "ten minutes old: nothing worth sending");
    let stranger = world.browser();
    let lapsed = stranger.form("/login/otp", &[("action", "verify"), ("code", "123456")]).await;
    assert_eq!((lapsed.status, lapsed.header("location")), (303, "/login/otp?change"));
}

#[tokio::test]
async fn the_section_of_the_account() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let browser = dewi.in_browser().await;
    assert!(browser.get("/account/phone").await.page(200).contains("/account/sudo?next=/account/phone"));
    let refused = browser.form("/account/phone", &[("action", "remove")]).await;
    assert!(refused.status == 303 && refused.header("location").starts_with("/account/sudo?next="), "{refused:?}");
    browser.elevate().await;
    let fields = [("action", "request"), ("country_code", "ID"), ("phone_number", "081234567890")];
    assert_eq!(browser.form("/account/phone", &fields).await.status, 303);
    assert!(browser.get("/account/phone").await.page(200).contains("name=\"code\""));
    let code = world.code_to(NUMBER).await;
    browser.form("/account/phone", &[("action", "confirm"), ("code", other_than(&code))]).await.page(401);
    browser.form("/account/phone", &[("action", "confirm"), ("code", "x")]).await.page(422);
    assert_eq!(browser.form("/account/phone", &[("action", "confirm"), ("code", &code)]).await.status, 303);
    assert!(browser.get("/account/phone").await.page(200).contains(NUMBER));
    assert_eq!(browser.form("/account/phone", &[("action", "remove")]).await.status, 303);
    assert!(!browser.get("/account/phone").await.page(200).contains(NUMBER));
}

#[tokio::test]
async fn who_has_only_a_phone_finds_the_way() {
    let world = World::new().await;
    let guest = world.browser();
    guest.form("/login/otp", &[("action", "send"), ("country_code", "ID"), ("phone_number", "081234567890")]).await;
    guest.form("/login/otp", &[("action", "verify"), ("code", &world.code_to(NUMBER).await)]).await;
    assert!(guest.get("/account/phone").await.page(200).contains("href=\"/account/credentials\""));
    world.pass_secs(700);
    let page = guest.get("/account/sudo?next=/account/data").await;
    assert!(page.page(200).contains("href=\"/login/otp?again&amp;next=/account/credentials\""), "{page:?}");
    guest.get("/login/otp?again&next=/account/credentials").await.page(200);
    let again = [("action", "send"), ("country_code", "ID"), ("phone_number", "081234567890")];
    let sent = guest.form("/login/otp?again&next=/account/credentials", &again).await;
    assert_eq!(sent.header("location"), "/login/otp?next=/account/credentials&again");
    let code = world.code_to(NUMBER).await;
    let done = guest.form(sent.header("location"), &[("action", "verify"), ("code", &code)]).await;
    assert_eq!(done.header("location"), "/account/credentials");
    let form = [("action", "password"), ("new_password", "gunung api purba")];
    assert_eq!(guest.form("/account/credentials", &form).await.status, 303);
    assert_eq!(guest.get("/api/auth/sessions").await.ok(200)["data"].as_array().unwrap().len(), 1, "the session before has ended");
}

#[tokio::test]
async fn the_mailbox_of_development_shows_sms() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    give_number(&world, &dewi, NUMBER).await;
    let page = world.browser().get("/dev/mailbox").await;
    assert!(page.page(200).contains(NUMBER) && page.text().contains(&world.code_to(NUMBER).await), "{page:?}");
}
