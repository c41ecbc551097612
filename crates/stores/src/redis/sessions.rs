//! Live sessions as JSON, each for its own time. A forgotten one leaves an empty value that a slower `session_remember` finds.

use super::{RedisCache, failed, millis};
use crate::forgotten::FORGOTTEN_FOR;
use aivalid_model::id::SessionId;
use aivalid_service::store::{CachedSession, SessionCache, StoreError, StoreResult};
use async_trait::async_trait;
use std::time::Duration;

#[async_trait]
impl SessionCache for RedisCache {
    async fn session_recall(&self, id: SessionId) -> StoreResult<Option<CachedSession>> {
        let json: Option<Vec<u8>> = redis::cmd("GET")
            .arg(self.key("session", id))
            .query_async(&mut self.connection.clone())
            .await
            .map_err(failed("session_recall"))?;
        // Another version of the program may have written it in another form: that is a miss, too.
        Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    async fn session_remember(&self, id: SessionId, session: &CachedSession, ttl: Duration) -> StoreResult<()> {
        let json = serde_json::to_vec(session).map_err(|error| StoreError::new("session_remember", error))?;
        let mut call = self.scripts.remember.key(self.key("session", id));
        call.arg(json).arg(millis(ttl));
        call.invoke_async(&mut self.connection.clone()).await.map_err(failed("session_remember"))
    }

    async fn session_forget(&self, id: SessionId) -> StoreResult<()> {
        redis::cmd("SET")
            .arg(self.key("session", id))
            .arg("")
            .arg("PX")
            .arg(millis(FORGOTTEN_FOR))
            .exec_async(&mut self.connection.clone())
            .await
            .map_err(failed("session_forget"))
    }
}
