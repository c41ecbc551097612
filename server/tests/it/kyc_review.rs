//! Reviewing identity documents.

use crate::{
    client::Client,
    harness::{DAY, World},
    kyc::{DOCUMENTS, KYC, VERIFY, submit, submit_both},
    upload::{jpeg, pdf, png},
};
use aivalid_model::kyc::KycLevel;
use serde_json::{Value, json};

const QUEUE: &str = "/api/v1/admin/kyc";

/// An administrator who has just proved who they are.
async fn reviewer(world: &World, name: &str) -> Client {
    let admin = world.admin(name).await;
    admin.elevate().await;
    admin
}

fn decide(id: i64, how: &str) -> String {
    format!("{QUEUE}/{id}/{how}")
}

async fn level(client: &Client) -> (Value, Value) {
    let kyc = client.get(KYC).await.ok(200);
    (kyc["kyc_status"].clone(), kyc["kyc_level"].clone())
}

#[tokio::test]
async fn a_submission_is_approved() {
    let world = World::new().await;
    let (dewi, rina) = (world.user("dewi_l").await, reviewer(&world, "rina_admin").await);
    let id = submit_both(&dewi).await;
    let queue = rina.get(QUEUE).await.ok(200);
    assert_eq!((&queue["pagination"]["total"], &queue["data"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!((&queue["data"][0]["user"]["username"], &queue["data"][0]["decidedBy"]), (&json!("dewi_l"), &Value::Null));
    let approved = rina.post(&decide(id, "approve"), json!({"level": 1})).await.ok(200)["data"].clone();
    assert_eq!(
        (&approved["status"], &approved["level"], &approved["decidedBy"]["username"]),
        (&json!("approved"), &json!(1), &json!("rina_admin"))
    );
    assert_eq!(level(&dewi).await, (json!("approved"), json!(1)));
    assert_eq!(rina.get(QUEUE).await.ok(200)["data"], json!([]));
    assert_eq!(rina.get(&format!("{QUEUE}?status=approved")).await.ok(200)["data"][0]["id"], id);
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert!(mails.len() == 1 && mails[0].body.contains("tingkat 1") && mails[0].body.contains("/account/kyc"), "{mails:?}");
}

#[tokio::test]
async fn a_submission_is_rejected_and_another_may_follow() {
    let world = World::new().await;
    let (dewi, rina) = (world.user("dewi_l").await, reviewer(&world, "rina_admin").await);
    let first = submit_both(&dewi).await;
    let reason = "Foto KTP tidak terbaca; mohon foto ulang di tempat terang.";
    rina.post(&decide(first, "reject"), json!({"reason": reason})).await.ok(200);
    assert_eq!(level(&dewi).await, (json!("rejected"), json!(0)));
    assert_eq!(dewi.get(KYC).await.ok(200)["submissions"][0]["reason"], reason);
    assert!(world.mails_to("dewi_l@contoh.id").await[0].body.contains(reason));
    let second = submit_both(&dewi).await;
    assert_ne!(first, second);
    rina.post(&decide(second, "approve"), json!({"level": 1})).await.ok(200);
    assert_eq!(level(&dewi).await, (json!("approved"), json!(1)));
}

#[tokio::test]
async fn higher_levels_rest_on_more_documents() {
    let world = World::new().await;
    let (dewi, rina) = (world.user("dewi_l").await, reviewer(&world, "rina_admin").await);
    let first = submit_both(&dewi).await;
    let missing = rina.post(&decide(first, "approve"), json!({"level": 2})).await.refused(409, "KYC_DOCUMENTS_MISSING");
    assert_eq!(missing, json!({"missing": ["proof_of_address"]}));
    rina.post(&decide(first, "approve"), json!({"level": 1})).await.ok(200);
    dewi.post(VERIFY, json!({})).await.refused(409, "KYC_DOCUMENTS_MISSING");
    dewi.upload(DOCUMENTS, &[("proof_of_address", Some("a.pdf"), &pdf("tagihan"))]).await.ok(201);
    let second = submit(&dewi).await;
    assert_eq!(level(&dewi).await, (json!("pending"), json!(1)), "what was reached stays");
    rina.post(&decide(second, "approve"), json!({"level": 2})).await.ok(200);
    let reached = dewi.get(KYC).await.ok(200);
    assert_eq!((&reached["kyc_level"], &reached["daily_limit"]), (&json!(2), &json!(50_000_000)));
    // A level is never lowered by approving more documents.
    dewi.upload(DOCUMENTS, &[("selfie", Some("a.png"), &png("baru"))]).await.ok(201);
    let third = submit(&dewi).await;
    assert_eq!(rina.post(&decide(third, "approve"), json!({"level": 1})).await.bad_fields(), ["level: out_of_range"]);
    rina.post(&decide(third, "approve"), json!({"level": 3})).await.ok(200);
    let reached = dewi.get(KYC).await.ok(200);
    assert_eq!((&reached["kyc_level"], &reached["daily_limit"]), (&json!(3), &Value::Null));
}

#[tokio::test]
async fn reviewers_need_the_permission_and_an_elevated_session() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let id = submit_both(&dewi).await;
    let document = dewi.get(KYC).await.ok(200)["submissions"][0]["documents"][0]["id"].as_i64().unwrap();
    let file = format!("{QUEUE}/{id}/documents/{document}");
    let (moderator, admin) = (world.moderator("budi_mod").await, world.admin("rina_admin").await);
    moderator.elevate().await;
    for (client, status, code) in
        [(&world.anon(), 401, "UNAUTHENTICATED"), (&dewi, 403, "FORBIDDEN"), (&moderator, 403, "FORBIDDEN"), (&admin, 403, "SUDO_REQUIRED")]
    {
        client.get(QUEUE).await.refused(status, code);
        client.get(&file).await.refused(status, code);
        client.post(&decide(id, "approve"), json!({"level": 1})).await.refused(status, code);
        client.post(&decide(id, "reject"), json!({"reason": "Tidak terbaca sama sekali."})).await.refused(status, code);
    }
    admin.elevate().await;
    assert_eq!(admin.get(&file).await.status, 200);
    world.pass_secs(10 * 60);
    admin.get(&file).await.refused(403, "SUDO_REQUIRED");
    assert_eq!(level(&dewi).await, (json!("pending"), json!(0)));
}

#[tokio::test]
async fn nobody_reviews_their_own() {
    let world = World::new().await;
    let rina = reviewer(&world, "rina_admin").await;
    let id = submit_both(&rina).await;
    rina.post(&decide(id, "approve"), json!({"level": 1})).await.refused(403, "KYC_OWN");
    rina.post(&decide(id, "reject"), json!({"reason": "Saya sendiri menolaknya."})).await.refused(403, "KYC_OWN");
    assert_eq!(level(&rina).await, (json!("pending"), json!(0)));
    let page = rina.in_browser().await;
    page.elevate().await;
    assert!(page.get(&format!("/admin/kyc/{id}")).await.page(200).contains("Ini dokumen Anda sendiri"));
    let posted = page.ask(axum::http::Method::POST, &format!("/admin/kyc/{id}")).form("decision=1").send().await;
    assert_eq!(posted.status, 403, "{posted:?}");
}

#[tokio::test]
async fn of_racing_reviewers_one_decides() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    let reviewers = [reviewer(&world, "rina_a").await, reviewer(&world, "budi_a").await];
    for _ in 0..4 {
        let id = submit_both(&dewi).await;
        let before = world.mails_to("dewi_l@contoh.id").await.len();
        let deeds = (0..8).map(|number| {
            let client = &reviewers[number % 2];
            let (how, body) = if number % 3 == 0 {
                ("reject", json!({"reason": "Tidak terbaca sama sekali."}))
            } else {
                ("approve", json!({"level": 1}))
            };
            async move { client.post(&decide(id, how), body).await }
        });
        let answers = futures::future::join_all(deeds).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refused(409, "KYC_DECIDED");
        }
        assert_eq!(world.mails_to("dewi_l@contoh.id").await.len(), before + 1, "one decision, one mail");
        let kyc = dewi.get(KYC).await.ok(200);
        let decided = kyc["submissions"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
        assert_eq!(kyc["kyc_status"], decided["status"]);
    }
}

#[tokio::test]
async fn bad_decisions() {
    let world = World::new().await;
    let (dewi, rina) = (world.user("dewi_l").await, reviewer(&world, "rina_admin").await);
    let id = submit_both(&dewi).await;
    for (body, bad) in [
        (json!({}), "level: required"),
        (json!({"level": 0}), "level: out_of_range"),
        (json!({"level": 4}), "level: out_of_range"),
        (json!({"level": -1}), "level: out_of_range"),
        (json!({"level": "2"}), "level: wrong_type"),
        (json!({"level": 1, "user": 5}), "user: unknown_field"),
    ] {
        assert_eq!(rina.post(&decide(id, "approve"), body).await.bad_fields(), [bad]);
    }
    for (reason, bad) in [
        ("", "required"),
        ("pendek", "too_short"),
        (&"x".repeat(501), "too_long"),
        ("\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "bad_characters"),
    ] {
        assert_eq!(rina.post(&decide(id, "reject"), json!({"reason": reason})).await.bad_fields(), [format!("reason: {bad}")]);
    }
    for unknown in ["1", "0", "-1", "x", "9223372036854775808", "%00"] {
        for how in ["approve", "reject"] {
            let body = if how == "approve" { json!({"level": 1}) } else { json!({"reason": "Tidak terbaca sama sekali."}) };
            rina.post(&format!("{QUEUE}/{unknown}/{how}"), body).await.refused(404, "NOT_FOUND");
        }
    }
    assert_eq!(rina.get(&format!("{QUEUE}?status=nonsense")).await.status, 400);
    assert_eq!(rina.get(&format!("{QUEUE}?status=none")).await.ok(200)["data"], json!([]));
    assert_eq!(level(&dewi).await, (json!("pending"), json!(0)));
}

#[tokio::test]
async fn a_document_is_shown_to_reviewers_and_does_nothing_else() {
    let world = World::new().await;
    let (dewi, bima, rina) = (world.user("dewi_l").await, world.user("bima").await, reviewer(&world, "rina_admin").await);
    // Each is a picture or PDF at its beginning and something else as well.
    let script = "<html><script>alert(document.cookie)</script>";
    let (card, face, bill) = (jpeg(script), png(script), pdf(&format!("{script}PK\u{3}\u{4}")));
    let parts = [("identity_card", Some("a"), &card[..]), ("selfie", Some("b"), &face), ("proof_of_address", Some("c"), &bill)];
    dewi.upload(DOCUMENTS, &parts).await.ok(201);
    let submission = dewi.post(VERIFY, json!({})).await.ok(200)["submissions"][0].clone();
    let id = submission["id"].as_i64().unwrap();
    let others = submit_both(&bima).await;
    for ((document, content), (kind, how, name)) in submission["documents"].as_array().unwrap().iter().zip([&card, &face, &bill]).zip([
        ("image/jpeg", "inline", "identity_card"),
        ("image/png", "inline", "selfie"),
        ("application/pdf", "attachment", "proof_of_address"),
    ]) {
        let path = format!("{QUEUE}/{id}/documents/{}", document["id"]);
        let answer = rina.get(&path).await;
        assert_eq!((answer.status, &answer.body), (200, content));
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), (kind, "no-store, private"));
        assert_eq!((answer.header("x-content-type-options"), answer.header("x-frame-options")), ("nosniff", "DENY"));
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; sandbox;") && !policy.contains("script"), "{policy}");
        assert!(answer.header("content-disposition").starts_with(&format!("{how}; filename=\"{name}-{id}.")), "{answer:?}");
        assert_eq!(answer.header("content-length"), content.len().to_string());
        for wrong in [
            format!("{QUEUE}/{others}/documents/{}", document["id"]),
            format!("{QUEUE}/{id}/documents/5"),
            format!("{QUEUE}/{id}/documents/x"),
        ] {
            rina.get(&wrong).await.refused(404, "NOT_FOUND");
        }
        dewi.get(&path).await.refused(403, "FORBIDDEN");
    }
}

