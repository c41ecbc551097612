//! Doing jobs.

use super::{JobKind, Outcome, attempts::Ended};
use crate::{
    Service,
    store::{Claim, ClaimToken, Job},
};
use aivalid_model::{Error, Result, Timestamp};
use std::time::Duration;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

/// How often the queue is looked at when nothing wakes the worker: another instance may have added something and died.
const POLL: Duration = Duration::from_secs(20);
/// How long the worker rests when the queue can't be read.
const REST: Duration = Duration::from_secs(5);
/// The least pause between two looks at the queue.
const LEAST: Duration = Duration::from_millis(50);

/// Wakes this instance's workers.
#[derive(Default)]
pub(crate) struct Wakes {
    mail: Notify,
    sms: Notify,
}

impl Wakes {
    pub(crate) const fn of(&self, kind: JobKind) -> &Notify {
        match kind {
            JobKind::Mail => &self.mail,
            JobKind::Sms => &self.sms,
        }
    }
}

/// A job in somebody's hands.
struct Claimed {
    kind: JobKind,
    token: ClaimToken,
    job: Job,
}

impl Service {
    /// Does jobs of a kind until `stopping` turns true or its sender is gone. Then nothing more is claimed; what is being done
    /// may take `grace` to end, and what does not end gives its lease back. A job's work: it asks nobody.
    pub async fn work(&self, kind: JobKind, mut stopping: watch::Receiver<bool>, grace: Duration) {
        let (cut, given_up) = watch::channel(false);
        let mut running = JoinSet::new();
        while !*stopping.borrow() {
            let pause = match self.claim(kind, kind.plan().at_once.saturating_sub(running.len())).await {
                Ok(claimed) => {
                    for claimed in claimed {
                        let (service, given_up) = (self.clone(), given_up.clone());
                        running.spawn(async move { service.attend(claimed, given_up).await });
                    }
                    // With both hands full, only the end of something makes room.
                    if running.len() < kind.plan().at_once { self.pause(kind).await } else { POLL }
                }
                Err(error) => {
                    tracing::warn!(kind = kind.as_str(), %error, "the queue can't be read; trying again");
                    REST
                }
            };
            tokio::select! {
                changed = stopping.changed() => if changed.is_err() { break },
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = self.inner.wakes.of(kind).notified() => {}
                () = sleep(pause) => {}
            }
        }
        let ended = timeout(grace, async { while running.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            cut.send_replace(true);
            while running.join_next().await.is_some() {}
        }
    }

    /// Does every job of a kind that is due now, one after another; how many were begun. For the operator's command line and
    /// for tests: it asks nobody.
    pub async fn run_due_jobs(&self, kind: JobKind) -> Result<u64> {
        let (_never, given_up) = watch::channel(false);
        let mut begun = 0;
        loop {
            let claimed = self.claim(kind, 1).await?;
            if claimed.is_empty() {
                return Ok(begun);
            }
            for claimed in claimed {
                self.attend(claimed, given_up.clone()).await;
                begun += 1;
            }
        }
    }

    async fn claim(&self, kind: JobKind, limit: usize) -> Result<Vec<Claimed>> {
        if limit == 0 {
            return Ok(vec![]);
        }
        let (now, token) = (self.now(), self.inner.random.bytes());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let claim = Claim { kind: kind.as_str(), token, now, until: now.plus(kind.plan().lease), limit };
        let jobs = self.inner.stores.jobs.job_claim(&claim).await?;
        Ok(jobs.into_iter().map(|job| Claimed { kind, token, job }).collect())
    }

    /// How long nothing will be due, as far as is known.
    async fn pause(&self, kind: JobKind) -> Duration {
        let jitter = POLL.mul_f64(f64::from(self.chance()) / f64::from(u16::MAX) / 2.0);
        let due = self.inner.stores.jobs.job_next_due(kind.as_str()).await.ok().flatten();
        due.map_or(POLL + jitter, |due| due.since(self.now()).clamp(LEAST, POLL + jitter))
    }

    fn chance(&self) -> u16 {
        u16::from_le_bytes(self.inner.random.bytes())
    }

    /// Does one job, unless it is given up before it ends.
    async fn attend(&self, claimed: Claimed, mut given_up: watch::Receiver<bool>) {
        let outcome = tokio::select! {
            outcome = self.attempt(&claimed) => Some(outcome),
            _ = given_up.wait_for(|given_up| *given_up) => None,
        };
        let noted = match outcome {
            Some(outcome) => self.settle(&claimed, outcome).await,
            None => self.inner.stores.jobs.job_release(claimed.job.id, &claimed.token, self.now()).await.map_err(Error::from),
        };
        match noted {
            Ok(true) => {}
            // Another instance has it now; the work may be done twice, which is what "at least once" means.
            Ok(false) => tracing::warn!(kind = claimed.kind.as_str(), job = claimed.job.id.0, "the lease was lost before the job ended"),
            Err(error) => tracing::warn!(kind = claimed.kind.as_str(), job = claimed.job.id.0, %error, "how a job ended can't be noted"),
        }
    }

    async fn attempt(&self, Claimed { kind, job, .. }: &Claimed) -> Outcome {
        let plan = kind.plan();
        if job.attempts > plan.attempts {
            return Outcome::Never(format!("begun {} times and never ended", job.attempts - 1));
        }
        match self.open_job(kind.as_str(), &job.payload) {
            Ok(payload) => timeout(plan.longest, self.perform(*kind, &payload, job.created_at))
                .await
                .unwrap_or_else(|_| Outcome::Later(format!("no end within {} seconds", plan.longest.as_secs()))),
            Err(error) => Outcome::Never(error.to_string()),
        }
    }

    /// Notes how an attempt ended. False when the lease was lost.
    async fn settle(&self, Claimed { kind, token, job }: &Claimed, outcome: Outcome) -> Result<bool> {
        let (plan, now, jobs) = (kind.plan(), self.now(), &self.inner.stores.jobs);
        self.inner.attempts.count(
            *kind,
            match &outcome {
                Outcome::Done => Ended::Done,
                Outcome::Later(_) if job.attempts < plan.attempts => Ended::Failed,
                Outcome::Later(_) | Outcome::Never(_) => Ended::GivenUp,
            },
        );
        let (kind, id, attempts) = (kind.as_str(), job.id, job.attempts);
        Ok(match outcome {
            Outcome::Done => {
                let waited = seconds(now, job.created_at);
                tracing::debug!(kind, job = id.0, attempts, waited, "done");
                jobs.job_done(id, token).await?
            }
            Outcome::Later(error) if attempts < plan.attempts => {
                let pause = plan.pause(attempts, self.chance());
                tracing::warn!(kind, job = id.0, attempts, error, again_in = pause.as_secs(), "failed; it will be tried again");
                jobs.job_retry(id, token, now.plus(pause), &error).await?
            }
            Outcome::Later(error) | Outcome::Never(error) => {
                tracing::error!(kind, job = id.0, attempts, error, "given up; an operator can bring it back");
                jobs.job_bury(id, token, &error, now).await?
            }
        })
    }
}

fn seconds(now: Timestamp, since: Timestamp) -> u64 {
    now.since(since).as_secs()
}
