//! `aivalid mail`.

use crate::{
    app::{App, Outside},
    config::Config,
};
use aivalid_model::{id::JobId, jobs::JobView};
use aivalid_service::jobs::JobKind;
use anyhow::{Result, anyhow};
use std::io::Write;

/// Lists letters, one a line: number, when it was written, attempts, what it is, the last error.
pub async fn list(config: &Config, waiting: bool) -> Result<()> {
    let app = App::build(config, Outside::default()).await?;
    let jobs = app.service.operator_jobs(!waiting).await.map_err(|error| anyhow!("{error}"))?;
    let mut out = std::io::stdout().lock();
    for job in jobs.into_iter().filter(|job| job.kind == JobKind::Mail.as_str()) {
        let JobView { id, created_at, attempts, about, last_error, .. } = job;
        let (about, error) = (about.unwrap_or_else(|| "sealed with an unknown key".to_owned()), last_error.unwrap_or_default());
        writeln!(out, "{id}\t{created_at}\t{attempts}\t{about}\t{error}")?;
    }
    Ok(())
}

/// Brings back one letter that was given up, or all of them; instances that run deliver them within half a minute.
pub async fn retry(config: &Config, id: Option<i64>) -> Result<()> {
    let app = App::build(config, Outside::default()).await?;
    let count = app.service.operator_job_retry(id.map(JobId)).await.map_err(|error| anyhow!("{error}"))?;
    if let (Some(id), 0) = (id, count) {
        return Err(anyhow!("no letter {id} was given up"));
    }
    writeln!(std::io::stdout().lock(), "{count}")?;
    Ok(())
}

/// Delivers what is due now, as a worker would, and ends.
pub async fn send(config: &Config) -> Result<()> {
    let app = App::build(config, Outside::default()).await?;
    let count = app.service.run_due_jobs(JobKind::Mail).await.map_err(|error| anyhow!("{error}"))?;
    writeln!(std::io::stdout().lock(), "{count}")?;
    Ok(())
}