#[tokio::test]
async fn every_look_and_every_decision_is_on_record() {
    let world = World::new().await;
    let (dewi, rina) = (world.user("dewi_l").await, reviewer(&world, "rina_admin").await);
    let id = submit_both(&dewi).await;
    let document = dewi.get(KYC).await.ok(200)["submissions"][0]["documents"][0]["id"].as_i64().unwrap();
    rina.get(&format!("{QUEUE}/{id}/documents/{document}")).await;
    rina.get(&format!("{QUEUE}/{id}/documents/{document}")).await;
    dewi.get(&format!("{QUEUE}/{id}/documents/{document}")).await;
    rina.post(&decide(id, "approve"), json!({"level": 1})).await.ok(200);
    let about = world.audit_about(dewi.id).await;
    let kyc: Vec<(String, i64)> = about.into_iter().filter(|(event, _)| event.starts_with("kyc.")).collect();
    let of = |event: &str, by: i64| (event.to_owned(), by);
    let opened = of("kyc.document_opened", rina.id);
    assert_eq!(kyc, [of("kyc.submitted", dewi.id), opened.clone(), opened, of("kyc.approved", rina.id)]);
}

#[tokio::test]
async fn the_next_request_knows_the_new_level() {
    let world = World::new().await;
    let (dewi, rina) = (world.user("dewi_l").await, reviewer(&world, "rina_admin").await);
    let id = submit_both(&dewi).await;
    let seen = async || {
        let caller = aivalid_service::Caller::guest();
        world.app.service.authenticate(&caller, dewi.token.as_ref().unwrap()).await.unwrap().unwrap()
    };
    let guarded = |user| aivalid_service::Caller { user: Some(user), ..aivalid_service::Caller::guest() };
    let refused = guarded(seen().await).require_kyc(KycLevel::ONE).unwrap_err();
    assert_eq!((refused.code(), refused.status(), refused.details()), ("KYC_REQUIRED", 403, json!({"required": 1, "level": 0})));
    rina.post(&decide(id, "approve"), json!({"level": 1})).await.ok(200);
    let caller = guarded(seen().await);
    assert!(caller.require_kyc(KycLevel::ONE).is_ok() && caller.require_kyc(KycLevel::TWO).is_err());
    assert!(aivalid_service::Caller::guest().require_kyc(KycLevel::NONE).is_err(), "nobody has no level");
}

