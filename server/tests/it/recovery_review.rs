//! From KYC level 1 on a reviewer decides about a recovery.

use crate::{
    client::Client,
    harness::World,
    kyc::submit_both,
    recovery::{ASK, FINISH, STORY, ask, finishing_token, later, noted, owner, state, tokens},
    second_factor::{first_step, switch_on},
};
use aivalid_model::{
    id::{RecoveryId, UserId},
    identity::RecoveryState,
};
use serde_json::{Value, json};

const QUEUE: &str = "/api/v1/admin/recovery";
const WHY: &str = "Nama yang disebut tidak cocok dengan kartu identitas.";

async fn reviewer(world: &World, name: &str) -> Client {
    let admin = world.admin(name).await;
    admin.elevate().await;
    admin
}

/// Somebody whose identity was checked, with an authenticator app.
async fn known(world: &World, name: &str) -> Client {
    let client = owner(world, name).await;
    identify(world, &client).await;
    client
}

async fn identify(world: &World, client: &Client) {
    let id = submit_both(client).await;
    let reviewer = reviewer(world, &format!("peninjau_{}", client.number())).await;
    reviewer.post(&format!("/api/v1/admin/kyc/{id}/approve"), json!({"level": 1})).await.ok(200);
}

/// A request that waits for a reviewer.
async fn in_review(world: &World, client: &Client) -> RecoveryId {
    assert_eq!(ask(client).await["reviewed"], true);
    later(world, 72).await;
    assert_eq!(state(world, client).await, RecoveryState::Review);
    world.app.service.stores().recoveries.recovery_open(UserId(client.id)).await.unwrap().unwrap().id
}

fn decide(id: RecoveryId, how: &str) -> String {
    format!("{QUEUE}/{id}/{how}")
}

