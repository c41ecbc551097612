//! `aivalid openapi`.

use crate::api;
use anyhow::Result;
use std::io::Write;

/// Writes the OpenAPI document to standard output.
pub fn run() -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", api::openapi().to_pretty_json()?)?;
    Ok(())
}
