//! Signing keys: registered, listed, removed, and what becomes of them.

use crate::{
    client::Client,
    harness::{BEGIN_TEXT, World},
    signer::{Draft, Signer, confirm, elevate, keys, ready, send, with_key},
};
use axum::http::Method;
use serde_json::{Value, json};

async fn list(client: &Client) -> Vec<Value> {
    client.get(&keys(client)).await.ok(200)["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_key_is_registered_tried_and_removed() {
    let world = World::new().await;
    let dewi = ready(&world, "dewi_l").await;
    assert_eq!(list(&dewi).await, Vec::<Value>::new());
    let signer = Signer::new();
    let made = signer.register(&world, &dewi, "  Laptop   kantor 💻 ").await.ok(201);
    let id = signer.id();
    assert_eq!((&made["data"]["id"], &made["data"]["name"]), (&json!(id), &json!("Laptop kantor 💻")));
    assert_eq!(made["data"]["lastUsedAt"], Value::Null);
    assert_ne!(made["data"]["createdAt"], BEGIN_TEXT, "the second factor took a step");
    assert_eq!(made["data"].as_object().unwrap().len(), 4, "nothing else is told: {made}");
    assert_eq!(list(&dewi).await, [made["data"].clone()]);

    world.pass_secs(60);
    let draft = Draft::post(&world, &signer.check(&dewi), &json!({}));
    let checked = signer.send(&dewi, &draft).await.ok(200)["data"].clone();
    assert_eq!((&checked["keyId"], &checked["keyName"]), (&json!(id), &json!("Laptop kantor 💻")));
    let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(checked["signedText"], format!("POST\n{}\n{}\n\n{digest}", draft.path, draft.at));
    assert_eq!(list(&dewi).await[0]["lastUsedAt"], checked["signedAt"], "the last use is noted");

    dewi.delete(&format!("{}/{id}", keys(&dewi))).await.ok(200);
    assert_eq!(list(&dewi).await, Vec::<Value>::new());
    dewi.delete(&format!("{}/{id}", keys(&dewi))).await.refused(404, "NOT_FOUND");
    signer.register(&world, &dewi, "Lagi").await.refused(409, "PQC_KEY_TAKEN");

    let letters = world.mails_to("dewi_l@contoh.id").await;
    let about = |words: &str| letters.iter().filter(|letter| letter.body.contains(words) && letter.body.contains("/not-me?token=")).count();
    assert_eq!((about("Kunci pascakuantum didaftarkan"), about("Kunci pascakuantum dihapus")), (1, 1), "{letters:?}");
    let events: Vec<String> =
        world.audit_about(dewi.id).await.into_iter().map(|(event, _)| event).filter(|event| event.starts_with("pqc.")).collect();
    assert_eq!(events, ["pqc.key_added", "pqc.key_removed"]);
}

#[tokio::test]
async fn a_key_can_be_named_in_the_query() {
    let world = World::new().await;
    let (dewi, signer) = with_key(&world, "dewi_l").await;
    dewi.delete(&keys(&dewi)).await.refused(400, "BAD_REQUEST");
    for none in ["x", &"0".repeat(64), &signer.id().to_uppercase()] {
        dewi.delete(&format!("{}?id={none}", keys(&dewi))).await.refused(404, "NOT_FOUND");
    }
    dewi.delete(&format!("{}?id={}", keys(&dewi), signer.id())).await.ok(200);
    assert_eq!(list(&dewi).await, Vec::<Value>::new());
}

#[tokio::test]
async fn making_a_key_takes_a_fresh_second_factor() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let signer = Signer::new();
    signer.register(&world, &dewi, "Kunci").await.refused(403, "SUDO_REQUIRED");
    dewi.elevate().await;
    signer.register(&world, &dewi, "Kunci").await.refused(403, "ASSURANCE_REQUIRED");
    elevate(&world, &dewi).await;
    world.pass_secs(600);
    signer.register(&world, &dewi, "Kunci").await.refused(403, "SUDO_REQUIRED");
    world.anon().post(&keys(&dewi), json!({})).await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn removing_a_key_takes_a_confirmation() {
    let world = World::new().await;
    let (dewi, signer) = with_key(&world, "dewi_l").await;
    world.pass_secs(601);
    dewi.delete(&format!("{}/{}", keys(&dewi), signer.id())).await.refused(403, "SUDO_REQUIRED");
    assert_eq!(list(&dewi).await.len(), 1);
}

#[tokio::test]
async fn nobody_sees_or_touches_anothers_keys() {
    let world = World::new().await;
    let (dewi, signer) = with_key(&world, "dewi_l").await;
    let budi = ready(&world, "budi_s").await;
    let (mut theirs, mut nobodys) = (budi.clone(), budi.clone());
    (theirs.id, nobodys.id) = (dewi.id, 404);
    // The same answers whether or not there is such an account.
    for other in [&theirs, &nobodys] {
        other.get(&keys(other)).await.refused(404, "NOT_FOUND");
        other.delete(&format!("{}/{}", keys(other), signer.id())).await.refused(404, "NOT_FOUND");
        Signer::new().register(&world, other, "Kunci").await.refused(404, "NOT_FOUND");
    }
    budi.delete(&format!("{}/{}", keys(&budi), signer.id())).await.refused(404, "NOT_FOUND");
    let admin = world.admin("admin_a").await;
    admin.get(&keys(&dewi)).await.refused(404, "NOT_FOUND");
    assert_eq!(list(&dewi).await.len(), 1);
}

#[tokio::test]
async fn a_key_belongs_to_whoever_has_the_secret() {
    let world = World::new().await;
    let (dewi, signer) = with_key(&world, "dewi_l").await;
    let budi = ready(&world, "budi_s").await;
    signer.register(&world, &budi, "Punya Dewi").await.refused(409, "PQC_KEY_TAKEN");

    // Somebody else's public key, signed for with one's own secret: by id, and under the other's id.
    let (victim, thief) = (Signer::new(), Signer::new());
    let body = json!({"publicKey": victim.public(), "name": "Curian"});
    let draft = Draft::post(&world, &keys(&budi), &body);
    thief.send(&budi, &draft).await.refused(403, "PQC_SIGNATURE_INVALID");
    let mut headers = thief.headers(&draft, 0);
    headers[0].1 = victim.id();
    send(&budi, &draft, &headers).await.refused(403, "PQC_SIGNATURE_INVALID");

    // What its owner signed for their own account does not register it for another.
    let for_dewi = Draft { path: keys(&dewi), ..draft.clone() };
    send(&budi, &draft, &victim.headers(&for_dewi, 0)).await.refused(403, "PQC_SIGNATURE_INVALID");
    // Nor does what was signed long ago.
    let old = Draft { at: draft.at - 301, ..draft.clone() };
    victim.send(&budi, &old).await.refused(403, "PQC_TIMESTAMP_SKEWED");
    send(&budi, &draft, &[]).await.refused(403, "PQC_SIGNATURE_REQUIRED");
    assert_eq!(list(&budi).await, Vec::<Value>::new());
    victim.send(&budi, &draft).await.ok(201);
}

#[tokio::test]
async fn an_account_has_five_keys_at_most() {
    let world = World::new().await;
    let dewi = ready(&world, "dewi_l").await;
    let signers: Vec<Signer> = (0..6).map(|_| Signer::new()).collect();
    for signer in &signers[..5] {
        signer.register(&world, &dewi, "Kunci").await.ok(201);
    }
    signers[5].register(&world, &dewi, "Kunci").await.refused(409, "PQC_KEY_LIMIT");
    dewi.delete(&format!("{}/{}", keys(&dewi), signers[0].id())).await.ok(200);
    signers[5].register(&world, &dewi, "Kunci").await.ok(201);
    let ids: Vec<Value> = list(&dewi).await.into_iter().map(|key| key["id"].clone()).collect();
    assert!(ids.len() == 5 && ids.contains(&json!(signers[5].id())) && !ids.contains(&json!(signers[0].id())));
}

#[tokio::test]
async fn junk_is_no_key() {
    let world = World::new().await;
    let dewi = ready(&world, "dewi_l").await;
    let signer = Signer::new();
    let good = signer.public();
    for bad in [String::new(), "AA==".into(), good[..2600].to_owned(), format!("{good}AAAA"), good.replace('=', "-"), "é".repeat(1302)] {
        let draft = Draft::post(&world, &keys(&dewi), &json!({"publicKey": bad, "name": "Kunci"}));
        assert_eq!(signer.send(&dewi, &draft).await.bad_fields(), ["publicKey: malformed"], "{bad}");
    }
    for (body, bad) in [
        (json!({"publicKey": good}), "name: required"),
        (json!({"name": "Kunci"}), "publicKey: required"),
        (json!({"publicKey": good, "name": "x".repeat(61)}), "name: too_long"),
        (json!({"publicKey": good, "name": "Kunci", "userId": 1}), "userId: unknown_field"),
        (json!({"publicKey": 5, "name": "Kunci"}), "publicKey: wrong_type"),
    ] {
        let draft = Draft::post(&world, &keys(&dewi), &body);
        assert_eq!(signer.send(&dewi, &draft).await.bad_fields(), [bad]);
    }
    assert_eq!(list(&dewi).await, Vec::<Value>::new());
}

#[tokio::test]
async fn this_was_not_me_takes_the_key_away() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut codes = elevate(&world, &dewi).await;
    let (old, new) = (Signer::new(), Signer::new());
    old.register(&world, &dewi, "Laptop").await.ok(201);
    world.pass_secs(700);
    confirm(&dewi, codes.pop()).await;
    new.register(&world, &dewi, "Penipu").await.ok(201);
    let letters = world.mails_to("dewi_l@contoh.id").await;
    let letter = letters.iter().find(|letter| letter.body.contains("Penipu")).unwrap();
    let token = letter.body.split_once("/not-me?token=").unwrap().1.split_whitespace().next().unwrap();
    world.anon().post("/api/auth/not-me", json!({"token": token})).await.ok(200);
    let stores = world.app.service.stores();
    let left = stores.pqc.pqc_key_list(aivalid_model::id::UserId(dewi.id)).await.unwrap();
    assert!(left.is_empty(), "those of the week before the letter go too: {left:?}");
}

