//! What changes the credentials of an account.

use super::{Email, Password, Token};
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields},
};
use serde::{Deserialize, Serialize};

/// `POST /api/auth/reset-password`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetInput {
    /// From the mailed link.
    pub token: String,
    /// 8 to 128 characters.
    pub password: String,
}

/// A checked reset.
#[derive(Clone, Debug)]
pub struct PasswordReset {
    /// From the mailed link.
    pub token: Token,
    /// The new password.
    pub password: Password,
}

impl CheckAll for ResetInput {
    type Checked = PasswordReset;
    fn check_all(self) -> Result<PasswordReset> {
        let mut fields = Fields::new();
        let token = fields.check::<Token>("token", self.token);
        let password = fields.check::<Password>("password", self.password);
        fields.finish((|| Some(PasswordReset { token: token?, password: password? }))())
    }
}

/// `POST /api/auth/change-password`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordInput {
    /// 8 to 128 characters.
    pub new_password: String,
}

/// A checked new password.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// The password.
    pub password: Password,
}

impl CheckAll for ChangePasswordInput {
    type Checked = NewPassword;
    fn check_all(self) -> Result<NewPassword> {
        let mut fields = Fields::new();
        let password = fields.check::<Password>("new_password", self.new_password);
        fields.finish(password.map(|password| NewPassword { password }))
    }
}

/// An e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddressInput {
    /// The address.
    pub email: String,
}

impl CheckAll for AddressInput {
    type Checked = Email;
    fn check_all(self) -> Result<Email> {
        let mut fields = Fields::new();
        let email = fields.check::<Email>("email", self.email);
        fields.finish(email)
    }
}

/// A device that an account was used on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceView {
    /// Browser and system in words.
    pub device: String,
    /// The address it was last used from.
    pub ip: String,
    /// The first sign-in.
    pub first_seen_at: Timestamp,
    /// The last one.
    pub last_seen_at: Timestamp,
    /// Whether this request came from it.
    pub current: bool,
}

/// How good a password would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRating {
    /// Shorter than any may be.
    TooShort,
    /// Known from a breach.
    Breached,
    /// It says who its owner is.
    TellsOwner,
    /// Guessed soon.
    Weak,
    /// Good enough.
    Good,
    /// As good as it gets.
    Strong,
}

impl PasswordRating {
    /// 0 to 4, where 3 is enough.
    pub const fn score(self) -> u8 {
        match self {
            Self::TooShort | Self::Breached => 0,
            Self::TellsOwner => 1,
            Self::Weak => 2,
            Self::Good => 3,
            Self::Strong => 4,
        }
    }
}
