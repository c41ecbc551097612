//! Second factors: codes of authenticator apps, backup codes, and what proves once more who someone is.

use super::{CeremonyEnd, CeremonyInput, Method, Password, Token};
use crate::{
    Error, Result, Timestamp,
    check::{Check, CheckAll, Fields, Problem},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many characters a backup code has without its hyphens: 120 bits in base 32.
pub const BACKUP_CODE_LENGTH: usize = 24;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $check:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The code.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl Check for $name {
            type Input = String;
            fn check(input: String) -> Result<Self, Problem> {
                let rule: fn(String) -> bool = $check;
                let code: String = input.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase();
                match code.as_str() {
                    "" => Err(Problem::Required),
                    _ if rule(code.clone()) => Ok(Self(code)),
                    _ => Err(Problem::Malformed),
                }
            }
        }
    )+};
}

codes! {
    /// Six digits of an authenticator app; spaces between them do not matter.
    TotpCode = |code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
    /// A backup code: 24 letters and digits of base 32; hyphens, spaces and case do not matter.
    BackupCode = |code| code.len() == BACKUP_CODE_LENGTH && code.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7'));
}

/// A second factor that somebody shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// From an authenticator app.
    Totp(TotpCode),
    /// One of the backup codes.
    Backup(BackupCode),
}

impl SecondFactor {
    /// Which method this is.
    pub const fn method(&self) -> Method {
        match self {
            Self::Totp(_) => Method::Totp,
            Self::Backup(_) => Method::BackupCode,
        }
    }
}

/// `POST /api/auth/login/totp` and `/backup-code`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondStepInput {
    /// From the answer to the first step.
    pub mfa_token: String,
    /// Six digits, or a backup code.
    pub code: String,
}

impl SecondStepInput {
    /// The token and a code of the app.
    pub fn totp(self) -> Result<(Token, SecondFactor)> {
        self.checked::<TotpCode>(SecondFactor::Totp)
    }

    /// The token and a backup code.
    pub fn backup(self) -> Result<(Token, SecondFactor)> {
        self.checked::<BackupCode>(SecondFactor::Backup)
    }

    fn checked<C: Check<Input = String>>(self, factor: fn(C) -> SecondFactor) -> Result<(Token, SecondFactor)> {
        let mut fields = Fields::new();
        let token = fields.check::<Token>("mfa_token", self.mfa_token);
        let code = fields.check::<C>("code", self.code);
        fields.finish((|| Some((token?, factor(code?))))())
    }
}

/// `POST /api/auth/login/passkey/begin`: which sign-in waits; pages leave it to their cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PendingInput {
    /// From the answer to the first step.
    pub mfa_token: Option<String>,
}

impl CheckAll for PendingInput {
    type Checked = Option<Token>;
    fn check_all(self) -> Result<Option<Token>> {
        let mut fields = Fields::new();
        let token = fields.optional::<Token>("mfa_token", self.mfa_token);
        fields.finish(token)
    }
}

/// `POST /api/auth/login/passkey`: the second step of signing in, with a passkey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyStepInput {
    /// From the answer to the first step.
    pub mfa_token: String,
    /// What the beginning answered.
    pub session_id: String,
    /// `PublicKeyCredential.toJSON()` of the browser's answer.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: serde_json::Value,
}

impl CheckAll for PasskeyStepInput {
    type Checked = (Token, CeremonyEnd);
    fn check_all(self) -> Result<Self::Checked> {
        let mut fields = Fields::new();
        let token = fields.check::<Token>("mfa_token", self.mfa_token);
        let end = CeremonyInput::checked(&mut fields, self.session_id, self.credential);
        fields.finish((|| Some((token?, end?)))())
    }
}

/// A code of an authenticator app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodeInput {
    /// Six digits.
    pub code: String,
}

