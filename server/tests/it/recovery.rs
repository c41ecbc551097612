//! Recovering an account without its second factors: it takes its time, is announced, and is finished once.

use crate::{
    client::Client,
    harness::{DAY, Letter, PASSWORD, World, email_of},
    second_factor::{first_step, switch_on},
};
use aivalid_model::{
    Timestamp,
    id::{RecoveryId, UserId},
    identity::RecoveryState,
};
use axum::http::Method;
use futures::future::join_all;
use serde_json::{Value, json};

pub const ASK: &str = "/api/auth/recovery";
pub const STOP: &str = "/api/auth/recovery/stop";
pub const STOP_BY_LINK: &str = "/api/auth/recovery/stop-by-link";
pub const FINISH: &str = "/api/auth/recovery/finish";
pub const STORY: &str = "Ponsel saya hilang di kereta, kode cadangannya ikut terbawa.";
pub const HOUR: u64 = 60 * 60;

/// Somebody with an authenticator app.
pub async fn owner(world: &World, name: &str) -> Client {
    let client = world.user(name).await;
    switch_on(world, &client).await;
    client
}

/// Asks with a new sign-in that waits for its second factor.
pub async fn ask(client: &Client) -> Value {
    let token = first_step(client).await;
    let answer = client.without_token().post(ASK, json!({"mfa_token": token, "statement": STORY})).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.ok(200)
}

/// What an instance does once a minute.
pub async fn tick(world: &World) -> u64 {
    world.app.service.recoveries_tick().await.unwrap()
}

/// Moves the clock, and does what is due then.
pub async fn later(world: &World, hours: u64) -> u64 {
    world.pass_secs(hours * HOUR);
    tick(world).await
}

/// The tokens of links with this path in somebody's mails, oldest first.
pub async fn tokens(world: &World, name: &str, path: &str) -> Vec<String> {
    let mark = format!("{path}?token=");
    let token = |mail: Letter| mail.body.split_once(&mark).map(|(_, rest)| rest.split_whitespace().next().unwrap().to_owned());
    world.mails_to(&email_of(name)).await.into_iter().filter_map(token).collect()
}

/// The token that finishes the only request that is ready.
pub async fn finishing_token(world: &World, name: &str) -> String {
    let tokens = tokens(world, name, "/recovery/finish").await;
    assert_eq!(tokens.len(), 1);
    tokens[0].clone()
}

/// Where an account's last request stands.
pub async fn state(world: &World, client: &Client) -> RecoveryState {
    world.app.service.stores().recoveries.recovery_list(UserId(client.id)).await.unwrap()[0].state
}

/// What was noted of recoveries.
pub async fn noted(world: &World, client: &Client) -> Vec<String> {
    let events = world.audit_about(client.id).await.into_iter().map(|(event, _)| event);
    events.filter_map(|event| event.strip_prefix("recovery.").map(str::to_owned)).collect()
}

async fn subjects(world: &World, name: &str) -> Vec<String> {
    world.mails_to(&email_of(name)).await.into_iter().map(|mail| mail.subject).filter(|subject| subject.contains("ulih")).collect()
}

