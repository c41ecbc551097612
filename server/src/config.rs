//! Settings from the environment and `.env`, read once at start; every problem is named at once.

mod files;
mod operator;
mod providers;
mod sms;
mod smtp;

pub(crate) use providers::GOOGLE;
pub use providers::{ProviderKind, ProviderSettings};
pub use sms::{SmsSettings, SnsSettings, TwilioFrom, TwilioSettings};
pub use smtp::{SmtpCredentials, SmtpSettings, SmtpTls};

use crate::net::Network;
use aivalid_service::{
    identity::{Breached, HashCost},
    kyc::KycSettings,
    operator::Operator,
};
use aivalid_stores::files::Bucket;
use anyhow::Context;
use std::{collections::HashMap, fmt, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

/// Where the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Secrets are generated, mails are shown on a page, pages for developers exist.
    Development,
    /// Secrets must be given; logs are JSON.
    Production,
}

/// Everything an operator can set.
#[derive(Clone, Debug)]
pub struct Config {
    /// `AIVALID_ENV`: `development` (default) or `production`.
    pub environment: Environment,
    /// `BIND`: address and port to listen on; default `127.0.0.1:3000`.
    pub bind: SocketAddr,
    /// `PUBLIC_ORIGIN`: how browsers reach us, without a path; default `http://localhost:3000`.
    pub origin: String,
    /// `DATA_DIR`: database, outbox and generated secrets; default `data`.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`: `sqlite:FILE` or `postgres://…`; default `sqlite:` in the data folder.
    pub database_url: String,
    /// `DATABASE_CONNECTIONS`: connections at most; default 16.
    pub database_connections: u32,
    /// `MONGODB_URL`: replies and reactions go there when given.
    pub mongodb_url: Option<String>,
    /// `REDIS_URL`: sessions, limits and messages between instances go there when given.
    pub redis_url: Option<String>,
    /// `GEOIP_DATABASE`: a file in `MaxMind`'s format that tells where addresses are.
    pub geoip_database: Option<PathBuf>,
    /// `SIGNING_KEYS`: `id:base64` (32 bytes or more), comma-separated; the first signs. Required in production.
    pub signing_keys: Option<Vec<(String, Vec<u8>)>>,
    /// `PEPPER`: base64 of 32 bytes or more. Required in production; must never change.
    pub pepper: Option<Vec<u8>>,
    /// `SEALING_KEYS`: `id:base64` (32 bytes or more), comma-separated; the first seals, all open. Required in production.
    pub sealing_keys: Option<Vec<(String, Vec<u8>)>>,
    /// `SMTP_…`: the mail server; without one mails become files in the outbox.
    pub smtp: Option<SmtpSettings>,
    /// `MAIL_FROM`: who mails come from; required with a mail server.
    pub mail_from: Option<lettre::message::Mailbox>,
    /// `OAUTH_…`, `OIDC_…`: other services that people sign in with, in the order that they are shown.
    pub providers: Vec<ProviderSettings>,
    /// `SMS_PROVIDER`, `TWILIO_…`, `SNS_…`: who sends SMS; without anybody there are no codes by SMS.
    pub sms: Option<SmsSettings>,
    /// `SMS_COUNTRIES`: ISO 3166-1, to which countries SMS are sent; none named: to all.
    pub sms_countries: Vec<String>,
    /// `TRUSTED_PROXIES`: addresses or networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// `CORS_ORIGINS`: origins that may call the API with credentials.
    pub cors_origins: Vec<String>,
    /// `RATE_LIMIT_FACTOR`: multiplies every rate limit; default 1.
    pub rate_limit_factor: u32,
    /// `ANSWER_FLOOR_MS`: how long answers take at least that could tell who has an account; default 150.
    pub answer_floor: Duration,
    /// `ACCOUNTS_PER_DEVICE`: default 3.
    pub accounts_per_device: i64,
    /// `ARGON2_MEMORY_KIB` and `ARGON2_PASSES`; default 19456 and 2, which are also the least in production.
    pub hash_cost: HashCost,
    /// `BREACHED_PASSWORDS`: a list made by `aivalid passwords`, in place of the built-in one.
    pub breached_passwords: Option<PathBuf>,
    /// `LOG_FORMAT`: `text` (default in development) or `json`.
    pub log_json: bool,
    /// `REQUEST_TIMEOUT_SECONDS`: default 30.
    pub request_timeout_seconds: u64,
    /// `S3_BUCKET`, `S3_ENDPOINT`, `S3_REGION`, `S3_ACCESS_KEY_ID`, `S3_SECRET_ACCESS_KEY`: files go there when given, else into
    /// `files` in the data folder.
    pub bucket: Option<Bucket>,
    /// `KYC_DAILY_LIMITS`, `KYC_KEEP_REJECTED_DAYS`, `KYC_KEEP_APPROVED_DAYS`.
    pub kyc: KycSettings,
    /// `OPERATOR_NAME`, `OPERATOR_CONTACT`: who runs the site, and how they are reached.
    pub operator: Operator,
    /// `METRICS_TOKEN`: what Prometheus shows to read `/metrics`; without one there is no such address.
    pub metrics_token: Option<String>,
}

