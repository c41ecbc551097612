//! Accounts, sessions and who may do what.

mod account;
mod api_token;
mod assurance;
mod credentials;
mod federated;
mod passkey;
mod permission;
mod phone;
mod pqc;
mod recovery;
mod second_factor;
mod session;
mod values;

pub use account::{AccountChange, AccountInput, BadgeCard, BadgeGrant, Me, Profile, Theme, UserCard};
pub use api_token::{ApiTokenDraft, ApiTokenInput, ApiTokenMade, ApiTokenName, ApiTokenView, Scope, Scopes};
pub use assurance::{Level, Method, Methods, Requirement, SUDO_LIFE, Shown};
pub use credentials::{AddressInput, ChangePasswordInput, DeviceView, NewPassword, PasswordRating, PasswordReset, ResetInput};
pub use federated::{ConnectionView, Connections, FederatedRegisterInput, FederatedRegistration, ProviderView, proposed_username};
pub use passkey::{
    AcceptedCredentials, CeremonyBegun, CeremonyEnd, CeremonyId, CeremonyInput, CurrentUserDetails, LoginBeginInput, PasskeyDraft,
    PasskeyInput, PasskeyList, PasskeyName, PasskeyNameInput, PasskeySignals, PasskeyStatus, PasskeyView, RegisterBegin,
    RegisterBeginInput,
};
pub use permission::{Permission, Permissions, Role};
pub use phone::{Country, PhoneCode, PhoneCodeInput, PhoneInput, PhoneNumber, ShownPhoneCode};
pub use pqc::{PqcCheckInput, PqcChecked, PqcKeyDraft, PqcKeyInput, PqcKeyName, PqcKeyView};
pub use recovery::{
    RecoveryAnswer, RecoveryDossier, RecoveryInput, RecoveryNeeds, RecoveryRequest, RecoveryReview, RecoveryState, RecoveryStatement,
    RecoveryView,
};
pub use second_factor::{
    BACKUP_CODE_LENGTH, BackupCode, BackupCodes, CodeInput, PasskeyStepInput, PendingInput, Proof, SecondFactor, SecondStepInput,
    SudoInput, TotpCode, TotpSetup, TotpStatus,
};
pub use session::{Login, LoginInput, RegisterInput, Registration, SessionFacts, SessionView, TokenPair};
pub use values::{Email, Password, TimeZone, Token, Username, Website};

