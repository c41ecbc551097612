//! Codes that people type, and what an authenticator app is set up with.

use crate::source::Source;
use aivalid_model::{
    check::{Check, Problem},
    identity::{BACKUP_CODE_LENGTH, BackupCode, PhoneCode, TotpCode},
};
use aivalid_service::fuzz::{totp_code, totp_setup, totp_step};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Seconds that a code of an app stands for.
const STEP: u64 = 30;

/// A code is read in one way however it is written; an app's code is good in its own half minute and the ones around it; the address an
/// app is set up with says what the page says.
pub fn codes(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    reads::<TotpCode>(&text, TotpCode::expose, |code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    reads::<PhoneCode>(&text, PhoneCode::expose, |code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    let is_backup = |code: &str| code.len() == BACKUP_CODE_LENGTH && code.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
    reads::<BackupCode>(&text, BackupCode::expose, is_backup);

    let mut from = Source::new(data);
    let (secret, other) = (from.array::<20>(), from.array::<20>());
    // Until the year 4147.
    let now = u64::from_le_bytes(from.array()) >> 28;
    let made = now.saturating_add_signed(from.pick(&[-3600, -61, -60, -31, -30, -29, -1, 0, 1, 29, 30, 31, 60, 61, 3600]));
    let code = totp_code(&secret, made);
    assert!(TotpCode::check(code.clone()).is_ok(), "{code}");
    let near = |step: u64| step.abs_diff(now / STEP) <= 1;
    let found = totp_step(&secret, &code, now).map(|step| u64::try_from(step).unwrap());
    if let Some(step) = found {
        assert!(near(step), "step {step} at {now}");
        assert_eq!(totp_code(&secret, step * STEP), code, "the step is the code's");
    }
    // Two half minutes have the same code once in a million.
    assert!(found.is_some() || !near(made / STEP), "a code of {made} is refused at {now}");
    if let Some(step) = totp_step(&other, &code, now) {
        assert_eq!(totp_code(&other, u64::try_from(step).unwrap() * STEP), code);
    }

    // A picture takes a while.
    if secret[0] % 16 == 0 {
        let names = ["dewi_l", "aaa", "a_b_c_d_e_f_g_h_i_jk"];
        let name = from.pick(&names);
        let setup = totp_setup(&secret, name).unwrap();
        assert_eq!(base32(&setup.secret), secret);
        let query = setup.uri.strip_prefix(&format!("otpauth://totp/AIValid:{name}?")).unwrap_or_else(|| panic!("{}", setup.uri));
        let mut pairs: Vec<_> = query.split('&').filter(|pair| !is_default(pair)).collect();
        pairs.sort_unstable();
        assert_eq!(pairs, ["issuer=AIValid".to_owned(), format!("secret={}", setup.secret)]);
        assert!(setup.qr_svg.starts_with("<svg") && !setup.qr_svg.contains("<script"));
        assert!(!setup.uri.contains(&STANDARD.encode(secret)));
    }
}

/// What apps take for granted, and may be said nevertheless.
fn is_default(pair: &str) -> bool {
    ["algorithm=SHA1", "digits=6", "period=30"].contains(&pair)
}

fn reads<C: Check<Input = String>>(text: &str, expose: fn(&C) -> &str, is_one: impl Fn(&str) -> bool) {
    let read = |text: String| C::check(text).map(|code| expose(&code).to_owned());
    match read(text.to_owned()) {
        Ok(code) => {
            assert!(is_one(&code), "{code:?} of {text:?}");
            assert_eq!(read(code.clone()), Ok(code.clone()), "read once is read for good");
            let spaced: String = code.chars().flat_map(|c| [' ', c, '-']).collect();
            assert_eq!(read(spaced), Ok(code), "blanks and hyphens do not matter");
        }
        Err(problem) => {
            assert!(matches!(problem, Problem::Required | Problem::Malformed), "{problem:?}");
            assert!(!is_one(text), "{text:?}");
        }
    }
}

/// RFC 4648, said in another way: five bits each.
fn base32(text: &str) -> Vec<u8> {
    let bits: Vec<bool> = text
        .bytes()
        .flat_map(|letter| {
            let value = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
            (0..5).rev().map(move |bit| value >> bit & 1 == 1)
        })
        .collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | u8::from(*bit))).collect()
}
