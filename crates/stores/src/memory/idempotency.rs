//! Answers kept for repeated requests, up to a number of bytes.

use super::MemoryCache;
use aivalid_service::store::{Attempt, IdempotencyStore, KeyClaim, SavedAnswer, StoreResult};
use async_trait::async_trait;
use moka::{Entry, Expiry, ops::compute::Op, policy::EvictionPolicy, sync::Cache};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Keys, fingerprints and answers together.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// What a claim takes besides its texts, roughly.
const OVERHEAD: usize = 200;

#[derive(Clone)]
pub(super) struct Kept {
    fingerprint: String,
    holder: String,
    answer: Option<Arc<SavedAnswer>>,
    lifetime: Duration,
}

pub(super) struct Lifetimes;

impl Expiry<String, Kept> for Lifetimes {
    fn expire_after_create(&self, _: &String, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.lifetime)
    }

    fn expire_after_update(&self, _: &String, kept: &Kept, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(kept.lifetime)
    }
}

pub(super) type Answers = Cache<String, Kept>;

/// Least recently used goes first: the default policy may refuse a newcomer, and a claim must never be refused.
pub(super) fn empty() -> Answers {
    let weight = |key: &String, kept: &Kept| {
        let answer = kept.answer.as_ref().map_or(0, |answer| answer.body.len() + answer.content_type.len());
        u32::try_from(OVERHEAD + key.len() + kept.fingerprint.len() + kept.holder.len() + answer).unwrap_or(u32::MAX)
    };
    Cache::builder().max_capacity(MOST_BYTES).weigher(weight).eviction_policy(EvictionPolicy::lru()).expire_after(Lifetimes).build()
}

impl Kept {
    fn of(claim: &KeyClaim, answer: Option<SavedAnswer>, lifetime: Duration) -> Self {
        let KeyClaim { fingerprint, holder, .. } = claim.clone();
        Self { fingerprint, holder, answer: answer.map(Arc::new), lifetime }
    }
}

#[async_trait]
impl IdempotencyStore for MemoryCache {
    async fn attempt(&self, claim: &KeyClaim, lifetime: Duration) -> StoreResult<Attempt> {
        let mut found = Attempt::First;
        self.answers.entry_by_ref(&claim.key).and_compute_with(|present| match present.map(Entry::into_value) {
            None => Op::Put(Kept::of(claim, None, lifetime)),
            Some(kept) => {
                found = match kept.answer {
                    _ if kept.fingerprint != claim.fingerprint => Attempt::Mismatch,
                    Some(answer) => Attempt::Done(SavedAnswer::clone(&answer)),
                    None => Attempt::Running,
                };
                Op::Nop
            }
        });
        Ok(found)
    }

    async fn finish(&self, claim: &KeyClaim, answer: &SavedAnswer, keep: Duration) -> StoreResult<()> {
        self.answers.entry_by_ref(&claim.key).and_compute_with(|present| match present.map(Entry::into_value) {
            // The claim lapsed in the meantime, and another request has the key; or the first answer is there.
            Some(kept) if kept.holder != claim.holder || kept.answer.is_some() => Op::Nop,
            _ => Op::Put(Kept::of(claim, Some(answer.clone()), keep)),
        });
        Ok(())
    }

    async fn give_up(&self, claim: &KeyClaim) -> StoreResult<()> {
        self.answers.entry_by_ref(&claim.key).and_compute_with(|present| match present.map(Entry::into_value) {
            Some(Kept { answer: None, holder, .. }) if holder == claim.holder => Op::Remove,
            _ => Op::Nop,
        });
        Ok(())
    }
}
