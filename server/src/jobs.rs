//! What an instance does on its own, besides answering requests. Every job is harmless when several instances do it at once.

use aivalid_model::Result;
use aivalid_service::{Service, jobs::JobKind};
use std::{future::Future, time::Duration};
use tokio::{sync::watch, task::JoinHandle};

/// How long a job of the queue that was begun may take to end when the process is told to stop; then it gives its lease back.
const GRACE: Duration = Duration::from_secs(10);

/// What runs. What repeats harmless work ends with the process; workers of the queue are told to stop.
pub struct Jobs {
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
}

impl Jobs {
    /// Claims nothing more, waits for what was begun, and gives back what does not end in time.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for worker in self.workers {
            if let Err(error) = worker.await {
                tracing::error!(%error, "a worker failed");
            }
        }
    }
}

/// Starts all of them.
pub fn start(service: &Service) -> Jobs {
    repeat(service);
    let (stop, stopping) = watch::channel(false);
    let work = |kind| {
        let (service, stopping) = (service.clone(), stopping.clone());
        tokio::spawn(async move { service.work(kind, stopping, GRACE).await })
    };
    let workers = JobKind::ALL.into_iter().map(work).collect();
    Jobs { stop, workers }
}

fn repeat(service: &Service) {
    every(Duration::from_secs(5), "tallies", service.clone(), |service| async move {
        service.reconcile_tallies().await.map(|count| count as u64)
    });
    every(Duration::from_secs(1), "audit", service.clone(), |service| async move { service.seal_audit().await });
    every(Duration::from_hours(1), "audit_anchor", service.clone(), |service| async move { service.note_audit_anchor().await.map(|()| 0) });
    every(Duration::from_hours(1), "sessions", service.clone(), |service| async move { service.sweep_sessions().await });
    every(Duration::from_hours(1), "API tokens", service.clone(), |service| async move { service.sweep_api_tokens().await });
    every(Duration::from_hours(1), "API tokens that end", service.clone(), |service| async move { service.tell_of_ending_tokens().await });
    every(Duration::from_hours(1), "old hashes", service.clone(), |service| async move { service.time_old_hashes().await });
    every(Duration::from_hours(1), "wrong passwords", service.clone(), |service| async move { service.sweep_wrong_passwords().await });
    every(Duration::from_hours(1), "accepted signatures", service.clone(), |service| async move { service.sweep_signatures().await });
    every(Duration::from_hours(1), "phone codes", service.clone(), |service| async move { service.sweep_phone_guards().await });
    every(Duration::from_hours(1), "given-up jobs", service.clone(), |service| async move { service.sweep_jobs().await });
    every(Duration::from_hours(1), "documents", service.clone(), |service| async move { service.expire_documents().await });
    every(Duration::from_mins(1), "recoveries", service.clone(), |service| async move { service.recoveries_tick().await });
    every(Duration::from_mins(1), "files", service.clone(), |service| async move { service.sweep_files().await });
    let service = service.clone();
    tokio::spawn(async move {
        loop {
            if let Err(error) = service.follow_signals().await {
                tracing::warn!(%error, "signals can't be heard; trying again");
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    });
}

fn every<F>(period: Duration, name: &'static str, service: Service, work: impl Fn(Service) -> F + Send + 'static)
where
    F: Future<Output = Result<u64>> + Send,
{
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match work(service.clone()).await {
                Ok(0) => {}
                Ok(count) => tracing::debug!(job = name, count, "done"),
                Err(error) => tracing::warn!(job = name, %error, "failed; it will be tried again"),
            }
        }
    });
}
