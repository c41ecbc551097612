//! Twilio's Messages API: <https://www.twilio.com/docs/messaging/api/message-resource>.

use super::http::{self, Answered};
use crate::config::{TwilioFrom, TwilioSettings};
use aivalid_app::letters;
use aivalid_service::{
    ports::{SmsSender, Undelivered},
    sms::{CODE_LIFE, Sms},
};
use anyhow::Result;
use async_trait::async_trait;
use reqwest::{Client, header};
use serde::Deserialize;

/// Hands SMS to Twilio.
pub struct Twilio {
    client: Client,
    settings: TwilioSettings,
    origin: String,
}

/// What a refusal says.
#[derive(Deserialize)]
struct Refusal {
    code: Option<u32>,
    message: Option<String>,
}

impl Twilio {
    /// Nothing is asked of it yet. `origin` is the public origin.
    pub fn new(settings: &TwilioSettings, origin: String) -> Result<Self> {
        Ok(Self { client: http::client(settings.timeout)?, settings: settings.clone(), origin })
    }
}

#[async_trait]
impl SmsSender for Twilio {
    async fn send(&self, sms: &Sms) -> Result<(), Undelivered> {
        let TwilioSettings { account, token, from, url, .. } = &self.settings;
        let text = letters::sms(&self.origin, sms);
        // What can't be delivered while the code is good need not be delivered.
        let worth = CODE_LIFE.as_secs().to_string();
        let from = match from {
            TwilioFrom::Number(number) => ("From", number.as_str()),
            TwilioFrom::Service(service) => ("MessagingServiceSid", service.as_str()),
        };
        let body = http::form(&[("To", &sms.to), from, ("Body", &text), ("ValidityPeriod", &worth)]);
        let request = self
            .client
            .post(format!("{url}/2010-04-01/Accounts/{account}/Messages.json"))
            .basic_auth(account, Some(token))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        judge(&http::ask(request).await?)
    }
}

/// What the provider refused for good; but a refusal of *our* account is the operator's to repair, and too much now may pass.
fn judge(answered: &Answered) -> Result<(), Undelivered> {
    /// Numbers that can't be reached: invalid, not ours to write to, without SMS, or who asked us to stop.
    const NEVER: [u32; 8] = [21211, 21217, 21408, 21610, 21612, 21614, 21617, 60200];
    let Answered { status, body } = answered;
    if (200..300).contains(status) {
        return Ok(());
    }
    let refusal = serde_json::from_str::<Refusal>(body).ok();
    let code = refusal.as_ref().and_then(|refusal| refusal.code);
    let message = refusal.and_then(|refusal| refusal.message).unwrap_or_default();
    let words = format!("Twilio answered {status}, code {}: {message}", code.map_or_else(|| "none".to_owned(), |code| code.to_string()));
    if code.is_some_and(|code| NEVER.contains(&code)) { Err(Undelivered::Never(words)) } else { Err(Undelivered::Later(words)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: &str) -> Result<(), Undelivered> {
        judge(&Answered { status, body: body.to_owned() })
    }

    #[test]
    fn refusals_fall_into_classes() {
        assert_eq!(judged(201, "{}"), Ok(()));
        for body in [r#"{"code":21211,"message":"Invalid 'To'"}"#, r#"{"code":21610,"message":"unsubscribed"}"#] {
            assert!(matches!(judged(400, body), Err(Undelivered::Never(_))), "{body}");
        }
        for (status, body) in [(401, r#"{"code":20003,"message":"Authenticate"}"#), (429, r#"{"code":20429}"#), (500, ""), (302, "<html>")]
        {
            assert!(matches!(judged(status, body), Err(Undelivered::Later(_))), "{status} {body}");
        }
    }
}
