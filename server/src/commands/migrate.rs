//! `aivalid migrate`.

use crate::{config::Config, stores};
use anyhow::Result;

/// Opens every store, which brings the database up to date.
pub async fn run(config: &Config) -> Result<()> {
    stores::open(config).await?;
    tracing::info!("the database is up to date");
    Ok(())
}
