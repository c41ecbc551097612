//! Messages within the only instance.

use super::MemoryCache;
use aivalid_service::store::{Signal, Signals, StoreResult};
use async_trait::async_trait;
use tokio::sync::broadcast;

/// How many messages a listener may be behind before it loses the oldest, and is told so.
const BEHIND: usize = 1_024;

/// The channel that carries them to every listener of an instance.
pub(crate) fn channel() -> broadcast::Sender<Signal> {
    broadcast::Sender::new(BEHIND)
}

#[async_trait]
impl Signals for MemoryCache {
    async fn publish(&self, signal: Signal) -> StoreResult<()> {
        // An error only says that nobody listens.
        let _ = self.signals.send(signal);
        Ok(())
    }

    async fn subscribe(&self) -> StoreResult<broadcast::Receiver<Signal>> {
        Ok(self.signals.subscribe())
    }
}
