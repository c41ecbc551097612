//! Answers kept for repeated requests.

use super::{eventually, together};
use crate::store::{Attempt, IdempotencyStore, KeyClaim, SavedAnswer};
use std::time::Duration;

const LONG: Duration = Duration::from_mins(5);
const SHORT: Duration = Duration::from_millis(1);

fn answer(text: &str) -> SavedAnswer {
    SavedAnswer { status: 201, content_type: "application/json".into(), body: text.into() }
}

/// What a request holds that called itself by its fingerprint.
fn claim(key: &str, fingerprint: &str) -> KeyClaim {
    KeyClaim { key: key.into(), fingerprint: fingerprint.into(), holder: fingerprint.into() }
}

/// The same request again, which calls itself something else.
fn repeated(key: &str, fingerprint: &str, holder: &str) -> KeyClaim {
    KeyClaim { holder: holder.into(), ..claim(key, fingerprint) }
}

async fn attempt(store: &dyn IdempotencyStore, key: &str, fingerprint: &str) -> Attempt {
    store.attempt(&claim(key, fingerprint), LONG).await.unwrap()
}

/// The first does it, those that come meanwhile are told so, those that come later get the same answer, byte by byte.
pub async fn a_repeated_request_gets_the_kept_answer(store: &dyn IdempotencyStore) {
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let answers = [
        answer("{\"id\":1}"),
        SavedAnswer { status: 204, content_type: String::new(), body: Vec::new() },
        SavedAnswer { status: 422, content_type: "application/octet-stream".into(), body: bytes },
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        let key = format!("user:1:kunci-{number} 👍");
        assert_eq!(attempt(store, &key, "POST /api/v1/threads a").await, Attempt::First);
        assert_eq!(attempt(store, &key, "POST /api/v1/threads a").await, Attempt::Running);
        store.finish(&claim(&key, "POST /api/v1/threads a"), &answer, LONG).await.unwrap();
        for _ in 0..2 {
            assert_eq!(attempt(store, &key, "POST /api/v1/threads a").await, Attempt::Done(answer.clone()));
        }
    }
}

/// While it runs and afterwards, another request with the same key is refused and changes nothing.
pub async fn a_key_belongs_to_one_request(store: &dyn IdempotencyStore) {
    assert_eq!(attempt(store, "key", "one").await, Attempt::First);
    assert_eq!(attempt(store, "key", "other").await, Attempt::Mismatch);
    assert_eq!(attempt(store, "key", "").await, Attempt::Mismatch);
    assert_eq!(attempt(store, "key", "one").await, Attempt::Running);
    store.finish(&claim("key", "one"), &answer("1"), LONG).await.unwrap();
    assert_eq!(attempt(store, "key", "other").await, Attempt::Mismatch);
    assert_eq!(attempt(store, "key", "one").await, Attempt::Done(answer("1")));
    assert_eq!(attempt(store, "key 2", "other").await, Attempt::First, "another key is another matter");
}

/// What failed without a trace can be tried again, also by another request.
pub async fn a_key_given_up_can_be_tried_again(store: &dyn IdempotencyStore) {
    assert_eq!(attempt(store, "key", "one").await, Attempt::First);
    store.give_up(&claim("key", "one")).await.unwrap();
    assert_eq!(attempt(store, "key", "other").await, Attempt::First);
    store.give_up(&claim("unknown", "one")).await.unwrap();
    assert_eq!(attempt(store, "key", "other").await, Attempt::Running);
}

/// An answer that was kept is not given up.
pub async fn giving_up_keeps_what_was_answered(store: &dyn IdempotencyStore) {
    assert_eq!(attempt(store, "key", "one").await, Attempt::First);
    store.finish(&claim("key", "one"), &answer("1"), LONG).await.unwrap();
    store.give_up(&claim("key", "one")).await.unwrap();
    assert_eq!(attempt(store, "key", "one").await, Attempt::Done(answer("1")));
}