#[tokio::test]
async fn a_request_waits_three_days_and_a_mailed_link_finishes_it() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    let made = dewi.post("/api/auth/tokens", json!({"name": "Skrip malam", "scopes": ["read"]})).await.ok(201);
    let program = dewi.with_token(made["token"].as_str().unwrap());
    let asked = ask(&dewi).await;
    let until = Timestamp::from_secs(world.now().secs()).plus(std::time::Duration::from_hours(72));
    assert_eq!(asked["waits_until"], until.rfc3339());
    assert_eq!(
        (&asked["state"], &asked["reviewed"], &asked["asked_at"]),
        (&json!("waiting"), &json!(false), &json!(world.now().rfc3339()))
    );

    // Asking again is no new clock, and no new letter.
    assert_eq!(later(&world, 1).await, 0);
    assert_eq!(ask(&dewi).await, asked);
    assert_eq!(subjects(&world, "dewi_l").await.len(), 1);
    assert_eq!((later(&world, 22).await, later(&world, 1).await, tick(&world).await), (0, 1, 0), "after a day");
    assert_eq!((later(&world, 23).await, later(&world, 1).await, tick(&world).await), (0, 1, 0), "after two");
    assert_eq!(tokens(&world, "dewi_l", "/recovery/stop").await.len(), 3);
    assert_eq!((later(&world, 23).await, tokens(&world, "dewi_l", "/recovery/finish").await.len()), (0, 0));
    assert_eq!((later(&world, 1).await, tick(&world).await), (1, 0), "after three");
    assert_eq!(ask(&dewi).await["state"], "ready");
    let token = finishing_token(&world, "dewi_l").await;
    assert!(token.starts_with("rcf_") && token.len() == 53, "{token}");

    let refreshed = dewi.post("/api/auth/refresh", json!({"refresh_token": dewi.refresh_token})).await.ok(200);
    let session = dewi.with_token(refreshed["access_token"].as_str().unwrap());
    session.get("/api/user/me").await.ok(200);
    program.get("/api/user/me").await.ok(200);
    world.anon().post(FINISH, json!({"token": token})).await.ok(200);
    world.anon().post(FINISH, json!({"token": token})).await.refused(400, "INVALID_TOKEN");
    session.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    program.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    let again = dewi.again().await;
    let status = again.get("/api/auth/totp/status").await.ok(200);
    assert_eq!((&status["enabled"], &status["backup_codes_left"]), (&json!(false), &json!(0)));
    let account = world.app.service.stores().users.user_by_id(UserId(dewi.id)).await.unwrap().unwrap();
    assert_eq!(account.recovered_at, Some(world.now()));
    assert!(account.withdrawals_wait(world.now()).is_some());
    assert_eq!(noted(&world, &dewi).await, ["asked", "announced", "announced", "invited", "finished"]);
    let events = again.get("/api/auth/security-events").await.ok(200)["data"].clone();
    assert!(events.as_array().unwrap().iter().any(|event| event["event"] == "recovery.finished"), "{events}");
    let undo = tokens(&world, "dewi_l", "/not-me").await;
    assert!(undo.last().is_some_and(|token| token.starts_with("und_")), "{undo:?}");
    // Later requests begin anew.
    switch_on(&world, &again).await;
    assert_ne!(ask(&dewi).await["asked_at"], asked["asked_at"]);
}

#[tokio::test]
async fn a_link_that_nobody_followed_ends_after_a_week() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    later(&world, 72).await;
    let token = finishing_token(&world, "dewi_l").await;
    world.pass_secs(7 * DAY);
    world.anon().post(FINISH, json!({"token": token})).await.refused(400, "INVALID_TOKEN");
    assert_eq!((tick(&world).await, state(&world, &dewi).await), (1, RecoveryState::Lapsed));
    assert_eq!(ask(&dewi).await["state"], "waiting");
}

#[tokio::test]
async fn instances_that_work_at_once_tell_once() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    for hours in [24, 24, 24] {
        world.pass_secs(hours * HOUR);
        let taken = join_all((0..4).map(|_| tick(&world))).await;
        assert_eq!(taken.into_iter().sum::<u64>(), 1);
    }
    assert_eq!(tokens(&world, "dewi_l", "/recovery/stop").await.len(), 4, "three announcements, and the link that finishes it");
    let token = finishing_token(&world, "dewi_l").await;
    let (strangers, body) = ((0..4).map(|_| world.anon()).collect::<Vec<_>>(), json!({"token": token}));
    let answers = join_all(strangers.iter().map(|stranger| stranger.post(FINISH, body.clone()))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 400]);
}

#[tokio::test]
async fn an_instance_that_was_away_makes_up_for_it_once() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    assert_eq!((later(&world, 60).await, tick(&world).await), (1, 0));
    assert_eq!(tokens(&world, "dewi_l", "/recovery/stop").await.len(), 2);
    assert_eq!((later(&world, 12).await, state(&world, &dewi).await), (1, RecoveryState::Ready));
}

