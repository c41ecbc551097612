//! The rule of sliding windows, spelled out without any thought for speed.

use crate::store::{Admission, Limit};
use std::time::Duration;

/// Everything that was ever admitted, in microseconds, oldest first.
#[derive(Default)]
pub(super) struct Oracle {
    admitted: Vec<i64>,
}

impl Oracle {
    fn within(&self, limit: Limit, now: i64) -> usize {
        let window = i64::try_from(limit.window.as_micros()).unwrap();
        self.admitted.iter().filter(|time| **time > now - window && **time <= now).count()
    }

    /// What the limiter must answer to an attempt.
    pub fn admit(&mut self, limit: Limit, asked: i64) -> Admission {
        let now = asked.max(self.admitted.last().copied().unwrap_or(asked));
        let count = usize::try_from(limit.count).unwrap();
        let allowed = self.within(limit, now) < count;
        if allowed {
            self.admitted.push(now);
        }
        let remaining = count.saturating_sub(self.within(limit, now));
        // Room is made at the earliest when an attempt leaves its window.
        let window = i64::try_from(limit.window.as_micros()).unwrap();
        let leavings = self.admitted.iter().map(|time| time + window).filter(|time| *time > now);
        let room = leavings.filter(|time| self.within(limit, *time) < count).min();
        let wait = if remaining > 0 { 0 } else { room.map_or(window, |time| time - asked) };
        let retry_after = Duration::from_micros(u64::try_from(wait).unwrap());
        Admission { allowed, remaining: u32::try_from(remaining).unwrap(), retry_after }
    }

    /// The most that were admitted in any window: each fullest window ends with an attempt.
    pub fn fullest(&self, limit: Limit) -> usize {
        self.admitted.iter().map(|end| self.within(limit, *end)).max().unwrap_or(0)
    }
}
