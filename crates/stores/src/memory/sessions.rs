//! Live sessions, each for its own time. A forgotten one leaves a mark that a slower `session_remember` finds.

use super::MemoryCache;
use crate::forgotten::FORGOTTEN_FOR;
use aivalid_model::id::SessionId;
use aivalid_service::store::{CachedSession, SessionCache, StoreResult};
use async_trait::async_trait;
use moka::{Expiry, ops::compute::Op, policy::EvictionPolicy, sync::Cache};
use std::time::{Duration, Instant};

/// Sessions and marks together; a session takes some 200 bytes.
const MOST: u64 = 200_000;

#[derive(Clone)]
pub(super) enum Kept {
    /// A live session, and for how long it may be believed.
    Live(CachedSession, Duration),
    /// The mark.
    Forgotten,
}

impl Kept {
    fn lifetime(&self) -> Duration {
        match self {
            Self::Live(_, ttl) => *ttl,
            Self::Forgotten => FORGOTTEN_FOR,
        }
    }
}

pub(super) struct Lifetimes;

impl Expiry<SessionId, Kept> for Lifetimes {
    fn expire_after_create(&self, _: &SessionId, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.lifetime())
    }

    fn expire_after_update(&self, _: &SessionId, kept: &Kept, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(kept.lifetime())
    }
}

pub(super) type Sessions = Cache<SessionId, Kept>;

/// Least recently used goes first: the default policy may refuse a newcomer, and a mark must never be refused.
pub(super) fn empty() -> Sessions {
    Cache::builder().max_capacity(MOST).eviction_policy(EvictionPolicy::lru()).expire_after(Lifetimes).build()
}

#[async_trait]
impl SessionCache for MemoryCache {
    async fn session_recall(&self, id: SessionId) -> StoreResult<Option<CachedSession>> {
        Ok(match self.sessions.get(&id) {
            Some(Kept::Live(session, _)) => Some(session),
            Some(Kept::Forgotten) | None => None,
        })
    }

    async fn session_remember(&self, id: SessionId, session: &CachedSession, ttl: Duration) -> StoreResult<()> {
        self.sessions.entry(id).and_compute_with(|present| match present.map(moka::Entry::into_value) {
            Some(Kept::Forgotten) => Op::Nop,
            _ => Op::Put(Kept::Live(session.clone(), ttl)),
        });
        Ok(())
    }

    async fn session_forget(&self, id: SessionId) -> StoreResult<()> {
        // Computed rather than inserted, because only computations of one key wait for one another.
        self.sessions.entry(id).and_compute_with(|_| Op::Put(Kept::Forgotten));
        Ok(())
    }
}
