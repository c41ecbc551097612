//! The outside world behind the services' ports: the system's clock and generator.

use aivalid_model::Timestamp;
use aivalid_service::ports::{Clock, Random};
use std::time::{SystemTime, UNIX_EPOCH};

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time enters")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's generator.
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = getrandom::fill(buffer) {
            // Secrets made without randomness would be worse than none: better to stop at once.
            tracing::error!(%error, "the operating system gives no randomness");
            std::process::abort();
        }
    }
}
