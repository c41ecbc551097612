//! What letters say. The words, in each language, are the client's business (`app/src/letters`).
//!
//! To add a letter: a variant here, its name and how long it is worth delivering, its words, its sample in the tests there.

use aivalid_model::{Timestamp, identity::TimeZone};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// When and from where something was done, for its owner to recognise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// When; queued letters keep it to the second.
    pub at: Timestamp,
    /// The owner's time zone.
    pub zone: TimeZone,
    /// Browser and system in words; may be empty.
    pub device: String,
    /// A place in words, or the network address; may be empty.
    pub place: String,
}

/// Which way of signing in, or of acting for the account, was changed, and how. Names are the owner's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialChange {
    /// Codes from an authenticator app are asked for.
    TotpOn,
    /// They no longer are.
    TotpOff,
    /// New backup codes replace the old ones.
    BackupCodesRenewed,
    /// A passkey was added.
    PasskeyAdded(String),
    /// A passkey was removed.
    PasskeyRemoved(String),
    /// Another phone number; its last digits.
    PhoneChanged(String),
    /// The phone number is gone.
    PhoneRemoved,
    /// An account elsewhere may sign in; the provider's name.
    ProviderLinked(String),
    /// It no longer may.
    ProviderUnlinked(String),
    /// A personal API token was made.
    ApiTokenMade(String),
    /// A personal API token was revoked.
    ApiTokenRevoked(String),
    /// A post-quantum key was registered.
    PqcKeyAdded(String),
    /// A post-quantum key was removed.
    PqcKeyRemoved(String),
}

/// What became of an identity check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KycDecision {
    /// The level that was reached, 1 to 3.
    Approved(u8),
    /// Why not, in the reviewer's words.
    Rejected(String),
}

/// A letter. `undo` is the token of the "this wasn't me" link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Letter {
    /// Confirm this address.
    VerifyEmail {
        /// The account.
        username: String,
        /// Works once, for 24 hours.
        token: String,
    },
    /// Somebody tried to register with an address that has an account.
    AlreadyRegistered {
        /// The account.
        username: String,
    },
    /// Choose a new password.
    PasswordReset {
        /// The account.
        username: String,
        /// Works once, for 30 minutes.
        token: String,
    },
    /// The password was changed or reset.
    PasswordChanged {
        /// The account.
        username: String,
        /// When and from where.
        scene: Scene,
        /// Undoes it.
        undo: String,
    },
    /// To the new address: confirm that the account may use it.
    EmailChangeConfirm {
        /// The account.
        username: String,
        /// Works once, for 24 hours.
        token: String,
    },
    /// To the old address: the account is to get, or has got, another one.
    EmailChangeNotice {
        /// The account.
        username: String,
        /// The new address.
        new_email: String,
        /// When and from where.
        scene: Scene,
        /// Undoes it.
        undo: String,
    },
    /// A sign-in from a device that the account had not been used on.
    NewDevice {
        /// The account.
        username: String,
        /// When and from where.
        scene: Scene,
        /// Undoes it.
        undo: String,
    },
    /// A refresh token was used twice, so the session was ended.
    SessionReuse {
        /// The account.
        username: String,
        /// The network address it came from.
        ip: String,
    },
    /// A sign-in from a country from which the account was never used.
    NewCountry {
        /// The account.
        username: String,
        /// When and from where.
        scene: Scene,
    },
    /// The staff suspended the account; also the answer to a sign-in with the right password.
    Suspended {
        /// The account.
        username: String,
        /// Why, in the staff's words.
        reason: String,
        /// Until when; absent: until it is lifted.
        until: Option<Timestamp>,
        /// The owner's time zone.
        zone: TimeZone,
    },
    /// The suspension was lifted.
    Unsuspended {
        /// The account.
        username: String,
    },
    /// A new sign-in ended the oldest session, because only so many may be live.
    SessionLimit {
        /// The account.
        username: String,
        /// How many may be live.
        limit: i64,
        /// The session that was ended: its device, place and last use.
        ended: Scene,
    },
    /// Too many wrong passwords from devices that the account had not been used on.
    AccountLocked {
        /// The account.
        username: String,
        /// The last attempt.
        scene: Scene,
        /// For how long such devices are refused.
        minutes: u32,
    },
    /// A way of signing in was changed.
    CredentialChanged {
        /// The account.
        username: String,
        /// Which, and how.
        change: CredentialChange,
        /// When and from where.
        scene: Scene,
        /// Undoes it.
        undo: String,
    },
    /// A personal API token ends soon.
    ApiTokenEnds {
        /// The account.
        username: String,
        /// What its owner calls it.
        token_name: String,
        /// Its last characters.
        hint: String,
        /// When it ends.
        at: Timestamp,
        /// The owner's time zone.
        zone: TimeZone,
    },
    /// The account is gone.
    AccountDeleted {
        /// The account.
        username: String,
        /// When and from where.
        scene: Scene,
    },
    /// Somebody asked to recover the account without its second factor; it happens when the waiting time is over.
    RecoveryAnnounced {
        /// The account.
        username: String,
        /// When and from where it was asked for.
        scene: Scene,
        /// When the waiting time is over.
        until: Timestamp,
        /// Stops it.
        stop: String,
    },
    /// A request to recover the account was stopped.
    RecoveryStopped {
        /// The account.
        username: String,
        /// When and from where it was stopped.
        scene: Scene,
        /// Undoes what else was done.
        undo: String,
    },
    /// The waiting time is over: the account can be recovered.
    RecoveryReady {
        /// The account.
        username: String,
        /// Works once, for seven days.
        token: String,
        /// Stops it.
        stop: String,
    },
    /// A reviewer rejected the request.
    RecoveryRejected {
        /// The account.
        username: String,
        /// Why, in the reviewer's words.
        reason: String,
    },
    /// The account's second factors are gone.
    RecoveryDone {
        /// The account.
        username: String,
        /// When and from where.
        scene: Scene,
        /// Undoes it.
        undo: String,
    },
    /// An identity check was decided.
    KycDecided {
        /// The account.
        username: String,
        /// How.
        decision: KycDecision,
    },
}

