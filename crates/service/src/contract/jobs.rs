//! The queue.

use super::{CoreStore, fixtures::at};
use crate::store::{Claim, ClaimToken, Job, NewJob};
use aivalid_model::id::JobId;
use futures::future::join_all;
use std::collections::BTreeSet;

const ANI: ClaimToken = [1; 16];
const BUDI: ClaimToken = [2; 16];

fn job(kind: &str, payload: u8, due: i64) -> NewJob {
    NewJob { kind: kind.to_owned(), dedup: None, payload: vec![payload, 0, 255], due_at: at(due), now: at(0) }
}

fn keyed(key: &str) -> NewJob {
    NewJob { dedup: Some(key.to_owned()), ..job("mail", 1, 0) }
}

async fn add(store: &dyn CoreStore, payload: u8, due: i64) -> JobId {
    store.job_add(&job("mail", payload, due)).await.unwrap().unwrap()
}

/// Claims as at a second, with a lease of a minute.
async fn claim(store: &dyn CoreStore, token: ClaimToken, now: i64, limit: i64) -> Vec<Job> {
    store.job_claim(&Claim { kind: "mail", token, now: at(now), until: at(now + 60), limit }).await.unwrap()
}

async fn ids(store: &dyn CoreStore, token: ClaimToken, now: i64, limit: i64) -> Vec<JobId> {
    claim(store, token, now, limit).await.into_iter().map(|job| job.id).collect()
}

/// It is claimed as it was added, by a claim on its kind, not before it is due; done, it is gone.
pub async fn a_job_waits_for_its_time(store: &dyn CoreStore) {
    let id = add(store, 7, 10).await;
    assert_eq!(ids(store, ANI, 9, 9).await, []);
    let other = Claim { kind: "webhook", token: ANI, now: at(99), until: at(160), limit: 9 };
    assert_eq!(store.job_claim(&other).await.unwrap().len(), 0);
    let claimed = claim(store, ANI, 10, 9).await;
    assert!(claimed == [Job { id, payload: vec![7, 0, 255], attempts: 1, created_at: at(0) }]);
    assert!(store.job_done(id, &ANI).await.unwrap());
    assert!(!store.job_done(id, &ANI).await.unwrap());
    assert_eq!(store.job_figures().await.unwrap(), []);
    assert_eq!(ids(store, ANI, 1000, 9).await, []);
}

/// By the time they are due, then in the order they came.
pub async fn those_that_wait_longest_come_first(store: &dyn CoreStore) {
    let mut jobs = vec![];
    for due in [30, 10, 20, 10] {
        jobs.push(add(store, 1, due).await);
    }
    assert_eq!(ids(store, ANI, 40, 0).await, []);
    for expected in [1, 3, 2, 0] {
        assert_eq!(ids(store, ANI, 40, 1).await, [jobs[expected]]);
    }
    assert_eq!(ids(store, ANI, 40, 1).await, []);
}

/// While it lives nobody else gets the job; when it ended, the next one does.
pub async fn a_lease_keeps_others_away_until_it_ends(store: &dyn CoreStore) {
    let id = add(store, 1, 0).await;
    assert_eq!(ids(store, ANI, 1, 9).await, [id]);
    assert_eq!(ids(store, BUDI, 60, 9).await, []);
    let taken_over = claim(store, BUDI, 61, 9).await;
    assert_eq!((taken_over[0].id, taken_over[0].attempts), (id, 2));
}

/// Whoever lost the lease can neither end the job nor send it back.
pub async fn a_stale_claim_changes_nothing(store: &dyn CoreStore) {
    let id = add(store, 1, 0).await;
    claim(store, ANI, 1, 9).await;
    claim(store, BUDI, 100, 9).await;
    let before = store.job_list(false, 9).await.unwrap();
    assert!(!store.job_done(id, &ANI).await.unwrap());
    assert!(!store.job_retry(id, &ANI, at(500), "terlambat").await.unwrap());
    assert!(!store.job_bury(id, &ANI, "terlambat", at(101)).await.unwrap());
    assert!(!store.job_release(id, &ANI, at(101)).await.unwrap());
    assert!(store.job_list(false, 9).await.unwrap() == before);
    assert!(store.job_done(id, &BUDI).await.unwrap());
}

