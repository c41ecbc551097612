//! How the attempts of this process ended: counted in memory, for those who watch it.

use super::JobKind;
use crate::{Service, store::JobFigures};
use aivalid_model::Result;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// How attempts at one kind of job ended.
#[derive(Default)]
struct Counts {
    done: AtomicU64,
    failed: AtomicU64,
    given_up: AtomicU64,
}

/// How attempts ended, for each kind.
#[derive(Default)]
pub(crate) struct Attempts {
    mail: Counts,
    sms: Counts,
}

/// What became of an attempt.
#[derive(Clone, Copy)]
pub(super) enum Ended {
    Done,
    Failed,
    GivenUp,
}

impl Attempts {
    const fn of(&self, kind: JobKind) -> &Counts {
        match kind {
            JobKind::Mail => &self.mail,
            JobKind::Sms => &self.sms,
        }
    }

    pub(super) fn count(&self, kind: JobKind, ended: Ended) {
        let counts = self.of(kind);
        let counter = match ended {
            Ended::Done => &counts.done,
            Ended::Failed => &counts.failed,
            Ended::GivenUp => &counts.given_up,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// How one kind of job does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueFigures {
    /// Which.
    pub kind: JobKind,
    /// How many wait or are being done, of all instances.
    pub waiting: u64,
    /// How many were given up and are kept, of all instances.
    pub dead: u64,
    /// How long the oldest that is not done has waited; zero when none waits.
    pub oldest: Duration,
    /// How many this process has done since it began.
    pub done: u64,
    /// How many attempts failed that will be made again.
    pub failed: u64,
    /// How many it gave up.
    pub given_up: u64,
}

impl Service {
    /// How every kind of job does. For those who watch the machine: it asks nobody.
    pub async fn queue_figures(&self) -> Result<Vec<QueueFigures>> {
        let now = self.now();
        let stored = self.inner.stores.jobs.job_figures().await?;
        let figures = JobKind::ALL.map(|kind| {
            let known = stored.iter().find(|figures| figures.kind == kind.as_str());
            let (waiting, dead) = known.map_or((0, 0), |JobFigures { live, dead, .. }| (*live, *dead));
            let counts = self.inner.attempts.of(kind);
            QueueFigures {
                kind,
                waiting,
                dead,
                oldest: known.and_then(|figures| figures.oldest).map_or(Duration::ZERO, |oldest| now.since(oldest)),
                done: counts.done.load(Ordering::Relaxed),
                failed: counts.failed.load(Ordering::Relaxed),
                given_up: counts.given_up.load(Ordering::Relaxed),
            }
        });
        Ok(figures.into())
    }
}
