//! What an operator sees of the queue, and may do with it.

use super::JobKind;
use crate::{
    Caller, Service,
    audit::Event,
    mail, sms,
    store::{JobFigures, JobRecord},
};
use aivalid_model::{
    Error, Result,
    id::JobId,
    identity::Permission,
    jobs::{JobCount, JobView},
};
use std::time::Duration;

/// How long what was given up is kept. The links in it lapse long before.
const KEPT: Duration = Duration::from_hours(14 * 24);
/// The most jobs that are listed.
const LISTED: i64 = 200;

impl Service {
    /// Jobs that were given up, newest first, or those that live, in the order they come; 200 at most.
    pub async fn jobs(&self, caller: &Caller, dead: bool) -> Result<Vec<JobView>> {
        operates(caller)?;
        self.operator_jobs(dead).await
    }

    /// How many jobs there are of each kind.
    pub async fn job_counts(&self, caller: &Caller) -> Result<Vec<JobCount>> {
        operates(caller)?;
        let count = |JobFigures { kind, live, dead, oldest }| JobCount { kind, live, dead, oldest };
        Ok(self.inner.stores.jobs.job_figures().await?.into_iter().map(count).collect())
    }

    /// Brings back one job that was given up, or all of them. How many; none when there is no such job.
    pub async fn job_retry(&self, caller: &Caller, id: Option<JobId>) -> Result<u64> {
        operates(caller)?;
        let count = self.operator_job_retry(id).await?;
        if count > 0 {
            let event = Event::new("jobs.retried").detail("count", count);
            let event = if let Some(id) = id { event.on("job", id) } else { event };
            self.audit(caller, event).await?;
        }
        Ok(count)
    }

    /// As [`Service::jobs`], for the operator's command line only: it asks nobody.
    pub async fn operator_jobs(&self, dead: bool) -> Result<Vec<JobView>> {
        let records = self.inner.stores.jobs.job_list(dead, LISTED).await?;
        Ok(records.into_iter().map(|record| self.view(record)).collect())
    }

    /// As [`Service::job_retry`], for the operator's command line only: it asks nobody.
    pub async fn operator_job_retry(&self, id: Option<JobId>) -> Result<u64> {
        let count = self.inner.stores.jobs.job_requeue(id, self.now()).await?;
        for kind in JobKind::ALL {
            self.wake(kind);
        }
        Ok(count)
    }

    /// Deletes what was given up two weeks ago or earlier; a job's work. How many.
    pub async fn sweep_jobs(&self) -> Result<u64> {
        Ok(self.inner.stores.jobs.job_sweep(self.now().minus(KEPT)).await?)
    }

    fn view(&self, record: JobRecord) -> JobView {
        let about = self.open_job(&record.kind, &record.payload).ok().and_then(|payload| about(&record.kind, &payload));
        let JobRecord { id, kind, due_at, claimed, attempts, last_error, created_at, dead_at, .. } = record;
        JobView { id, kind, about, due_at, claimed, attempts, last_error, created_at, dead_at }
    }
}

fn operates(caller: &Caller) -> Result<()> {
    caller.signed_in()?;
    if caller.may(Permission::SystemManage) { Ok(()) } else { Err(Error::Forbidden) }
}

fn about(kind: &str, payload: &[u8]) -> Option<String> {
    match JobKind::ALL.into_iter().find(|known| known.as_str() == kind)? {
        JobKind::Mail => mail::about(payload),
        JobKind::Sms => sms::about(payload),
    }
}
