//! Work for later: added in the transaction of what it belongs to, done by a worker of any instance, tried again when it
//! fails, kept for an operator when it fails for good.
//!
//! To add a kind of job: a variant of [`JobKind`] with its plan, a sealed payload made by [`Service::job`], and an arm in
//! `perform`. Every kind is done *at least* once: a process may die between the deed and the note that it is done.

mod attempts;
mod operator;
mod plan;
mod worker;

pub(crate) use attempts::Attempts;
pub use attempts::QueueFigures;
pub use plan::JobKind;
pub(crate) use worker::Wakes;

use crate::{
    Service,
    seal::{Bound, Purpose, SealError},
    store::NewJob,
};
use aivalid_model::{Error, Result};
use serde::Serialize;

/// How an attempt ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The work is done.
    Done,
    /// Trying again later may help. Why: for the operator, without personal data.
    Later(String),
    /// Trying again can't help.
    Never(String),
}

impl Service {
    /// A job with its payload sealed, due at once.
    pub(crate) fn job(&self, kind: JobKind, payload: &impl Serialize) -> Result<NewJob> {
        let plain = serde_json::to_vec(payload).map_err(|error| {
            tracing::error!(kind = kind.as_str(), %error, "a job's payload can't be written");
            Error::Internal
        })?;
        let payload = self.inner.sealer.seal(&*self.inner.random, bound(kind.as_str()), &plain).map_err(|error| {
            tracing::error!(kind = kind.as_str(), %error, "a job's payload can't be sealed");
            Error::Internal
        })?;
        let now = self.now();
        Ok(NewJob { kind: kind.as_str().to_owned(), dedup: None, payload, due_at: now, now })
    }

    /// Adds a job, and wakes its worker.
    pub(crate) async fn enqueue(&self, kind: JobKind, job: &NewJob) -> Result<()> {
        self.inner.stores.jobs.job_add(job).await?;
        self.wake(kind);
        Ok(())
    }

    /// Wakes this instance's worker, after a store's use case added a job with what it did.
    pub(crate) fn wake(&self, kind: JobKind) {
        self.inner.wakes.of(kind).notify_one();
    }

    pub(crate) fn open_job(&self, kind: &str, payload: &[u8]) -> std::result::Result<Vec<u8>, SealError> {
        self.inner.sealer.open(bound(kind), payload)
    }

    /// Does a job's work.
    async fn perform(&self, kind: JobKind, payload: &[u8], made: aivalid_model::Timestamp) -> Outcome {
        match kind {
            JobKind::Mail => self.deliver(payload, made).await,
            JobKind::Sms => self.deliver_sms(payload, made).await,
        }
    }
}

const fn bound(kind: &str) -> Bound<'_> {
    Bound { purpose: Purpose::Job, to: kind }
}
