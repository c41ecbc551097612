//! Sliding windows: for each key the times of what was admitted within its window, so that the answer is exact. Keys are
//! spread over shards, each behind its own lock that is held for less than a microsecond.

use super::MemoryCache;
use aivalid_model::Timestamp;
use aivalid_service::store::{Admission, Limit, RateLimiter, StoreResult};
use async_trait::async_trait;
use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

const SHARDS: usize = 64;
/// A quarter of a million keys in all; the least recently admitted are given up beyond that.
const KEYS_PER_SHARD: usize = 4_096;
/// How often each shard drops the keys whose windows have passed, in microseconds.
const SWEEP_EVERY: i64 = 60_000_000;

pub(super) struct Windows {
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
}

impl Windows {
    pub(super) fn new() -> Self {
        Self { hasher: RandomState::new(), shards: std::array::from_fn(|_| Mutex::default()) }
    }

    #[expect(clippy::indexing_slicing, reason = "the index is taken modulo the number of shards")]
    fn shard(&self, key: &str) -> &Mutex<Shard> {
        let hash = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or(0);
        &self.shards[hash]
    }
}

#[async_trait]
impl RateLimiter for MemoryCache {
    async fn admit(&self, key: &str, limit: Limit, now: Timestamp) -> StoreResult<Admission> {
        let mut shard = self.windows.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        Ok(shard.admit(key, limit, now.0))
    }
}

/// The logs of some keys.
#[derive(Default)]
struct Shard {
    logs: HashMap<Box<str>, Log>,
    swept_at: i64,
}

impl Shard {
    fn admit(&mut self, key: &str, limit: Limit, now: i64) -> Admission {
        if now.saturating_sub(self.swept_at) >= SWEEP_EVERY {
            self.sweep(now);
        }
        if let Some(log) = self.logs.get_mut(key) {
            return log.admit(limit, now);
        }
        if self.logs.len() >= KEYS_PER_SHARD {
            self.make_room(now);
        }
        self.logs.entry(key.into()).or_default().admit(limit, now)
    }

    /// Drops the keys under which nothing counts any more.
    fn sweep(&mut self, now: i64) {
        self.swept_at = now;
        self.logs.retain(|_, log| log.newest().saturating_add(log.window) > now);
    }

    /// Drops at least a quarter of the keys, so that a flood of new ones does not pay for it each time.
    fn make_room(&mut self, now: i64) {
        self.sweep(now);
        let wanted = KEYS_PER_SHARD - KEYS_PER_SHARD / 4;
        let mut surplus = self.logs.len().saturating_sub(wanted);
        let mut newest: Vec<i64> = self.logs.values().map(Log::newest).collect();
        if surplus == 0 || surplus >= newest.len() {
            return;
        }
        let (_, &mut cut, _) = newest.select_nth_unstable(surplus);
        self.logs.retain(|_, log| {
            let dropped = surplus > 0 && log.newest() <= cut;
            surplus -= usize::from(dropped);
            !dropped
        });
    }
}

/// When attempts under one key were admitted, oldest first, in microseconds.
#[derive(Default)]
struct Log {
    admitted: VecDeque<i64>,
    window: i64,
}

impl Log {
    fn newest(&self) -> i64 {
        self.admitted.back().copied().unwrap_or(i64::MIN)
    }

    /// Requests may take the lock in another order than they read the clock: time never goes back under a key.
    fn admit(&mut self, limit: Limit, asked: i64) -> Admission {
        self.window = i64::try_from(limit.window.as_micros()).unwrap_or(i64::MAX);
        let now = asked.max(self.newest());
        let over = now.saturating_sub(self.window);
        while self.admitted.front().is_some_and(|time| *time <= over) {
            self.admitted.pop_front();
        }
        let count = usize::try_from(limit.count).unwrap_or(usize::MAX);
        let allowed = self.admitted.len() < count;
        if allowed {
            self.admitted.push_back(now);
        }
        let remaining = u32::try_from(count.saturating_sub(self.admitted.len())).unwrap_or(u32::MAX);
        Admission { allowed, remaining, retry_after: if remaining > 0 { Duration::ZERO } else { self.room_in(count, asked) } }
    }

    /// How long until fewer than `count` are left in the window.
    fn room_in(&self, count: usize, asked: i64) -> Duration {
        let leaves = self.admitted.len().checked_sub(count).and_then(|index| self.admitted.get(index)).copied();
        let wait = leaves.map_or(self.window, |time| time.saturating_add(self.window).saturating_sub(asked));
        Duration::from_micros(u64::try_from(wait).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { count: 2, window: Duration::from_secs(10) };

    #[test]
    fn keys_whose_window_passed_are_swept() {
        let mut shard = Shard::default();
        for key in 0..100 {
            shard.admit(&format!("ip:{key}"), LIMIT, 1_000_000_000 + key);
        }
        assert_eq!(shard.logs.len(), 100);
        shard.admit("later", LIMIT, 1_000_000_000 + 2 * SWEEP_EVERY);
        assert_eq!(shard.logs.keys().map(|key| &**key).collect::<Vec<_>>(), ["later"]);
    }

    #[test]
    fn a_flood_of_keys_stays_bounded_and_spares_the_latest() {
        let mut shard = Shard::default();
        let most = i64::try_from(KEYS_PER_SHARD).unwrap();
        for key in 0..3 * most {
            shard.admit(&format!("ip:{key}"), LIMIT, 1_000_000_000 + key);
            assert!(shard.logs.len() <= KEYS_PER_SHARD);
        }
        let last = format!("ip:{}", 3 * most - 1);
        let again = [0, 1].map(|_| shard.admit(&last, LIMIT, 1_000_000_000 + 3 * most).allowed);
        assert_eq!(again, [true, false], "the latest keys were not forgotten");
    }

    #[test]
    fn a_flood_within_one_moment_stays_bounded() {
        let mut shard = Shard::default();
        for key in 0..3 * KEYS_PER_SHARD {
            shard.admit(&format!("ip:{key}"), LIMIT, 1_000_000_000);
            assert!(shard.logs.len() <= KEYS_PER_SHARD);
        }
        assert!(shard.logs.len() >= KEYS_PER_SHARD / 2);
    }
}
