//! AWS SNS, `Publish` to a phone number: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>. Requests are signed
//! (Signature Version 4) by the same crate that signs those to S3.

use super::http::{self, Answered};
use crate::config::SnsSettings;
use aivalid_app::letters;
use aivalid_service::{
    ports::{SmsSender, Undelivered},
    sms::Sms,
};
use anyhow::Result;
use async_trait::async_trait;
use object_store::{
    aws::{AwsAuthorizer, AwsCredential},
    client::{HttpRequest, HttpRequestBody},
};
use reqwest::{Client, header};

/// Hands SMS to SNS.
pub struct Sns {
    client: Client,
    credential: AwsCredential,
    settings: SnsSettings,
    origin: String,
}

impl Sns {
    /// Nothing is asked of it yet. `origin` is the public origin.
    pub fn new(settings: &SnsSettings, origin: String) -> Result<Self> {
        let SnsSettings { key_id, secret, timeout, .. } = settings;
        let credential = AwsCredential { key_id: key_id.clone(), secret_key: secret.clone(), token: None };
        Ok(Self { client: http::client(*timeout)?, credential, settings: settings.clone(), origin })
    }

    /// The headers that sign a form's body.
    fn signed(&self, url: &str, body: &str) -> Result<::http::HeaderMap, String> {
        let mut request: HttpRequest = ::http::Request::builder()
            .method(::http::Method::POST)
            .uri(url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(HttpRequestBody::from(body.to_owned()))
            .map_err(|error| error.to_string())?;
        let authorizer = AwsAuthorizer::new(&self.credential, "sns", &self.settings.region);
        authorizer.try_authorize(&mut request, None).map_err(|error| error.to_string())?;
        Ok(request.into_parts().0.headers)
    }
}

#[async_trait]
impl SmsSender for Sns {
    async fn send(&self, sms: &Sms) -> Result<(), Undelivered> {
        let text = letters::sms(&self.origin, sms);
        let mut fields = vec![
            ("Action", "Publish"),
            ("Version", "2010-03-31"),
            ("PhoneNumber", sms.to.as_str()),
            ("Message", text.as_str()),
            ("MessageAttributes.entry.1.Name", "AWS.SNS.SMS.SMSType"),
            ("MessageAttributes.entry.1.Value.DataType", "String"),
            ("MessageAttributes.entry.1.Value.StringValue", "Transactional"),
        ];
        if let Some(sender) = &self.settings.sender {
            fields.extend([
                ("MessageAttributes.entry.2.Name", "AWS.SNS.SMS.SenderID"),
                ("MessageAttributes.entry.2.Value.DataType", "String"),
                ("MessageAttributes.entry.2.Value.StringValue", sender.as_str()),
            ]);
        }
        let (url, body) = (format!("{}/", self.settings.endpoint), http::form(&fields));
        let headers = self.signed(&url, &body).map_err(|error| Undelivered::Later(format!("the request can't be signed: {error}")))?;
        judge(&http::ask(self.client.post(url).headers(headers).body(body)).await?)
    }
}

/// What SNS refused for good; but a refusal of *our* account is the operator's to repair, and too much now may pass.
fn judge(answered: &Answered) -> Result<(), Undelivered> {
    let Answered { status, body } = answered;
    if (200..300).contains(status) {
        return Ok(());
    }
    let within = |tag: &str| {
        let inside = body.split_once(&format!("<{tag}>"))?.1;
        inside.split_once(&format!("</{tag}>")).map(|(words, _)| words)
    };
    let code = within("Code").unwrap_or("none");
    let words = format!("SNS answered {status}, code {code}: {}", within("Message").unwrap_or_default());
    let never = ["InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "OptedOut", "ValidationException"];
    if *status == 400 && never.contains(&code) { Err(Undelivered::Never(words)) } else { Err(Undelivered::Later(words)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, code: &str) -> Result<(), Undelivered> {
        let body = format!("<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>why</Message></Error></ErrorResponse>");
        judge(&Answered { status, body })
    }

    #[test]
    fn refusals_fall_into_classes() {
        assert_eq!(judged(200, ""), Ok(()));
        assert_eq!(judged(400, "InvalidParameter"), Err(Undelivered::Never("SNS answered 400, code InvalidParameter: why".into())));
        for (status, code) in [(400, "Throttling"), (403, "SignatureDoesNotMatch"), (403, "InvalidClientTokenId"), (500, "InternalError")] {
            assert!(matches!(judged(status, code), Err(Undelivered::Later(_))), "{status} {code}");
        }
        assert!(matches!(judge(&Answered { status: 502, body: "<html>".into() }), Err(Undelivered::Later(_))));
    }
}
