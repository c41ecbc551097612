//! Passkeys that prove nothing, and challenges that are not theirs.

use crate::{
    authenticator::{Authenticator, Key, fold, tampered},
    client::Client,
    harness::{ORIGIN, World, email_of},
    passkeys::{elevate, finish, make, sign_in, with_passkey},
};
use axum::http::Method;
use serde_json::{Value, json};

const BEGIN: &str = "/api/auth/passkeys/login/begin";
const MAKE_BEGIN: &str = "/api/auth/passkeys/register/begin";
const MAKE_FINISH: &str = "/api/auth/passkeys/register/finish";

type Misdeed = (&'static str, fn(&mut Authenticator));

/// What a page, a browser or an authenticator may get wrong.
const MISDEEDS: [Misdeed; 9] = [
    ("another origin", |it| it.origin = "http://evil.example".into()),
    ("another port", |it| it.origin = "http://localhost:3001".into()),
    ("another scheme", |it| it.origin = "https://localhost:3000".into()),
    ("a part of our host", |it| it.origin = "http://sub.localhost:3000".into()),
    ("another relying party", |it| it.rp_id = Some("evil.example".into())),
    ("nobody there", |it| it.present = false),
    ("nobody verified", |it| it.verified = false),
    ("inside another site's frame", |it| it.framed = true),
    ("backed up, but not to be backed up", |it| (it.backup_eligible, it.backed_up) = (false, true)),
];

#[tokio::test]
async fn a_sign_in_that_is_wrong_somewhere_is_refused() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let (_, good) = with_passkey(&world, "dewi_l").await;
    let more: [Misdeed; 4] = [
        ("another ceremony", |it| it.kind = Some("webauthn.create")),
        ("another account's handle", |it| it.keys[0].handle = vec![3; 64]),
        ("no handle", |it| it.tells_handle = false),
        ("no longer to be backed up", |it| (it.backup_eligible, it.backed_up) = (false, false)),
    ];
    for (what, misdeed) in MISDEEDS.into_iter().chain(more) {
        let mut bad = good.clone();
        misdeed(&mut bad);
        let answer = sign_in(&world.anon(), &mut bad).await;
        answer.refused(401, "PASSKEY_REFUSED");
        assert!(answer.set_cookies().is_empty(), "{what}");
    }
    sign_in(&world.anon(), &mut good.clone()).await.ok(200);
}

#[tokio::test]
async fn a_new_passkey_that_is_wrong_somewhere_is_refused() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    elevate(&dewi).await;
    let more: [Misdeed; 2] =
        [("another ceremony", |it| it.kind = Some("webauthn.get")), ("to be found only by name", |it| it.discoverable = false)];
    for (what, misdeed) in MISDEEDS.into_iter().chain(more) {
        let mut bad = Authenticator::new(ORIGIN);
        misdeed(&mut bad);
        let begun = dewi.post(MAKE_BEGIN, json!({})).await.ok(200);
        let body = json!({"session_id": begun["session_id"], "credential": bad.create(&begun["options"])});
        let answer = dewi.post(MAKE_FINISH, body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (400, "PASSKEY_INVALID"), "{what}: {answer:?}");
    }
    assert_eq!(dewi.get("/api/auth/passkeys/status").await.ok(200)["count"], 0);
}

#[tokio::test]
async fn what_was_changed_on_the_way_is_refused() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let (_, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let anon = world.anon();
    for part in ["signature", "authenticatorData", "clientDataJSON"] {
        let begun = anon.post(BEGIN, json!({})).await.ok(200);
        let credential = tampered(authenticator.get(&begun["options"]), part);
        finish(&anon, &begun, credential).await.refused(401, "PASSKEY_REFUSED");
    }
    // Signed with another key under the same id.
    let mut forger = Authenticator::new(ORIGIN);
    let begun = anon.post(BEGIN, json!({})).await.ok(200);
    let mut dummy = begun["options"].clone();
    dummy["publicKey"]["user"] = json!({"id": fold(&authenticator.keys[0].handle)});
    dummy["publicKey"]["rp"] = json!({"id": "localhost"});
    forger.create(&dummy);
    forger.keys[0] = Key { secret: forger.keys[0].secret.clone(), ..authenticator.keys[0].clone() };
    finish(&anon, &begun, forger.get(&begun["options"])).await.refused(401, "PASSKEY_REFUSED");
}

