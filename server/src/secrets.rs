//! Keys: from the configuration, or in development generated once into the data folder.

use crate::config::Config;
use aivalid_service::{
    identity::{Keys, Secret},
    seal::{Sealer, SealingKey},
};
use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{fs, path::Path};

/// The signing keys, the sealing keys and the pepper.
pub struct Secrets {
    /// For tokens and cookies.
    pub keys: Keys,
    /// For what must be readable again.
    pub sealer: Sealer,
    /// For passwords.
    pub pepper: Vec<u8>,
}

impl Secrets {
    /// From the configuration; what it lacks (development only, it was checked) is generated and kept.
    pub fn load(config: &Config) -> Result<Self> {
        let masters = match &config.signing_keys {
            Some(keys) => keys.clone(),
            None => vec![("dev".to_owned(), generated(&config.data_dir, "signing-key")?)],
        };
        let pepper = match &config.pepper {
            Some(pepper) => pepper.clone(),
            None => generated(&config.data_dir, "pepper")?,
        };
        let secrets = |purpose: &str| -> Result<Vec<Secret>> {
            masters.iter().map(|(id, master)| Ok(Secret { id: id.clone(), bytes: derive(master, purpose)? })).collect()
        };
        // Successors of refresh tokens and device cookies must outlive a change of signing keys, so they hang on the pepper.
        let keys = Keys::new(secrets("access token")?, secrets("refresh token")?, derive(&pepper, "derived ids")?);
        Ok(Self { keys, sealer: sealer(config)?, pepper: derive(&pepper, "password pepper")? })
    }
}

fn sealer(config: &Config) -> Result<Sealer> {
    let masters = match &config.sealing_keys {
        Some(keys) => keys.clone(),
        None => vec![("dev".to_owned(), generated(&config.data_dir, "sealing-key")?)],
    };
    let keys: Vec<SealingKey> = masters
        .into_iter()
        .map(|(id, master)| {
            let bytes = derive(&master, "sealing")?.try_into().map_err(|_| anyhow::anyhow!("the key has another length"))?;
            Ok(SealingKey { id, bytes })
        })
        .collect::<Result<_>>()?;
    let (first, older) = keys.split_first().context("no sealing key")?;
    Ok(Sealer::new(first, older))
}

/// One master key serves many purposes, each with a key of its own.
fn derive(master: &[u8], purpose: &str) -> Result<Vec<u8>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(master).context("the key can't be used")?;
    mac.update(purpose.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

fn generated(data_dir: &Path, name: &str) -> Result<Vec<u8>> {
    let folder = data_dir.join("secrets");
    let path = folder.join(name);
    if let Ok(text) = fs::read_to_string(&path) {
        return STANDARD.decode(text.trim()).with_context(|| format!("{} is not base64", path.display()));
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("no randomness")?;
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    write_private(&path, &STANDARD.encode(bytes)).with_context(|| format!("can't write {}", path.display()))?;
    tracing::info!(path = %path.display(), "generated a secret for development");
    Ok(bytes.to_vec())
}

/// A file that only its owner can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
