//! Sending and submitting identity documents.

use crate::{
    client::{Client, claims},
    harness::{DAY, World},
    upload::{Part, jpeg, pdf, png},
};
use axum::http::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const DOCUMENTS: &str = "/api/v1/auth/kyc/documents";
pub const VERIFY: &str = "/api/v1/auth/kyc/verify";
pub const KYC: &str = "/api/v1/auth/kyc";

/// Card and face.
pub async fn send_both(client: &Client) -> Value {
    let (card, face) = (jpeg("kartu"), png("wajah"));
    let parts: [Part<'_>; 2] = [("identity_card", Some("ktp.jpg"), &card), ("selfie", Some("saya.png"), &face)];
    client.upload(DOCUMENTS, &parts).await.ok(201)
}

/// The same, submitted; the submission's id.
pub async fn submit_both(client: &Client) -> i64 {
    send_both(client).await;
    submit(client).await
}

/// Submits what waits; the submission's id.
pub async fn submit(client: &Client) -> i64 {
    let kyc = client.post(VERIFY, json!({})).await.ok(200);
    let pending: Vec<_> = kyc["submissions"].as_array().unwrap().iter().filter(|one| one["status"] == "pending").collect();
    assert_eq!(pending.len(), 1, "{kyc}");
    pending[0]["id"].as_i64().unwrap()
}

#[tokio::test]
async fn documents_are_sent_and_then_submitted() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let fresh = dewi.get(KYC).await;
    assert_eq!(fresh.header("cache-control"), "no-store");
    assert_eq!(
        fresh.ok(200),
        json!({"kyc_status": "none", "kyc_level": 0, "daily_limit": 0, "documents": [], "missing": ["identity_card", "selfie"], "submissions": []})
    );
    let sent = send_both(&dewi).await;
    assert_eq!(sent["documents"][0]["sha256"], hex::encode(Sha256::digest(jpeg("kartu"))));
    let kinds: Vec<_> = sent["documents"].as_array().unwrap().iter().map(|one| [&one["kind"], &one["file_type"], &one["size"]]).collect();
    assert_eq!(json!(kinds), json!([["identity_card", "jpeg", jpeg("kartu").len()], ["selfie", "png", png("wajah").len()]]));
    let waiting = dewi.get(KYC).await.ok(200);
    assert_eq!((&waiting["kyc_status"], &waiting["missing"], &waiting["documents"]), (&json!("none"), &json!([]), &sent["documents"]));
    let submitted = dewi.post(VERIFY, json!({})).await.ok(200);
    assert_eq!((&submitted["kyc_status"], &submitted["kyc_level"], &submitted["documents"]), (&json!("pending"), &json!(0), &json!([])));
    assert_eq!(submitted["submissions"][0]["documents"], sent["documents"]);
    assert_eq!(submitted["submissions"][0]["status"], "pending");
    assert_eq!(dewi.get(KYC).await.ok(200), submitted);
}

#[tokio::test]
async fn what_is_kept_is_encrypted() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    send_both(&dewi).await;
    let mut seen = 0;
    world.change_contents("kyc", |content| {
        seen += 1;
        let shows = |mark: &[u8]| content.windows(mark.len()).any(|part| part == mark);
        assert!(!shows(b"kartu") && !shows(b"wajah") && !shows(b"JFIF") && !shows(b"PNG"), "{content:?}");
    });
    assert_eq!(seen, 2);
}

#[tokio::test]
async fn a_document_replaces_the_one_before() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let first = send_both(&dewi).await;
    let again = dewi.upload(DOCUMENTS, &[("selfie", Some("b.pdf"), &pdf("lagi"))]).await.ok(201);
    let waiting = dewi.get(KYC).await.ok(200)["documents"].clone();
    assert_eq!(waiting, json!([first["documents"][0], again["documents"][0]]));
    world.app.service.sweep_files().await.unwrap();
    assert_eq!(world.content_files("kyc"), 2);
    // What was replaced can't be submitted any more.
    let old = &first["documents"][1]["id"];
    assert_eq!(dewi.post(VERIFY, json!({"documents": [first["documents"][0]["id"], old]})).await.bad_fields(), ["documents: not_found"]);
}