#[tokio::test]
async fn documents_go_when_their_time_is_over() {
    let world = World::with(&[("KYC_KEEP_APPROVED_DAYS", "200")]).await;
    let (dewi, bima, rina) = (world.user("dewi_l").await, world.user("bima").await, reviewer(&world, "rina_admin").await);
    let (no, yes) = (submit_both(&dewi).await, submit_both(&bima).await);
    rina.post(&decide(no, "reject"), json!({"reason": "Tidak terbaca sama sekali."})).await.ok(200);
    rina.post(&decide(yes, "approve"), json!({"level": 1})).await.ok(200);
    world.pass_secs(90 * DAY);
    assert_eq!(world.app.service.expire_documents().await.unwrap(), 0);
    world.pass_secs(1);
    assert_eq!(world.app.service.expire_documents().await.unwrap(), 2);
    assert_eq!(world.app.service.sweep_files().await.unwrap(), 2);
    assert_eq!(world.content_files("kyc"), 2);
    let rina = rina.again().await;
    rina.elevate().await;
    let gone = rina.get(&format!("{QUEUE}?status=rejected")).await.ok(200)["data"][0].clone();
    assert!(gone["documents"][0]["deletedAt"].is_string() && gone["documents"][0]["sha256"].is_string());
    rina.get(&format!("{QUEUE}/{no}/documents/{}", gone["documents"][0]["id"])).await.refused(410, "KYC_DOCUMENT_GONE");
    world.pass_secs(110 * DAY);
    assert_eq!(world.app.service.expire_documents().await.unwrap(), 2);
    assert_eq!(level(&bima.again().await).await, (json!("approved"), json!(1)), "the level outlives the documents");
}

