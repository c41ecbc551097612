//! Phone numbers, and signing in with a code by SMS.

mod countries;

pub use countries::Country;

use crate::{
    Result,
    check::{Check, CheckAll, Fields, Problem},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A phone number as the whole world writes it (E.164), with the country it is in. Whether it exists is for the SMS to find out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    e164: String,
    country: &'static str,
}

/// The most digits there are (E.164).
const LONGEST: usize = 15;
/// Fewer no mobile phone has.
const SHORTEST: usize = 7;

impl PhoneNumber {
    /// `+6281234567890`.
    pub fn as_str(&self) -> &str {
        &self.e164
    }

    /// The country's two letters (ISO 3166-1).
    pub const fn country(&self) -> &'static str {
        self.country
    }

    /// A number as people write it in a country, or with a plus and the country's code.
    pub fn parse(text: &str, country: Option<Country>) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::Required);
        }
        let is_mark = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{A0}' | '\u{2010}' | '\u{2011}');
        let (plus, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
        if !rest.chars().all(|c| c.is_ascii_digit() || is_mark(c)) || rest.chars().count() > 40 {
            return Err(Problem::Malformed);
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        if plus {
            return international(&digits, country);
        }
        if let Some(digits) = digits.strip_prefix("00") {
            return international(digits, country);
        }
        let country = country.ok_or(Problem::Malformed)?;
        // Many write 62812… without the plus. No number inside Indonesia begins like that.
        if country.code == Country::INDONESIA.code && digits.starts_with("628") {
            return international(&digits, Some(country));
        }
        let national = digits.strip_prefix(country.trunk()).unwrap_or(&digits);
        whole(country, national)
    }

    /// A number that was kept in the form of [`PhoneNumber::as_str`].
    pub fn of_stored(e164: &str) -> Option<Self> {
        Self::parse(e164, None).ok().filter(|number| number.e164 == e164)
    }

    /// The number with all but its country and its last digits hidden: `+62 •••• 7890`.
    pub fn masked(&self) -> String {
        let code = Country::by_iso(self.country).map_or("", |country| country.code);
        format!("+{code} •••• {}", self.last_digits())
    }

    /// The last digits, for letters: enough to know it again, not enough to call it. Three of short numbers.
    pub fn last_digits(&self) -> &str {
        let shown = if self.e164.len() > 10 { 4 } else { 3 };
        self.e164.get(self.e164.len().saturating_sub(shown)..).unwrap_or_default()
    }
}

impl fmt::Debug for PhoneNumber {
    /// Masked: numbers are personal data and must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

/// Digits that begin with a country's code.
fn international(digits: &str, wanted: Option<Country>) -> Result<PhoneNumber, Problem> {
    let code = (1..=3).filter_map(|length| digits.get(..length)).find_map(Country::by_code).ok_or(Problem::Malformed)?;
    // Of countries that share a code, the one that was named.
    let country = wanted.filter(|country| country.code == code.code).unwrap_or(code);
    let national = digits.strip_prefix(country.code).unwrap_or_default();
    // +62 (0)812…
    let national = if country.trunk() == "0" { national.strip_prefix('0').unwrap_or(national) } else { national };
    whole(country, national)
}

/// The number of these digits in a country.
fn whole(country: Country, national: &str) -> Result<PhoneNumber, Problem> {
    let digits = country.code.len() + national.len();
    let fits = match country.code {
        // Mobile numbers; nothing else gets an SMS.
        "62" => national.starts_with('8') && (9..=12).contains(&national.len()),
        // North America's plan: three digits twice begin with 2 to 9.
        "1" => national.len() == 10 && [0, 3].into_iter().all(|at| national.as_bytes().get(at).is_some_and(|digit| *digit >= b'2')),
        _ => (SHORTEST..=LONGEST).contains(&digits) && (!national.starts_with('0') || country.trunk().is_empty()),
    };
    if digits > LONGEST || !fits {
        return Err(Problem::Malformed);
    }
    Ok(PhoneNumber { e164: format!("+{}{national}", country.code), country: country.iso })
}

/// A code from an SMS: six digits; blanks and hyphens do not matter. It shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneCode(String);

impl PhoneCode {
    /// The digits.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PhoneCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneCode(…)")
    }
}

impl Check for PhoneCode {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        let code: String = input.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        match code.len() {
            0 => Err(Problem::Required),
            6 if code.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(code)),
            _ => Err(Problem::Malformed),
        }
    }
}

/// `POST /api/v1/auth/otp/send` and `/api/auth/phone/request`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PhoneInput {
    /// As people write it in that country (`0812-3456-7890`), or with a plus and the country's code.
    pub phone_number: String,
    /// Two letters (`ID`) or a calling code (`+62`); may be left out where the number begins with a plus.
    #[serde(default)]
    pub country_code: Option<String>,
}

impl CheckAll for PhoneInput {
    type Checked = PhoneNumber;
    fn check_all(self) -> Result<PhoneNumber> {
        let mut fields = Fields::new();
        let phone = phone_of(&mut fields, &self.phone_number, self.country_code.as_deref());
        fields.finish(phone)
    }
}

fn phone_of(fields: &mut Fields, number: &str, country: Option<&str>) -> Option<PhoneNumber> {
    let country = match country.map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let found = Country::by_iso(text).or_else(|| Country::by_code(text.strip_prefix('+').unwrap_or(text)));
            Some(fields.note("country_code", found.ok_or(Problem::UnknownValue))?)
        }
    };
    if country.is_none() && !number.trim().is_empty() && !number.trim().starts_with('+') {
        fields.add("country_code", Problem::Required);
        return None;
    }
    fields.note("phone_number", PhoneNumber::parse(number, country))
}

