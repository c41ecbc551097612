//! The pages of a recovery, without scripts, in both languages.

use crate::{
    client::{Answer, Client},
    harness::{PASSWORD, World, email_of},
    kyc::submit_both,
    recovery::{STORY, finishing_token, later, owner, state, tokens},
    second_factor::switch_on,
};
use aivalid_model::identity::RecoveryState;
use serde_json::json;

/// A browser whose sign-in waits for its second factor.
async fn pending(world: &World, name: &str) -> Client {
    let browser = world.browser();
    browser.get("/login").await;
    let answer = browser.form("/login", &[("email", &email_of(name)), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login/2fa"));
    browser
}

/// No key without words, in either language.
async fn both(browser: &Client, path: &str) -> Answer {
    for lang in ["en", "id"] {
        browser.set_cookie("lang", lang);
        let page = browser.get(path).await;
        for key in [">recovery.", ">recovery_admin.", ">flash.", "%{"] {
            assert!(!page.page(200).contains(key), "{path}: {key}");
        }
    }
    browser.get(path).await
}

#[tokio::test]
async fn the_way_leads_from_the_second_step_to_a_new_one() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    let browser = pending(&world, "dewi_l").await;
    assert!(both(&browser, "/login/2fa").await.text().contains("href=\"/recovery\""));
    let form = both(&browser, "/recovery").await;
    assert!(
        form.text().contains("name=\"statement\"")
            && !form.text().contains("<textarea class=\"textarea\" id=\"statement\" name=\"statement\" dir=\"auto\" required")
    );
    let short = browser.form("/recovery", &[("statement", "pendek <b>")]).await;
    assert!(short.page(422).contains("pendek &lt;b"), "{short:?}");
    let asked = browser.form("/recovery", &[("statement", "")]).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/recovery"));
    let shown = both(&browser, "/recovery").await;
    assert!(shown.text().contains("Waktu tunggu berakhir") && !shown.text().contains("<textarea"), "{shown:?}");
    later(&world, 72).await;
    let token = finishing_token(&world, "dewi_l").await;
    let address = format!("/recovery/finish?token={token}");
    both(&browser, &address).await;
    assert_eq!(state(&world, &dewi).await, RecoveryState::Ready, "looking changes nothing");
    let done = browser.form("/recovery/finish", &[("token", &token)]).await;
    assert_eq!((done.status, done.header("location"), browser.cookie("flash").as_deref()), (303, "/login", Some("recovery_done")));
    browser.form("/recovery/finish", &[("token", &token)]).await.page(400);
    browser.form("/recovery/finish", &[("token", "kurz")]).await.page(400);
    // The next sign-in leads to a new second factor.
    let signed_in = browser.form("/login?next=/forum", &[("email", &email_of("dewi_l")), ("password", PASSWORD)]).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (303, "/account/two-factor"));
    assert!(browser.get("/account/two-factor").await.page(200).contains("Pasang sekarang"));
    // And once there is one, on where it was going.
    switch_on(&world, &dewi.again().await).await;
    let other = world.user("budi_s").await.in_browser().await;
    assert_eq!(other.get("/recovery/finish").await.header("location"), "/recovery");
}

#[tokio::test]
async fn without_a_sign_in_the_page_says_how_to_begin() {
    let world = World::new().await;
    let browser = world.browser();
    assert!(both(&browser, "/recovery").await.text().contains("Masuklah dulu"));
    let lapsed = browser.form("/recovery", &[("statement", STORY)]).await;
    assert_eq!((lapsed.status, lapsed.header("location")), (303, "/login"));
    browser.set_cookie("aivalid_mfa", "mfa_0000000000000000");
    assert!(browser.get("/recovery").await.page(200).contains("Masuklah dulu"), "a sign-in that nobody knows any more");
    let lapsed = browser.form("/recovery", &[("statement", STORY)]).await;
    assert_eq!((lapsed.status, lapsed.header("location")), (303, "/login"));
}

