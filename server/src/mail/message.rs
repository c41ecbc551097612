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
                Wire::Plain => Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), ContentTransferEncoding::EightBit),
            };
            SinglePart::builder().header(content_type).body(body)
        };
        let parts = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(&mail.id)
            .build()
            .singlepart(body(ContentType::TEXT_PLAIN, letter.text))
            .singlepart(body(ContentType::TEXT_HTML, letter.html));
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

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::{Lang, Timestamp, identity::TimeZone};
    use aivalid_service::mail::{CredentialChange, Letter, Scene};
    use mail_parser::MessageParser;
    use std::collections::HashMap;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::from_secs(1_795_004_800)
        }
    }

    fn writer() -> Writer {
        Writer::new(&Config::from_vars(&HashMap::new()).unwrap(), Arc::new(Still)).unwrap()
    }

    fn mail(to: &str, name: &str) -> Mail {
        let scene = Scene { at: Still.now(), zone: TimeZone::WIB, device: name.into(), place: name.into() };
        let change = CredentialChange::PasskeyAdded(name.into());
        let letter = Letter::CredentialChanged { username: name.into(), change, scene, undo: "und_1".into() };
        Mail { id: "0123456789abcdef".into(), to: to.into(), lang: Lang::Id, letter }
    }

    #[test]
    fn names_cannot_reach_the_headers() {
        let hostile = "Dewi\r\nBcc: semua@contoh.id\r\n\r\n<b>halo\0 =?utf-8?q?=0D=0ABcc:x?=";
        for wire in [Wire::Safe, Wire::Plain] {
            let head = |name: &str| {
                let bytes = writer().write(&mail("dewi@contoh.id", name), wire).unwrap().formatted();
                let text = String::from_utf8(bytes.clone()).unwrap();
                let message = MessageParser::default().parse(&bytes).unwrap();
                assert_eq!((message.text_body_count(), message.html_body_count(), message.parts.len()), (1, 1, 3));
                text.split_once("\r\n\r\n").unwrap().0.to_owned()
            };
            assert_eq!(head(hostile), head("Dewi"));
        }
    }

    #[test]
    fn an_address_is_one_address_or_none() {
        for to in ["dewi@contoh.id\r\nBcc: a@contoh.id", "dewi@contoh.id, a@contoh.id", "<dewi@contoh.id>", "dewi", ""] {
            let error = writer().write(&mail(to, "Dewi"), Wire::Safe).unwrap_err().to_string();
            assert_eq!(error, "not an address that mail can be sent to", "{to}");
        }
    }

    #[test]
    fn a_message_is_the_same_at_every_attempt() {
        let write = || writer().write(&mail("dewi@contoh.id", "Ponsel é"), Wire::Safe).unwrap().formatted();
        assert_eq!(write(), write());
    }
}
