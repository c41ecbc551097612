//! Mail without a mail server: each message becomes a file in the outbox folder, and development shows them on a page.

use super::message::{Wire, Writer};
use aivalid_app::context::{MailView, Mailbox};
use aivalid_service::{
    mail::Mail,
    ports::{Mailer, Undelivered},
};
use async_trait::async_trait;
use mail_parser::MessageParser;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// How many mails the page shows.
const SHOWN: usize = 50;

/// Writes mails as RFC 5322 files into a folder that only its owner can read: they hold links.
pub struct Outbox {
    folder: PathBuf,
    writer: Writer,
}

impl Outbox {
    /// An outbox in a folder, which is made when the first mail comes.
    pub fn new(folder: PathBuf, writer: Writer) -> Self {
        Self { folder, writer }
    }

    async fn keep(&self, name: &str, message: &[u8]) -> std::io::Result<()> {
        let mut folder = tokio::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        folder.mode(0o700);
        folder.create(&self.folder).await?;
        // Written beside and then renamed, so that no reader sees half a mail.
        let (draft, done) = (self.folder.join(format!("{name}.tmp")), self.folder.join(format!("{name}.eml")));
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&draft).await?;
        file.write_all(message).await?;
        file.sync_all().await?;
        tokio::fs::rename(&draft, &done).await
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: &Mail) -> Result<(), Undelivered> {
        let message = self.writer.write(mail, Wire::Plain).map_err(|error| Undelivered::Never(error.to_string()))?;
        // Newest last by name; the same letter again gets the same ending.
        let name = format!("{}-{}", self.writer.clock().now().millis(), mail.id);
        self.keep(&name, &message.formatted()).await.map_err(|error| Undelivered::Later(format!("the outbox: {error}")))
    }
}

impl Mailbox for Outbox {
    fn list(&self) -> Vec<MailView> {
        let Ok(folder) = std::fs::read_dir(&self.folder) else { return vec![] };
        let mut names: Vec<_> =
            folder.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        names.sort();
        names.iter().rev().take(SHOWN).filter_map(|path| read(path)).collect()
    }
}

fn read(path: &Path) -> Option<MailView> {
    let bytes = std::fs::read(path).ok()?;
    let message = MessageParser::default().parse(&bytes)?;
    Some(MailView {
        at: message.date()?.to_rfc3339(),
        to: message.to()?.first()?.address()?.to_owned(),
        subject: message.subject()?.to_owned(),
        body: message.body_text(0)?.replace("\r\n", "\n").trim_end().to_owned(),
    })
}
