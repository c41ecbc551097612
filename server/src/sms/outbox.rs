//! SMS without a provider: each becomes a file, and development shows them on the mailbox page.

use aivalid_app::{
    context::{MailView, Mailbox},
    letters,
};
use aivalid_service::{
    ports::{Clock, SmsSender, Undelivered},
    sms::Sms,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::io::AsyncWriteExt;

/// How many the page shows.
const SHOWN: usize = 50;

/// Writes SMS into a folder that only its owner can read: they hold codes.
pub struct SmsOutbox {
    folder: PathBuf,
    origin: String,
    clock: Arc<dyn Clock>,
}

/// A file.
#[derive(Serialize, Deserialize)]
struct Kept {
    at: String,
    to: String,
    text: String,
}

impl SmsOutbox {
    /// An outbox in a folder, which is made when the first one comes.
    pub fn new(folder: PathBuf, origin: String, clock: Arc<dyn Clock>) -> Self {
        Self { folder, origin, clock }
    }

    async fn keep(&self, name: &str, content: &[u8]) -> std::io::Result<()> {
        let mut folder = tokio::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        folder.mode(0o700);
        folder.create(&self.folder).await?;
        // Written beside and then renamed, so that no reader sees half of it.
        let (draft, done) = (self.folder.join(format!("{name}.tmp")), self.folder.join(format!("{name}.json")));
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&draft).await?;
        file.write_all(content).await?;
        file.sync_all().await?;
        tokio::fs::rename(&draft, &done).await
    }
}

#[async_trait]
impl SmsSender for SmsOutbox {
    async fn send(&self, sms: &Sms) -> Result<(), Undelivered> {
        let now = self.clock.now();
        let kept = Kept { at: now.rfc3339(), to: sms.to.clone(), text: letters::sms(&self.origin, sms) };
        let content = serde_json::to_vec(&kept).map_err(|error| Undelivered::Never(error.to_string()))?;
        // Newest last by name; the same one again gets the same ending.
        let name = format!("{}-{}", now.millis(), sms.id);
        self.keep(&name, &content).await.map_err(|error| Undelivered::Later(format!("the outbox: {error}")))
    }
}

impl Mailbox for SmsOutbox {
    fn list(&self) -> Vec<MailView> {
        let Ok(folder) = std::fs::read_dir(&self.folder) else { return vec![] };
        let mut names: Vec<_> =
            folder.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
        names.sort();
        names.iter().rev().take(SHOWN).filter_map(|path| read(path)).collect()
    }
}

fn read(path: &Path) -> Option<MailView> {
    let Kept { at, to, text } = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    Some(MailView { at, to, subject: "SMS".to_owned(), body: text })
}
