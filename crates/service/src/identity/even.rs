//! Answers that must not tell by their time who has an account. Addresses with and without one take the same work; what is left
//! of differences hides below a floor, sooner than which no such answer is given. So do the predecessor's hashes: they take
//! several times as long to verify as ours, and raise the floor while there are any.

use crate::Service;
use aivalid_model::{Result, identity::IdentityError};
use std::{future::Future, time::Duration};
use tokio::time::{Instant, sleep_until};

impl Service {
    /// Does what answers everybody alike when it is done; that answer waits for the floor.
    pub(super) async fn done_evenly<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        evenly(self.answer_floor(), work, Result::is_ok).await
    }

    /// Does what answers everybody alike when it is refused; that answer waits for the floor.
    pub(super) async fn refused_evenly<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        evenly(self.answer_floor(), work, |done| done.as_ref().is_err_and(|error| *error == IdentityError::BadCredentials.into())).await
    }

    fn answer_floor(&self) -> Duration {
        let floor = self.inner.settings.answer_floor;
        // Half as much again, for what else there is to do and for the times when it takes longer.
        if floor.is_zero() { floor } else { floor.max(self.inner.hasher.old_hashes_take() * 3 / 2) }
    }

    /// Finds out how long the predecessor's hashes take here, if there are any; a job's work. How many hashes were made.
    pub async fn time_old_hashes(&self) -> Result<u64> {
        let cost = self.inner.stores.users.user_old_hash_cost().await?;
        self.inner.hasher.time_old_hashes(cost).await?;
        Ok(u64::from(cost.is_some()))
    }
}

async fn evenly<T>(floor: Duration, work: impl Future<Output = T>, is_even: impl FnOnce(&T) -> bool) -> T {
    let begun = Instant::now();
    let done = work.await;
    if is_even(&done) {
        sleep_until(begun + floor).await;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_that_could_tell_wait_for_the_floor() {
        let floor = Duration::from_millis(20);
        let begun = Instant::now();
        evenly(floor, async {}, |()| true).await;
        assert!(begun.elapsed() >= floor);
        let work = sleep_until(begun + 2 * floor);
        evenly(floor, work, |()| true).await;
        // This would not end in time if it waited.
        evenly(Duration::from_hours(24), async {}, |()| false).await;
    }
}
