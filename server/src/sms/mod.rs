//! Delivering SMS: by Twilio or AWS SNS where one is configured, in development into a folder.

mod http;
mod outbox;
mod sns;
mod twilio;

pub use outbox::SmsOutbox;
pub use sns::Sns;
pub use twilio::Twilio;

use crate::config::{Config, SmsSettings};
use aivalid_app::context::{MailView, Mailbox};
use aivalid_service::ports::{Clock, SmsSender};
use anyhow::Result;
use std::sync::Arc;

/// What delivers SMS, and where they can be read when they go nowhere.
#[derive(Default)]
pub struct SmsPost {
    /// Delivers; nobody where no provider is configured.
    pub sender: Option<Arc<dyn SmsSender>>,
    /// The outbox, in development.
    pub mailbox: Option<Arc<dyn Mailbox>>,
}

/// Chooses by the configuration.
pub fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<SmsPost> {
    let origin = config.origin.clone();
    Ok(match &config.sms {
        None => SmsPost::default(),
        Some(SmsSettings::Outbox) => {
            let outbox = Arc::new(SmsOutbox::new(config.data_dir.join("sms"), origin, clock));
            SmsPost { sender: Some(outbox.clone()), mailbox: Some(outbox) }
        }
        Some(SmsSettings::Twilio(settings)) => SmsPost { sender: Some(Arc::new(Twilio::new(settings, origin)?)), mailbox: None },
        Some(SmsSettings::Sns(settings)) => SmsPost { sender: Some(Arc::new(Sns::new(settings, origin)?)), mailbox: None },
    })
}

/// Mails and SMS that went nowhere, on one page.
pub struct Mailboxes(pub Vec<Arc<dyn Mailbox>>);

impl Mailbox for Mailboxes {
    fn list(&self) -> Vec<MailView> {
        let mut all: Vec<MailView> = self.0.iter().flat_map(|mailbox| mailbox.list()).collect();
        all.sort_by(|one, other| other.at.cmp(&one.at));
        all
    }
}
