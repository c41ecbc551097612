//! What the services need of stores. One trait for each aggregate; a method is a use case that is atomic inside the store.
//! `None` means not found. Every method has a contract test in `contract`, which each backend passes.

mod api_tokens;
mod audit;
mod blocks;
mod cache;
mod cases;
mod catalog;
mod credentials;
mod federated;
mod files;
mod jobs;
mod kyc;
mod passkeys;
mod phones;
mod pqc;
mod recoveries;
mod replies;
mod sessions;
mod threads;
mod totp;
mod user_admin;
mod users;
mod versions;
mod watches;

pub use api_tokens::{ApiToken, ApiTokenStore};
pub use audit::{AuditHead, AuditRecord, AuditStore, Failures, NewAuditEntry, SealTurn};
pub use blocks::BlockStore;
pub use cache::{
    Admission, Attempt, CachedSession, ChallengeStore, IdempotencyStore, KeyClaim, Limit, RateLimiter, SavedAnswer, SessionCache, Signal,
    Signals,
};
pub use cases::{CaseChange, CaseChanged, CaseRecord, CaseStore, LogDraft, LogRecord, NewCase};
pub use catalog::{CatalogStore, NewBadge, NewCategory};
pub use credentials::{Acquaintance, CredentialStore, EmailChanged, EmailWish, KnownDevice, LockRule, SeenDevice, Undoing, WrongPasswords};
pub use federated::{FederatedIdentity, FederatedStore, IdentityLinked, IdentityUnlinked};
pub use files::{
    AvatarSize, AvatarStore, Content, ContentWriter, DoomedFile, FileId, FileIndex, FilePurpose, FileRecord, FileStore, NewAvatar, NewFile,
    WrittenFile,
};
pub use jobs::{Claim, ClaimToken, Job, JobFigures, JobRecord, JobStore, NewJob, TokenLetter};
pub use kyc::{DocumentRecord, KycRetention, KycSent, KycStore, KycVerdict, NewDocument, SubmissionRecord};
pub use passkeys::{Passkey, PasskeyAdded, PasskeyDeleted, PasskeyRing, PasskeyStore};
pub use phones::{PhoneCleared, PhoneGuard, PhoneSet, PhoneStore};
pub use pqc::{PqcKey, PqcKeyAdded, PqcKeyStore, PqcUse, PqcUsed};
pub use recoveries::{Recovery, RecoveryStep, RecoveryStore, RecoveryVerdict, Told};
pub use replies::{NewReply, ReplyAdded, ReplyRecord, ReplyStart, ReplyStore, child_path};
pub use sessions::{NewSession, NewlyShown, OneTime, Rotation, Session, SessionStore, TokenStore};
pub use threads::{Listing, NewThread, PostText, ThreadRecord, ThreadStore};
pub use totp::{TotpRecord, TotpStore};
pub use user_admin::{Deed, UserAdminStore};
pub use users::{NewUser, Registering, User, UserChanged, UserCreated, UserStore, WITHDRAWALS_WAIT};
pub use versions::VersionRecord;
pub use watches::WatchStore;

use aivalid_model::Error;
use std::sync::Arc;

/// Result of a store's method.
pub type StoreResult<T> = Result<T, StoreError>;

/// A store failed. What exactly is for the log, never for a client.
#[derive(Debug, thiserror::Error)]
#[error("{context}: {source}")]
pub struct StoreError {
    /// Which operation.
    pub context: &'static str,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
    /// Whether trying again later can help: the store could not be reached or was too busy.
    pub transient: bool,
}

impl StoreError {
    /// A failure that trying again would repeat.
    pub fn new(context: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { context, source: source.into(), transient: false }
    }

    /// A failure that may pass.
    pub fn transient(context: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { context, source: source.into(), transient: true }
    }
}

impl From<StoreError> for Error {
    /// The cause goes to the log, under the request's id; the client learns only whether to try again.
    fn from(error: StoreError) -> Self {
        tracing::error!(context = error.context, cause = %error.source, "store failed");
        if error.transient { Self::Unavailable { retry_after: 2 } } else { Self::Internal }
    }
}

/// Whether a store can be reached, for the readiness check.
#[async_trait::async_trait]
pub trait Health: Send + Sync {
    /// The store's name in the answer: `sqlite`, `postgres`, `mongodb`, `redis`, `s3`.
    fn name(&self) -> &'static str;
    /// The cheapest round trip there is.
    async fn ping(&self) -> StoreResult<()>;
}

/// Every store, as the composition root chose them.
#[derive(Clone)]
pub struct Stores {
    /// Accounts and badges.
    pub users: Arc<dyn UserStore>,
    /// Accounts in the hands of administrators.
    pub user_admin: Arc<dyn UserAdminStore>,
    /// Sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// One-time tokens.
    pub tokens: Arc<dyn TokenStore>,
    /// Work for later.
    pub jobs: Arc<dyn JobStore>,
    /// What guards an account.
    pub credentials: Arc<dyn CredentialStore>,
    /// Authenticator apps and backup codes.
    pub totp: Arc<dyn TotpStore>,
    /// Passkeys.
    pub passkeys: Arc<dyn PasskeyStore>,
    /// Signing keys.
    pub pqc: Arc<dyn PqcKeyStore>,
    /// Accounts at other services.
    pub federated: Arc<dyn FederatedStore>,
    /// Phone numbers, and the codes that are sent to them.
    pub phones: Arc<dyn PhoneStore>,
    /// Personal API tokens.
    pub api_tokens: Arc<dyn ApiTokenStore>,
    /// Requests to recover accounts.
    pub recoveries: Arc<dyn RecoveryStore>,
    /// Categories, tags and badges.
    pub catalog: Arc<dyn CatalogStore>,
    /// Threads.
    pub threads: Arc<dyn ThreadStore>,
    /// Validation cases and their logs.
    pub cases: Arc<dyn CaseStore>,
    /// Who watches what.
    pub watches: Arc<dyn WatchStore>,
    /// Who blocks whom.
    pub blocks: Arc<dyn BlockStore>,
    /// The audit log.
    pub audit: Arc<dyn AuditStore>,
    /// Identity documents.
    pub kyc: Arc<dyn KycStore>,
    /// Pictures of people.
    pub avatars: Arc<dyn AvatarStore>,
    /// What is known of files.
    pub file_index: Arc<dyn FileIndex>,
    /// The content of files, encrypted.
    pub files: Arc<dyn FileStore>,
    /// Replies and reactions: feature data, in SQL or MongoDB.
    pub replies: Arc<dyn ReplyStore>,
    /// Live sessions near at hand.
    pub session_cache: Arc<dyn SessionCache>,
    /// Sliding windows.
    pub limiter: Arc<dyn RateLimiter>,
    /// Answers kept for repeated requests.
    pub idempotency: Arc<dyn IdempotencyStore>,
    /// Unfinished sign-ins and the like.
    pub challenges: Arc<dyn ChallengeStore>,
    /// Messages between instances.
    pub signals: Arc<dyn Signals>,
    /// All that were configured, for the readiness check.
    pub health: Vec<Arc<dyn Health>>,
}
