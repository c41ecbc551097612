//! Messages between instances: published in Redis, heard by one connection of each instance, which is made anew when it is
//! lost, and handed on to every listener within the instance.

use super::{PATIENCE, RedisCache, failed};
use crate::memory::signals::channel;
use aivalid_service::store::{Signal, Signals, StoreError, StoreResult};
use async_trait::async_trait;
use futures::StreamExt;
use redis::{Client, RedisResult};
use std::{io, time::Duration};
use tokio::{
    sync::{broadcast, watch},
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

/// The pauses before a lost connection is made anew grow from the first to the last.
const PAUSES: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(2)];
/// How often the connection is asked whether it still lives; a broken network may not tell.
const CHECK_EVERY: Duration = Duration::from_secs(10);

#[async_trait]
impl Signals for RedisCache {
    async fn publish(&self, signal: Signal) -> StoreResult<()> {
        let json = serde_json::to_vec(&signal).map_err(|error| StoreError::new("publish", error))?;
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(&self.signals.topic).arg(json);
        publish.exec_async(&mut self.connection.clone()).await.map_err(failed("publish"))
    }

    async fn subscribe(&self) -> StoreResult<broadcast::Receiver<Signal>> {
        // Whoever has the receiver relies on hearing what is published next.
        let mut listening = self.signals.listening.clone();
        let heard = self.signals.heard.subscribe();
        match timeout(PATIENCE, listening.wait_for(|listening| *listening)).await {
            Ok(Ok(_)) => Ok(heard),
            Ok(Err(error)) => Err(StoreError::new("subscribe", error)),
            Err(elapsed) => Err(StoreError::transient("subscribe", elapsed)),
        }
    }
}

/// The task that listens, for as long as this value lives.
pub(super) struct Listener {
    topic: String,
    heard: broadcast::Sender<Signal>,
    listening: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

impl Listener {
    pub(super) fn start(client: Client, topic: String) -> Self {
        let heard = channel();
        let (state, listening) = watch::channel(false);
        let task = tokio::spawn(listen(client, topic.clone(), heard.clone(), state));
        Self { topic, heard, listening, task }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(client: Client, topic: String, heard: broadcast::Sender<Signal>, state: watch::Sender<bool>) {
    let [first, longest] = PAUSES;
    let mut pause = first;
    loop {
        let ended = listen_once(&client, &topic, &heard, &state).await;
        if state.send_replace(false) {
            pause = first;
        }
        tracing::warn!(cause = ?ended.err(), "the connection for messages between instances was lost");
        sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}

/// Listens until the connection ends.
async fn listen_once(client: &Client, topic: &str, heard: &broadcast::Sender<Signal>, state: &watch::Sender<bool>) -> RedisResult<()> {
    let (mut requests, mut messages) = in_time(client.get_async_pubsub()).await?.split();
    in_time(requests.subscribe(topic)).await?;
    state.send_replace(true);
    let mut checks = interval(CHECK_EVERY);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            message = messages.next() => {
                let Some(message) = message else { return Ok(()) };
                // What another version of the program says in another form is not for this one.
                if let Ok(signal) = serde_json::from_slice(message.get_payload_bytes()) {
                    // An error only says that nobody listens.
                    let _ = heard.send(signal);
                }
            }
            _ = checks.tick() => drop(in_time(requests.ping::<redis::Value>()).await?),
        }
    }
}

async fn in_time<T>(work: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
}
