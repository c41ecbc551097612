//! Refreshing: rotation, races, lost answers, reuse (spec section 4.2).

use crate::{
    client::{Answer, Client, claims},
    harness::World,
};
use serde_json::{Value, json};

async fn refresh(client: &Client, token: &str) -> Answer {
    client.post("/api/auth/refresh", json!({"refresh_token": token})).await
}

fn pair(body: &Value) -> (String, String) {
    (body["access_token"].as_str().unwrap().to_owned(), body["refresh_token"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn both_tokens_are_replaced() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    world.pass_secs(600);
    let answer = refresh(&world.anon(), &dewi.refresh_token).await;
    let body = answer.ok(200);
    assert_eq!(
        body.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["access_token", "expires_in", "refresh_token", "token_type", "user_id"]
    );
    assert_eq!((body["user_id"].as_i64(), answer.header("cache-control")), (Some(dewi.id), "no-store"));
    let (access, next) = pair(&body);
    assert_ne!(next, dewi.refresh_token);
    assert_eq!(claims(&access)["session_id"], claims(dewi.token.as_ref().unwrap())["session_id"]);
    world.pass_secs(600);
    let later = world.anon().with_token(&access);
    assert_eq!(later.get("/api/user/me").await.ok(200)["data"]["username"], "dewi_l");
}

#[tokio::test]
async fn of_a_thousand_parallel_requests_all_get_the_same_successor() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    world.pass_secs(600);
    let answers = futures::future::join_all((0..1000).map(|_| {
        let (client, token) = (world.anon(), dewi.refresh_token.clone());
        tokio::spawn(async move { pair(&refresh(&client, &token).await.ok(200)) })
    }))
    .await;
    let pairs: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert!(pairs.iter().all(|pair| *pair == pairs[0]), "{pairs:?}");
    // Seconds later, and from one address, still the same; and none of it counts as many refreshes.
    world.pass_secs(29);
    for _ in 0..40 {
        assert_eq!(pair(&refresh(&dewi, &dewi.refresh_token).await.ok(200)), pairs[0]);
    }
    refresh(&dewi, &pairs[0].1).await.ok(200);
}

#[tokio::test]
async fn a_lost_answer_is_forgiven_while_its_successor_is_unused() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let lost = pair(&refresh(&dewi, &dewi.refresh_token).await.ok(200));
    world.pass_secs(60 * 60);
    let again = pair(&refresh(&dewi, &dewi.refresh_token).await.ok(200));
    assert_eq!(claims(&again.1)["jti"], claims(&lost.1)["jti"], "never a sibling");
    let fresh = world.anon().with_token(&again.0);
    fresh.get("/api/user/me").await.ok(200);
    refresh(&dewi, &again.1).await.ok(200);
    assert!(world.mails_to("dewi_l@contoh.id").await.is_empty());
}

#[tokio::test]
async fn reuse_ends_the_session_and_its_owner_is_told() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let elsewhere = dewi.again().await;
    let second = pair(&refresh(&dewi, &dewi.refresh_token).await.ok(200));
    let third = pair(&refresh(&dewi, &second.1).await.ok(200));
    let holder = dewi.with_token(&third.0);
    holder.get("/api/user/me").await.ok(200);

    let thief = world.anon();
    refresh(&thief, &dewi.refresh_token).await.refused(401, "SESSION_REVOKED");
    holder.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    refresh(&dewi, &third.1).await.refused(401, "SESSION_REVOKED");
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].subject == "Sebuah sesi Anda kami akhiri" && mails[0].body.contains(&thief.ip.to_string()), "{mails:?}");
    // The other session lives, and replays of the dead one mail nobody again.
    elsewhere.get("/api/user/me").await.ok(200);
    refresh(&thief, &dewi.refresh_token).await.refused(401, "SESSION_REVOKED");
    assert_eq!(world.mails_to("dewi_l@contoh.id").await.len(), 1);
}

#[tokio::test]
async fn a_refresh_token_lives_seven_days() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    world.pass_secs(7 * 86_400 + 5);
    refresh(&dewi, &dewi.refresh_token).await.refused(401, "SESSION_REVOKED");
}

#[tokio::test]
async fn a_browser_refreshes_by_its_cookie() {
    let world = World::new().await;
    let browser = world.user("dewi_l").await.in_browser().await;
    let before = browser.cookie("aivalid_refresh").unwrap();
    let empty = browser.ask(axum::http::Method::POST, "/api/auth/refresh").send().await;
    assert_eq!(empty.ok(200).as_object().unwrap().keys().collect::<Vec<_>>(), ["expires_in", "user_id"], "no token for scripts");
    assert_ne!(browser.cookie("aivalid_refresh").unwrap(), before);
    browser.post("/api/auth/refresh", json!({})).await.ok(200);
    browser.get("/api/user/me").await.ok(200);
    world.anon().post("/api/auth/refresh", json!({})).await.refused(401, "UNAUTHENTICATED");
    world.anon().ask(axum::http::Method::POST, "/api/auth/refresh").send().await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn any_request_of_a_browser_refreshes_on_the_way() {
    let world = World::new().await;
    let browser = world.user("dewi_l").await.in_browser().await;
    let before = browser.cookie("aivalid_refresh").unwrap();
    let fresh = browser.get("/api/user/me").await;
    assert!(fresh.set_cookies().is_empty(), "nothing to do while the access token lives");
    world.pass_secs(60 * 60);

    // The many requests of one page, all with the old cookies.
    let stale = || {
        let parallel = browser.without_token().with_cookies();
        parallel.set_cookie("aivalid_access", &browser.cookie("aivalid_access").unwrap());
        parallel.set_cookie("aivalid_refresh", &before);
        parallel
    };
    let tabs: Vec<Client> = (0..8).map(|_| stale()).collect();
    let answers = futures::future::join_all(tabs.iter().map(|tab| tab.get("/api/user/me"))).await;
    for answer in &answers {
        answer.ok(200);
        assert_eq!(answer.set_cookies(), answers[0].set_cookies());
    }
    assert_eq!(answers[0].set_cookies().len(), 2);
    browser.get("/nothing").await.page(404);
    assert_ne!(browser.cookie("aivalid_refresh").unwrap(), before, "pages refresh too");
    assert_eq!(browser.cookie("aivalid_refresh"), tabs[0].cookie("aivalid_refresh"));
}

#[tokio::test]
async fn a_browser_whose_session_ended_is_a_guest_without_cookies() {
    let world = World::new().await;
    let program = world.user("dewi_l").await;
    let browser = program.in_browser().await;
    program.delete(&format!("/api/auth/sessions/{}", browser.session)).await.ok(200);
    browser.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    assert_eq!((browser.cookie("aivalid_access"), browser.cookie("aivalid_refresh")), (None, None));
    browser.get("/api/threads").await.ok(200);
}
