//! Signing keys (ML-DSA-65): what their owners see of them. The signatures themselves are the `pqc` crate's.

use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, line, text_value},
};
use serde::{Deserialize, Serialize};

text_value! {
    /// What the owner calls a signing key: 1 to 60 characters on one line.
    PqcKeyName = |text| line(text, 1, 60);
}

/// A signing key as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PqcKeyView {
    /// The SHA-256 of the public key: 64 lower-case hexadecimal digits.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last signed something that was accepted.
    pub last_used_at: Option<Timestamp>,
}

/// `POST /api/v1/users/{userId}/pqc-keys`. The request is signed with the new key, which proves that its sender has the secret one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PqcKeyInput {
    /// The public key: 1,952 bytes as base64 with padding.
    pub public_key: String,
    /// 1 to 60 characters.
    pub name: String,
}

/// A checked [`PqcKeyInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PqcKeyDraft {
    /// Decoded by the service.
    pub public_key: String,
    /// The name.
    pub name: PqcKeyName,
}

impl CheckAll for PqcKeyInput {
    type Checked = PqcKeyDraft;
    fn check_all(self) -> Result<PqcKeyDraft> {
        let mut fields = Fields::new();
        let name = fields.check::<PqcKeyName>("name", self.name);
        let public_key = self.public_key;
        fields.finish(name.map(|name| PqcKeyDraft { public_key, name }))
    }
}

/// `POST /api/v1/users/{userId}/pqc-keys/{id}/check`: an empty object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PqcCheckInput {}

impl CheckAll for PqcCheckInput {
    type Checked = ();
    fn check_all(self) -> Result<()> {
        Ok(())
    }
}

/// What was verified of a signed request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PqcChecked {
    /// The key.
    pub key_id: String,
    /// What its owner calls it.
    pub key_name: String,
    /// When the request says that it was signed.
    pub signed_at: Timestamp,
    /// The text that was signed, line by line: method, path with query, time, idempotency key, the body's SHA-256.
    pub signed_text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_needs_a_name() {
        let input = |name: &str| PqcKeyInput { public_key: "AA==".into(), name: name.into() }.check_all();
        assert_eq!(input("  Laptop   kantor ").unwrap().name.as_ref(), "Laptop kantor");
        for bad in ["", "  ", "a\0b", &"x".repeat(61)] {
            assert_eq!(input(bad).unwrap_err().code(), "VALIDATION", "{bad:?}");
        }
    }
}
