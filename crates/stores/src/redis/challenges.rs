//! Challenges: a value for each key, for its own time. `GETDEL` takes in one step.

use super::{RedisCache, failed, millis};
use aivalid_service::store::{ChallengeStore, StoreResult};
use async_trait::async_trait;
use std::time::Duration;

#[async_trait]
impl ChallengeStore for RedisCache {
    async fn challenge_put(&self, key: &str, value: &[u8], life: Duration) -> StoreResult<()> {
        let mut command = redis::cmd("SET");
        command.arg(self.key("challenge", key)).arg(value).arg("PX").arg(millis(life));
        command.exec_async(&mut self.connection.clone()).await.map_err(failed("challenge_put"))
    }

    async fn challenge_get(&self, key: &str) -> StoreResult<Option<Vec<u8>>> {
        let mut command = redis::cmd("GET");
        command.arg(self.key("challenge", key));
        command.query_async(&mut self.connection.clone()).await.map_err(failed("challenge_get"))
    }

    async fn challenge_take(&self, key: &str) -> StoreResult<Option<Vec<u8>>> {
        let mut command = redis::cmd("GETDEL");
        command.arg(self.key("challenge", key));
        command.query_async(&mut self.connection.clone()).await.map_err(failed("challenge_take"))
    }
}