/// Not before, with the error kept and the attempts counted; the claim is gone.
pub async fn a_failed_job_comes_back_when_it_is_told(store: &dyn CoreStore) {
    let id = add(store, 1, 0).await;
    claim(store, ANI, 1, 9).await;
    assert!(store.job_retry(id, &ANI, at(30), "421 sibuk 👩‍🔬").await.unwrap());
    assert!(!store.job_done(id, &ANI).await.unwrap(), "the lease went with the failure");
    let waiting = store.job_list(false, 9).await.unwrap();
    assert_eq!((waiting[0].last_error.as_deref(), waiting[0].claimed, waiting[0].due_at), (Some("421 sibuk 👩‍🔬"), false, at(30)));
    assert_eq!(ids(store, BUDI, 29, 9).await, []);
    assert_eq!(claim(store, BUDI, 30, 9).await[0].attempts, 2);
}

/// No claim finds it; brought back, it begins anew.
pub async fn what_is_given_up_waits_for_an_operator(store: &dyn CoreStore) {
    let (id, other) = (add(store, 7, 0).await, add(store, 8, 0).await);
    claim(store, ANI, 1, 9).await;
    for id in [id, other] {
        assert!(store.job_bury(id, &ANI, "550 tidak dikenal", at(2)).await.unwrap());
    }
    assert_eq!(ids(store, BUDI, 1000, 9).await, []);
    let dead = store.job_list(true, 9).await.unwrap();
    assert_eq!(dead.iter().map(|job| job.id).collect::<Vec<_>>(), [other, id], "newest first");
    assert_eq!((dead[1].dead_at, dead[1].attempts, dead[1].claimed), (Some(at(2)), 1, false));
    assert_eq!(store.job_requeue(Some(JobId(id.0 + 1000)), at(3)).await.unwrap(), 0);
    assert_eq!(store.job_requeue(Some(id), at(3)).await.unwrap(), 1);
    assert_eq!(store.job_requeue(Some(id), at(3)).await.unwrap(), 0, "it lives again");
    assert_eq!(ids(store, BUDI, 2, 9).await, []);
    let back = claim(store, BUDI, 3, 9).await;
    assert!(back == [Job { id, payload: vec![7, 0, 255], attempts: 1, created_at: at(0) }]);
    assert_eq!(store.job_list(false, 9).await.unwrap()[0].last_error.as_deref(), Some("550 tidak dikenal"), "what happened is kept");
    assert_eq!(store.job_requeue(None, at(4)).await.unwrap(), 1);
    assert_eq!(ids(store, BUDI, 4, 9).await, [other]);
}

/// A worker that stops gives back what it did not begin.
pub async fn a_released_job_lost_no_attempt(store: &dyn CoreStore) {
    let id = add(store, 1, 0).await;
    claim(store, ANI, 1, 9).await;
    assert!(store.job_release(id, &ANI, at(5)).await.unwrap());
    assert_eq!(ids(store, BUDI, 4, 9).await, []);
    assert_eq!(claim(store, BUDI, 5, 9).await[0].attempts, 1);
}

/// Waiting, claimed or failed, but not when it is done or given up; keys of other kinds are other keys.
pub async fn a_key_is_held_while_its_job_lives(store: &dyn CoreStore) {
    let id = store.job_add(&keyed("harian")).await.unwrap().unwrap();
    assert_eq!(store.job_add(&keyed("harian")).await.unwrap(), None);
    assert!(store.job_add(&keyed("mingguan")).await.unwrap().is_some());
    assert!(store.job_add(&NewJob { kind: "webhook".into(), ..keyed("harian") }).await.unwrap().is_some());
    claim(store, ANI, 1, 1).await;
    assert_eq!(store.job_add(&keyed("harian")).await.unwrap(), None);
    store.job_retry(id, &ANI, at(0), "x").await.unwrap();
    assert_eq!(store.job_add(&keyed("harian")).await.unwrap(), None);
    claim(store, ANI, 1, 1).await;
    store.job_done(id, &ANI).await.unwrap();
    let second = store.job_add(&keyed("harian")).await.unwrap().unwrap();
    claim(store, BUDI, 2, 9).await;
    assert!(store.job_bury(second, &BUDI, "x", at(3)).await.unwrap());
    assert!(store.job_add(&keyed("harian")).await.unwrap().is_some());
}

/// So bringing back what was replaced meanwhile does not fail.
pub async fn requeued_jobs_leave_their_keys_behind(store: &dyn CoreStore) {
    let id = store.job_add(&keyed("harian")).await.unwrap().unwrap();
    claim(store, ANI, 1, 9).await;
    store.job_bury(id, &ANI, "x", at(2)).await.unwrap();
    let newer = store.job_add(&keyed("harian")).await.unwrap().unwrap();
    assert_eq!(store.job_requeue(None, at(3)).await.unwrap(), 1);
    assert_eq!(ids(store, BUDI, 3, 9).await, [id, newer]);
}

