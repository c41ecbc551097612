//! Settings of the mail server.

use super::Reader;
use lettre::{message::Mailbox, transport::smtp::client::Certificate};
use std::fmt;

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// The connection begins in the clear and must be encrypted before anything is said.
    StartTls,
    /// Encrypted from the first byte.
    Implicit,
    /// Not at all: for a server on the same machine or in development.
    None,
}

/// Name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpCredentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for SmtpCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpCredentials(…)")
    }
}

/// The mail server.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// `SMTP_HOST`: its name, which its certificate must bear.
    pub host: String,
    /// `SMTP_PORT`: default 587, 465 with implicit TLS, 25 without.
    pub port: u16,
    /// `SMTP_TLS`: `starttls` (default), `implicit` or `none`.
    pub tls: SmtpTls,
    /// `SMTP_USERNAME` and `SMTP_PASSWORD`: both or neither; not without TLS.
    pub credentials: Option<SmtpCredentials>,
    /// `SMTP_CA_FILE`: PEM, certificates to trust besides the public ones.
    pub ca: Vec<Certificate>,
    /// `SMTP_TIMEOUT_SECONDS`: how long the server may take for each answer; default 20.
    pub timeout_seconds: u64,
    /// `SMTP_CONNECTIONS`: at most; default 4.
    pub connections: u32,
}

const NAMES: [&str; 8] =
    ["SMTP_PORT", "SMTP_TLS", "SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_CA_FILE", "SMTP_TIMEOUT_SECONDS", "SMTP_CONNECTIONS", "SMTP_HOST"];