#[tokio::test]
async fn the_first_submission_needs_card_and_face() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let missing = dewi.post(VERIFY, json!({})).await.refused(409, "KYC_DOCUMENTS_MISSING");
    assert_eq!(missing, json!({"missing": ["identity_card", "selfie"]}));
    let sent =
        dewi.upload(DOCUMENTS, &[("proof_of_address", Some("a.pdf"), &pdf("x")), ("selfie", Some("b.png"), &png("y"))]).await.ok(201);
    let missing = dewi.post(VERIFY, json!({})).await.refused(409, "KYC_DOCUMENTS_MISSING");
    assert_eq!(missing, json!({"missing": ["identity_card"]}));
    for (body, bad) in [
        (json!({"documents": [1]}), "documents: not_found"),
        (json!({"documents": [sent["documents"][0]["id"], 5, 6, 7]}), "documents: too_many"),
        (json!({"documents": "all"}), "documents: wrong_type"),
        (json!({"level": 3}), "level: unknown_field"),
        (json!({"kyc_level": 3}), "kyc_level: unknown_field"),
    ] {
        assert_eq!(dewi.post(VERIFY, body).await.bad_fields(), [bad]);
    }
    assert_eq!(dewi.get(KYC).await.ok(200)["kyc_status"], "none");
}

#[tokio::test]
async fn nothing_is_sent_while_something_waits() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    submit_both(&dewi).await;
    dewi.upload(DOCUMENTS, &[("selfie", Some("b.png"), &png("y"))]).await.refused(409, "KYC_PENDING");
    dewi.post(VERIFY, json!({})).await.refused(409, "KYC_PENDING");
}

#[tokio::test]
async fn racing_submissions_make_one() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    send_both(&dewi).await;
    let answers = futures::future::join_all((0..8).map(|_| dewi.post(VERIFY, json!({})))).await;
    let done = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(done == 1 && answers.iter().all(|answer| [200, 409, 503].contains(&answer.status)), "{answers:?}");
    assert_eq!(dewi.get(KYC).await.ok(200)["submissions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn files_of_other_kinds_are_refused_whatever_they_are_called() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    for content in [
        &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a\x01\0\x01\0",
        b"RIFF\x10\0\0\0WEBPVP8 xxxx",
        b"PK\x03\x04 an archive",
        b"MZ\x90\0 a program",
        b"\x7FELF",
        b"#!/bin/sh\nid",
        // A PDF behind something else is a polyglot.
        b"\n%PDF-1.7\n",
        b"GIF89a/*%PDF-1.7\n*/=1;",
        b"%!PS-Adobe-3.0",
        b"\xEF\xBB\xBF%PDF-1.7",
        b"\xFF\xD8",
        b"x",
    ] {
        for name in ["ktp.jpg", "ktp.png", "ktp.pdf"] {
            let answer = dewi.upload(DOCUMENTS, &[("identity_card", Some(name), content)]).await;
            assert_eq!(answer.bad_fields(), ["identity_card: file_type"], "{content:?}");
        }
    }
    assert_eq!(dewi.upload(DOCUMENTS, &[("identity_card", Some("a.jpg"), b"")]).await.bad_fields(), ["identity_card: required"]);
    assert_eq!(world.content_files("kyc"), 0);
}

#[tokio::test]
async fn names_of_files_lead_nowhere() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    for name in [
        "../../../etc/passwd",
        "..\\..\\x.jpg",
        "/etc/cron.d/x",
        "a\0b.jpg",
        "CON",
        ".htaccess",
        &"x".repeat(4000),
        "ktp.jpg.exe",
        "%2e%2e%2f",
    ] {
        let answer = dewi.upload(DOCUMENTS, &[("selfie", Some(name), &jpeg("x"))]).await;
        assert!(answer.status == 201 || answer.status == 400, "{answer:?}");
        assert!(!String::from_utf8_lossy(&answer.body).contains(name));
    }
    assert!(world.content_files("kyc") >= 1);
    assert_eq!(world.stray_files(), Vec::<String>::new(), "content lies where it belongs and nowhere else");
}

#[tokio::test]
async fn fields_that_are_none() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for name in ["passport", "", "identity_card[]", "IDENTITY_CARD", "../selfie"] {
        let answer = dewi.upload(DOCUMENTS, &[(name, Some("a.jpg"), &jpeg("x"))]).await;
        assert_eq!(answer.bad_fields(), [format!("{name}: unknown_field")]);
    }
    assert_eq!(dewi.upload(DOCUMENTS, &[]).await.bad_fields(), ["identity_card: required"]);
    dewi.ask(Method::POST, DOCUMENTS).json(&json!({"selfie": "x"})).send().await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn size_is_limited_for_a_file_and_for_all() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let ten = [jpeg("x"), vec![7; 10 * 1024 * 1024 - jpeg("x").len()]].concat();
    assert_eq!(ten.len(), 10 * 1024 * 1024);
    dewi.upload(DOCUMENTS, &[("selfie", Some("a.jpg"), &ten)]).await.ok(201);
    let more = [&ten[..], b"x"].concat();
    assert_eq!(dewi.upload(DOCUMENTS, &[("identity_card", Some("a.jpg"), &more)]).await.bad_fields(), ["identity_card: file_too_large"]);
    let three = [("selfie", Some("a.jpg"), &ten[..]), ("identity_card", Some("b.jpg"), &ten), ("proof_of_address", Some("c.jpg"), &ten)];
    dewi.upload(DOCUMENTS, &three).await.refused(413, "TOO_LARGE");
    // Whatever was broken off is swept, in time.
    world.pass_secs(2 * 60 * 60);
    while world.app.service.sweep_files().await.unwrap() > 0 {}
    assert!(world.content_files("kyc") <= 2);
    assert_eq!(world.stray_files(), Vec::<String>::new());
}

