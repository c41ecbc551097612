//! Sliding windows: for each key a sorted set of the times of what was admitted, so that the answer is exact for all instances.

use super::{RedisCache, failed};
use aivalid_model::Timestamp;
use aivalid_service::store::{Admission, Limit, RateLimiter, StoreResult};
use async_trait::async_trait;
use std::time::Duration;

#[async_trait]
impl RateLimiter for RedisCache {
    async fn admit(&self, key: &str, limit: Limit, now: Timestamp) -> StoreResult<Admission> {
        let mut call = self.scripts.admit.key(self.key("window", key));
        call.arg(now.0).arg(i64::try_from(limit.window.as_micros()).unwrap_or(i64::MAX)).arg(limit.count);
        let (allowed, remaining, wait): (bool, u32, u64) =
            call.invoke_async(&mut self.connection.clone()).await.map_err(failed("admit"))?;
        Ok(Admission { allowed, remaining, retry_after: Duration::from_micros(wait) })
    }
}