#[tokio::test]
async fn asking_needs_a_first_factor_and_something_to_lose() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    let guest = dewi.without_token();
    for token in ["mfa_0000000000000000", "und_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        guest.post(ASK, json!({"mfa_token": token})).await.refused(401, "SIGN_IN_LAPSED");
    }
    let token = first_step(&dewi).await;
    let long = "x".repeat(2001);
    for (body, fields) in [
        (json!({}), vec!["mfa_token: required"]),
        (json!({"mfa_token": ""}), vec!["mfa_token: required"]),
        (json!({"mfa_token": 1}), vec!["mfa_token: wrong_type"]),
        (json!({"mfa_token": "kurz", "statement": "pendek"}), vec!["mfa_token: malformed", "statement: too_short"]),
        (json!({"mfa_token": token, "statement": long}), vec!["statement: too_long"]),
        (json!({"mfa_token": token, "statement": "Ponsel saya hilang\u{202E} di kereta."}), vec!["statement: bad_characters"]),
        (json!({"mfa_token": token, "user_id": 1}), vec!["user_id: unknown_field"]),
    ] {
        assert_eq!(guest.post(ASK, body).await.bad_fields(), fields);
    }
    // Switched off in the meantime, elsewhere.
    let token = first_step(&dewi).await;
    dewi.post("/api/auth/totp/disable", Value::Null).await.ok(200);
    guest.post(ASK, json!({"mfa_token": token})).await.refused(409, "NOTHING_TO_RECOVER");
    assert_eq!(noted(&world, &dewi).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_sign_in_asks_only_on_its_own_device() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    let (mut here, there) = (world.browser(), world.browser());
    here.get("/login").await;
    there.get("/login").await;
    here.name.clone_from(&dewi.name);
    let token = first_step(&here).await;
    there.post(ASK, json!({"mfa_token": token})).await.refused(401, "SIGN_IN_LAPSED");
    here.post(ASK, json!({"mfa_token": token})).await.ok(200);
}

#[tokio::test]
async fn an_account_asks_three_times_a_week() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    for _ in 0..3 {
        ask(&dewi).await;
        dewi.post(STOP, Value::Null).await.ok(200);
        world.pass_secs(60);
    }
    let token = first_step(&dewi).await;
    dewi.without_token().post(ASK, json!({"mfa_token": token})).await.refused(429, "RATE_LIMITED");
    world.pass_secs(7 * DAY);
    ask(&dewi).await;
}

#[tokio::test]
async fn links_that_are_not_ours_do_nothing() {
    let world = World::new().await;
    let (dewi, budi) = (owner(&world, "dewi_l").await, owner(&world, "budi_s").await);
    ask(&dewi).await;
    ask(&budi).await;
    let stop = tokens(&world, "dewi_l", "/recovery/stop").await.remove(0);
    let budis = world.app.service.stores().recoveries.recovery_open(UserId(budi.id)).await.unwrap().unwrap().id;
    let mac = stop.split_once('.').unwrap().1;
    let anon = world.anon();
    for (path, token) in [
        (STOP_BY_LINK, format!("rcs_{budis}.{mac}")),
        (STOP_BY_LINK, format!("rcs_{}.{mac}", RecoveryId(i64::MAX))),
        (STOP_BY_LINK, "rcs_x.AAAAAAAAAAAAAAAA".to_owned()),
        (STOP_BY_LINK, "rcf_AAAAAAAAAAAAAAAA".to_owned()),
        (FINISH, stop.clone()),
        (FINISH, "rcf_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
    ] {
        anon.post(path, json!({"token": token})).await.refused(400, "INVALID_TOKEN");
    }
    for path in [STOP_BY_LINK, FINISH] {
        assert_eq!(anon.post(path, json!({"token": ""})).await.bad_fields(), ["token: required"]);
        assert_eq!(anon.post(path, json!({})).await.bad_fields(), ["token: required"]);
        assert_eq!(anon.post(path, json!({"token": stop, "id": 1})).await.bad_fields(), ["id: unknown_field"]);
    }
    assert_eq!((state(&world, &dewi).await, state(&world, &budi).await), (RecoveryState::Waiting, RecoveryState::Waiting));
    anon.post("/api/auth/login", json!({"email": email_of("dewi_l"), "password": PASSWORD})).await.ok(200);
    anon.ask(Method::POST, FINISH).typed("application/json", "{").send().await.refused(400, "BAD_REQUEST");
}

#[tokio::test]
async fn what_was_written_goes_with_the_archive_and_the_account() {
    let world = World::new().await;
    let dewi = owner(&world, "dewi_l").await;
    ask(&dewi).await;
    let views = world.app.service.stores().recoveries.recovery_list(UserId(dewi.id)).await.unwrap();
    assert_eq!(views[0].statement.as_deref(), Some(STORY));
    let archive = dewi.get("/api/account/export").await;
    assert_eq!(archive.status, 200);
    let text = String::from_utf8_lossy(&archive.body);
    assert!(text.contains("recoveries.json"), "the archive names it");
    dewi.delete("/api/account").await.ok(200);
    assert_eq!(world.app.service.stores().recoveries.recovery_list(UserId(dewi.id)).await.unwrap(), []);
    assert_eq!(later(&world, 72).await, 0);
}
