//! Refreshes of one session, one after another within this instance.
//!
//! The compare-and-swap in the store decides which of racing refreshes wins, on every instance. But each racer must first be
//! counted against the rate limit, and a page that asks for twenty things at once would use it up. Behind its turn a loser
//! finds the winner's step done, and takes it without being counted.

use aivalid_model::id::SessionId;
use tokio::sync::{Mutex, MutexGuard};

/// Sessions share turns; enough of them that strangers seldom wait for one another.
const TURNS: usize = 256;

/// See the module.
pub(crate) struct Turns([Mutex<()>; TURNS]);

impl Turns {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())))
    }

    /// Waits for a session's turn, which lasts as long as the guard.
    #[expect(clippy::indexing_slicing, reason = "the index is taken modulo the number of turns")]
    pub(crate) async fn of(&self, session: SessionId) -> MutexGuard<'_, ()> {
        let index = usize::try_from(session.0.unsigned_abs() % TURNS as u64).unwrap_or(0);
        self.0[index].lock().await
    }
}
