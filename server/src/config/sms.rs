//! Who sends SMS.

use super::{Environment, Reader};
use aivalid_model::identity::Country;
use std::{fmt, time::Duration};

/// Who sends SMS.
#[derive(Clone, Debug)]
pub enum SmsSettings {
    /// Nobody: each becomes a file in the data folder. In development only.
    Outbox,
    /// Twilio.
    Twilio(TwilioSettings),
    /// AWS Simple Notification Service.
    Sns(SnsSettings),
}

/// Twilio's Messages API.
#[derive(Clone)]
pub struct TwilioSettings {
    /// `TWILIO_ACCOUNT_SID`.
    pub account: String,
    /// `TWILIO_AUTH_TOKEN`.
    pub token: String,
    /// `TWILIO_FROM` or `TWILIO_MESSAGING_SERVICE_SID`.
    pub from: TwilioFrom,
    /// `TWILIO_API_URL`: default `https://api.twilio.com`.
    pub url: String,
    /// `SMS_TIMEOUT_SECONDS`: default 10.
    pub timeout: Duration,
}

/// Who an SMS comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TwilioFrom {
    /// A number or a name.
    Number(String),
    /// A messaging service, which chooses.
    Service(String),
}

/// SNS's `Publish`.
#[derive(Clone)]
pub struct SnsSettings {
    /// `SNS_REGION`.
    pub region: String,
    /// `SNS_ACCESS_KEY_ID`.
    pub key_id: String,
    /// `SNS_SECRET_ACCESS_KEY`.
    pub secret: String,
    /// `SNS_SENDER_ID`: the name it comes from, where the country allows one.
    pub sender: Option<String>,
    /// `SNS_ENDPOINT`: default AWS's own for the region.
    pub endpoint: String,
    /// `SMS_TIMEOUT_SECONDS`: default 10.
    pub timeout: Duration,
}

impl fmt::Debug for TwilioSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioSettings").field("account", &self.account).field("url", &self.url).finish_non_exhaustive()
    }
}

impl fmt::Debug for SnsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnsSettings").field("region", &self.region).field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

const TWILIO: [&str; 5] = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID", "TWILIO_API_URL"];
const SNS: [&str; 5] = ["SNS_REGION", "SNS_ACCESS_KEY_ID", "SNS_SECRET_ACCESS_KEY", "SNS_SENDER_ID", "SNS_ENDPOINT"];

