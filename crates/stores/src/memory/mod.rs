//! What may be forgotten, in the memory of the only instance: live sessions, sliding windows, kept answers, messages. Each
//! is bounded; when a bound is reached, what was unused for longest goes first.

mod challenges;
mod idempotency;
mod limiter;
mod sessions;
pub(crate) mod signals;

use aivalid_service::store::Signal;
use challenges::Challenges;
use idempotency::Answers;
use limiter::Windows;
use sessions::Sessions;
use tokio::sync::broadcast;

/// The session cache, rate limiter, kept answers and messages of one instance.
pub struct MemoryCache {
    sessions: Sessions,
    windows: Windows,
    answers: Answers,
    challenges: Challenges,
    signals: broadcast::Sender<Signal>,
}

impl MemoryCache {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            sessions: sessions::empty(),
            windows: Windows::new(),
            answers: idempotency::empty(),
            challenges: challenges::empty(),
            signals: signals::channel(),
        }
    }
}

impl Default for MemoryCache {
    fn default() -> Self {
        Self::new()
    }
}