#[tokio::test]
async fn a_reviewer_approves_and_the_link_is_mailed() {
    let world = World::new().await;
    let dewi = known(&world, "dewi_l").await;
    let token = first_step(&dewi).await;
    let refused = dewi.without_token().post(ASK, json!({"mfa_token": token})).await;
    assert_eq!(refused.bad_fields(), ["statement: required"]);
    let id = in_review(&world, &dewi).await;
    assert_eq!(tokens(&world, "dewi_l", "/recovery/finish").await, Vec::<String>::new());
    let rina = reviewer(&world, "rina_admin").await;
    let queue = rina.get(QUEUE).await;
    assert_eq!(queue.header("cache-control"), "no-store");
    let queue = queue.ok(200);
    assert_eq!((&queue["pagination"]["total"], &queue["data"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!((&queue["data"][0]["statement"], &queue["data"][0]["user"]["username"]), (&json!(STORY), &json!("dewi_l")));
    let dossier = rina.get(&format!("{QUEUE}/{id}")).await.ok(200)["data"].clone();
    assert_eq!((&dossier["kycLevel"], &dossier["state"], &dossier["ip"]), (&json!(1), &json!("review"), &json!(dewi.ip.to_string())));
    assert!(dossier["kyc"].is_i64() && dossier["joinedAt"].is_string(), "{dossier}");
    assert_eq!(dossier["sessions"][0]["ip"], dewi.ip.to_string());
    let approved = rina.post(&decide(id, "approve"), Value::Null).await.ok(200)["data"].clone();
    assert_eq!((&approved["state"], &approved["decidedBy"]["username"]), (&json!("ready"), &json!("rina_admin")));
    assert_eq!(rina.get(QUEUE).await.ok(200)["data"], json!([]));
    rina.post(&decide(id, "approve"), Value::Null).await.refused(409, "RECOVERY_NOT_IN_REVIEW");
    rina.post(&decide(id, "reject"), json!({"reason": WHY})).await.refused(409, "RECOVERY_NOT_IN_REVIEW");
    let token = finishing_token(&world, "dewi_l").await;
    world.anon().post(FINISH, json!({"token": token})).await.ok(200);
    dewi.again().await;
    assert_eq!(noted(&world, &dewi).await, ["asked", "in_review", "approved", "finished"]);
    assert_eq!(rina.get(&format!("{QUEUE}/{id}")).await.ok(200)["data"]["state"], "done");
}

#[tokio::test]
async fn a_reviewer_rejects_with_a_reason_and_it_may_be_asked_again() {
    let world = World::new().await;
    let dewi = known(&world, "dewi_l").await;
    let id = in_review(&world, &dewi).await;
    let rina = reviewer(&world, "rina_admin").await;
    assert_eq!(rina.post(&decide(id, "reject"), json!({"reason": "Tidak"})).await.bad_fields(), ["reason: too_short"]);
    assert_eq!(rina.post(&decide(id, "reject"), json!({})).await.bad_fields(), ["reason: required"]);
    let rejected = rina.post(&decide(id, "reject"), json!({"reason": WHY})).await.ok(200)["data"].clone();
    assert_eq!((&rejected["state"], &rejected["reason"]), (&json!("rejected"), &json!(WHY)));
    let mails = world.mails_to("dewi_l@contoh.id").await;
    assert!(mails.iter().any(|mail| mail.body.contains(WHY)), "{mails:?}");
    assert_eq!(noted(&world, &dewi).await, ["asked", "in_review", "rejected"]);
    assert_eq!(ask(&dewi).await["state"], "waiting");
}

#[tokio::test]
async fn reviewers_need_the_permission_and_a_proof_and_never_decide_their_own() {
    let world = World::new().await;
    let dewi = known(&world, "dewi_l").await;
    let id = in_review(&world, &dewi).await;
    let (moderator, admin) = (world.moderator("budi_mod").await, world.admin("sri_admin").await);
    moderator.elevate().await;
    let stranger = world.user("eko_p").await;
    let one = format!("{QUEUE}/{id}");
    for (client, status, code) in [
        (&world.anon(), 401, "UNAUTHENTICATED"),
        (&stranger, 403, "FORBIDDEN"),
        (&moderator, 403, "FORBIDDEN"),
        (&admin, 403, "SUDO_REQUIRED"),
    ] {
        client.get(QUEUE).await.refused(status, code);
        client.get(&one).await.refused(status, code);
        client.post(&decide(id, "approve"), Value::Null).await.refused(status, code);
        client.post(&decide(id, "reject"), json!({"reason": WHY})).await.refused(status, code);
    }
    admin.elevate().await;
    for path in [format!("{QUEUE}/1"), format!("{QUEUE}/9007199254740991")] {
        admin.get(&path).await.refused(404, "NOT_FOUND");
        admin.post(&format!("{path}/approve"), Value::Null).await.refused(404, "NOT_FOUND");
    }
    admin.get(&format!("{QUEUE}/abc")).await.refused(404, "NOT_FOUND");
    assert_eq!(state(&world, &dewi).await, RecoveryState::Review);

    // An administrator who lost theirs, and still has a session.
    let own = world.admin("wati_admin").await;
    switch_on(&world, &own).await;
    identify(&world, &own).await;
    let mut session = own.clone();
    ask(&own).await;
    later(&world, 24).await;
    later(&world, 24).await;
    later(&world, 24).await;
    let mine = world.app.service.stores().recoveries.recovery_open(UserId(own.id)).await.unwrap().unwrap();
    assert_eq!(mine.state, RecoveryState::Review);
    let refreshed = own.post("/api/auth/refresh", json!({"refresh_token": own.refresh_token})).await.ok(200);
    session.token = refreshed["access_token"].as_str().map(str::to_owned);
    session.post(&decide(mine.id, "approve"), Value::Null).await.refused(403, "SUDO_REQUIRED");
}

#[tokio::test]
async fn a_request_that_waits_is_no_reviewers_yet() {
    let world = World::new().await;
    let (dewi, rina) = (known(&world, "dewi_l").await, reviewer(&world, "rina_admin").await);
    ask(&dewi).await;
    let id = world.app.service.stores().recoveries.recovery_open(UserId(dewi.id)).await.unwrap().unwrap().id;
    assert_eq!(rina.get(QUEUE).await.ok(200)["data"], json!([]));
    rina.get(&format!("{QUEUE}/{id}")).await.refused(404, "NOT_FOUND");
    rina.post(&decide(id, "approve"), Value::Null).await.refused(409, "RECOVERY_NOT_IN_REVIEW");
    assert_eq!(state(&world, &dewi).await, RecoveryState::Waiting);
}