impl CheckAll for CodeInput {
    type Checked = TotpCode;
    fn check_all(self) -> Result<TotpCode> {
        let mut fields = Fields::new();
        let code = fields.check::<TotpCode>("code", self.code);
        fields.finish(code)
    }
}

/// `POST /api/auth/sudo`: the password, and a second factor where the account has one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SudoInput {
    /// The account's password.
    pub password: Option<String>,
    /// Six digits of the authenticator app.
    pub code: Option<String>,
    /// Or a backup code.
    pub backup_code: Option<String>,
    /// Or one of the account's passkeys, in place of everything else: what `…/sudo/passkey/begin` led to.
    pub passkey: Option<CeremonyInput>,
}

/// What proves once more who someone is.
#[derive(Clone, Debug)]
pub struct Proof {
    /// A passkey, which is proof enough.
    pub passkey: Option<CeremonyEnd>,
    /// The password. One of a length that no account can have is `None`, to be refused like any wrong one.
    pub password: Option<Password>,
    /// The second factor.
    pub second: Option<SecondFactor>,
}

impl CheckAll for SudoInput {
    type Checked = Proof;
    fn check_all(self) -> Result<Proof> {
        if let Some(passkey) = self.passkey {
            return passkey.check_all().map(|end| Proof { passkey: Some(end), password: None, second: None }).map_err(inside_passkey);
        }
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let mut fields = Fields::new();
        let password = given(self.password);
        if password.is_none() {
            fields.add("password", Problem::Required);
        }
        let totp = fields.optional::<TotpCode>("code", given(self.code));
        let backup = fields.optional::<BackupCode>("backup_code", given(self.backup_code));
        let checked = (|| {
            let second = totp?.map(SecondFactor::Totp).or(backup?.map(SecondFactor::Backup));
            Some(Proof { passkey: None, password: password.and_then(|text| Password::check(text).ok()), second })
        })();
        fields.finish(checked)
    }
}

/// Names bad fields by where they stand in the whole input.
fn inside_passkey(error: Error) -> Error {
    match error {
        Error::Validation { mut fields } => {
            for bad in &mut fields {
                bad.field = format!("passkey.{}", bad.field);
            }
            Error::Validation { fields }
        }
        other => other,
    }
}

/// `GET /api/auth/totp/status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpStatus {
    /// Whether signing in asks for a code.
    pub enabled: bool,
    /// Since when.
    pub enabled_at: Option<Timestamp>,
    /// Backup codes that were not used yet.
    pub backup_codes_left: u64,
}

/// A secret on its way into an authenticator app. Shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSetup {
    /// For typing it in, in base 32.
    pub secret: String,
    /// `otpauth://totp/…`.
    pub uri: String,
    /// The same as a picture, SVG.
    pub qr_svg: String,
}

/// New backup codes. Shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackupCodes {
    /// Eight codes, each of which works once.
    pub backup_codes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        assert_eq!(TotpCode::check(" 123 456 ".into()).unwrap().expose(), "123456");
        assert_eq!(BackupCode::check("abcd-efgh-2345-mnop-qrst-uvwx".into()).unwrap().expose(), "ABCDEFGH2345MNOPQRSTUVWX");
        for bad in ["12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(TotpCode::check(bad.into()), Err(Problem::Malformed), "{bad}");
        }
        assert_eq!(TotpCode::check(" - ".into()), Err(Problem::Required));
        assert_eq!(BackupCode::check("ABCD".into()), Err(Problem::Malformed));
    }

    #[test]
    fn codes_are_kept_out_of_logs() {
        assert_eq!(format!("{:?}", TotpCode::check("123456".into()).unwrap()), "TotpCode(…)");
    }

    #[test]
    fn sudo_names_every_bad_field() {
        let bad = SudoInput { password: None, code: Some("12".into()), backup_code: Some("x".into()), passkey: None };
        let crate::Error::Validation { fields } = bad.check_all().unwrap_err() else { panic!("not a validation error") };
        assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["password", "code", "backup_code"]);
    }
}
