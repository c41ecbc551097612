//! What an SMS says: plain text, short enough for two parts at most.

use super::plain;
use aivalid_service::sms::{Sms, SmsText};

/// Writes an SMS. `origin` is the public origin, without a final slash.
pub fn sms(origin: &str, sms: &Sms) -> String {
    let lang = sms.lang;
    match &sms.text {
        SmsText::SignInCode { code } => with_code(tr!(lang, "sms.code", code = code).into_owned(), origin, code),
        SmsText::NumberCode { username, code } => {
            with_code(tr!(lang, "sms.number_code", code = code, name = plain(username)).into_owned(), origin, code)
        }
        SmsText::RecoveryAsked { username } => {
            tr!(lang, "sms.recovery_asked", name = plain(username), link = format!("{origin}/login")).into_owned()
        }
        SmsText::NumberGone { username } => {
            tr!(lang, "sms.number_gone", name = plain(username), link = format!("{origin}/forgot")).into_owned()
        }
    }
}

/// With a last line that binds the code to our host, so that browsers fill it in here and nowhere else
/// (<https://wicg.github.io/sms-one-time-codes/>).
fn with_code(words: String, origin: &str, code: &str) -> String {
    match origin.strip_prefix("https://") {
        Some(host) => format!("{words}\n\n@{} #{code}", host.split(':').next().unwrap_or(host)),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::Lang;

    fn written(origin: &str, lang: Lang, text: SmsText) -> String {
        sms(origin, &Sms { id: "1".into(), to: "+6281234567890".into(), lang, text })
    }

    #[test]
    fn a_code_is_bound_to_our_host() {
        let text = written("https://aivalid.example", Lang::En, SmsText::SignInCode { code: "012345".into() });
        assert_eq!(
            text,
            "012345 is your AIValid sign-in code. Valid for 5 minutes. Never share it with anyone.\n\n@aivalid.example #012345"
        );
        let local = written("http://localhost:3000", Lang::Id, SmsText::SignInCode { code: "012345".into() });
        assert_eq!(local, "012345 adalah kode masuk AIValid Anda. Berlaku 5 menit. Jangan berikan kepada siapa pun.");
    }

    #[test]
    fn every_one_is_short_and_in_the_alphabet_of_sms() {
        let name = "x".repeat(20);
        let texts = [
            SmsText::SignInCode { code: "123456".into() },
            SmsText::NumberCode { username: name.clone(), code: "123456".into() },
            SmsText::NumberGone { username: name.clone() },
            SmsText::RecoveryAsked { username: name },
        ];
        for text in texts {
            for lang in Lang::ALL {
                let text = written("https://aivalid.example", lang, text.clone());
                assert!(text.len() <= 306 && text.is_ascii(), "{text}");
            }
        }
    }
}