/// When an instance dies with a claim, the key is free again after a while.
pub async fn an_unfinished_claim_lapses(store: &dyn IdempotencyStore) {
    assert_eq!(store.attempt(&claim("key", "one"), SHORT).await.unwrap(), Attempt::First);
    eventually("the claim lapsed", async || attempt(store, "key", "other").await == Attempt::First).await;
    assert_eq!(attempt(store, "key", "one").await, Attempt::Mismatch);
}

/// Keeping an answer sets the time anew, to longer and to shorter than the claim's.
pub async fn an_answer_is_kept_for_its_time_only(store: &dyn IdempotencyStore) {
    assert_eq!(attempt(store, "short", "one").await, Attempt::First);
    store.finish(&claim("short", "one"), &answer("1"), SHORT).await.unwrap();
    store.attempt(&claim("long", "one"), SHORT).await.unwrap();
    store.finish(&claim("long", "one"), &answer("1"), LONG).await.unwrap();
    eventually("the answer's time is over", async || attempt(store, "short", "one").await == Attempt::First).await;
    assert_eq!(attempt(store, "long", "one").await, Attempt::Done(answer("1")));
}

/// A request that took longer than its claim finds the key with another one, and leaves it there.
pub async fn a_late_answer_does_not_take_anothers_key(store: &dyn IdempotencyStore) {
    store.attempt(&claim("key", "one"), SHORT).await.unwrap();
    eventually("the claim lapsed", async || attempt(store, "key", "other").await == Attempt::First).await;
    store.finish(&claim("key", "one"), &answer("1"), LONG).await.unwrap();
    assert_eq!(attempt(store, "key", "other").await, Attempt::Running);
    store.finish(&claim("key", "other"), &answer("2"), LONG).await.unwrap();
    store.finish(&claim("key", "other"), &answer("3"), LONG).await.unwrap();
    assert_eq!(attempt(store, "key", "other").await, Attempt::Done(answer("2")), "the first answer is the one that was given");
}

/// A repetition that took a lapsed claim over keeps it: what the first one does late changes nothing for it.
pub async fn a_late_request_does_not_touch_its_repetitions_claim(store: &dyn IdempotencyStore) {
    let (slow, again) = (repeated("key", "one", "slow"), repeated("key", "one", "again"));
    store.attempt(&slow, SHORT).await.unwrap();
    eventually("the claim lapsed", async || store.attempt(&again, LONG).await.unwrap() == Attempt::First).await;
    store.give_up(&slow).await.unwrap();
    assert_eq!(attempt(store, "key", "one").await, Attempt::Running, "it was not its own to give up");
    store.finish(&slow, &answer("late"), LONG).await.unwrap();
    assert_eq!(attempt(store, "key", "one").await, Attempt::Running, "nor to answer");
    store.finish(&again, &answer("1"), LONG).await.unwrap();
    store.give_up(&slow).await.unwrap();
    assert_eq!(attempt(store, "key", "one").await, Attempt::Done(answer("1")));
}

/// A claim that was flushed meanwhile is no reason to forget the answer.
pub async fn a_late_answer_is_kept_where_nobody_has_the_key(store: &dyn IdempotencyStore) {
    store.finish(&claim("key", "one"), &answer("1"), LONG).await.unwrap();
    assert_eq!(attempt(store, "key", "one").await, Attempt::Done(answer("1")));
}

/// Of many impatient clicks one is the first.
pub async fn racing_requests_have_one_first(store: &dyn IdempotencyStore) {
    for round in 0..20 {
        let key = &format!("key:{round}");
        let outcomes = together(12, |_| Box::pin(attempt(store, key, "one")));
        let first = outcomes.iter().filter(|outcome| **outcome == Attempt::First).count();
        let running = outcomes.iter().filter(|outcome| **outcome == Attempt::Running).count();
        assert_eq!((first, running), (1, 11), "{outcomes:?}");
    }
}
