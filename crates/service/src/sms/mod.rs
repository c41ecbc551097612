//! Short messages: made by use cases, kept in the queue, delivered by a worker, like letters. The words, in each language, are
//! the client's business (`app/src/letters/sms.rs`).
//!
//! To add one: a variant of [`SmsText`], its name and how long it is worth delivering, its words there.

use crate::{
    Service,
    jobs::{JobKind, Outcome},
    ports::Undelivered,
    store::NewJob,
};
use aivalid_model::{
    Lang, Result, Timestamp,
    identity::{PhoneCode, PhoneNumber},
};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// How long a code is good. Its SMS is not worth delivering afterwards.
pub const CODE_LIFE: Duration = Duration::from_mins(5);

/// What an SMS says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum SmsText {
    /// A code to sign in with. Whether the number has an account is not known yet.
    SignInCode {
        /// Six digits.
        code: String,
    },
    /// A code that proves that a number is the account's.
    NumberCode {
        /// The account.
        username: String,
        /// Six digits.
        code: String,
    },
    /// To the number that an account had: it has another one now, or none.
    NumberGone {
        /// The account.
        username: String,
    },
    /// Somebody asked to recover the account without its second factors.
    RecoveryAsked {
        /// The account.
        username: String,
    },
}

impl SmsText {
    /// A code to sign in with.
    pub(crate) fn sign_in(code: &PhoneCode) -> Self {
        Self::SignInCode { code: code.expose().to_owned() }
    }

    /// Its name in lists and logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SignInCode { .. } => "sign_in_code",
            Self::NumberCode { .. } => "number_code",
            Self::NumberGone { .. } => "number_gone",
            Self::RecoveryAsked { .. } => "recovery_asked",
        }
    }

    /// For how long it is worth delivering.
    const fn life(&self) -> Duration {
        match self {
            Self::SignInCode { .. } | Self::NumberCode { .. } => CODE_LIFE,
            Self::NumberGone { .. } | Self::RecoveryAsked { .. } => Duration::from_hours(24),
        }
    }
}

/// An SMS, addressed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sms {
    /// Random; the same at every attempt.
    pub id: String,
    /// E.164.
    pub to: String,
    /// The language it is written in.
    pub lang: Lang,
    /// What it says.
    pub text: SmsText,
}

impl fmt::Debug for Sms {
    /// Neither number nor code may reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms").field("id", &self.id).field("text", &self.text.name()).finish_non_exhaustive()
    }
}

impl Service {
    /// An SMS for a store's use case that queues it in its own transaction; [`Service::wake`] follows.
    pub(crate) fn sms(&self, to: &PhoneNumber, lang: Lang, text: SmsText) -> Result<NewJob> {
        let id = hex::encode(self.inner.random.bytes::<16>());
        self.job(JobKind::Sms, &Sms { id, to: to.as_str().to_owned(), lang, text })
    }

    /// Delivers an SMS from the queue; `made` is when it was written.
    pub(crate) async fn deliver_sms(&self, payload: &[u8], made: Timestamp) -> Outcome {
        let Ok(sms) = serde_json::from_slice::<Sms>(payload) else {
            return Outcome::Never("the SMS can't be read; another version may have written it".to_owned());
        };
        if self.now().since(made) >= sms.text.life() {
            return Outcome::Never("its code lapsed before it could be delivered".to_owned());
        }
        let Some(sender) = &self.inner.sms else { return Outcome::Never("no provider of SMS is configured any more".to_owned()) };
        match sender.send(&sms).await {
            Ok(()) => Outcome::Done,
            Err(Undelivered::Later(error)) => Outcome::Later(without_numbers(&error)),
            Err(Undelivered::Never(error)) => Outcome::Never(without_numbers(&error)),
        }
    }
}

/// Which SMS it is, and to which country: what an operator needs to know of one that is stuck.
pub(crate) fn about(payload: &[u8]) -> Option<String> {
    let sms: Sms = serde_json::from_slice(payload).ok()?;
    let country = PhoneNumber::of_stored(&sms.to).map_or("?", |number| number.country());
    Some(format!("{} to {country}", sms.text.name()))
}

/// Providers like to repeat the number that they refuse. At most 300 characters, on one line.
fn without_numbers(error: &str) -> String {
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let word = |word: &str| if digits(word) >= 6 { "(number)".to_owned() } else { word.to_owned() };
    let line: Vec<String> = error.split_whitespace().map(word).collect();
    line.join(" ").chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_providers_say_is_kept_without_numbers() {
        let said = "400: The 'To' number +6281234567890 is not valid (code 21211),\n also not 0812-3456-7890.";
        assert_eq!(without_numbers(said), "400: The 'To' number (number) is not valid (code 21211), also not (number)");
    }

    #[test]
    fn the_debug_form_shows_neither_number_nor_code() {
        let text = SmsText::SignInCode { code: "123456".into() };
        let shown = format!("{:?}", Sms { id: "1".into(), to: "+6281234567890".into(), lang: Lang::Id, text });
        assert!(!shown.contains("123456") && !shown.contains("812"), "{shown}");
    }
}
