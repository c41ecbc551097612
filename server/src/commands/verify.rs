//! `aivalid verify`.

use crate::{
    app::{App, Outside},
    config::Config,
};
use anyhow::{Context, Result, bail};
use std::io::Write;

/// Walks the audit log's chain and every case's log. The first break of each is named, and the command fails.
pub async fn run(config: &Config, anchor: Option<&str>) -> Result<()> {
    let anchor = anchor.map(parse).transpose()?;
    let service = App::build(config, Outside::default()).await?.service;
    let failed = |error: aivalid_model::Error| anyhow::anyhow!("the logs can't be read: {error}");
    let (audit, end) = service.verify_audit(anchor).await.map_err(failed)?;
    let cases = service.verify_cases().await.map_err(failed)?;
    let mut out = std::io::stdout().lock();
    match &audit.broken {
        None => writeln!(out, "audit log: {} entries hold; anchor {}:{}", audit.good, end.seq(), end.hash())?,
        Some(broken) => writeln!(out, "audit log: BROKEN after {} good entries: {broken}", audit.good)?,
    }
    match &cases.broken {
        None => writeln!(out, "case logs: {} logs hold", cases.good)?,
        Some(broken) => {
            writeln!(out, "case logs: BROKEN after {} good logs: entry {} of case {}", cases.good, broken.seq, broken.case)?;
        }
    }
    if audit.broken.is_some() || cases.broken.is_some() {
        bail!("a log is not as it was written");
    }
    Ok(())
}

fn parse(text: &str) -> Result<(i64, &str)> {
    let (seq, hash) = text.split_once(':').context("an anchor is SEQ:HASH")?;
    Ok((seq.parse().context("an anchor begins with a number")?, hash))
}