crate::error::domain_errors! {
    /// What goes wrong with accounts and signing in.
    IdentityError {
        /// Wrong e-mail or password; also what a locked or unknown account answers.
        BadCredentials = "BAD_CREDENTIALS", 401, "The e-mail address or the password is not right.";
        /// The account is suspended; said only to who proved to be its owner.
        Suspended = "ACCOUNT_SUSPENDED", 403, "This account is suspended. A letter to its address says why, and for how long.";
        /// A token or code that is unknown, used or too old.
        InvalidToken = "INVALID_TOKEN", 400, "This link or code is not valid any more. Ask for a new one.";
        /// The refresh token is not valid, or the session was revoked.
        SessionRevoked = "SESSION_REVOKED", 401, "This session has ended. Please sign in again.";
        /// The account was signed in on more devices than may be at once, and this session was its oldest.
        SessionReplaced = "SESSION_REPLACED", 401, "This session has ended, because its account was signed in on too many devices. Please sign in again.";
        /// The browser that had this session has signed in anew, which ended it.
        SessionSucceeded = "SESSION_SUCCEEDED", 401, "This session has ended, because its browser signed in anew.";
        /// What was asked for needs a verified e-mail address.
        EmailNotVerified = "EMAIL_NOT_VERIFIED", 403, "Please confirm your e-mail address first.";
        /// Three accounts were made on this device already.
        DeviceLimit = "DEVICE_LIMIT", 403, "Too many accounts were made on this device.";
        /// What was asked for needs the session to be elevated: prove once more who you are.
        SudoRequired = "SUDO_REQUIRED", 403, "Please confirm once more that it is you.";
        /// What was asked for needs a second factor, or a stronger or more recent one than this session has.
        AssuranceRequired = "ASSURANCE_REQUIRED", 403, "This needs a stronger way of signing in. Sign in with a passkey or a second factor.";
        /// What was asked for needs a session of one's own; a personal API token will not do.
        SessionRequired = "SESSION_REQUIRED", 403, "This needs a signed-in session, not an API token.";
        /// What was asked for is outside the scopes that the API token was given.
        ScopeRequired = "SCOPE_REQUIRED", 403, "This API token was not given the scope that this needs.";
        /// The account has as many API tokens as it may have.
        TokenLimit = "TOKEN_LIMIT", 409, "This account has as many API tokens as it can have. Revoke one first.";
        /// A code of a second factor that is wrong, used or too old.
        BadCode = "BAD_CODE", 401, "This code is not right, or was used already.";
        /// The sign-in that this code belongs to has ended.
        SignInLapsed = "SIGN_IN_LAPSED", 401, "This sign-in took too long. Please start again.";
        /// The password was set with a mailed link, and no passkey was shown with it yet.
        PasskeyRequired = "PASSKEY_REQUIRED", 401, "This password was set with a mailed link. Please use a passkey of the account.";
        /// TOTP is on already, or a setup was not begun.
        TotpState = "TOTP_STATE", 409, "Two-step sign-in is not in the state that this needs.";
        /// An administrator's account can't be deleted; somebody else takes the role away first.
        AdminStays = "ADMIN_STAYS", 409, "An administrator's account can't be deleted. Ask another administrator to take the role away first.";
        /// The username was changed less than 30 days ago.
        UsernameTooSoon = "USERNAME_TOO_SOON", 409, "A username can be changed once in 30 days.";
        /// The passkey ceremony is unknown, was used, or is more than five minutes old.
        PasskeyExpired = "PASSKEY_EXPIRED", 400, "This took too long or was done already. Please begin again.";
        /// What the authenticator answered does not prove anything: wrong origin, signature, counter, or no user verification.
        PasskeyRefused = "PASSKEY_REFUSED", 401, "This passkey could not be verified.";
        /// No account has this passkey; the browser may forget it.
        PasskeyUnknown = "PASSKEY_UNKNOWN", 401, "This passkey does not belong to an account any more.";
        /// A new passkey that can't be taken: not discoverable, not verified, or made for another place.
        PasskeyInvalid = "PASSKEY_INVALID", 400, "This passkey could not be added.";
        /// An account has this passkey already.
        PasskeyTaken = "PASSKEY_TAKEN", 409, "This passkey was added already.";
        /// The account has as many passkeys as it may have.
        PasskeyLimit = "PASSKEY_LIMIT", 409, "This account has as many passkeys as it can have. Remove one first.";
        /// The account has no passkey to confirm anything with.
        NoPasskey = "NO_PASSKEY", 409, "This account has no passkey.";
        /// Without this there would be no way left to sign in.
        LastWayIn = "LAST_WAY_IN", 409, "This is the only way to sign in to this account. Set a password or add another way first.";
        /// A sign-in with another service that is unknown, was used, is too old, or was begun in another browser.
        FederatedExpired = "OAUTH_EXPIRED", 400, "This sign-in took too long, was done already, or was begun in another browser. Please begin again.";
        /// What the other service answered does not prove who somebody is.
        FederatedRefused = "OAUTH_REFUSED", 401, "The other service's answer could not be verified.";
        /// Somebody changed their mind at the other service.
        FederatedDenied = "OAUTH_DENIED", 401, "The sign-in was cancelled at the other service.";
        /// The other service does not answer.
        FederatedUnavailable = "OAUTH_UNAVAILABLE", 503, "The other service can't be reached. Please try again in a moment.";
        /// An account is connected with this account elsewhere already.
        FederatedTaken = "OAUTH_TAKEN", 409, "This account at the other service is connected with another account here.";
        /// The account is connected with another account of the same service.
        FederatedSecond = "OAUTH_SECOND", 409, "Your account is connected with another account of this service. Disconnect that first.";
        /// Only the account with the address that the other service confirmed can be connected here.
        FederatedOther = "OAUTH_OTHER_ACCOUNT", 403, "You are signed in to another account than the one with this address.";
        /// The installation is reached by an IP address, for which there can be no passkeys.
        PasskeysUnavailable = "PASSKEYS_UNAVAILABLE", 409, "Passkeys can't be used here.";
        /// The account has no signing key, and the request needs one.
        PqcKeyRequired = "PQC_KEY_REQUIRED", 403, "This needs a signing key, and your account has none yet. Set one up in your account, under signing keys.";
        /// The request is not signed, and must be.
        PqcSignatureRequired = "PQC_SIGNATURE_REQUIRED", 403, "This request must be signed with one of your signing keys.";
        /// A header of the signature is missing, stands twice or can't be read: a key id of 64 hexadecimal digits, whole seconds since 1970, and 3,309 bytes as base64.
        PqcSignatureMalformed = "PQC_SIGNATURE_MALFORMED", 400, "X-PQC-Key-Id, X-PQC-Timestamp and X-PQC-Signature must all be there, each in its form.";
        /// The key that the request names is not one of the account's, or not any more.
        PqcKeyUnknown = "PQC_KEY_UNKNOWN", 403, "This signing key is not registered for your account.";
        /// The request was signed more than five minutes ago, or in the future.
        PqcTimestampSkewed = "PQC_TIMESTAMP_SKEWED", 403, "This was signed too long ago, or the clock of this device is wrong.";
        /// The signature is not the key's over this very request.
        PqcSignatureInvalid = "PQC_SIGNATURE_INVALID", 403, "The signature does not fit this request.";
        /// The signature was accepted before.
        PqcReplayed = "PQC_REPLAYED", 403, "This signature was used already. Sign the request anew.";
        /// A public key that is registered, or was: a key that was removed does not come back.
        PqcKeyTaken = "PQC_KEY_TAKEN", 409, "This key was registered before. Make a new one.";
        /// The account has as many signing keys as it may have.
        PqcKeyLimit = "PQC_KEY_LIMIT", 409, "This account has as many signing keys as it can have. Remove one first.";
        /// The installation sends no SMS.
        OtpUnavailable = "OTP_UNAVAILABLE", 409, "Codes by SMS are not offered here. Please use another way to sign in.";
        /// A code by SMS that is wrong, used, older than five minutes, or was tried three times.
        BadPhoneCode = "BAD_PHONE_CODE", 401, "This code is not right, or is not valid any more. After three tries or five minutes you need a new one.";
        /// Another account has the phone number.
        PhoneTaken = "PHONE_TAKEN", 409, "Another account has this phone number.";
        /// The account has no second factor that could be lost.
        NothingToRecover = "NOTHING_TO_RECOVER", 409, "This account has no second factor that could be recovered from. Sign in again.";
        /// The request was decided, stopped or finished, or its waiting time is not over.
        RecoveryNotInReview = "RECOVERY_NOT_IN_REVIEW", 409, "This request does not wait for a reviewer (any more).";
        /// A reviewer's own account.
        RecoveryOwn = "RECOVERY_OWN", 403, "You can't decide the recovery of your own account.";
    }
}
