//! What is refused of signed requests, and that what is accepted is accepted once.

use crate::{
    client::Answer,
    harness::World,
    signer::{Draft, Signer, keys, now, send, with_key},
};
use aivalid_service::pqc::{KEY_ID, SIGNATURE, TIMESTAMP};
use axum::http::Method;
use serde_json::json;

/// A signed request of somebody with a key, the answer to which is 200.
async fn begun(world: &World) -> (crate::client::Client, Signer, Draft) {
    let (dewi, signer) = with_key(world, "dewi_l").await;
    let draft = Draft::post(world, &signer.check(&dewi), &json!({}));
    (dewi, signer, draft)
}

#[tokio::test]
async fn an_account_without_a_key_is_told_where_to_make_one() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let signer = Signer::new();
    let draft = Draft::post(&world, &signer.check(&dewi), &json!({}));
    for answer in [signer.send(&dewi, &draft).await, send(&dewi, &draft, &[]).await] {
        let details = answer.refused(403, "PQC_KEY_REQUIRED");
        assert_eq!(details, json!({"page": "/account/pqc", "endpoint": "POST /api/v1/users/{userId}/pqc-keys"}));
    }
    signer.send(&world.anon(), &draft).await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_request_without_a_signature_is_refused() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    send(&dewi, &draft, &[]).await.refused(403, "PQC_SIGNATURE_REQUIRED");
    signer.send(&dewi, &draft).await.ok(200);
}

#[tokio::test]
async fn anothers_key_signs_nothing() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let (budi, theirs) = with_key(&world, "budi_s").await;
    theirs.send(&dewi, &draft).await.refused(403, "PQC_KEY_UNKNOWN");
    Signer::new().send(&dewi, &draft).await.refused(403, "PQC_KEY_UNKNOWN");
    // Signed by its owner for their own path, sent by somebody else.
    signer.send(&budi, &draft).await.refused(403, "PQC_KEY_UNKNOWN");
    // One's own key on another's path.
    theirs.send(&budi, &draft).await.refused(404, "NOT_FOUND");
    // One's own key, said to be another one of one's own.
    let second = Signer::new();
    second.register(&world, &dewi, "Ponsel").await.ok(201);
    second.send(&dewi, &draft).await.refused(404, "NOT_FOUND");
    let mut headers = second.headers(&draft, 1);
    headers[0].1 = signer.id();
    send(&dewi, &draft, &headers).await.refused(403, "PQC_SIGNATURE_INVALID");
    signer.send(&dewi, &draft).await.ok(200);
}

#[tokio::test]
async fn a_removed_key_signs_nothing() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let spare = Signer::new();
    spare.register(&world, &dewi, "Cadangan").await.ok(201);
    dewi.delete(&format!("{}/{}", keys(&dewi), signer.id())).await.ok(200);
    signer.send(&dewi, &draft).await.refused(403, "PQC_KEY_UNKNOWN");
    dewi.delete(&format!("{}/{}", keys(&dewi), spare.id())).await.ok(200);
    signer.send(&dewi, &draft).await.refused(403, "PQC_KEY_REQUIRED");
}

#[tokio::test]
async fn a_signature_fits_no_other_request() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let draft = Draft { idempotency_key: "kunci-0001".into(), ..draft };
    let others = [
        Draft { method: Method::PUT, ..draft.clone() },
        Draft { path: format!("{}?", draft.path), ..draft.clone() },
        Draft { path: format!("{}?x=1", draft.path), ..draft.clone() },
        Draft { path: draft.path.replace("pqc-keys", "%70qc-keys"), ..draft.clone() },
        Draft { path: keys(&dewi), ..draft.clone() },
        Draft { at: draft.at + 1, ..draft.clone() },
        Draft { at: draft.at - 1, ..draft.clone() },
        Draft { idempotency_key: String::new(), ..draft.clone() },
        Draft { idempotency_key: "kunci-0002".into(), ..draft.clone() },
        Draft { body: b"{ }".to_vec(), ..draft.clone() },
        Draft { body: b"{}\n".to_vec(), ..draft.clone() },
    ];
    for (turn, other) in (1..).zip(others) {
        let headers = signer.headers(&other, turn);
        if other.at == draft.at {
            send(&dewi, &draft, &headers).await.refused(403, "PQC_SIGNATURE_INVALID");
        }
        // The timestamp of the header is the one that counts.
        let moved = [headers[0].clone(), (TIMESTAMP, draft.at.to_string()), headers[2].clone()];
        send(&dewi, &draft, &moved).await.refused(403, "PQC_SIGNATURE_INVALID");
    }
    // What was only refused used nothing up.
    let answer = signer.send(&dewi, &draft).await.ok(200);
    assert!(answer["data"]["signedText"].as_str().unwrap().contains("\nkunci-0001\n"));
}

#[tokio::test]
async fn the_query_is_signed() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let asked = Draft { path: format!("{}?lang=en&a=%C3%A9", draft.path), ..draft.clone() };
    send(&dewi, &asked, &signer.headers(&draft, 0)).await.refused(403, "PQC_SIGNATURE_INVALID");
    let text = signer.send(&dewi, &asked).await.ok(200)["data"]["signedText"].clone();
    assert!(text.as_str().unwrap().starts_with(&format!("POST\n{}\n", asked.path)), "{text}");
}

