//! Nobody learns from us whether an address has an account.

use crate::{
    client::Answer,
    harness::{PASSWORD, World, email_of},
};
use aivalid_model::audit::AuditFilter;
use serde_json::{Value, json};

fn registration(email: &str, username: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "username": username})
}

/// What an observer can compare: status, headers' names, and the body's form.
fn shape(answer: &Answer) -> (u16, Vec<String>, Vec<String>, Value) {
    let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    let body = answer.json();
    let keys = body.as_object().unwrap().keys().cloned().collect();
    (answer.status, headers, keys, body["message"].clone())
}

#[tokio::test]
async fn registering_answers_the_same_for_a_taken_address() {
    let world = World::new().await;
    world.user("dewi_l").await;
    let taken = world.anon().post("/api/auth/register", registration("Dewi_L@contoh.id", "orang_1")).await;
    let free = world.anon().post("/api/auth/register", registration("bebas@contoh.id", "orang_2")).await;
    assert_eq!(shape(&taken), shape(&free));
    let decoy = taken.json()["user_id"].as_i64().unwrap();
    assert!((1..1 << 53).contains(&decoy));
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].subject == "Anda sudah punya akun" && mails[0].body.contains("Halo dewi_l,") && !mails[0].body.contains("token"),
        "{mails:?}"
    );
}

#[tokio::test]
async fn a_taken_name_is_refused_whether_or_not_the_address_is_taken() {
    let world = World::new().await;
    world.user("dewi_l").await;
    world.user("bima").await;
    for email in ["dewi_l@contoh.id", "bebas@contoh.id"] {
        let answer = world.anon().post("/api/auth/register", registration(email, "bima")).await;
        assert_eq!(answer.bad_fields(), ["username: taken"], "{email}");
    }
    assert!(world.mails_to("dewi_l@contoh.id").await.is_empty());
}

#[tokio::test]
async fn the_device_limit_does_not_tell_either() {
    let world = World::new().await;
    world.user("dewi_l").await;
    // An attacker who tries an address and then counts how many registrations are left.
    for (email, number) in [("dewi_l@contoh.id", 1), ("bebas@contoh.id", 2)] {
        let browser = world.browser();
        browser.get("/nothing").await;
        browser.post("/api/auth/register", registration(email, &format!("coba_{number}"))).await.ok(200);
        for more in 1..=2 {
            let (email, name) = (format!("lain{number}{more}@contoh.id"), format!("lain_{number}_{more}"));
            browser.post("/api/auth/register", registration(&email, &name)).await.ok(200);
        }
        browser.post("/api/auth/register", registration("terakhir@contoh.id", "terakhir")).await.refused(403, "DEVICE_LIMIT");
        browser.post("/api/auth/register", registration("dewi_l@contoh.id", "terakhir")).await.refused(403, "DEVICE_LIMIT");
    }
}

#[tokio::test]
async fn the_name_of_a_registration_does_not_tell_afterwards() {
    let world = World::new().await;
    world.user("dewi_l").await;
    let bima = world.user("bima").await;
    for (email, name) in [("dewi_l@contoh.id", "jejak_1"), ("bebas@contoh.id", "jejak_2")] {
        let id = world.anon().post("/api/auth/register", registration(email, name)).await.ok(200)["user_id"].clone();
        bima.post("/api/v1/blocks", json!({"userId": id})).await.refused(404, "NOT_FOUND");
        // Neither a profile appears, nor does the name stay free, in one case but not in the other.
        world.anon().get(&format!("/api/user/{name}")).await.refused(404, "NOT_FOUND");
        let again = world.anon().post("/api/auth/register", registration("lain@contoh.id", name)).await;
        assert_eq!(again.bad_fields(), ["username: taken"], "{email}");
    }
    for name in ["jejak_1", "jejak_2"] {
        assert_eq!(bima.put("/api/account", json!({"username": name})).await.bad_fields(), ["username: taken"], "{name}");
    }
}

#[tokio::test]
async fn asking_for_another_link_answers_the_same_for_everyone() {
    let world = World::new().await;
    world.user("dewi_l").await;
    world.unverified("ragu").await;
    let mut shapes = vec![];
    for email in ["dewi_l@contoh.id", "ragu@contoh.id", "nobody@contoh.id"] {
        shapes.push(shape(&world.anon().post("/api/auth/verify/request", json!({"email": email})).await));
    }
    assert!(shapes[0].0 == 200 && shapes[0] == shapes[1] && shapes[1] == shapes[2], "{shapes:?}");
    for (name, letters) in [("dewi_l", 0), ("ragu", 1), ("nobody", 0)] {
        assert_eq!(world.mails_to(&email_of(name)).await.len(), letters, "{name}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_answer_alike() {
    let world = World::new().await;
    world.user("dewi_l").await;
    let mut bodies = vec![];
    for (email, password) in [
        ("dewi_l@contoh.id", "kuda lumping merah"),
        ("nobody@contoh.id", PASSWORD),
        ("dewi_l@contoh.id", "x"),
        ("dewi_l@contoh.id", &"x".repeat(500)),
        ("nobody@contoh.id", "' OR '1'='1"),
    ] {
        let answer = world.anon().post("/api/auth/login", json!({"email": email, "password": password})).await;
        answer.refused(401, "BAD_CREDENTIALS");
        assert!(answer.set_cookies().is_empty());
        bodies.push(answer.text().to_owned());
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
}

#[tokio::test]
async fn a_lock_does_the_same_for_an_unknown_account() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    world.user("dewi_l").await;
    let stores = world.app.service.stores();
    let mut seen = vec![];
    for name in ["dewi_l", "nobody"] {
        for _ in 0..5 {
            let body = json!({"email": email_of(name), "password": "salah sekali lagi"});
            world.anon().post("/api/auth/login", body).await.refused(401, "BAD_CREDENTIALS");
        }
        let entries = stores.audit.audit_list(&AuditFilter::default(), None, 6).await.unwrap();
        let events: Vec<String> = entries.into_iter().map(|record| record.entry.event).collect();
        let jobs = stores.jobs.job_list(false, 9).await.unwrap();
        seen.push((events.into_iter().filter(|event| event == "alert.password_locked").count(), jobs.len()));
    }
    assert_eq!(seen, [(1, 1), (1, 2)], "an entry and a letter each");
    assert_eq!((world.mails_to("dewi_l@contoh.id").await.len(), world.mails_to("nobody@contoh.id").await.len()), (1, 0));
}