/// Everything that is wrong with the settings.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigProblems(pub Vec<String>);

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} problem(s):", self.0.len())?;
        self.0.iter().try_for_each(|problem| writeln!(f, "  - {problem}"))
    }
}

impl std::error::Error for ConfigProblems {}

struct Reader<'a> {
    vars: &'a HashMap<String, String>,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.vars.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn parsed<T: FromStr>(&mut self, name: &str, default: T, form: &str) -> T {
        match self.text(name) {
            None => default,
            Some(value) => value.parse().unwrap_or_else(|_| {
                self.problems.push(format!("{name} must be {form}, not `{value}`"));
                default
            }),
        }
    }

    fn list<T>(&mut self, name: &str, form: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let text = self.text(name).unwrap_or_default();
        let mut values = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match parse(part) {
                Some(value) => values.push(value),
                None => self.problems.push(format!("{name}: `{part}` is not {form}")),
            }
        }
        values
    }

    /// Secrets are never repeated in a problem.
    fn secret(&mut self, name: &str) -> Option<Vec<u8>> {
        let value = self.text(name)?;
        let bytes = decode(&value).filter(|bytes| bytes.len() >= 32);
        if bytes.is_none() {
            self.problems.push(format!("{name} must be base64 of at least 32 bytes"));
        }
        bytes
    }
}

impl Reader<'_> {
    /// Keys with their ids, which are not repeated in a problem either.
    fn keys(&mut self, name: &str) -> Option<Vec<(String, Vec<u8>)>> {
        let text = self.text(name)?;
        let key = |part: &str| {
            let (id, secret) = part.split_once(':')?;
            let bytes = decode(secret).filter(|bytes| bytes.len() >= 32 && (1..=64).contains(&id.len()))?;
            Some((id.to_owned(), bytes))
        };
        let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(key).collect();
        for (place, _) in parts.iter().enumerate().filter(|(_, key)| key.is_none()) {
            self.problems.push(format!("{name}: key {} is not `id:base64` with at least 32 bytes", place + 1));
        }
        let keys: Vec<_> = parts.into_iter().flatten().collect();
        (!keys.is_empty()).then_some(keys)
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    use base64::{Engine, engine::general_purpose};
    general_purpose::STANDARD.decode(text).or_else(|_| general_purpose::URL_SAFE_NO_PAD.decode(text)).ok()
}

fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', ' ', '?', '#']))
}

impl Config {
    /// From the process's environment and a `.env` file in the working folder; the environment wins.
    pub fn load() -> Result<Self, ConfigProblems> {
        let mut vars: HashMap<String, String> = HashMap::new();
        let mut problems = Vec::new();
        if let Ok(file) = dotenvy::dotenv_iter() {
            for line in file {
                match line {
                    Ok((name, value)) => drop(vars.insert(name, value)),
                    // The line itself may hold a secret.
                    Err(_) => problems.push(".env has a line that is not NAME=VALUE".to_owned()),
                }
            }
        }
        vars.extend(std::env::vars());
        match Self::from_vars(&vars) {
            Ok(config) if problems.is_empty() => Ok(config),
            Ok(_) => Err(ConfigProblems(problems)),
            Err(ConfigProblems(more)) => Err(ConfigProblems(problems.into_iter().chain(more).collect())),
        }
    }