impl Reader<'_> {
    /// Who sends SMS: in development the outbox unless somebody else is named, in production nobody.
    pub(super) fn sms(&mut self, environment: Environment) -> Option<SmsSettings> {
        let provider = self.text("SMS_PROVIDER");
        for (others, name) in [(TWILIO, "twilio"), (SNS, "sns")] {
            if provider.as_deref() != Some(name) {
                let lone: Vec<&str> = others.into_iter().filter(|variable| self.text(variable).is_some()).collect();
                self.problems.extend(lone.into_iter().map(|variable| format!("{variable} is set, but SMS_PROVIDER is not `{name}`")));
            }
        }
        match (provider.as_deref(), environment) {
            (Some("twilio"), _) => Some(SmsSettings::Twilio(self.twilio())),
            (Some("sns"), _) => Some(SmsSettings::Sns(self.sns())),
            (None | Some("outbox"), Environment::Development) => Some(SmsSettings::Outbox),
            (None | Some("none"), _) => None,
            (Some("outbox"), Environment::Production) => {
                self.problems.push("SMS_PROVIDER: `outbox` is for development; in production name `twilio`, `sns` or `none`".to_owned());
                None
            }
            (Some(other), _) => {
                self.problems.push(format!("SMS_PROVIDER must be `twilio`, `sns`, `outbox` or `none`, not `{other}`"));
                None
            }
        }
    }

    /// `SMS_COUNTRIES`: ISO 3166-1, comma-separated.
    pub(super) fn sms_countries(&mut self) -> Vec<String> {
        self.list("SMS_COUNTRIES", "a country's two letters, such as `ID`", |part| {
            Country::by_iso(part).map(|country| country.iso.to_owned())
        })
    }

    fn twilio(&mut self) -> TwilioSettings {
        let (account, token) = (self.needed("TWILIO_ACCOUNT_SID", "twilio"), self.needed("TWILIO_AUTH_TOKEN", "twilio"));
        let from = match (self.text("TWILIO_FROM"), self.text("TWILIO_MESSAGING_SERVICE_SID")) {
            (Some(number), None) => TwilioFrom::Number(number),
            (None, Some(service)) => TwilioFrom::Service(service),
            _ => {
                self.problems.push("SMS_PROVIDER `twilio` needs one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID".to_owned());
                TwilioFrom::Number(String::new())
            }
        };
        if account.contains(|c: char| !c.is_ascii_alphanumeric()) {
            self.problems.push("TWILIO_ACCOUNT_SID must be letters and digits".to_owned());
        }
        let url = self.base("TWILIO_API_URL", "https://api.twilio.com".to_owned());
        TwilioSettings { account, token, from, url, timeout: self.sms_timeout() }
    }

    fn sns(&mut self) -> SnsSettings {
        let region = self.needed("SNS_REGION", "sns");
        let (key_id, secret) = (self.needed("SNS_ACCESS_KEY_ID", "sns"), self.needed("SNS_SECRET_ACCESS_KEY", "sns"));
        let sender = self.text("SNS_SENDER_ID");
        if sender.as_ref().is_some_and(|sender| sender.len() > 11 || !sender.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
            self.problems.push("SNS_SENDER_ID must be at most 11 letters, digits and hyphens".to_owned());
        }
        let endpoint = self.base("SNS_ENDPOINT", format!("https://sns.{region}.amazonaws.com"));
        SnsSettings { region, key_id, secret, sender, endpoint, timeout: self.sms_timeout() }
    }

    fn needed(&mut self, variable: &str, provider: &str) -> String {
        self.text(variable).unwrap_or_else(|| {
            self.problems.push(format!("{variable} is required when SMS_PROVIDER is `{provider}`"));
            String::new()
        })
    }

    fn base(&mut self, variable: &str, default: String) -> String {
        let url = self.text(variable).unwrap_or(default).trim_end_matches('/').to_owned();
        if !url.starts_with("https://") && !url.starts_with("http://") {
            self.problems.push(format!("{variable} must begin with `https://` or `http://`"));
        }
        url
    }

    fn sms_timeout(&mut self) -> Duration {
        let seconds = self.parsed("SMS_TIMEOUT_SECONDS", 10, "a number of seconds from 1 to 25");
        if !(1..=25).contains(&seconds) {
            self.problems.push(format!("SMS_TIMEOUT_SECONDS must be a number of seconds from 1 to 25, not `{seconds}`"));
        }
        Duration::from_secs(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, ConfigProblems};
    use super::*;

    fn load(vars: &[(&str, &str)]) -> Result<Config, ConfigProblems> {
        Config::from_vars(&vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn production(vars: &[(&str, &str)]) -> Result<Config, ConfigProblems> {
        const KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        let keys = format!("k:{KEY}");
        let own = [("AIVALID_ENV", "production"), ("PUBLIC_ORIGIN", "https://aivalid.example"), ("PEPPER", KEY)];
        let own = own.into_iter().chain([("SIGNING_KEYS", keys.as_str()), ("SEALING_KEYS", keys.as_str())]);
        load(&own.chain(vars.iter().copied()).collect::<Vec<_>>())
    }

    const TWILIO: [(&str, &str); 4] =
        [("SMS_PROVIDER", "twilio"), ("TWILIO_ACCOUNT_SID", "AC1"), ("TWILIO_AUTH_TOKEN", "rahasia-1"), ("TWILIO_FROM", "+15005550006")];

    #[test]
    fn development_has_an_outbox_and_production_has_nobody_unless_named() {
        assert!(matches!(load(&[]).unwrap().sms, Some(SmsSettings::Outbox)));
        assert!(load(&[("SMS_PROVIDER", "none")]).unwrap().sms.is_none());
        assert!(production(&[]).unwrap().sms.is_none());
        assert!(matches!(production(&TWILIO).unwrap().sms, Some(SmsSettings::Twilio(_))));
        assert_eq!(
            production(&[("SMS_PROVIDER", "outbox")]).unwrap_err().0,
            ["SMS_PROVIDER: `outbox` is for development; in production name `twilio`, `sns` or `none`"]
        );
    }

    #[test]
    fn each_provider_is_named_whole() {
        let Some(SmsSettings::Twilio(twilio)) = load(&TWILIO).unwrap().sms else { panic!() };
        assert_eq!((twilio.url.as_str(), twilio.timeout.as_secs()), ("https://api.twilio.com", 10));
        assert!(!format!("{twilio:?}").contains("rahasia-1"));
        let vars =
            [("SMS_PROVIDER", "sns"), ("SNS_REGION", "ap-southeast-3"), ("SNS_ACCESS_KEY_ID", "A"), ("SNS_SECRET_ACCESS_KEY", "rahasia-2")];
        let Some(SmsSettings::Sns(sns)) = load(&vars).unwrap().sms else { panic!() };
        assert_eq!(sns.endpoint, "https://sns.ap-southeast-3.amazonaws.com");
        assert!(!format!("{sns:?}").contains("rahasia-2"));
    }

    #[test]
    fn every_problem_is_named() {
        let problems = |vars: &[(&str, &str)]| load(vars).unwrap_err().0;
        assert_eq!(problems(&[("SMS_PROVIDER", "merpati")]), ["SMS_PROVIDER must be `twilio`, `sns`, `outbox` or `none`, not `merpati`"]);
        assert_eq!(
            problems(&[("TWILIO_FROM", "x"), ("SNS_REGION", "y")]),
            ["TWILIO_FROM is set, but SMS_PROVIDER is not `twilio`", "SNS_REGION is set, but SMS_PROVIDER is not `sns`"]
        );
        let twilio = [("SMS_PROVIDER", "twilio"), ("TWILIO_API_URL", "api.twilio.com"), ("SMS_TIMEOUT_SECONDS", "60")];
        assert_eq!(
            problems(&twilio),
            [
                "TWILIO_ACCOUNT_SID is required when SMS_PROVIDER is `twilio`",
                "TWILIO_AUTH_TOKEN is required when SMS_PROVIDER is `twilio`",
                "SMS_PROVIDER `twilio` needs one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID",
                "TWILIO_API_URL must begin with `https://` or `http://`",
                "SMS_TIMEOUT_SECONDS must be a number of seconds from 1 to 25, not `60`",
            ]
        );
        let sns = [("SMS_PROVIDER", "sns"), ("SNS_REGION", "id"), ("SNS_SENDER_ID", "AIValid Indonesia")];
        assert_eq!(
            problems(&sns),
            [
                "SNS_ACCESS_KEY_ID is required when SMS_PROVIDER is `sns`",
                "SNS_SECRET_ACCESS_KEY is required when SMS_PROVIDER is `sns`",
                "SNS_SENDER_ID must be at most 11 letters, digits and hyphens",
            ]
        );
        assert_eq!(problems(&[("SMS_COUNTRIES", "ID, XX")]), ["SMS_COUNTRIES: `XX` is not a country's two letters, such as `ID`"]);
        assert_eq!(load(&[("SMS_COUNTRIES", "id, SG")]).unwrap().sms_countries, ["ID", "SG"]);
    }
}
