//! Passkeys: what their owners see of them. The JSON of `WebAuthn` itself belongs to browsers and passes through untouched.

use crate::{
    Result, Timestamp,
    check::{Check, CheckAll, Fields, Problem, line, text_value},
    id::PasskeyId,
};
use serde::{Deserialize, Serialize};

text_value! {
    /// What the owner calls a passkey: 1 to 60 characters on one line.
    PasskeyName = |text| line(text, 1, 60);
}

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyView {
    /// Which.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// The program or device that keeps it, if it said so and is known, such as `iCloud Keychain`.
    pub provider: Option<String>,
    /// Whether it is kept in several places (a password manager, an account) and so outlives the device.
    pub synced: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last signed in or confirmed something with it.
    pub last_used_at: Option<Timestamp>,
}

/// What there is to know before showing anything about passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyStatus {
    /// Whether this installation can have passkeys: they need a host name, not an IP address.
    pub available: bool,
    /// Whether the account has any.
    pub enabled: bool,
    /// How many.
    pub count: usize,
    /// How many it may have.
    pub limit: usize,
}

/// One's passkeys, and what to tell the browser of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyList {
    /// Oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Absent for accounts that never began to make a passkey.
    pub signals: Option<PasskeySignals>,
}

/// What a browser is told so that it offers only what still works (`WebAuthn` level 3, "signal methods").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeySignals {
    /// For `PublicKeyCredential.signalAllAcceptedCredentials()`. What is not named here the browser may forget for good.
    pub all_accepted_credentials: AcceptedCredentials,
    /// For `PublicKeyCredential.signalCurrentUserDetails()`.
    pub current_user_details: CurrentUserDetails,
}

/// The browser's own names, and base64url as it writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AcceptedCredentials {
    /// The host that passkeys belong to.
    pub rp_id: String,
    /// The account's handle.
    pub user_id: String,
    /// The ids of all of its credentials.
    pub all_accepted_credential_ids: Vec<String>,
}

/// The browser's own names, and base64url as it writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CurrentUserDetails {
    /// The host that passkeys belong to.
    pub rp_id: String,
    /// The account's handle.
    pub user_id: String,
    /// The e-mail address.
    pub name: String,
    /// The name they go by, or the username.
    pub display_name: String,
}

/// How a ceremony is begun; everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LoginBeginInput {
    /// `conditional` for a field's autofill; left out for a button.
    pub mediation: Option<String>,
}

/// How making a passkey is begun; everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RegisterBeginInput {
    /// `conditional` where the browser makes one by itself after a sign-in with a password that it filled in.
    pub mediation: Option<String>,
    /// Offered right after a sign-in with a password, which then serves as the confirmation: only for the account's first
    /// passkey, and within five minutes.
    pub after_sign_in: bool,
}

/// How a passkey is to be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegisterBegin {
    /// By the browser itself, without asking.
    pub conditional: bool,
    /// Right after a sign-in with a password.
    pub after_sign_in: bool,
}

/// Whether the browser is to wait for the user to choose from a field's suggestions, or to act by itself.
fn mediation(fields: &mut Fields, mediation: Option<String>) -> Option<bool> {
    let conditional = match mediation.as_deref() {
        None | Some("") => Ok(false),
        Some("conditional") => Ok(true),
        Some(_) => Err(Problem::UnknownValue),
    };
    fields.note("mediation", conditional)
}

impl CheckAll for LoginBeginInput {
    type Checked = bool;
    fn check_all(self) -> Result<bool> {
        let mut fields = Fields::new();
        let conditional = mediation(&mut fields, self.mediation);
        fields.finish(conditional)
    }
}

impl CheckAll for RegisterBeginInput {
    type Checked = RegisterBegin;
    fn check_all(self) -> Result<RegisterBegin> {
        let mut fields = Fields::new();
        let conditional = mediation(&mut fields, self.mediation);
        fields.finish(conditional.map(|conditional| RegisterBegin { conditional, after_sign_in: self.after_sign_in }))
    }
}

/// A ceremony that was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CeremonyBegun {
    /// For the end: five minutes, used once.
    pub session_id: String,
    /// For `navigator.credentials`: `publicKey` is what `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` reads.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub options: serde_json::Value,
}