    /// From a set of variables.
    pub fn from_vars(vars: &HashMap<String, String>) -> Result<Self, ConfigProblems> {
        let mut reader = Reader { vars, problems: Vec::new() };
        let environment = match reader.text("AIVALID_ENV").as_deref() {
            None | Some("development") => Environment::Development,
            Some("production") => Environment::Production,
            Some(other) => {
                reader.problems.push(format!("AIVALID_ENV must be `development` or `production`, not `{other}`"));
                Environment::Development
            }
        };
        let bind = reader.parsed("BIND", SocketAddr::from(([127, 0, 0, 1], 3000)), "an address and port such as `127.0.0.1:3000`");
        let origin = reader.text("PUBLIC_ORIGIN").unwrap_or_else(|| format!("http://localhost:{}", bind.port()));
        let origin = origin.trim_end_matches('/').to_owned();
        if !is_origin(&origin) {
            reader.problems.push(format!("PUBLIC_ORIGIN must be `https://host` or `http://host:port` without a path, not `{origin}`"));
        }
        let data_dir = PathBuf::from(reader.text("DATA_DIR").unwrap_or_else(|| "data".to_owned()));
        let database_url = reader.text("DATABASE_URL").unwrap_or_else(|| format!("sqlite:{}", data_dir.join("aivalid.db").display()));
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database_url.starts_with(scheme)) {
            reader.problems.push("DATABASE_URL must begin with `sqlite:` or `postgres:`".to_owned());
        }
        let mongodb_url = reader.text("MONGODB_URL");
        if mongodb_url.as_ref().is_some_and(|url| !url.starts_with("mongodb://") && !url.starts_with("mongodb+srv://")) {
            reader.problems.push("MONGODB_URL must begin with `mongodb://` or `mongodb+srv://`".to_owned());
        }
        let redis_url = reader.text("REDIS_URL");
        if redis_url.as_ref().is_some_and(|url| !["redis://", "rediss://", "unix://"].iter().any(|scheme| url.starts_with(scheme))) {
            reader.problems.push("REDIS_URL must begin with `redis://`, `rediss://` or `unix://`".to_owned());
        }
        let mail_from = reader.mail_from();
        let has_sender = mail_from.is_some() || reader.text("MAIL_FROM").is_some();
        let log_json = match reader.text("LOG_FORMAT").as_deref() {
            None => environment == Environment::Production,
            Some("json") => true,
            Some("text") => false,
            Some(other) => {
                reader.problems.push(format!("LOG_FORMAT must be `text` or `json`, not `{other}`"));
                false
            }
        };
        let hash_cost = HashCost {
            memory: reader.parsed("ARGON2_MEMORY_KIB", HashCost::default().memory, "a number of KiB"),
            passes: reader.parsed("ARGON2_PASSES", HashCost::default().passes, "a number"),
        };
        let config = Self {
            environment,
            bind,
            origin,
            data_dir,
            database_url,
            database_connections: reader.parsed("DATABASE_CONNECTIONS", 16, "a number"),
            mongodb_url,
            redis_url,
            geoip_database: reader.text("GEOIP_DATABASE").map(PathBuf::from),
            signing_keys: reader.keys("SIGNING_KEYS"),
            pepper: reader.secret("PEPPER"),
            sealing_keys: reader.keys("SEALING_KEYS"),
            smtp: reader.smtp(has_sender),
            mail_from,
            providers: reader.providers(environment),
            sms: reader.sms(environment),
            sms_countries: reader.sms_countries(),
            trusted_proxies: reader.list("TRUSTED_PROXIES", "an address or network such as `10.0.0.0/8`", |part| part.parse().ok()),
            cors_origins: reader
                .list("CORS_ORIGINS", "an origin such as `https://app.example`", |part| is_origin(part).then(|| part.to_owned())),
            answer_floor: Duration::from_millis(reader.parsed("ANSWER_FLOOR_MS", 150, "milliseconds")),
            rate_limit_factor: reader.parsed("RATE_LIMIT_FACTOR", std::num::NonZeroU32::MIN, "a number from 1").get(),
            accounts_per_device: reader.parsed("ACCOUNTS_PER_DEVICE", 3, "a number"),
            hash_cost,
            breached_passwords: reader.text("BREACHED_PASSWORDS").map(PathBuf::from),
            log_json,
            request_timeout_seconds: reader.parsed("REQUEST_TIMEOUT_SECONDS", 30, "a number of seconds"),
            bucket: files::bucket(&mut reader),
            kyc: files::kyc(&mut reader),
            operator: operator::operator(&mut reader),
            metrics_token: operator::metrics_token(&mut reader),
        };
        config.check_production(&mut reader.problems);
        if reader.problems.is_empty() { Ok(config) } else { Err(ConfigProblems(reader.problems)) }
    }

    fn check_production(&self, problems: &mut Vec<String>) {
        if self.environment == Environment::Development {
            return;
        }
        let needs = [
            (self.signing_keys.is_none(), "SIGNING_KEYS is required in production"),
            (self.pepper.is_none(), "PEPPER is required in production"),
            (self.sealing_keys.is_none(), "SEALING_KEYS is required in production"),
            (
                !self.origin.starts_with("https://") && !self.origin.starts_with("http://localhost"),
                "PUBLIC_ORIGIN must be https in production",
            ),
            (self.hash_cost.memory < HashCost::default().memory, "ARGON2_MEMORY_KIB must be at least 19456 in production"),
            (self.hash_cost.passes < HashCost::default().passes, "ARGON2_PASSES must be at least 2 in production"),
        ];
        problems.extend(needs.into_iter().filter(|(missing, _)| *missing).map(|(_, words)| words.to_owned()));
    }

    /// The host of the public origin, without the port.
    pub fn host(&self) -> &str {
        let rest = self.origin.split_once("://").map_or(self.origin.as_str(), |(_, rest)| rest);
        rest.split(':').next().unwrap_or_default()
    }

    /// The list of passwords known from breaches.
    pub fn breached(&self) -> anyhow::Result<Breached> {
        let Some(path) = &self.breached_passwords else { return Ok(Breached::default()) };
        let list = std::fs::read(path).with_context(|| format!("BREACHED_PASSWORDS: {} can't be read", path.display()))?;
        Breached::new(list).with_context(|| format!("BREACHED_PASSWORDS: {} is not a list made by `aivalid passwords`", path.display()))
    }

    /// Whether browsers reach us over TLS.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(vars: &[(&str, &str)]) -> Result<Config, ConfigProblems> {
        Config::from_vars(&vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn nothing_set_is_a_development_server() {
        let config = load(&[]).unwrap();
        assert_eq!(config.environment, Environment::Development);
        assert_eq!((config.origin.as_str(), config.database_url.as_str()), ("http://localhost:3000", "sqlite:data/aivalid.db"));
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let problems = load(&[
            ("AIVALID_ENV", "production"),
            ("BIND", "everywhere"),
            ("DATABASE_URL", "mysql://x"),
            ("MONGODB_URL", "http://x"),
            ("REDIS_URL", "tcp://x"),
            ("TRUSTED_PROXIES", "10.0.0.0/8, nowhere"),
            ("PEPPER", "c2hvcnQ="),
            ("ARGON2_PASSES", "1"),
            ("SEALING_KEYS", "2026:cmFoYXNpYQ=="),
            ("S3_BUCKET", "files"),
            ("S3_ENDPOINT", "minio:9000"),
            ("S3_ACCESS_KEY_ID", "key"),
            ("KYC_DAILY_LIMITS", "1,2"),
            ("OPERATOR_NAME", "a\nb"),
            ("OPERATOR_CONTACT", "http://aivalid.example"),
            ("METRICS_TOKEN", "rahasia singkat"),
        ])
        .unwrap_err();
        assert_eq!(problems.0.len(), 17, "{problems}");
        for secret in ["c2hvcnQ=", "cmFoYXNpYQ==", "rahasia singkat"] {
            assert!(!problems.to_string().contains(secret), "secrets are not repeated");
        }
    }
}