#[tokio::test]
async fn guests_and_unconfirmed_accounts_send_nothing() {
    let world = World::new().await;
    let part: [Part<'_>; 1] = [("selfie", Some("a.jpg"), b"\xFF\xD8\xFF\xE0")];
    let anon = world.anon();
    anon.upload(DOCUMENTS, &part).await.refused(401, "UNAUTHENTICATED");
    anon.get(KYC).await.refused(401, "UNAUTHENTICATED");
    anon.post(VERIFY, json!({})).await.refused(401, "UNAUTHENTICATED");
    let baru = world.unverified("baru").await;
    baru.upload(DOCUMENTS, &part).await.refused(403, "EMAIL_NOT_VERIFIED");
    baru.post(VERIFY, json!({})).await.refused(403, "EMAIL_NOT_VERIFIED");
    assert_eq!(baru.get(KYC).await.ok(200)["kyc_status"], "none");
}

#[tokio::test]
async fn sending_is_limited() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut refused = None;
    for number in 0..40 {
        let answer = dewi.upload(DOCUMENTS, &[("selfie", Some("a.jpg"), &jpeg(&number.to_string()))]).await;
        if answer.status == 429 {
            refused = Some(number);
            break;
        }
    }
    assert_eq!(refused, Some(30));
}

#[tokio::test]
async fn what_is_never_submitted_goes_after_a_day() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    send_both(&dewi).await;
    world.pass_secs(DAY);
    assert_eq!(world.app.service.expire_documents().await.unwrap(), 0);
    world.pass_secs(1);
    assert_eq!(world.app.service.expire_documents().await.unwrap(), 2);
    assert_eq!(world.app.service.sweep_files().await.unwrap(), 2);
    assert_eq!(world.content_files("kyc"), 0);
    assert_eq!(dewi.again().await.get(KYC).await.ok(200)["documents"], json!([]));
}

#[tokio::test]
async fn tokens_say_where_one_stands() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let said = |client: &Client| {
        let claims = claims(client.token.as_ref().unwrap());
        (claims["kyc_status"].clone(), claims["kyc_level"].clone())
    };
    assert_eq!(said(&dewi), (json!("none"), json!(0)));
    submit_both(&dewi).await;
    assert_eq!(said(&dewi.again().await), (json!("pending"), json!(0)));
}

#[tokio::test]
async fn the_page_works_without_scripts() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    let page = dewi.get("/account/kyc").await;
    assert!(page.page(200).contains("enctype=\"multipart/form-data\"") && page.text().contains("Rp\u{a0}5.000.000"));
    // One file is good, one is not, one was not chosen: the good one is kept.
    let parts: [Part<'_>; 3] =
        [("identity_card", Some("a.jpg"), &jpeg("x")), ("selfie", Some("b.gif"), b"GIF89a"), ("proof_of_address", Some(""), b"")];
    let refused = dewi.upload("/account/kyc", &parts).await;
    assert!(
        refused.page(422).contains("Jenis berkas ini tidak diterima di sini.")
            && refused.text().contains("Sudah kami terima (JPEG, 0,1 MB)")
    );
    let missing = dewi.upload("/account/kyc", &[("selfie", Some(""), b"")]).await;
    assert!(missing.page(422).contains("Swafoto dengan kartu: Wajib diisi."));
    let done = dewi.upload("/account/kyc", &[("selfie", Some("b.png"), &png("y"))]).await;
    assert_eq!((done.status, done.header("location")), (303, "/account/kyc"), "{done:?}");
    let page = dewi.get("/account/kyc?lang=en").await;
    assert!(page.page(200).contains("In review") && !page.text().contains("enctype="), "nothing can be sent now");
    let guest = world.browser().get("/account/kyc").await;
    assert_eq!((guest.status, guest.header("location")), (303, "/login?next=/account/kyc"));
}
