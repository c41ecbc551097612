//! Mail without a mail server: each message becomes a file in the outbox folder, and development shows them on a page.

mod words;

use aivalid_app::context::{MailView, Mailbox};
use aivalid_service::{
    StoreError,
    ports::{Clock, Mail, Mailer, Random},
};
use async_trait::async_trait;
use std::{path::PathBuf, sync::Arc};

/// Writes mails as RFC 5322 files into a folder.
pub struct Outbox {
    folder: PathBuf,
    origin: String,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Outbox {
    /// An outbox in a folder, which is made when the first mail comes.
    pub fn new(folder: PathBuf, origin: String, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { folder, origin, clock, random }
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: Mail) -> Result<(), StoreError> {
        let failed = |error: std::io::Error| StoreError::new("outbox", error);
        let letter = words::letter(&self.origin, &mail);
        let now = self.clock.now();
        let name = format!("{}-{:08x}", now.millis(), u32::from_le_bytes(self.random.bytes()));
        let host = self.origin.split("://").nth(1).and_then(|rest| rest.split(':').next()).unwrap_or("localhost");
        // Addresses were checked and subjects are ours, but a line break in a header must be impossible all the same.
        let header = |text: &str| text.replace(['\r', '\n'], " ");
        let text = format!(
            "From: AIValid <no-reply@{host}>\nTo: {}\nSubject: {}\nDate: {}\nMIME-Version: 1.0\nContent-Language: {}\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n",
            header(&mail.to),
            header(&letter.subject),
            now.rfc2822(),
            mail.lang.tag(),
            letter.body
        );
        tokio::fs::create_dir_all(&self.folder).await.map_err(failed)?;
        // Written beside and then renamed, so that no reader sees half a mail.
        let (draft, done) = (self.folder.join(format!("{name}.tmp")), self.folder.join(format!("{name}.eml")));
        tokio::fs::write(&draft, text.replace('\n', "\r\n")).await.map_err(failed)?;
        tokio::fs::rename(&draft, &done).await.map_err(failed)
    }
}

impl Mailbox for Outbox {
    fn list(&self) -> Vec<MailView> {
        let Ok(folder) = std::fs::read_dir(&self.folder) else { return vec![] };
        let mut names: Vec<_> =
            folder.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        names.sort();
        names.iter().rev().take(50).filter_map(|path| read(&std::fs::read_to_string(path).ok()?)).collect()
    }
}

/// A mail as [`Outbox::send`] wrote it.
fn read(text: &str) -> Option<MailView> {
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n")?;
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default().to_owned();
    Some(MailView { at: header("Date"), to: header("To"), subject: header("Subject"), body: body.trim_end().to_owned() })
}