#[tokio::test]
async fn every_page_of_a_session_tells_of_it_and_can_stop_it() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let session = dewi.in_browser().await;
    switch_on(&world, &dewi).await;
    let other = world.user("budi_s").await.in_browser().await;
    let notice = "action=\"/recovery/stop\"";
    assert!(!session.get("/forum").await.page(200).contains(notice));
    let browser = pending(&world, "dewi_l").await;
    assert_eq!(browser.form("/recovery", &[]).await.status, 303);
    for path in ["/", "/forum", "/account", "/validation-cases"] {
        assert!(session.get(path).await.page(200).contains(notice), "{path}");
        assert!(!other.get(path).await.page(200).contains(notice) && !browser.get(path).await.text().contains(notice), "{path}");
    }
    both(&session, "/forum").await;
    // Days later the session is still told, after its tokens were made anew.
    later(&world, 48).await;
    assert!(session.get("/forum").await.page(200).contains(notice));
    let stopped = session.form("/recovery/stop", &[]).await;
    assert_eq!((stopped.status, stopped.header("location")), (303, "/account/credentials"));
    assert!(!session.get("/forum").await.page(200).contains(notice));
    assert_eq!(state(&world, &dewi).await, RecoveryState::Stopped);
    let again = session.form("/recovery/stop", &[]).await;
    assert_eq!((again.status, session.cookie("flash").as_deref()), (303, Some("recovery_over")));
    world.browser().form("/recovery/stop", &[]).await.page(401);
    assert!(both(&session, "/account/security").await.text().contains("Pemulihan dihentikan"));
}

#[tokio::test]
async fn the_link_of_a_letter_stops_it_with_one_click() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    let browser = pending(&world, "dewi_l").await;
    browser.form("/recovery", &[]).await;
    let token = tokens(&world, "dewi_l", "/recovery/stop").await.remove(0);
    let stranger = world.browser();
    both(&stranger, &format!("/recovery/stop?token={token}")).await;
    assert_eq!(state(&world, &dewi).await, RecoveryState::Waiting, "looking changes nothing");
    let stopped = stranger.form("/recovery/stop", &[("token", &token)]).await;
    assert_eq!((stopped.status, stopped.header("location")), (303, "/forgot"));
    assert_eq!(state(&world, &dewi).await, RecoveryState::Stopped);
    stranger.form("/recovery/stop", &[("token", "rcs_1.AAAAAAAAAAAAAAAA")]).await.page(400);
    stranger.form("/recovery/stop", &[("token", "x")]).await.page(400);
}

#[tokio::test]
async fn reviewers_work_through_their_queue() {
    let world = World::new().await;
    let rina = world.admin("rina_admin").await;
    rina.elevate().await;
    for name in ["dewi_l", "budi_s"] {
        let owner = owner(&world, name).await;
        let id = submit_both(&owner).await;
        rina.post(&format!("/api/v1/admin/kyc/{id}/approve"), json!({"level": 1})).await.ok(200);
        let browser = pending(&world, name).await;
        assert!(browser.get("/recovery").await.page(200).contains("required"));
        browser.form("/recovery", &[("statement", "")]).await.page(422);
        assert_eq!(browser.form("/recovery", &[("statement", STORY)]).await.status, 303);
    }
    later(&world, 72).await;
    let staff = world.admin("sri_admin").await.in_browser().await;
    assert!(both(&staff, "/admin").await.text().contains("2 menunggu"));
    assert_eq!(staff.get("/admin/recovery").await.header("location"), "/account/sudo?next=/admin/recovery");
    staff.form("/account/sudo", &[("password", PASSWORD)]).await;
    staff.as_with_two_factors().await;
    let list = both(&staff, "/admin/recovery").await;
    let links: Vec<&str> = list.text().split("href=\"/admin/recovery/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links.len(), 2, "{list:?}");
    let path = format!("/admin/recovery/{}", links[0]);
    let page = both(&staff, &path).await;
    assert!(page.text().contains(STORY) && page.text().contains("href=\"/admin/kyc/"), "{page:?}");
    staff.form(&path, &[]).await.page(422);
    staff.form(&path, &[("decision", "mungkin")]).await.page(422);
    let kept = staff.form(&path, &[("decision", "reject"), ("reason", "Tidak")]).await;
    assert!(kept.page(422).contains(">Tidak</textarea>"), "{kept:?}");
    let next = staff.form(&path, &[("decision", "reject"), ("reason", "Nama tidak cocok sama sekali.")]).await;
    assert_eq!((next.status, next.header("location")), (303, format!("/admin/recovery/{}", links[1]).as_str()));
    both(&staff, &path).await;
    let last = staff.form(&format!("/admin/recovery/{}", links[1]), &[("decision", "approve")]).await;
    assert_eq!((last.status, last.header("location")), (303, "/admin/recovery"));
    assert!(both(&staff, "/admin/recovery").await.text().contains("Tidak ada permintaan"));
    staff.form(&path, &[("decision", "approve")]).await.page(409);
    let guest = world.browser().get("/admin/recovery").await;
    assert_eq!(guest.status, 303);
    world.user("eko_p").await.in_browser().await.get("/admin/recovery").await.page(403);
}
