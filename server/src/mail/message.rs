//! A letter as an RFC 5322 message.

use crate::config::Config;
use aivalid_app::letters;
use aivalid_service::{mail::Mail, ports::Clock};
use anyhow::{Context, Result};
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
    },
};
use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

/// How a body's bytes are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// Only what every mail server carries.
    Safe,
    /// As it is, for people who look at files.
    Plain,
}

/// Writes messages.
pub struct Writer {
    origin: String,
    host: String,
    from: Mailbox,
    clock: Arc<dyn Clock>,
}

impl Writer {
    /// For the origin, and from the address, that are configured.
    pub fn new(config: &Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let host = config.host().to_owned();
        let from = match &config.mail_from {
            Some(from) => from.clone(),
            None => {
                let address = Address::new("no-reply", &host).or_else(|_| Address::new("no-reply", "localhost"));
                Mailbox::new(Some("AIValid".to_owned()), address.context("the sender's address")?)
            }
        };
        Ok(Self { origin: config.origin.clone(), host, from, clock })
    }

    /// The name that we go by among mail servers.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The clock that dates messages.
    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// A message. It fails when nobody can have such an address.
    pub(super) fn write(&self, mail: &Mail, wire: Wire) -> Result<Message> {
        let letter = letters::write(&self.origin, mail);
        // What it failed at could quote the address.
        let to: Address = mail.to.parse().map_err(|_| anyhow::anyhow!("not an address that mail can be sent to"))?;
        let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(self.clock.now().0).unwrap_or(0));
        let body = |content_type, text: String| {
            let body = match wire {
                Wire::Safe => Body::new(text),
                Wire::Plain => {
                    Body::new_with_encoding(text, ContentTransferEncoding::EightBit).map_err(|_| anyhow::anyhow!("a line is too long"))?
                }
            };
            anyhow::Ok(SinglePart::builder().header(content_type).body(body))
        };
        let parts = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(&mail.id)
            .build()
            .singlepart(body(ContentType::TEXT_PLAIN, letter.text)?)
            .singlepart(body(ContentType::TEXT_HTML, letter.html)?);
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .date(date)
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .header(AutoSubmitted)
            .header(NoAutomaticReplies)
            .header(ContentLanguage(mail.lang.tag()))
            .multipart(parts)?;
        Ok(message)
    }
}

/// Told to vacation responders and the like (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The same for Exchange, which does not know RFC 3834.
#[derive(Clone)]
struct NoAutomaticReplies;

impl Header for NoAutomaticReplies {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Auto-Response-Suppress")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "All".to_owned())
    }
}

/// The language of the letter (RFC 3282).
#[derive(Clone)]
struct ContentLanguage(&'static str);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.parse::<aivalid_model::Lang>().map_err(|()| "an unknown language")?.tag()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.to_owned())
    }
}
