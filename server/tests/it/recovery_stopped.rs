//! What stops a recovery, and that nothing comes of it then.

use crate::{
    client::Client,
    harness::{PASSWORD, World, email_of},
    recovery::{FINISH, STOP, STOP_BY_LINK, ask, finishing_token, later, noted, owner, state, tokens},
    second_factor::{code_at, first_step, switch_on},
};
use aivalid_model::identity::RecoveryState;
use serde_json::{Value, json};

/// Stopped, noted, told, and over.
async fn is_over(world: &World, client: &Client, name: &str) {
    assert_eq!(state(world, client).await, RecoveryState::Stopped);
    assert_eq!(noted(world, client).await.last().map(String::as_str), Some("stopped"));
    let told = world.mails_to(&email_of(name)).await.into_iter().filter(|mail| mail.subject == "Pemulihan akun Anda dihentikan").count();
    assert_eq!(told, 1);
    assert_eq!(later(world, 24 * 30).await, 0);
    assert_eq!(tokens(world, name, "/recovery/finish").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_link_of_a_letter_stops_it_whenever_it_is_followed() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    later(&world, 24).await;
    let links = tokens(&world, "dewi_l", "/recovery/stop").await;
    assert_eq!((links.len(), &links[0]), (2, &links[1]));
    let anon = world.anon();
    anon.post(STOP_BY_LINK, json!({"token": links[0]})).await.ok(200);
    anon.post(STOP_BY_LINK, json!({"token": links[1]})).await.ok(200);
    is_over(&world, &dewi, "dewi_l").await;
}

#[tokio::test]
async fn a_link_stops_what_is_ready_but_not_what_is_done() {
    let world = World::new().await;
    let (dewi, budi) = (owner(&world, "dewi_l").await, owner(&world, "budi_s").await);
    ask(&dewi).await;
    ask(&budi).await;
    later(&world, 72).await;
    let (hers, his) = (finishing_token(&world, "dewi_l").await, finishing_token(&world, "budi_s").await);
    let stop = |name| tokens(&world, name, "/recovery/stop");
    let anon = world.anon();
    anon.post(STOP_BY_LINK, json!({"token": stop("dewi_l").await[0]})).await.ok(200);
    anon.post(FINISH, json!({"token": hers})).await.refused(400, "INVALID_TOKEN");
    first_step(&dewi).await;
    anon.post(FINISH, json!({"token": his})).await.ok(200);
    anon.post(STOP_BY_LINK, json!({"token": stop("budi_s").await[0]})).await.refused(400, "INVALID_TOKEN");
    budi.again().await;
}

#[tokio::test]
async fn stopping_and_finishing_at_once_agree() {
    let world = World::new().await;
    for name in ["dewi_l", "budi_s", "citra_w", "eko_p"] {
        let owner = owner(&world, name).await;
        ask(&owner).await;
        later(&world, 72).await;
        let (finish, stop) = (finishing_token(&world, name).await, tokens(&world, name, "/recovery/stop").await.remove(0));
        let (one, other) = (world.anon(), world.anon());
        let answers = futures::future::join(one.post(FINISH, json!({"token": finish})), other.post(STOP_BY_LINK, json!({"token": stop})));
        let (finished, stopped) = answers.await;
        let expected = match (finished.status, stopped.status) {
            (200, 400) => RecoveryState::Done,
            (400, 200) => RecoveryState::Stopped,
            both => panic!("{both:?}"),
        };
        assert_eq!(state(&world, &owner).await, expected);
        let body = json!({"email": email_of(name), "password": PASSWORD});
        let asks_for_code = world.anon().post("/api/auth/login", body).await.ok(200)["mfa_required"] == true;
        assert_eq!(asks_for_code, expected == RecoveryState::Stopped);
    }
}

#[tokio::test]
async fn any_session_of_the_owner_stops_it_and_no_program() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    dewi.post(STOP, Value::Null).await.refused(404, "NOT_FOUND");
    world.anon().post(STOP, Value::Null).await.refused(401, "UNAUTHENTICATED");
    let made = dewi.post("/api/auth/tokens", json!({"name": "Skrip", "scopes": ["read", "write"]})).await.ok(201);
    ask(&dewi).await;
    dewi.with_token(made["token"].as_str().unwrap()).post(STOP, Value::Null).await.refused(403, "SESSION_REQUIRED");
    world.user("budi_s").await.post(STOP, Value::Null).await.refused(404, "NOT_FOUND");
    dewi.post(STOP, Value::Null).await.ok(200);
    dewi.post(STOP, Value::Null).await.refused(404, "NOT_FOUND");
    is_over(&world, &dewi, "dewi_l").await;
}

#[tokio::test]
async fn a_sign_in_with_a_code_stops_it() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = switch_on(&world, &dewi).await;
    ask(&dewi).await;
    let token = first_step(&dewi).await;
    let guest = dewi.without_token();
    guest.post("/api/auth/login/totp", json!({"mfa_token": token, "code": "000000"})).await.refused(401, "BAD_CODE");
    assert_eq!(state(&world, &dewi).await, RecoveryState::Waiting);
    guest.post("/api/auth/login/totp", json!({"mfa_token": token, "code": code_at(&secret, world.now())})).await.ok(200);
    is_over(&world, &dewi, "dewi_l").await;
}

#[tokio::test]
async fn a_backup_code_stops_it_even_when_the_waiting_time_is_over() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (_, codes) = switch_on(&world, &dewi).await;
    ask(&dewi).await;
    later(&world, 72).await;
    let finish = finishing_token(&world, "dewi_l").await;
    let token = first_step(&dewi).await;
    let code = json!({"mfa_token": token, "code": codes[0]});
    dewi.without_token().post("/api/auth/login/backup-code", code).await.ok(200);
    assert_eq!(state(&world, &dewi).await, RecoveryState::Stopped);
    world.anon().post(FINISH, json!({"token": finish})).await.refused(400, "INVALID_TOKEN");
}

#[tokio::test]
async fn a_code_shown_in_a_session_stops_it() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (secret, _) = switch_on(&world, &dewi).await;
    ask(&dewi).await;
    dewi.post("/api/auth/totp/verify-code", json!({"code": code_at(&secret, world.now())})).await.ok(200);
    is_over(&world, &dewi, "dewi_l").await;
}

#[tokio::test]
async fn switching_codes_off_leaves_nothing_to_recover() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    dewi.post("/api/auth/totp/disable", Value::Null).await.ok(200);
    is_over(&world, &dewi, "dewi_l").await;
}

#[tokio::test]
async fn a_new_password_stops_it() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    dewi.post("/api/auth/change-password", json!({"new_password": "tari topeng cirebon"})).await.ok(200);
    is_over(&world, &dewi, "dewi_l").await;
}

#[tokio::test]
async fn a_reset_stops_it() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    world.anon().post("/api/auth/forgot-password", json!({"email": email_of("dewi_l")})).await.ok(200);
    let token = tokens(&world, "dewi_l", "/reset").await.remove(0);
    let reset = json!({"token": token, "password": "tari topeng cirebon"});
    world.anon().post("/api/auth/reset-password", reset).await.ok(200);
    is_over(&world, &dewi, "dewi_l").await;
}

#[tokio::test]
async fn this_was_not_me_stops_it() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    let undo = tokens(&world, "dewi_l", "/not-me").await.remove(0);
    let browser = world.browser();
    assert_eq!(browser.form("/not-me", &[("token", &undo)]).await.status, 303);
    is_over(&world, &dewi, "dewi_l").await;
}