#[tokio::test]
async fn the_queue_is_worked_through_in_pages() {
    let world = World::new().await;
    let (dewi, bima, rina) = (world.user("dewi_l").await, world.user("bima").await, world.admin("rina_admin").await);
    let first = submit_both(&dewi).await;
    world.pass_secs(60);
    let second = submit_both(&bima).await;
    let browser = rina.in_browser().await;
    let away = browser.get(&format!("/admin/kyc/{first}")).await;
    assert!(away.status == 303 && away.header("location").starts_with("/account/sudo?next=/admin/kyc/"), "{away:?}");
    browser.elevate().await;
    let queue = browser.get("/admin/kyc").await;
    let at = |path: String| queue.page(200).find(&path).unwrap();
    assert!(at(format!("/admin/kyc/{first}\"")) < at(format!("/admin/kyc/{second}\"")), "the oldest first");
    let page = browser.get(&format!("/admin/kyc/{first}")).await;
    assert!(page.page(200).contains("value=\"1\"") && !page.text().contains("value=\"2\""), "only what the documents are enough for");
    let post = async |id: i64, form: &str| browser.ask(axum::http::Method::POST, &format!("/admin/kyc/{id}")).form(form).send().await;
    assert!(post(first, "reason=").await.page(422).contains("Wajib diisi."));
    assert!(post(first, "decision=reject&reason=pendek").await.page(422).contains("Paling sedikit 10 karakter."));
    assert!(post(first, "decision=9").await.status == 422 && post(first, "decision=2").await.status == 409);
    let done = post(first, "decision=reject&reason=Foto+KTP+tidak+terbaca.").await;
    assert_eq!((done.status, done.header("location")), (303, format!("/admin/kyc/{second}").as_str()), "the next one follows");
    let done = post(second, "decision=1").await;
    assert_eq!((done.status, done.header("location")), (303, "/admin/kyc"));
    assert!(post(second, "decision=1").await.status == 409);
    assert!(browser.get("/admin/kyc").await.page(200).contains("Tidak ada dokumen di sini"));
    assert!(browser.get("/admin/kyc?status=rejected&lang=en").await.page(200).contains("by rina_admin"));
    assert!(browser.get(&format!("/admin/kyc/{first}")).await.page(200).contains("Foto KTP tidak terbaca."));
    browser.get("/admin/kyc/5").await.page(404);
    browser.get("/admin/kyc/x").await.page(404);
    dewi.in_browser().await.get("/admin/kyc").await.page(403);
}
