//! `aivalid seed`: a demonstration data set, the same every time but for its dates, which lead up to now.

mod dice;
mod library;
mod load;
mod plan;
mod texts;

use crate::{
    app::{App, Outside},
    config::{Config, Environment},
};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::time::Instant;

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scale {
    /// 80 people, 400 threads, 150 cases, 4,000 replies.
    Demo,
    /// 5,000 people, 100,000 threads, 20,000 cases, 1,000,000 replies.
    Large,
}

/// The password of every demonstration account.
pub const PASSWORD: &str = "periksa-dua-kali-26";

/// Fills an empty database. Refuses in production, because everyone knows the password.
pub async fn run(config: &Config, scale: Scale, if_empty: bool) -> Result<()> {
    if config.environment == Environment::Production {
        bail!("demonstration accounts have a known password; they are not for production");
    }
    let begun = Instant::now();
    let app = App::build(config, Outside::default()).await?;
    if app.service.stores().users.user_count().await? > 0 {
        if if_empty {
            tracing::info!("the database has accounts already; nothing was seeded");
            return Ok(());
        }
        bail!("the database has accounts already; seed an empty one");
    }
    let plan = plan::Plan::make(&app, scale).await?;
    load::run(config, &app, plan).await?;
    tracing::info!(
        seconds = begun.elapsed().as_secs(),
        "seeded; sign in as bimo_saputra@demo.example (or dewi_wardhani@demo.example, an administrator) with {PASSWORD}"
    );
    Ok(())
}
