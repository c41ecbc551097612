//! Asking a provider by HTTP.

use aivalid_app::paths::query_value;
use aivalid_service::ports::Undelivered;
use anyhow::{Context, Result};
use reqwest::{Client, RequestBuilder, redirect::Policy};
use std::time::Duration;

/// The largest answer that is read.
const LARGEST: usize = 64 * 1024;

/// What a provider answered.
pub(super) struct Answered {
    pub status: u16,
    pub body: String,
}

/// A client that waits no longer than this, and follows nobody elsewhere with what it carries.
pub(super) fn client(timeout: Duration) -> Result<Client> {
    // The cryptography of TLS, as everywhere else here; an error only says that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(timeout).redirect(Policy::none()).build().context("a client for SMS can't be made")
}

/// Fields as a form's body.
pub(super) fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", query_value(value))).collect::<Vec<_>>().join("&")
}

/// Asks, and reads the answer. Who does not answer may do so later.
pub(super) async fn ask(request: RequestBuilder) -> Result<Answered, Undelivered> {
    // What went wrong could quote the address, which names the account.
    let unreachable = |error: reqwest::Error| Undelivered::Later(format!("the provider can't be reached: {}", error.without_url()));
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            break;
        }
    }
    Ok(Answered { status, body: String::from_utf8_lossy(&body).into_owned() })
}
