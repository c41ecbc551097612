//! `aivalid serve`.

use crate::{
    app::{App, Outside},
    config::Config,
};
use anyhow::{Context, Result};
use std::net::SocketAddr;

/// Serves until the process is told to stop, then lets running requests finish.
pub async fn run(config: &Config) -> Result<()> {
    let app = App::build(config, Outside::default()).await?;
    let jobs = app.start_jobs();
    let listener = tokio::net::TcpListener::bind(config.bind).await.with_context(|| format!("can't listen on {}", config.bind))?;
    tracing::info!(address = %config.bind, origin = config.origin, "AIValid is ready");
    axum::serve(listener, app.router.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(stop()).await?;
    jobs.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Ends with Ctrl-C or SIGTERM.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
    tracing::info!("stopping; running requests may finish");
}
