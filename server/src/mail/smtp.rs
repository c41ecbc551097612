//! Mail by SMTP.

use super::message::{Wire, Writer};
use crate::config::{SmtpSettings, SmtpTls};
use aivalid_service::{
    mail::Mail,
    ports::{Mailer, Undelivered},
};
use anyhow::{Context, Result};
use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    transport::smtp::{
        Error, PoolConfig,
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use std::time::Duration;

/// How long a connection may lie idle in the pool; servers close theirs after a few minutes.
const IDLE: Duration = Duration::from_mins(1);

/// Hands mails to an SMTP server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    writer: Writer,
}

impl Smtp {
    /// A pool of connections, opened when they are needed.
    pub fn new(settings: &SmtpSettings, writer: Writer) -> Result<Self> {
        let tls = || -> Result<TlsParameters> {
            let mut parameters = TlsParameters::builder(settings.host.clone());
            for certificate in &settings.ca {
                parameters = parameters.add_root_certificate(certificate.clone());
            }
            parameters.build_rustls().context("TLS for mail can't be set up")
        };
        let tls = match settings.tls {
            SmtpTls::StartTls => Tls::Required(tls()?),
            SmtpTls::Implicit => Tls::Wrapper(tls()?),
            SmtpTls::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(settings.timeout_seconds)))
            .hello_name(ClientId::Domain(writer.host().to_owned()))
            .pool_config(PoolConfig::new().max_size(settings.connections).idle_timeout(IDLE));
        if let Some(credentials) = &settings.credentials {
            transport = transport.credentials(Credentials::new(credentials.username.clone(), credentials.password.clone()));
        }
        Ok(Self { transport: transport.build(), writer })
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), Undelivered> {
        let message = self.writer.write(mail, Wire::Safe).map_err(|error| Undelivered::Never(error.to_string()))?;
        self.transport.send(message).await.map(drop).map_err(|error| undelivered(&error))
    }
}

/// What the server refused for good; but a refusal of *our* credentials or an unreachable server is the operator's to repair,
/// and no reason to lose letters.
fn undelivered(error: &Error) -> Undelivered {
    /// 530, 534, 535, 538: authentication (RFC 4954). 502, 503, 504: what was said, not to whom (RFC 5321).
    const OURS: [u16; 7] = [502, 503, 504, 530, 534, 535, 538];
    let words = error.to_string();
    let code = error.status().map(u16::from);
    if error.is_permanent() && !code.is_some_and(|code| OURS.contains(&code)) {
        Undelivered::Never(words)
    } else {
        Undelivered::Later(words)
    }
}
