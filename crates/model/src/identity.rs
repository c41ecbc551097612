//! Accounts, sessions and who may do what.

mod account;
mod permission;
mod session;
mod values;

pub use account::{AccountChange, AccountInput, BadgeCard, BadgeGrant, Me, Profile, Theme, UserCard};
pub use permission::{Permission, Permissions, Role};
pub use session::{Login, LoginInput, RegisterInput, Registration, SessionView, TokenPair};
pub use values::{Email, Password, TimeZone, Token, Username, Website};

crate::error::domain_errors! {
    /// What goes wrong with accounts and signing in.
    IdentityError {
        /// Wrong e-mail or password; also what a locked or unknown account answers.
        BadCredentials = "BAD_CREDENTIALS", 401, "The e-mail address or the password is not right.";
        /// A token or code that is unknown, used or too old.
        InvalidToken = "INVALID_TOKEN", 400, "This link or code is not valid any more. Ask for a new one.";
        /// The refresh token is not valid, or the session was revoked.
        SessionRevoked = "SESSION_REVOKED", 401, "This session has ended. Please sign in again.";
        /// What was asked for needs a verified e-mail address.
        EmailNotVerified = "EMAIL_NOT_VERIFIED", 403, "Please confirm your e-mail address first.";
        /// Three accounts were made on this device already.
        DeviceLimit = "DEVICE_LIMIT", 403, "Too many accounts were made on this device.";
        /// The username was changed less than 30 days ago.
        UsernameTooSoon = "USERNAME_TOO_SOON", 409, "A username can be changed once in 30 days.";
    }
}