/// `POST /api/v1/auth/otp/verify` and `/api/auth/phone/confirm`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PhoneCodeInput {
    /// The number that the code was sent to.
    pub phone_number: String,
    /// As when the code was asked for.
    #[serde(default)]
    pub country_code: Option<String>,
    /// Six digits.
    pub code: String,
}

/// A number, and the code that was sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPhoneCode {
    /// The number.
    pub phone: PhoneNumber,
    /// What was typed.
    pub code: PhoneCode,
}

impl CheckAll for PhoneCodeInput {
    type Checked = ShownPhoneCode;
    fn check_all(self) -> Result<ShownPhoneCode> {
        let mut fields = Fields::new();
        let phone = phone_of(&mut fields, &self.phone_number, self.country_code.as_deref());
        let code = fields.check::<PhoneCode>("code", self.code);
        fields.finish((|| Some(ShownPhoneCode { phone: phone?, code: code? }))())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, country: &str) -> Result<String, Problem> {
        PhoneNumber::parse(text, Country::by_iso(country)).map(|number| format!("{} {}", number.as_str(), number.country()))
    }

    #[test]
    fn numbers_are_read_as_indonesians_write_them() {
        for text in [
            "081234567890",
            "0812-3456-7890",
            " 0812 3456 7890 ",
            "+62 812 3456 7890",
            "+62 (0)812-34567890",
            "6281234567890",
            "81234567890",
            "006281234567890",
        ] {
            assert_eq!(read(text, "ID").as_deref(), Ok("+6281234567890 ID"), "{text}");
        }
        for bad in [
            "0212345678",
            "0812",
            "08123456789012",
            "+62 21 5550123",
            "0812-34x6-7890",
            "٠٨١٢٣٤٥٦٧٨٩٠",
            "+",
            "0",
            "+0812345678",
            "++628123456789",
        ] {
            assert_eq!(read(bad, "ID"), Err(Problem::Malformed), "{bad}");
        }
        assert_eq!(read("  ", "ID"), Err(Problem::Required));
    }

    #[test]
    fn numbers_of_other_countries() {
        for (text, country, number) in [
            ("+65 8123 4567", "ID", "+6581234567 SG"),
            ("8123 4567", "SG", "+6581234567 SG"),
            ("(415) 555-2671", "US", "+14155552671 US"),
            ("1 416 555 2671", "CA", "+14165552671 CA"),
            ("+1 416 555 2671", "CA", "+14165552671 CA"),
            ("07400 123456", "GB", "+447400123456 GB"),
            ("+39 06 1234 5678", "ID", "+390612345678 IT"),
            ("8 912 345 67 89", "RU", "+79123456789 RU"),
            ("06 20 123 4567", "HU", "+36201234567 HU"),
        ] {
            assert_eq!(read(text, country).as_deref(), Ok(number), "{text}");
        }
        assert_eq!(PhoneNumber::parse("081234567890", None), Err(Problem::Malformed), "of which country?");
        assert_eq!(read("115 555 2671", "US"), Err(Problem::Malformed));
        assert_eq!(read("+999 123 456 789", "ID"), Err(Problem::Malformed));
    }

    #[test]
    fn input_names_every_bad_field() {
        let input = |number: &str, country: Option<&str>, code: &str| {
            let input = PhoneCodeInput { phone_number: number.into(), country_code: country.map(str::to_owned), code: code.into() };
            input.check_all().map(|shown| shown.phone.as_str().to_owned()).map_err(|error| error.details().to_string())
        };
        assert_eq!(input("0812 3456 7890", Some("id"), "123 456").as_deref(), Ok("+6281234567890"));
        assert_eq!(input("0812 3456 7890", Some("+62"), "123-456").as_deref(), Ok("+6281234567890"));
        let bad = input("x", Some("ID"), "12345").unwrap_err();
        assert!(bad.contains("phone_number") && bad.contains("\"code\""), "{bad}");
        assert!(input("0812 3456 7890", None, "123456").unwrap_err().contains("country_code"));
        assert!(input("0812 3456 7890", Some("ZZ"), "123456").unwrap_err().contains("unknown_value"));
    }

    #[test]
    fn what_is_shown_is_masked() {
        let number = PhoneNumber::parse("081234567890", Some(Country::INDONESIA)).unwrap();
        assert_eq!((number.masked().as_str(), number.last_digits()), ("+62 •••• 7890", "7890"));
        let code = PhoneCode::check("123456".into()).unwrap();
        assert_eq!(format!("{number:?} {code:?}"), "PhoneNumber(…) PhoneCode(…)");
    }

    proptest! {
        #[test]
        fn what_is_read_reads_as_itself(text in "[+0-9 ()-]{0,20}", at in 0..200_usize) {
            let country = Country::all()[at % Country::all().len()];
            if let Ok(number) = PhoneNumber::parse(&text, Some(country)) {
                prop_assert!(number.as_str().len() <= 16 && number.as_str().starts_with('+'));
                prop_assert_eq!(PhoneNumber::parse(number.as_str(), Some(country)).map(|again| again.as_str().to_owned()), Ok(number.as_str().to_owned()));
                let stored = PhoneNumber::of_stored(number.as_str());
                prop_assert_eq!(stored.map(|again| again.as_str().to_owned()), Some(number.as_str().to_owned()));
            }
        }

        #[test]
        fn nothing_panics(text in ".*") {
            let _ = PhoneNumber::parse(&text, Some(Country::INDONESIA));
            let _ = PhoneCode::check(text);
        }
    }
}