/// `PUT /api/auth/passkeys/{id}/name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyNameInput {
    /// 1 to 60 characters.
    pub name: String,
}

impl CheckAll for PasskeyNameInput {
    type Checked = PasskeyName;
    fn check_all(self) -> Result<PasskeyName> {
        let mut fields = Fields::new();
        let name = fields.check::<PasskeyName>("name", self.name);
        fields.finish(name)
    }
}

/// The secret name of a ceremony that was begun: what `…/begin` answered as `session_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyId(String);

impl Check for CeremonyId {
    type Input = String;
    fn check(input: String) -> Result<Self, Problem> {
        match input.len() {
            0 => Err(Problem::Required),
            1..=100 if input.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') => Ok(Self(input)),
            _ => Err(Problem::Malformed),
        }
    }
}

impl AsRef<str> for CeremonyId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The end of a ceremony: what the browser answered. Only the credential may hold what we don't know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CeremonyInput {
    /// What the beginning answered.
    pub session_id: String,
    /// `PublicKeyCredential.toJSON()` of the browser's answer.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: serde_json::Value,
}

/// A checked [`CeremonyInput`].
#[derive(Clone, Debug)]
pub struct CeremonyEnd {
    /// Which ceremony.
    pub ceremony: CeremonyId,
    /// The browser's answer, read when the ceremony is known.
    pub credential: serde_json::Value,
}

fn credential(fields: &mut Fields, credential: serde_json::Value) -> Option<serde_json::Value> {
    let checked = if credential.is_object() { Ok(credential) } else { Err(Problem::WrongType) };
    fields.note("credential", checked)
}

impl CeremonyInput {
    pub(super) fn checked(fields: &mut Fields, session_id: String, answer: serde_json::Value) -> Option<CeremonyEnd> {
        let ceremony = fields.check::<CeremonyId>("session_id", session_id);
        let credential = credential(fields, answer);
        Some(CeremonyEnd { ceremony: ceremony?, credential: credential? })
    }
}

impl CheckAll for CeremonyInput {
    type Checked = CeremonyEnd;
    fn check_all(self) -> Result<CeremonyEnd> {
        let mut fields = Fields::new();
        let end = Self::checked(&mut fields, self.session_id, self.credential);
        fields.finish(end)
    }
}

/// `POST /api/auth/passkeys/register/finish`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyInput {
    /// What the beginning answered.
    pub session_id: String,
    /// `PublicKeyCredential.toJSON()` of the new credential.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: serde_json::Value,
    /// 1 to 60 characters; left out, it is called after what keeps it.
    #[serde(default)]
    pub name: Option<String>,
}

/// A checked [`PasskeyInput`].
#[derive(Clone, Debug)]
pub struct PasskeyDraft {
    /// The ceremony and the new credential.
    pub end: CeremonyEnd,
    /// What to call it.
    pub name: Option<PasskeyName>,
}

impl CheckAll for PasskeyInput {
    type Checked = PasskeyDraft;
    fn check_all(self) -> Result<PasskeyDraft> {
        let mut fields = Fields::new();
        let ceremony = fields.check::<CeremonyId>("session_id", self.session_id);
        let credential = credential(&mut fields, self.credential);
        let name = fields.optional::<PasskeyName>("name", self.name.filter(|name| !name.trim().is_empty()));
        fields.finish((|| Some(PasskeyDraft { end: CeremonyEnd { ceremony: ceremony?, credential: credential? }, name: name? }))())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use serde_json::json;

    #[test]
    fn every_bad_field_of_a_draft_is_named() {
        let bad = PasskeyInput { session_id: "a b".into(), credential: json!([]), name: Some("x".repeat(61)) };
        let Err(Error::Validation { fields }) = bad.check_all() else { panic!() };
        let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["session_id", "credential", "name"]);
    }

    #[test]
    fn an_empty_name_is_none() {
        let input = PasskeyInput { session_id: "pk_1".into(), credential: json!({}), name: Some("  ".into()) };
        assert_eq!(input.check_all().unwrap().name, None);
    }
}
