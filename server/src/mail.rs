//! Delivering letters: by SMTP where a server is configured, else into the outbox folder.

mod message;
mod outbox;
mod smtp;

pub use outbox::Outbox;
pub use smtp::Smtp;

use crate::config::Config;
use aivalid_app::context::Mailbox;
use aivalid_service::ports::{Clock, Mailer};
use anyhow::Result;
use message::Writer;
use std::sync::Arc;

/// What delivers mail, and where it can be read when it goes nowhere.
pub struct Post {
    /// Delivers.
    pub mailer: Arc<dyn Mailer>,
    /// The outbox, when there is no mail server.
    pub mailbox: Option<Arc<dyn Mailbox>>,
}

/// Chooses by the configuration.
pub fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Post> {
    let writer = Writer::new(config, clock)?;
    Ok(if let Some(settings) = &config.smtp {
        Post { mailer: Arc::new(Smtp::new(settings, writer)?), mailbox: None }
    } else {
        let outbox = Arc::new(Outbox::new(config.data_dir.join("outbox"), writer));
        Post { mailer: outbox.clone(), mailbox: Some(outbox) }
    })
}
