//! The audit log: what is written, who sees it, what raises an alert, and that the chain holds.

use crate::{
    client::Client,
    harness::{PASSWORD, World, email_of},
    mmdb,
};
use aivalid_model::audit::{AuditFilter, Outcome};
use aivalid_server::{commands, config::Config};
use aivalid_service::store::NewAuditEntry;
use serde_json::{Value, json};
use std::{collections::HashMap, net::Ipv4Addr};

/// Every entry, oldest first.
async fn log(world: &World) -> Vec<NewAuditEntry> {
    let records = world.app.service.stores().audit.audit_list(&AuditFilter::default(), None, 1_000).await.unwrap();
    let mut records: Vec<_> = records.into_iter().map(|record| (record.id, record.entry)).collect();
    records.sort_by_key(|(id, _)| *id);
    records.into_iter().map(|(_, entry)| entry).collect()
}

async fn names(world: &World) -> Vec<String> {
    log(world).await.into_iter().map(|entry| entry.event).collect()
}

async fn fail(client: &Client, address: &str) {
    client.post("/api/auth/login", json!({"email": address, "password": "bukan yang benar"})).await.refused(401, "BAD_CREDENTIALS");
}

fn events(body: &Value) -> Vec<&str> {
    body["data"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn from_registering_to_signing_out_everything_is_noted() {
    let world = World::new().await;
    let mut anon = world.anon();
    anon.post("/api/auth/register", json!({"email": "dewi@contoh.id", "password": PASSWORD, "username": "dewi"})).await.ok(200);
    let token = world.verify_token("dewi@contoh.id").await;
    anon.post("/api/auth/verify/confirm", json!({"token": token})).await.ok(200);
    fail(&anon, "Dewi@contoh.id").await;
    anon.name = "dewi".into();
    anon.sign_in().await;
    let other = anon.again().await;
    anon.put("/api/account", json!({"username": "dewi_l"})).await.ok(200);
    anon.delete(&format!("/api/auth/sessions/{}", other.session)).await.ok(200);
    anon.post("/api/auth/logout", json!({})).await.ok(200);
    anon.sign_in().await;
    anon.post("/api/auth/logout-all", json!({})).await.ok(200);
    // A second time with a taken address: its owner sees that.
    world.anon().post("/api/auth/register", json!({"email": "dewi@contoh.id", "password": PASSWORD})).await.ok(200);
    let expected = [
        "account.made",
        "account.confirmed",
        "login.failed",
        "login.done",
        "login.done",
        "account.renamed",
        "session.ended",
        "session.signed_out",
        "login.done",
        "session.all_ended",
        "account.registration_refused",
    ];
    assert_eq!(names(&world).await, expected);

    let log = log(&world).await;
    let failure = &log[2];
    assert_eq!((failure.outcome, failure.actor, failure.ip.as_str()), (Outcome::Failed, None, anon.ip.to_string().as_str()));
    assert_eq!(failure.subject, log[0].subject);
    assert!(!failure.request_id.is_empty() && failure.at == world.now());
    let target = failure.target.as_ref().unwrap();
    assert!(target.kind == "address" && target.id.len() == 16 && !target.id.contains("dewi"), "{target:?}");
    let rename: Value = serde_json::from_str(&log[5].details).unwrap();
    assert_eq!(rename, json!({"before": "dewi", "name": "dewi_l"}));
    assert_eq!(log[6].target.as_ref().unwrap().id, other.session.to_string());
    assert!(log.iter().all(|entry| !entry.details.contains('@')), "{log:?}");
}

#[tokio::test]
async fn people_see_what_happened_to_their_own_account() {
    let world = World::new().await;
    let ani = world.user("ani").await;
    let _budi = world.user("budi").await;
    world.pass_secs(60);
    fail(&world.anon(), &email_of("ani")).await;
    let body = ani.get("/api/auth/security-events").await.ok(200);
    assert_eq!(events(&body), ["login.failed", "login.done"]);
    let done = &body["data"][1];
    assert_eq!(
        (done["ip"].as_str().unwrap(), done["byStaff"].as_bool(), done["outcome"].as_str()),
        (ani.ip.to_string().as_str(), Some(false), Some("done"))
    );
    assert_eq!(done["session"], ani.session);
    assert_eq!(body["pagination"], json!({"limit": 20}));
    world.anon().get("/api/auth/security-events").await.refused(401, "UNAUTHENTICATED");

    // A stretch at a time; what is no cursor begins at the beginning.
    let first = ani.get("/api/auth/security-events?limit=1").await.ok(200);
    let next = first["pagination"]["next"].as_str().unwrap();
    let second = ani.get(&format!("/api/auth/security-events?limit=1&cursor={next}")).await.ok(200);
    assert_eq!((events(&first), events(&second)), (vec!["login.failed"], vec!["login.done"]));
    assert_eq!(second["pagination"], json!({"limit": 1}));
    assert_eq!(events(&ani.get("/api/auth/security-events?cursor=x').drop&limit=999").await.ok(200)).len(), 2);
    ani.get("/api/auth/security-events?limit=banyak").await.refused(400, "BAD_REQUEST");
}

#[tokio::test]
async fn many_accounts_tried_from_one_address_raise_one_alert() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "10")]).await;
    let (thief, other) = (world.anon(), world.anon());
    let alerts = async || names(&world).await.into_iter().filter(|name| name == "alert.many_accounts").count();
    for _ in 0..10 {
        fail(&thief, "satu@contoh.id").await;
    }
    for number in 1..=4 {
        fail(&thief, &format!("orang{number}@contoh.id")).await;
        fail(&other, &format!("lain{number}@contoh.id")).await;
        assert_eq!(alerts().await, usize::from(number == 4), "the fifth account of one address");
    }
    fail(&thief, "lagi@contoh.id").await;
    assert_eq!(alerts().await, 1, "once in an hour");
    world.pass_secs(3601);
    for number in 1..=5 {
        fail(&thief, &format!("orang{number}@contoh.id")).await;
    }
    assert_eq!(alerts().await, 2);
    let alert = log(&world).await.into_iter().rfind(|entry| entry.event == "alert.many_accounts").unwrap();
    assert_eq!((alert.ip.as_str(), alert.details.as_str()), (thief.ip.to_string().as_str(), r#"{"accounts":5,"failures":5}"#));
}

#[tokio::test]
async fn a_reused_refresh_token_is_an_alert() {
    let world = World::new().await;
    let ani = world.user("ani").await;
    let stolen = ani.refresh_token.clone();
    let mut token = stolen.clone();
    for _ in 0..2 {
        world.pass_secs(60);
        let body = ani.post("/api/auth/refresh", json!({"refresh_token": token})).await.ok(200);
        token = body["refresh_token"].as_str().unwrap().to_owned();
    }
    let thief = world.anon();
    thief.post("/api/auth/refresh", json!({"refresh_token": stolen})).await.refused(401, "SESSION_REVOKED");
    let last = log(&world).await.pop().unwrap();
    assert_eq!(
        (last.event.as_str(), last.outcome, last.ip.as_str()),
        ("alert.token_reused", Outcome::Failed, thief.ip.to_string().as_str())
    );
    assert_eq!((last.subject.unwrap().0, last.session.unwrap().0, last.actor), (ani.id, ani.session, None));
}

#[tokio::test]
async fn a_sign_in_from_another_country_is_an_alert_and_places_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("places.mmdb");
    let networks = [
        (Ipv4Addr::new(203, 0, 113, 0), 24, "ID", "Indonesia", Some("Bandung")),
        (Ipv4Addr::new(198, 51, 100, 0), 24, "NL", "Netherlands", None),
    ];
    std::fs::write(&file, mmdb::database(&networks)).unwrap();
    let world = World::with(&[("GEOIP_DATABASE", file.to_str().unwrap())]).await;
    let mut ani = world.user("ani").await;
    let alerts = async || names(&world).await.into_iter().filter(|name| name == "alert.new_country").count();
    assert_eq!(alerts().await, 0, "the first sign-in is from nowhere new");
    ani.ip = Ipv4Addr::new(10, 0, 0, 1).into();
    ani = ani.again().await;
    assert_eq!(alerts().await, 0, "nobody knows where that is");
    ani.ip = Ipv4Addr::new(198, 51, 100, 7).into();
    ani = ani.again().await;
    assert_eq!(alerts().await, 1);
    ani = ani.again().await;
    assert_eq!(alerts().await, 1, "known from now on");
    let mails = world.mails_to(&email_of("ani")).await;
    assert!(mails.iter().any(|mail| mail.body.contains("Netherlands") && mail.body.contains("198.51.100.7")), "{mails:?}");
    let sessions = ani.get("/api/auth/sessions").await.ok(200);
    let places: Vec<_> = sessions["data"].as_array().unwrap().iter().map(|session| session["place"].as_str()).collect();
    assert!(places.contains(&Some("Bandung, Indonesia")) && places.contains(&Some("Netherlands")) && places.contains(&None), "{places:?}");
    let body = ani.get("/api/auth/security-events?limit=2").await.ok(200);
    let alert = body["data"].as_array().unwrap().iter().find(|event| event["event"] == "login.done").unwrap().clone();
    assert_eq!(alert["place"], "Netherlands");
}