impl Letter {
    /// Its name in lists and logs, which is also the stored word.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::PasswordReset { .. } => "password_reset",
            Self::PasswordChanged { .. } => "password_changed",
            Self::EmailChangeConfirm { .. } => "email_change_confirm",
            Self::EmailChangeNotice { .. } => "email_change_notice",
            Self::NewDevice { .. } => "new_device",
            Self::SessionReuse { .. } => "session_reuse",
            Self::NewCountry { .. } => "new_country",
            Self::Suspended { .. } => "suspended",
            Self::Unsuspended { .. } => "unsuspended",
            Self::SessionLimit { .. } => "session_limit",
            Self::AccountLocked { .. } => "account_locked",
            Self::CredentialChanged { .. } => "credential_changed",
            Self::ApiTokenEnds { .. } => "api_token_ends",
            Self::AccountDeleted { .. } => "account_deleted",
            Self::RecoveryAnnounced { .. } => "recovery_announced",
            Self::RecoveryStopped { .. } => "recovery_stopped",
            Self::RecoveryReady { .. } => "recovery_ready",
            Self::RecoveryRejected { .. } => "recovery_rejected",
            Self::RecoveryDone { .. } => "recovery_done",
            Self::KycDecided { .. } => "kyc_decided",
        }
    }

    /// How long it is worth delivering: as long as its link works. Warnings are always worth it.
    pub const fn life(&self) -> Option<Duration> {
        match self {
            Self::VerifyEmail { .. } | Self::EmailChangeConfirm { .. } => Some(Duration::from_hours(24)),
            Self::PasswordReset { .. } => Some(Duration::from_mins(30)),
            Self::RecoveryReady { .. } => Some(Duration::from_hours(7 * 24)),
            _ => None,
        }
    }
}

impl fmt::Debug for Letter {
    /// Links may not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