impl Reader<'_> {
    /// `MAIL_FROM`: `AIValid <no-reply@aivalid.example>`.
    pub(super) fn mail_from(&mut self) -> Option<Mailbox> {
        let text = self.text("MAIL_FROM")?;
        let from = text.parse().ok();
        if from.is_none() {
            self.problems.push(format!("MAIL_FROM must be an address such as `AIValid <no-reply@aivalid.example>`, not `{text}`"));
        }
        from
    }

    /// The mail server, if one is named.
    pub(super) fn smtp(&mut self, has_sender: bool) -> Option<SmtpSettings> {
        let Some(host) = self.text("SMTP_HOST") else {
            let lone: Vec<&str> = NAMES.into_iter().filter(|name| self.text(name).is_some()).collect();
            self.problems.extend(lone.into_iter().map(|name| format!("{name} is set, but SMTP_HOST is not")));
            return None;
        };
        if host.is_empty() || host.contains(['/', ':', '@', ' ']) {
            self.problems.push(format!("SMTP_HOST must be a host's name, not `{host}`"));
        }
        if !has_sender {
            self.problems.push("MAIL_FROM is required with SMTP_HOST".to_owned());
        }
        let tls = match self.text("SMTP_TLS").as_deref() {
            None | Some("starttls") => SmtpTls::StartTls,
            Some("implicit") => SmtpTls::Implicit,
            Some("none") => SmtpTls::None,
            Some(other) => {
                self.problems.push(format!("SMTP_TLS must be `starttls`, `implicit` or `none`, not `{other}`"));
                SmtpTls::StartTls
            }
        };
        let port = match tls {
            SmtpTls::StartTls => 587,
            SmtpTls::Implicit => 465,
            SmtpTls::None => 25,
        };
        let credentials = self.credentials();
        if credentials.is_some() && tls == SmtpTls::None {
            self.problems.push("SMTP_USERNAME and SMTP_PASSWORD need TLS: SMTP_TLS is `none`".to_owned());
        }
        Some(SmtpSettings {
            host,
            port: self.parsed("SMTP_PORT", std::num::NonZeroU16::new(port)?, "a port").get(),
            tls,
            credentials,
            ca: self.certificates(),
            timeout_seconds: self.parsed("SMTP_TIMEOUT_SECONDS", std::num::NonZeroU64::new(20)?, "a number of seconds from 1").get(),
            connections: self.parsed("SMTP_CONNECTIONS", std::num::NonZeroU32::new(4)?, "a number from 1").get(),
        })
    }

    fn credentials(&mut self) -> Option<SmtpCredentials> {
        match (self.text("SMTP_USERNAME"), self.text("SMTP_PASSWORD")) {
            (Some(username), Some(password)) => Some(SmtpCredentials { username, password }),
            (None, None) => None,
            (Some(_), None) => {
                self.problems.push("SMTP_USERNAME is set, but SMTP_PASSWORD is not".to_owned());
                None
            }
            (None, Some(_)) => {
                self.problems.push("SMTP_PASSWORD is set, but SMTP_USERNAME is not".to_owned());
                None
            }
        }
    }

    fn certificates(&mut self) -> Vec<Certificate> {
        let Some(path) = self.text("SMTP_CA_FILE") else { return vec![] };
        let certificate = std::fs::read(&path).ok().and_then(|pem| Certificate::from_pem(&pem).ok());
        if certificate.is_none() {
            self.problems.push(format!("SMTP_CA_FILE: `{path}` is not a file of PEM certificates that can be read"));
        }
        certificate.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, ConfigProblems};
    use super::*;

    fn load(vars: &[(&str, &str)]) -> Result<Config, ConfigProblems> {
        Config::from_vars(&vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    const FROM: (&str, &str) = ("MAIL_FROM", "AIValid <no-reply@aivalid.example>");

    #[test]
    fn a_host_and_a_sender_are_enough() {
        let config = load(&[("SMTP_HOST", "mail.aivalid.example"), FROM]).unwrap();
        let smtp = config.smtp.unwrap();
        assert_eq!((smtp.host.as_str(), smtp.port, smtp.tls, smtp.timeout_seconds), ("mail.aivalid.example", 587, SmtpTls::StartTls, 20));
        assert_eq!(config.mail_from.unwrap().to_string(), "AIValid <no-reply@aivalid.example>");
        for (tls, port) in [("implicit", 465), ("none", 25)] {
            let config = load(&[("SMTP_HOST", "mail"), ("SMTP_TLS", tls), FROM]).unwrap();
            assert_eq!(config.smtp.unwrap().port, port);
        }
        assert!(load(&[]).unwrap().smtp.is_none());
    }

    #[test]
    fn every_problem_of_the_mail_server_is_named() {
        for (vars, problem) in [
            (vec![("SMTP_HOST", "mail")], "MAIL_FROM is required with SMTP_HOST"),
            (vec![("SMTP_PORT", "25")], "SMTP_PORT is set, but SMTP_HOST is not"),
            (vec![("SMTP_HOST", "smtp://mail"), FROM], "SMTP_HOST must be a host's name, not `smtp://mail`"),
            (vec![("SMTP_HOST", "mail"), ("SMTP_PORT", "0"), FROM], "SMTP_PORT must be a port, not `0`"),
            (vec![("SMTP_HOST", "mail"), ("SMTP_TLS", "ssl"), FROM], "SMTP_TLS must be `starttls`, `implicit` or `none`, not `ssl`"),
            (vec![("SMTP_HOST", "mail"), ("SMTP_USERNAME", "a"), FROM], "SMTP_USERNAME is set, but SMTP_PASSWORD is not"),
            (vec![("SMTP_HOST", "mail"), ("SMTP_PASSWORD", "a"), FROM], "SMTP_PASSWORD is set, but SMTP_USERNAME is not"),
            (
                vec![("SMTP_HOST", "mail"), ("SMTP_USERNAME", "a"), ("SMTP_PASSWORD", "rahasia"), ("SMTP_TLS", "none"), FROM],
                "SMTP_USERNAME and SMTP_PASSWORD need TLS: SMTP_TLS is `none`",
            ),
            (
                vec![("SMTP_HOST", "mail"), ("SMTP_CA_FILE", "/nowhere.pem"), FROM],
                "SMTP_CA_FILE: `/nowhere.pem` is not a file of PEM certificates that can be read",
            ),
            (vec![("SMTP_HOST", "mail"), ("SMTP_CONNECTIONS", "0"), FROM], "SMTP_CONNECTIONS must be a number from 1, not `0`"),
            (
                vec![("MAIL_FROM", "bukan alamat")],
                "MAIL_FROM must be an address such as `AIValid <no-reply@aivalid.example>`, not `bukan alamat`",
            ),
        ] {
            assert_eq!(load(&vars).unwrap_err().0, [problem]);
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let vars = [("SMTP_HOST", "mail"), ("SMTP_USERNAME", "a"), ("SMTP_PASSWORD", "rahasia-1"), FROM];
        assert!(!format!("{:?}", load(&vars).unwrap().smtp).contains("rahasia-1"));
    }
}