#[tokio::test]
async fn what_was_written_is_sealed_whoever_comes_next() {
    let world = World::new().await;
    let ani = world.user("ani").await;
    fail(&world.anon(), &email_of("ani")).await;
    let service = &world.app.service;
    // The instance that wrote them dies here: nothing is sealed yet.
    assert_eq!(service.stores().audit.audit_head().await.unwrap().seq, 0);
    assert_eq!(service.seal_audit().await.unwrap(), 2);
    ani.post("/api/auth/logout", json!({})).await.ok(200);
    assert_eq!(service.seal_audit().await.unwrap(), 1);
    assert_eq!(service.seal_audit().await.unwrap(), 0);
    let (verified, end) = service.verify_audit(None).await.unwrap();
    assert_eq!((verified.good, verified.broken, end.seq()), (3, None, 3));
}

#[tokio::test]
async fn the_command_verifies_and_says_what_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::with(&[("DATA_DIR", folder.path().to_str().unwrap())]).await;
    let ani = world.user("ani").await;
    ani.create("/api/validation-cases", crate::harness::case("Kasus")).await;
    world.app.service.seal_audit().await.unwrap();
    let vars = HashMap::from([("DATA_DIR".to_owned(), folder.path().to_str().unwrap().to_owned())]);
    let config = Config::from_vars(&vars).unwrap();
    commands::verify::run(&config, None).await.unwrap();
    let (_, end) = world.app.service.verify_audit(None).await.unwrap();
    commands::verify::run(&config, Some(&format!("{}:{}", end.seq(), end.hash()))).await.unwrap();
    for wrong in [format!("1:{}", "0".repeat(64)), format!("99:{}", end.hash())] {
        let error = commands::verify::run(&config, Some(&wrong)).await.unwrap_err();
        assert!(error.to_string().contains("not as it was written"), "{error}");
    }
    for unreadable in ["", "1", "x:y"] {
        assert!(commands::verify::run(&config, Some(unreadable)).await.unwrap_err().to_string().contains("anchor"));
    }
}

#[tokio::test]
async fn the_page_shows_the_events_in_both_languages() {
    let world = World::new().await;
    let ani = world.user("ani").await;
    fail(&world.anon(), &email_of("ani")).await;
    let browser = ani.in_browser().await;
    let page = browser.get("/account/security").await;
    let text = page.page(200);
    assert!(text.contains("Percobaan masuk gagal") && text.contains(&ani.ip.to_string()), "{text}");
    browser.set_cookie("lang", "en");
    assert!(browser.get("/account/security").await.page(200).contains("Sign-in failed"));
    assert_eq!(world.browser().get("/account/security").await.status, 303, "guests sign in first");
}
