//! What may be forgotten, in a Redis that many instances share: live sessions, sliding windows, kept answers, messages. Redis
//! is never the lock of record: every method stays correct when it is flushed, and says so quickly when it can't be reached.
//! What must be one step is one script in a `.lua` file beside the Rust.

mod challenges;
mod idempotency;
mod limiter;
mod sessions;
mod signals;

use aivalid_service::store::{Health, StoreError, StoreResult};
use async_trait::async_trait;
use redis::{
    Client, ErrorKind, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use signals::Listener;
use std::time::Duration;

/// Longer than a healthy Redis ever takes to connect or to answer, short enough for a request to fail quickly.
const PATIENCE: Duration = Duration::from_millis(750);
/// How often a lost connection is made anew within one attempt; the next use tries again.
const RETRIES: usize = 2;
/// The longest pause before one of these.
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// The session cache, rate limiter, kept answers and messages of all instances that use one Redis and one prefix.
pub struct RedisCache {
    connection: ConnectionManager,
    prefix: String,
    scripts: Scripts,
    signals: Listener,
}

/// Compiled once; Redis knows them by their digest.
struct Scripts {
    remember: Script,
    admit: Script,
    attempt: Script,
    finish: Script,
    give_up: Script,
}

impl RedisCache {
    /// Connects to a `redis:` or `rediss:` address; every key and channel begins with `prefix` and a colon.
    /// Fails when the address is not one, or nobody answers there.
    pub async fn connect(address: &str, prefix: &str) -> StoreResult<Self> {
        let client = Client::open(address).map_err(failed("redis address"))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(RETRIES)
            .set_max_delay(LONGEST_PAUSE);
        let connection = ConnectionManager::new_with_config(client.clone(), config).await.map_err(failed("redis connect"))?;
        let scripts = Scripts {
            remember: Script::new(include_str!("remember.lua")),
            admit: Script::new(include_str!("admit.lua")),
            attempt: Script::new(include_str!("attempt.lua")),
            finish: Script::new(include_str!("finish.lua")),
            give_up: Script::new(include_str!("give_up.lua")),
        };
        Ok(Self { connection, prefix: prefix.to_owned(), scripts, signals: Listener::start(client, format!("{prefix}:signals")) })
    }

    /// A key under the prefix.
    fn key(&self, kind: &str, name: impl std::fmt::Display) -> String {
        format!("{}:{kind}:{name}", self.prefix)
    }
}

#[async_trait]
impl Health for RedisCache {
    fn name(&self) -> &'static str {
        "redis"
    }

    async fn ping(&self) -> StoreResult<()> {
        redis::cmd("PING").exec_async(&mut self.connection.clone()).await.map_err(failed("redis ping"))
    }
}

/// A failure as the services see it. Only a wrong set-up, or an answer that the script can't give, is here to stay.
fn failed(context: &'static str) -> impl Fn(RedisError) -> StoreError {
    move |error| match error.kind() {
        ErrorKind::InvalidClientConfig
        | ErrorKind::AuthenticationFailed
        | ErrorKind::UnexpectedReturnType
        | ErrorKind::RESP3NotSupported => StoreError::new(context, error),
        _ => StoreError::transient(context, error),
    }
}

/// Whole milliseconds, at least one: Redis refuses to keep something for no time.
fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).max(1)
}
