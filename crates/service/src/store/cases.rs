//! Validation cases and their logs.

use super::{Listing, PostText, StoreResult};
use aivalid_model::{
    Timestamp,
    cases::{CaseFilter, CaseStatus},
    community::{Reactions, Tally},
    id::{CaseId, CategoryId, UserId},
    money::Rupiah,
    page::PageRequest,
};
use async_trait::async_trait;
use serde_json::Value;

/// A new case.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// A case category.
    pub category: CategoryId,
    /// Who opens it.
    pub owner: UserId,
    /// What they wrote.
    pub text: PostText,
    /// What they put on it.
    pub bounty: Rupiah,
    /// Until when offers are wanted.
    pub deadline: Option<Timestamp>,
}

/// A case as stored. In lists `text.content` and `text.content_html` are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRecord {
    /// The case.
    pub id: CaseId,
    /// Its category.
    pub category: CategoryId,
    /// Who opened it.
    pub owner: UserId,
    /// What they wrote.
    pub text: PostText,
    /// What they put on it.
    pub bounty: Rupiah,
    /// Where it stands.
    pub status: CaseStatus,
    /// Until when offers are wanted.
    pub deadline: Option<Timestamp>,
    /// Replies that can be read.
    pub reply_count: i64,
    /// Places in the list of replies.
    pub reply_rows: i64,
    /// Reactions to the case itself.
    pub reactions: Reactions,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// When something last happened.
    pub last_activity_at: Timestamp,
}

/// A change to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseChange {
    /// Replaces what was written.
    Edit {
        /// The category.
        category: CategoryId,
        /// Title, content, tags.
        text: PostText,
        /// The bounty.
        bounty: Rupiah,
        /// The deadline.
        deadline: Option<Timestamp>,
    },
    /// Replaces the tags.
    Tags(Vec<String>),
    /// Goes to another state.
    Status(CaseStatus),
    /// Takes it from view.
    Delete,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseChanged {
    /// It was made and logged.
    Done,
    /// The case is in a state that does not allow it.
    Wrong(CaseStatus),
    /// There is no such case.
    Missing,
}

/// What goes into the log with a change.
#[derive(Clone, Debug, PartialEq)]
pub struct LogDraft {
    /// Who; absent: the system.
    pub actor: Option<UserId>,
    /// What.
    pub action: &'static str,
    /// With what.
    pub details: Value,
    /// Now.
    pub at: Timestamp,
}

/// An entry of a case's log, as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRecord {
    /// From 1.
    pub seq: i64,
    /// Who.
    pub actor: Option<UserId>,
    /// What.
    pub action: String,
    /// With what; the exact text that was hashed.
    pub details: String,
    /// When.
    pub at: Timestamp,
    /// Hash of the entry before, in hex.
    pub prev_hash: String,
    /// Hash of this one, in hex: [`crate::cases::log::entry_hash`].
    pub hash: String,
}

/// Validation cases.
#[async_trait]
pub trait CaseStore: Send + Sync {
    /// Opens a case, its log and its owner's watch in one step.
    async fn case_open(&self, case: &NewCase, log: &LogDraft) -> StoreResult<CaseId>;
    /// By id; deleted cases are not found.
    async fn case_get(&self, id: CaseId) -> StoreResult<Option<CaseRecord>>;
    /// A page of cases; with a cursor, what follows it.
    async fn case_list(&self, filter: &CaseFilter, page: PageRequest, cursor: Option<&str>) -> StoreResult<Listing<CaseRecord>>;
    /// The first entries of the same list, without counting it.
    async fn case_few(&self, filter: &CaseFilter, most: u32) -> StoreResult<Vec<CaseRecord>>;
    /// Makes a change and logs it, if the case is in one of the states; of racing changes, those that still fit are made.
    async fn case_change(&self, id: CaseId, from: &[CaseStatus], change: &CaseChange, log: &LogDraft) -> StoreResult<CaseChanged>;
    /// Takes over figures, if they are newer than those it has.
    async fn case_set_tally(&self, id: CaseId, tally: &Tally) -> StoreResult<()>;
    /// The whole log, from first to last.
    async fn case_log(&self, id: CaseId) -> StoreResult<Vec<LogRecord>>;
    /// Cases after an id, deleted ones too, each with how many entries its log has: what verifying the logs goes by.
    async fn case_log_heads(&self, after: CaseId, limit: i64) -> StoreResult<Vec<(CaseId, i64)>>;
    /// How many cases are in each state.
    async fn case_counts(&self) -> StoreResult<Vec<(CaseStatus, u64)>>;
    /// Ids, titles and last changes of cases after an id, for the sitemap.
    async fn case_sitemap(&self, after: CaseId, limit: i64) -> StoreResult<Vec<(CaseId, String, Timestamp)>>;
}
