//! Challenges, each for its own time.

use super::MemoryCache;
use aivalid_service::store::{ChallengeStore, StoreResult};
use async_trait::async_trait;
use moka::{
    Expiry,
    ops::compute::{CompResult, Op},
    policy::EvictionPolicy,
    sync::Cache,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// All challenges together.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// What one takes besides its bytes, roughly.
const OVERHEAD: usize = 100;

#[derive(Clone)]
pub(super) struct Kept {
    value: Arc<[u8]>,
    life: Duration,
}

pub(super) struct Lifetimes;

impl Expiry<String, Kept> for Lifetimes {
    fn expire_after_create(&self, _: &String, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.life)
    }

    fn expire_after_update(&self, _: &String, kept: &Kept, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(kept.life)
    }
}

pub(super) type Challenges = Cache<String, Kept>;

/// Least recently used goes first: a newcomer must never be refused.
pub(super) fn empty() -> Challenges {
    let weight = |key: &String, kept: &Kept| u32::try_from(OVERHEAD + key.len() + kept.value.len()).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(MOST_BYTES).weigher(weight).eviction_policy(EvictionPolicy::lru()).expire_after(Lifetimes).build()
}

#[async_trait]
impl ChallengeStore for MemoryCache {
    async fn challenge_put(&self, key: &str, value: &[u8], life: Duration) -> StoreResult<()> {
        self.challenges.insert(key.to_owned(), Kept { value: value.into(), life });
        Ok(())
    }

    async fn challenge_get(&self, key: &str) -> StoreResult<Option<Vec<u8>>> {
        Ok(self.challenges.get(key).map(|kept| kept.value.to_vec()))
    }

    async fn challenge_take(&self, key: &str) -> StoreResult<Option<Vec<u8>>> {
        // Computed, because `remove` also hands out what has lapsed but was not swept yet.
        let taken = self.challenges.entry_by_ref(key).and_compute_with(|present| if present.is_some() { Op::Remove } else { Op::Nop });
        Ok(match taken {
            CompResult::Removed(entry) => Some(entry.into_value().value.to_vec()),
            _ => None,
        })
    }
}