#[tokio::test]
async fn a_counter_that_falls_back_shows_a_copy() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut key = Authenticator::security_key(ORIGIN);
    elevate(&dewi).await;
    make(&dewi, &mut key).await;
    let mut copy = key.clone();
    sign_in(&world.anon(), &mut key).await.ok(200);
    sign_in(&world.anon(), &mut key).await.ok(200);
    sign_in(&world.anon(), &mut copy).await.refused(401, "PASSKEY_REFUSED");
    copy.counts = false;
    copy.keys[0].counter = 0;
    sign_in(&world.anon(), &mut copy).await.refused(401, "PASSKEY_REFUSED");
    sign_in(&world.anon(), &mut key).await.ok(200);
}

#[tokio::test]
async fn a_challenge_is_answered_once() {
    let world = World::new().await;
    let (_, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let anon = world.anon();
    let begun = anon.post(BEGIN, json!({})).await.ok(200);
    let credential = authenticator.get(&begun["options"]);
    finish(&anon, &begun, credential.clone()).await.ok(200);
    finish(&anon, &begun, credential.clone()).await.refused(400, "PASSKEY_EXPIRED");
    // Nor does an old answer fit a new challenge.
    let next = anon.post(BEGIN, json!({})).await.ok(200);
    finish(&anon, &next, credential).await.refused(401, "PASSKEY_REFUSED");
    // One that failed is used up as well.
    let begun = anon.post(BEGIN, json!({})).await.ok(200);
    let good = authenticator.get(&begun["options"]);
    finish(&anon, &begun, tampered(good.clone(), "signature")).await.refused(401, "PASSKEY_REFUSED");
    finish(&anon, &begun, good).await.refused(400, "PASSKEY_EXPIRED");
}

#[tokio::test]
async fn of_racing_answers_to_one_challenge_one_signs_in() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let (_, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let anon = world.anon();
    let begun = anon.post(BEGIN, json!({})).await.ok(200);
    let credential = authenticator.get(&begun["options"]);
    let answers = futures::future::join_all((0..8).map(|_| finish(&anon, &begun, credential.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_challenge_lasts_five_minutes() {
    let world = World::new().await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let anon = world.anon();
    for (seconds, expected) in [(299, 200), (300, 400)] {
        let begun = anon.post(BEGIN, json!({})).await.ok(200);
        world.pass_secs(seconds);
        let answer = finish(&anon, &begun, authenticator.get(&begun["options"])).await;
        assert_eq!(answer.status, expected, "{seconds}: {answer:?}");
    }
    let dewi = dewi.again().await;
    elevate(&dewi).await;
    let begun = dewi.post(MAKE_BEGIN, json!({})).await.ok(200);
    world.pass_secs(300);
    let body = json!({"session_id": begun["session_id"], "credential": authenticator.create(&begun["options"])});
    dewi.post(MAKE_FINISH, body).await.refused(400, "PASSKEY_EXPIRED");
}

#[tokio::test]
async fn a_challenge_is_good_for_one_purpose_and_one_session() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let (bima, mut others) = with_passkey(&world, "bima").await;
    let sudo = async |client: &Client| client.ask(Method::POST, "/api/auth/sudo/passkey/begin").send().await.ok(200);
    let confirm = |begun: &Value, credential: Value| json!({"passkey": {"session_id": begun["session_id"], "credential": credential}});

    let for_login = dewi.post(BEGIN, json!({})).await.ok(200);
    dewi.post("/api/auth/sudo", confirm(&for_login, authenticator.get(&for_login["options"]))).await.refused(400, "PASSKEY_EXPIRED");
    let for_sudo = sudo(&dewi).await;
    finish(&dewi, &for_sudo, authenticator.get(&for_sudo["options"])).await.refused(400, "PASSKEY_EXPIRED");
    // Bima's passkey does not confirm what Dewi began, even when he answers her challenge.
    let begun = sudo(&dewi).await;
    let mut open = begun["options"].clone();
    open["publicKey"]["allowCredentials"] = json!([]);
    dewi.post("/api/auth/sudo", confirm(&begun, others.get(&open))).await.refused(401, "PASSKEY_REFUSED");
    // What Dewi began to make is not added to Bima's account.
    let begun = dewi.post(MAKE_BEGIN, json!({})).await.ok(200);
    let body = json!({"session_id": begun["session_id"], "credential": authenticator.create(&begun["options"])});
    bima.post(MAKE_FINISH, body.clone()).await.refused(400, "PASSKEY_EXPIRED");
    dewi.post(MAKE_FINISH, body).await.refused(400, "PASSKEY_EXPIRED");
}

#[tokio::test]
async fn a_credential_is_one_accounts() {
    let world = World::new().await;
    let (dewi, authenticator) = with_passkey(&world, "dewi_l").await;
    let bima = world.user("bima").await;
    elevate(&bima).await;
    for (client, status, code) in [(&bima, 409, "PASSKEY_TAKEN"), (&dewi, 400, "PASSKEY_INVALID")] {
        let begun = client.post(MAKE_BEGIN, json!({})).await.ok(200);
        let mut clone = Authenticator { keys: vec![], ..authenticator.clone() };
        let made = clone.create_as(&begun["options"], &authenticator.keys[0].id);
        let body = json!({"session_id": begun["session_id"], "credential": made});
        client.post(MAKE_FINISH, body).await.refused(status, code);
    }
}

/// What an observer can compare of the answer to a check.
fn shape(answer: &crate::client::Answer) -> (u16, Vec<String>, Value) {
    let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    let mut body = answer.json();
    assert!(body["session_id"].take().is_string());
    let options = &mut body["options"]["publicKey"];
    assert!(options["challenge"].take().is_string());
    let ids = options["allowCredentials"].take();
    let ids = ids.as_array().unwrap();
    assert!(!ids.is_empty() && ids.len() <= 3);
    for id in ids {
        assert_eq!(id.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "type"]);
    }
    (answer.status, headers, body)
}

#[tokio::test]
async fn asking_about_an_address_tells_nothing() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let (_, mut authenticator) = with_passkey(&world, "dewi_l").await;
    world.user("bima").await;
    let (_, mut attacker) = with_passkey(&world, "penyerang").await;
    let anon = world.anon();
    let mut shapes = vec![];
    for name in ["dewi_l", "bima", "nobody"] {
        let check = async || anon.post("/api/auth/passkeys/check", json!({"email": email_of(name)})).await;
        let (first, second) = (check().await, check().await);
        let ids = |answer: &crate::client::Answer| answer.json()["options"]["publicKey"]["allowCredentials"].clone();
        assert_eq!(ids(&first), ids(&second), "{name}: decoys stay the same");
        shapes.push(shape(&first));
        // Somebody else's passkey is refused in the same way, whether or not there is an account.
        let mut open = second.json()["options"].clone();
        open["publicKey"]["allowCredentials"] = json!([]);
        finish(&anon, &second.json(), attacker.get(&open)).await.refused(401, "PASSKEY_REFUSED");
    }
    assert!(shapes[0] == shapes[1] && shapes[1] == shapes[2], "{shapes:?}");
    let begun = anon.post("/api/auth/passkeys/check", json!({"email": "DEWI_L@contoh.id"})).await.ok(200);
    authenticator.tells_handle = false;
    finish(&anon, &begun, authenticator.get(&begun["options"])).await.ok(200);
}

#[tokio::test]
async fn bodies_that_are_none() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let (dewi, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let begun = dewi.post(BEGIN, json!({})).await.ok(200);
    let good = authenticator.get(&begun["options"]);
    for finish in ["/api/auth/passkeys/login/finish", MAKE_FINISH] {
        assert_eq!(dewi.post(finish, json!({})).await.bad_fields(), ["session_id: required", "credential: required"]);
        let bad = json!({"session_id": "a b", "credential": 5, "more": 1});
        assert_eq!(dewi.post(finish, bad).await.bad_fields().len(), 3, "{finish}");
        let empty = json!({"session_id": "", "credential": good});
        assert_eq!(dewi.post(finish, empty).await.bad_fields(), ["session_id: required"]);
        let unknown = json!({"session_id": "pk_unknown", "credential": good});
        dewi.post(finish, unknown).await.refused(400, "PASSKEY_EXPIRED");
    }
    // The browser's own JSON may hold anything more, but not less.
    for (member, value) in [("rawId", json!("**")), ("rawId", json!(5)), ("response", json!({})), ("id", Value::Null)] {
        let begun = dewi.post(BEGIN, json!({})).await.ok(200);
        let mut bad = authenticator.get(&begun["options"]);
        bad[member] = value;
        assert_eq!(finish(&dewi, &begun, bad).await.bad_fields(), ["credential: malformed"], "{member}");
    }
    let begun = dewi.post(MAKE_BEGIN, json!({})).await.ok(200);
    let mut bad = authenticator.create(&begun["options"]);
    bad["response"]["attestationObject"] = json!(fold(b"no CBOR"));
    let body = json!({"session_id": begun["session_id"], "credential": bad});
    dewi.post(MAKE_FINISH, body).await.refused(400, "PASSKEY_INVALID");

    assert_eq!(dewi.post(BEGIN, json!({"mediation": "silent"})).await.bad_fields(), ["mediation: unknown_value"]);
    assert_eq!(dewi.post(MAKE_BEGIN, json!({"mediation": "x", "y": 1})).await.bad_fields().len(), 2);
    assert_eq!(dewi.post("/api/auth/passkeys/check", json!({"email": "no"})).await.bad_fields(), ["email: malformed"]);
    let name = "/api/auth/passkeys/1/name";
    for (bad, problem) in [(String::new(), "required"), ("x".repeat(61), "too_long"), ("a\u{202e}b".into(), "bad_characters")] {
        assert_eq!(dewi.put(name, json!({"name": bad})).await.bad_fields(), [format!("name: {problem}")]);
    }
    for id in ["x", "0", "99999999999999999999"] {
        dewi.delete(&format!("/api/auth/passkeys/{id}")).await.refused(404, "NOT_FOUND");
    }
    dewi.post("/api/auth/sudo", json!({"passkey": {"session_id": "pk_1"}})).await.refused(400, "VALIDATION");
}

#[tokio::test]
async fn guessing_is_limited() {
    let world = World::new().await;
    let (_, mut authenticator) = with_passkey(&world, "dewi_l").await;
    let mut wrong = Authenticator { verified: false, ..authenticator.clone() };
    for _ in 0..5 {
        sign_in(&world.anon(), &mut wrong).await.refused(401, "PASSKEY_REFUSED");
    }
    sign_in(&world.anon(), &mut authenticator).await.refused(429, "RATE_LIMITED");
    world.pass_secs(15 * 60);
    sign_in(&world.anon(), &mut authenticator).await.ok(200);
    let anon = world.anon();
    for number in 0..10 {
        anon.post("/api/auth/passkeys/check", json!({"email": format!("orang{number}@contoh.id")})).await.ok(200);
    }
    anon.post("/api/auth/passkeys/check", json!({"email": "lain@contoh.id"})).await.refused(429, "RATE_LIMITED");
}