#[tokio::test]
async fn a_signature_is_good_for_five_minutes_either_way() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    for (turn, at) in (0..).zip([draft.at - 300, draft.at + 300]) {
        let draft = Draft { at, ..draft.clone() };
        send(&dewi, &draft, &signer.headers(&draft, turn)).await.ok(200);
    }
    for at in [0, draft.at - 301, draft.at + 301, 99_999_999_999] {
        signer.send(&dewi, &Draft { at, ..draft.clone() }).await.refused(403, "PQC_TIMESTAMP_SKEWED");
    }
    let late = signer.headers(&draft, 9);
    world.pass_secs(300);
    send(&dewi, &draft, &late).await.ok(200);
    let later = signer.headers(&draft, 10);
    world.pass_secs(1);
    send(&dewi, &draft, &later).await.refused(403, "PQC_TIMESTAMP_SKEWED");
}

#[tokio::test]
async fn a_signature_is_accepted_once() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let headers = signer.headers(&draft, 0);
    send(&dewi, &draft, &headers).await.ok(200);
    let used = dewi.get(&keys(&dewi)).await.ok(200)["data"][0]["lastUsedAt"].clone();
    world.pass_secs(120);
    send(&dewi, &draft, &headers).await.refused(403, "PQC_REPLAYED");
    assert_eq!(dewi.get(&keys(&dewi)).await.ok(200)["data"][0]["lastUsedAt"], used, "a replay is no use");
    // Also where memory was swept meanwhile, for as long as the time would let it pass.
    world.app.service.sweep_signatures().await.unwrap();
    send(&dewi, &draft, &headers).await.refused(403, "PQC_REPLAYED");
    // The same request signed anew is another signature.
    send(&dewi, &draft, &signer.headers(&draft, 1)).await.ok(200);

    let early = Draft { at: now(&world) + 300, ..draft.clone() };
    let headers = signer.headers(&early, 2);
    send(&dewi, &early, &headers).await.ok(200);
    for step in [300, 299] {
        world.pass_secs(step);
        world.app.service.sweep_signatures().await.unwrap();
        send(&dewi, &early, &headers).await.refused(403, "PQC_REPLAYED");
    }
    world.pass_secs(2);
    send(&dewi, &early, &headers).await.refused(403, "PQC_TIMESTAMP_SKEWED");
    world.pass_secs(300);
    assert_eq!(world.app.service.sweep_signatures().await.unwrap(), 1);
}

#[tokio::test]
async fn of_two_at_once_one_wins() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    for round in 0..3 {
        let headers = signer.headers(&draft, round);
        let racers = (0..4).map(|_| {
            let (dewi, draft, headers) = (dewi.clone(), draft.clone(), headers.clone());
            tokio::spawn(async move { send(&dewi, &draft, &headers).await })
        });
        let answers: Vec<Answer> = futures::future::join_all(racers).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
        for loser in answers.iter().filter(|answer| answer.status != 200) {
            loser.refused(403, "PQC_REPLAYED");
        }
    }
}

#[tokio::test]
async fn another_instance_refuses_the_replay_too() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let headers = signer.headers(&draft, 0);
    send(&dewi, &draft, &headers).await.ok(200);
    // The same folder, so the same database and secrets; caches of its own, as after a restart or a flush.
    let beside = World::beside(&world, &[("DATA_DIR", world.data_dir().to_str().unwrap())]).await;
    let there = beside.anon().with_token(dewi.token.as_deref().unwrap());
    send(&there, &draft, &headers).await.refused(403, "PQC_REPLAYED");
    send(&there, &draft, &signer.headers(&draft, 1)).await.ok(200);
}

#[tokio::test]
async fn junk_in_the_headers_is_named_as_such() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let good = signer.headers(&draft, 0);
    let signature = &good[2].1;
    let cases: Vec<(usize, String)> = [
        (0, vec![String::new(), "x".into(), "0".repeat(63), "0".repeat(65), good[0].1.to_uppercase(), "0".repeat(100_000)]),
        (
            1,
            vec![String::new(), "x".into(), "-1".into(), "+1".into(), "01".into(), format!("{}.0", draft.at), "9".repeat(40), "1 2".into()],
        ),
        (2, vec![String::new(), "x".into(), signature[1..].into(), format!("{signature}="), "A".repeat(4413)]),
    ]
    .into_iter()
    .flat_map(|(place, values)| values.into_iter().map(move |value| (place, value)))
    .collect();
    for (place, value) in cases {
        let mut headers = good.clone();
        headers[place].1 = value.clone();
        let shown: String = value.chars().take(20).collect();
        let answer = send(&dewi, &draft, &headers).await;
        assert_eq!(answer.refused(400, "PQC_SIGNATURE_MALFORMED"), serde_json::Value::Null, "{place} {shown}");
    }
    for left_out in 0..3 {
        let mut headers = good.to_vec();
        headers.remove(left_out);
        send(&dewi, &draft, &headers).await.refused(400, "PQC_SIGNATURE_MALFORMED");
    }
    for name in [KEY_ID, TIMESTAMP, SIGNATURE] {
        let twice = dewi.ask(Method::POST, &draft.path).typed("application/json", draft.body.clone());
        let twice = good.iter().fold(twice, |ask, (name, value)| ask.header(name, value));
        let value = &good.iter().find(|(other, _)| *other == name).unwrap().1;
        twice.header(name, value).send().await.refused(400, "PQC_SIGNATURE_MALFORMED");
        let odd = dewi.ask(Method::POST, &draft.path).typed("application/json", draft.body.clone()).header(name, b"\xff\xfe");
        odd.send().await.refused(400, "PQC_SIGNATURE_MALFORMED");
    }
    // The right form, and nobody's signature.
    let mut headers = good.clone();
    headers[2].1 = "A".repeat(4412);
    send(&dewi, &draft, &headers).await.refused(403, "PQC_SIGNATURE_INVALID");
    send(&dewi, &draft, &good).await.ok(200);
}