/// Of its kind, ends of leases included, without what was given up.
pub async fn it_is_known_when_the_next_is_due(store: &dyn CoreStore) {
    assert_eq!(store.job_next_due("mail").await.unwrap(), None);
    let id = add(store, 1, 10).await;
    add(store, 2, 90).await;
    store.job_add(&job("webhook", 3, 5)).await.unwrap();
    assert_eq!(store.job_next_due("mail").await.unwrap(), Some(at(10)));
    claim(store, ANI, 20, 1).await;
    assert_eq!(store.job_next_due("mail").await.unwrap(), Some(at(80)));
    store.job_bury(id, &ANI, "x", at(21)).await.unwrap();
    assert_eq!(store.job_next_due("mail").await.unwrap(), Some(at(90)));
}

/// Each kind for itself, in stretches.
pub async fn jobs_are_counted_and_listed(store: &dyn CoreStore) {
    let (late, soon) = (add(store, 1, 20).await, add(store, 2, 10).await);
    store.job_add(&job("webhook", 3, 30)).await.unwrap();
    let listed = store.job_list(false, 9).await.unwrap();
    assert_eq!(listed.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["mail", "mail", "webhook"]);
    assert_eq!((listed[0].id, listed[1].id, listed[0].payload.as_slice()), (soon, late, [2, 0, 255].as_slice()));
    assert_eq!(store.job_list(false, 2).await.unwrap().len(), 2);
    assert!(store.job_list(false, 0).await.unwrap().is_empty() && store.job_list(true, 9).await.unwrap().is_empty());
    claim(store, ANI, 10, 9).await;
    store.job_bury(soon, &ANI, "x", at(11)).await.unwrap();
    let figures = store.job_figures().await.unwrap();
    let plain: Vec<_> = figures.iter().map(|of| (of.kind.as_str(), of.live, of.dead, of.oldest)).collect();
    assert_eq!(plain, [("mail", 1, 1, Some(at(0))), ("webhook", 1, 0, Some(at(0)))]);
}

/// Nothing that lives is swept.
pub async fn sweeping_deletes_old_failures(store: &dyn CoreStore) {
    let (old, young) = (add(store, 1, 0).await, add(store, 2, 0).await);
    let live = add(store, 3, 50).await;
    claim(store, ANI, 1, 9).await;
    store.job_bury(old, &ANI, "x", at(10)).await.unwrap();
    store.job_bury(young, &ANI, "x", at(20)).await.unwrap();
    assert_eq!(store.job_sweep(at(20)).await.unwrap(), 1);
    assert_eq!(store.job_list(true, 9).await.unwrap()[0].id, young);
    assert_eq!(store.job_list(false, 9).await.unwrap()[0].id, live);
}

/// Twenty claimers, sixty jobs: none is claimed twice, none stays behind.
pub async fn of_racing_claims_each_job_goes_to_one(store: &dyn CoreStore) {
    let mut jobs = BTreeSet::new();
    for _ in 0..60 {
        jobs.insert(add(store, 1, 0).await);
    }
    let claimers = join_all((0..20).map(|number| async move {
        let mut mine = vec![];
        loop {
            let claimed = ids(store, [number; 16], 1, 2).await;
            assert!(claimed.len() <= 2);
            if claimed.is_empty() {
                return mine;
            }
            mine.extend(claimed);
        }
    }));
    let mut claimed = claimers.await.concat();
    // Whoever skipped a row that another one had locked may have found none; what is left is claimed now.
    claimed.extend(ids(store, [99; 16], 1, 99).await);
    assert_eq!(claimed.len(), 60);
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), jobs);
}

/// However many ask at once.
pub async fn of_racing_additions_with_one_key_one_is_kept(store: &dyn CoreStore) {
    let harian = keyed("harian");
    let added = join_all((0..20).map(|_| store.job_add(&harian))).await;
    assert_eq!(added.into_iter().filter(|id| id.as_ref().unwrap().is_some()).count(), 1);
    assert_eq!(ids(store, ANI, 1, 99).await.len(), 1);
}

/// Done, failed and given up at once: one of them holds.
pub async fn of_racing_ends_of_a_lease_one_counts(store: &dyn CoreStore) {
    let id = add(store, 1, 0).await;
    claim(store, ANI, 1, 9).await;
    let (done, again, never) =
        futures::join!(store.job_done(id, &ANI), store.job_retry(id, &ANI, at(30), "x"), store.job_bury(id, &ANI, "x", at(2)),);
    assert_eq!([done, again, never].into_iter().filter(|ended| *ended.as_ref().unwrap()).count(), 1);
}
