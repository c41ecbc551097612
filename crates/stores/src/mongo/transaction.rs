//! One change in one transaction: snapshot reads, majority writes. The whole is tried again when another transaction came
//! first, only the commit when its outcome is unknown, both with growing pauses and not for ever.

use super::{
    MongoReplies,
    error::{failed, is_commit_unknown, is_conflict},
};
use aivalid_model::community::Target;
use aivalid_service::store::{StoreError, StoreResult};
use async_trait::async_trait;
use mongodb::{
    ClientSession,
    error::Result,
    options::{ReadConcern, TransactionOptions, WriteConcern},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::{sleep, timeout},
};

/// How often the whole is tried: others have come first each time, so there are as many changes done.
const TRIES: u32 = 12;
/// How often a commit of unknown outcome is repeated.
const COMMITS: u32 = 5;
/// The pause after the first try; each is twice the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// All tries together, waiting for one's turn included.
const PATIENCE: Duration = Duration::from_secs(10);

/// A change of replies or reactions.
#[async_trait]
pub(super) trait Change: Sync {
    /// What came of it.
    type Outcome: Send;
    /// Reads and writes within a transaction, which is then committed. An outcome that changes nothing writes nothing.
    async fn apply(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<Self::Outcome>;
}

/// Changes of one target take turns within an instance: they would only get in each other's way in the database.
pub(super) struct Turns([Mutex<()>; 64]);

impl Turns {
    pub fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())))
    }

    #[expect(clippy::indexing_slicing, reason = "the index is taken modulo the number of locks")]
    async fn take(&self, target: Target) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        target.hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % 64).unwrap_or(0);
        self.0[index].lock().await
    }
}

impl MongoReplies {
    /// Makes a change to a target.
    pub(super) async fn apply<C: Change>(&self, context: &'static str, target: Target, change: &C) -> StoreResult<C::Outcome> {
        let turn = async {
            let _turn = self.turns.take(target).await;
            self.try_often(change).await
        };
        match timeout(PATIENCE, turn).await {
            Ok(outcome) => outcome.map_err(failed(context)),
            Err(elapsed) => Err(StoreError::transient(context, elapsed)),
        }
    }

    async fn try_often<C: Change>(&self, change: &C) -> Result<C::Outcome> {
        let mut session = self.database.client().start_session().await?;
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            match self.try_once(change, &mut session).await {
                Err(error) if tries < TRIES && is_conflict(&error) => {
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    tries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn try_once<C: Change>(&self, change: &C, session: &mut ClientSession) -> Result<C::Outcome> {
        let options = TransactionOptions::builder().read_concern(ReadConcern::snapshot()).write_concern(WriteConcern::majority()).build();
        session.start_transaction().with_options(options).await?;
        match change.apply(self, session).await {
            Ok(outcome) => commit(session).await.map(|()| outcome),
            Err(error) => {
                // The server gives up by itself what can't be aborted; the first failure is the one that tells why.
                let _ = session.abort_transaction().await;
                Err(error)
            }
        }
    }
}

async fn commit(session: &mut ClientSession) -> Result<()> {
    let mut pause = FIRST_PAUSE;
    let mut commits = 1;
    loop {
        match session.commit_transaction().await {
            Err(error) if commits < COMMITS && is_commit_unknown(&error) => {
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                commits += 1;
            }
            outcome => return outcome,
        }
    }
}