#[tokio::test]
async fn the_idempotency_key_must_stand_once() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let draft = Draft { idempotency_key: "kunci-0001".into(), ..draft };
    let headers = signer.headers(&draft, 0);
    let ask = || headers.iter().fold(dewi.ask(Method::POST, &draft.path).json(&json!({})), |ask, (name, value)| ask.header(name, value));
    ask().header("idempotency-key", "kunci-0001").header("idempotency-key", "kunci-0002").send().await.refused(400, "BAD_REQUEST");
    ask().header("idempotency-key", "pendek").send().await.refused(400, "BAD_REQUEST");
    let first = ask().header("idempotency-key", "kunci-0001").send().await;
    let again = ask().header("idempotency-key", "kunci-0001").send().await;
    // The kept answer comes before anything is judged: it does nothing.
    assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), "true"));
    first.ok(200);
}

#[tokio::test]
async fn a_body_is_json_of_at_most_a_megabyte() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let large = Draft { body: format!("{{\"x\": \"{}\"}}", "x".repeat(1024 * 1024)).into_bytes(), ..draft.clone() };
    signer.send(&dewi, &large).await.refused(413, "TOO_LARGE");
    let with_key = Draft { idempotency_key: "kunci-0001".into(), ..large };
    signer.send(&dewi, &with_key).await.refused(413, "TOO_LARGE");

    let ask = dewi.ask(Method::POST, &draft.path).typed("text/plain", draft.body.clone());
    let ask = signer.headers(&draft, 1).iter().fold(ask, |ask, (name, value)| ask.header(name, value));
    ask.send().await.refused(415, "UNSUPPORTED_MEDIA_TYPE");

    // Signed as it is, and still nothing that the endpoint takes.
    for (turn, body) in (2..).zip([&b"{"[..], b"\xff", b"[]", b""]) {
        let draft = Draft { body: body.to_vec(), ..draft.clone() };
        assert_eq!(send(&dewi, &draft, &signer.headers(&draft, turn)).await.status, 400, "{body:?}");
    }
    let unknown = Draft { body: br#"{"amount": 5}"#.to_vec(), ..draft.clone() };
    let headers = signer.headers(&unknown, 9);
    assert_eq!(send(&dewi, &unknown, &headers).await.bad_fields(), ["amount: unknown_field"]);
    send(&dewi, &unknown, &headers).await.refused(403, "PQC_REPLAYED");
}

#[tokio::test]
async fn refused_signatures_are_noted_up_to_a_limit() {
    let world = World::new().await;
    let (dewi, signer, draft) = begun(&world).await;
    let other = Draft { at: draft.at + 1, ..draft.clone() };
    let wrong = [signer.headers(&draft, 0)[0].clone(), signer.headers(&draft, 0)[1].clone(), signer.headers(&other, 0)[2].clone()];
    for _ in 0..60 {
        send(&dewi, &draft, &wrong).await.refused(403, "PQC_SIGNATURE_INVALID");
    }
    send(&dewi, &draft, &wrong).await.refused(429, "RATE_LIMITED");
    // What is right goes through all the same.
    signer.send(&dewi, &draft).await.ok(200);
    let refused = world.audit_about(dewi.id).await.into_iter().filter(|(event, actor)| event == "pqc.refused" && *actor == dewi.id).count();
    assert_eq!(refused, 60);
}

#[tokio::test]
async fn signed_requests_of_other_sites_pass_the_preflight() {
    let world = World::with(&[("CORS_ORIGINS", "https://lain.example")]).await;
    let anon = world.anon();
    let preflight = anon.ask(Method::OPTIONS, "/api/v1/users/1/pqc-keys").header("origin", "https://lain.example");
    let preflight = preflight.header("access-control-request-method", "POST").header("access-control-request-headers", KEY_ID).send().await;
    let allowed = preflight.header("access-control-allow-headers").to_ascii_lowercase();
    assert!([KEY_ID, TIMESTAMP, SIGNATURE].iter().all(|name| allowed.contains(name)), "{allowed}");
}