#[tokio::test]
async fn keys_are_part_of_the_export_and_go_with_the_account() {
    let world = World::new().await;
    let (dewi, signer) = with_key(&world, "dewi_l").await;
    let archive = dewi.get("/api/account/export").await;
    assert_eq!(archive.status, 200, "{archive:?}");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive.body.clone())).unwrap();
    let file = zip.by_name("signing-keys.json").unwrap();
    let exported: Value = serde_json::from_reader(file).unwrap();
    assert_eq!((&exported[0]["id"], &exported[0]["name"]), (&json!(signer.id()), &json!("Laptop kantor")));

    dewi.delete("/api/account").await.ok(200);
    // Nothing of it is left, so somebody else could use the very same key.
    let budi = ready(&world, "budi_s").await;
    signer.register(&world, &budi, "Kunci").await.ok(201);
}

#[tokio::test]
async fn the_page_lists_and_removes_keys_without_scripts() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let browser = dewi.in_browser().await;
    let mut codes = elevate(&world, &dewi).await;
    let signer = Signer::new();
    signer.register(&world, &dewi, "Laptop kantor").await.ok(201);
    let guest = world.browser().get("/account/pqc").await;
    assert_eq!((guest.status, guest.header("location")), (303, "/login?next=/account/pqc"));
    let page = browser.get("/account/pqc?lang=en").await;
    let html = page.page(200);
    assert!(html.contains("Laptop kantor") && html.contains(&signer.id()), "{page:?}");
    assert!(html.contains("needs JavaScript"), "it says what scripts are for");
    assert!(html.contains(&format!("data-signed=\"POST {}/{{key}}/check\"", keys(&dewi))));
    assert!(!html.contains("data-makes"), "a sign-in is no confirmation");
    let asked = browser.form("/account/pqc", &[("remove", &signer.id())]).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/account/sudo?next=/account/pqc"));
    confirm(&browser, codes.pop()).await;
    assert!(browser.get("/account/pqc").await.page(200).contains("data-makes"));
    for none in ["", "x", &"0".repeat(64)] {
        assert_eq!(browser.form("/account/pqc", &[("remove", none)]).await.status, 404);
    }
    let removed = browser.form("/account/pqc", &[("remove", &signer.id())]).await;
    assert_eq!((removed.status, removed.header("location")), (303, "/account/pqc"));
    assert!(browser.get("/account/pqc").await.page(200).contains("Kunci tanda tangan sudah dihapus."));
    assert_eq!(list(&dewi).await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_page_leads_to_a_second_factor_first() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let browser = dewi.in_browser().await;
    let html = browser.get("/account/pqc?lang=en").await;
    let html = html.page(200);
    assert!(html.contains("needs a second factor first") && html.contains("href=\"/account/two-factor\"") && !html.contains("data-signed"));
    assert_eq!(browser.ask(Method::POST, "/account/pqc").form("remove=x").send().await.status, 404);
}

/// Not to the password, which is one factor: it would come back to this page, and no key could be made.
#[tokio::test]
async fn the_page_leads_to_the_passkey_where_that_is_the_second_factor() {
    let world = World::new().await;
    let (dewi, mut key) = crate::passkeys::with_passkey(&world, "dewi_l").await;
    let browser = dewi.in_browser().await;
    let page = browser.get("/account/pqc").await;
    assert!(page.page(200).contains("href=\"/account/sudo?two&amp;next=/account/pqc\""), "{page:?}");
    crate::passkeys::elevate_with(&browser, &mut key).await.ok(200);
    assert!(browser.get("/account/pqc").await.page(200).contains("data-makes"));
}
