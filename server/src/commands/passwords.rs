//! `aivalid passwords`.

use aivalid_service::identity::Breached;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Writes a list of known passwords from files with one password a line.
pub fn run(out: &Path, files: &[PathBuf]) -> Result<()> {
    let mut texts = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    let list = Breached::list_of(texts.iter().flat_map(|text| text.lines()));
    std::fs::write(out, list).with_context(|| format!("{} can't be written", out.display()))
}
