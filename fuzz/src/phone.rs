//! Phone numbers.

use crate::source::Source;
use aivalid_model::{
    check::CheckAll,
    identity::{Country, PhoneCodeInput, PhoneInput, PhoneNumber},
};

/// A number is kept in one spelling, whichever way it is written; what is shown of it hides most of it.
pub fn phone(data: &[u8]) {
    let mut from = Source::new(data);
    let country = from.pick(Country::all());
    let named = from.text(8);
    let text = String::from_utf8_lossy(from.rest()).into_owned();
    let inputs = [None, Some(named), Some(country.iso.to_lowercase()), Some(format!("+{}", country.code))];
    for country_code in inputs {
        let input = PhoneInput { phone_number: text.clone(), country_code: country_code.clone() };
        let Ok(number) = input.check_all() else { continue };
        holds(&number);
        let code = "123-456".to_owned();
        let shown = PhoneCodeInput { phone_number: text.clone(), country_code, code }.check_all().unwrap();
        assert_eq!(shown.phone, number, "asking for a code and showing it mean the same number");
    }
    if let Ok(number) = PhoneNumber::parse(&text, Some(country)) {
        holds(&number);
        let spaced: String = text.trim().chars().flat_map(|c| if c.is_ascii_digit() { vec![c, ' '] } else { vec![c] }).collect();
        if spaced.chars().count() <= 40 {
            assert_eq!(PhoneNumber::parse(&spaced, Some(country)), Ok(number), "blanks do not matter");
        }
    }
}

fn holds(number: &PhoneNumber) {
    let kept = number.as_str();
    let digits = kept.strip_prefix('+').unwrap();
    assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()), "{kept}");
    let country = Country::by_iso(number.country()).unwrap();
    assert!(digits.starts_with(country.code), "{kept} is not in {}", country.iso);
    // Of countries that share a code the database knows the number alone.
    let stored = PhoneNumber::of_stored(kept).unwrap();
    assert_eq!(stored.as_str(), kept, "what is kept is read as itself");
    for country in [None, Some(country)] {
        assert_eq!(PhoneNumber::parse(kept, country).unwrap().as_str(), kept);
    }
    let shown = number.masked().chars().filter(char::is_ascii_digit).count();
    assert!(shown <= country.code.len() + 4 && kept.ends_with(number.last_digits()), "{} of {kept}", number.masked());
    assert!(digits.len() - number.last_digits().len() >= 4, "{} of {kept}", number.last_digits());
    assert!(!format!("{number:?}").contains(digits), "kept out of logs");
}
