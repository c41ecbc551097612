//! How long the caches in memory and in Redis refuse to remember a session that was forgotten.

use std::time::Duration;

/// A request that found a session live just before it was ended may still be about to remember it: a forgotten session
/// leaves a mark behind for much longer than a request may take. Session ids are never used again, so the mark costs nothing.
pub(crate) const FORGOTTEN_FOR: Duration = Duration::from_mins(10);
