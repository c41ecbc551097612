//! What a bulk load takes: rows with their ids, times and rendered texts already made. For demonstration data and imports;
//! requests go through the services.

use aivalid_model::{
    Timestamp,
    cases::CaseStatus,
    community::{ReactionKind, Target},
    content::ContentType,
    id::{CaseId, CategoryId, ReplyId, ThreadId, UserId},
    money::Rupiah,
};
use aivalid_service::store::{LogDraft, NewUser};

/// An account with its profile.
#[derive(Clone, Debug)]
pub struct BulkUser {
    /// The account. Its device is not counted against the limit.
    pub account: NewUser,
    /// May be empty.
    pub full_name: String,
    /// May be empty.
    pub bio: String,
    /// May be empty.
    pub location: String,
    /// May be empty.
    pub website: String,
}

/// A text that may be shared by many posts.
#[derive(Clone, Copy, Debug)]
pub struct BulkText<'a> {
    /// On one line.
    pub title: &'a str,
    /// For lists; may be empty.
    pub summary: &'a str,
    /// Markdown or table.
    pub content_type: ContentType,
    /// The source.
    pub content: &'a str,
    /// The rendered, sanitised HTML.
    pub content_html: &'a str,
    /// At most five, each once.
    pub tags: &'a [String],
}

/// A thread without its replies.
#[derive(Clone, Debug)]
pub struct BulkThread<'a> {
    /// Higher than that of any thread that is there already.
    pub id: ThreadId,
    /// A forum category.
    pub category: CategoryId,
    /// Who started it.
    pub author: UserId,
    /// What they wrote.
    pub text: BulkText<'a>,
    /// Stands above the others.
    pub pinned: bool,
    /// Nothing can be added.
    pub locked: bool,
    /// When.
    pub created_at: Timestamp,
}

/// A case without its replies.
#[derive(Clone, Debug)]
pub struct BulkCase<'a> {
    /// Higher than that of any case that is there already.
    pub id: CaseId,
    /// A case category.
    pub category: CategoryId,
    /// Who opened it.
    pub owner: UserId,
    /// What they wrote.
    pub text: BulkText<'a>,
    /// What they put on it.
    pub bounty: Rupiah,
    /// Where it stands.
    pub status: CaseStatus,
    /// Until when offers are wanted.
    pub deadline: Option<Timestamp>,
    /// Its log, from `created` on; the first entry's time is when it was opened, the last one's when it changed last.
    pub log: Vec<LogDraft>,
}

/// A reply with its place.
#[derive(Clone, Debug)]
pub struct BulkReply<'a> {
    /// The reply.
    pub id: ReplyId,
    /// The thread or case.
    pub target: Target,
    /// The reply it answers.
    pub parent: Option<ReplyId>,
    /// As `child_path` says, for numbers that count the target's replies from 1.
    pub depth: u8,
    /// As `child_path` says.
    pub path: &'a str,
    /// Who wrote it.
    pub author: UserId,
    /// The Markdown.
    pub content: &'a str,
    /// The rendered, sanitised HTML.
    pub content_html: &'a str,
    /// When.
    pub created_at: Timestamp,
}

/// A reaction; one for each user and target.
#[derive(Clone, Copy, Debug)]
pub struct BulkReaction {
    /// To what.
    pub target: Target,
    /// Whose.
    pub user: UserId,
    /// Which.
    pub kind: ReactionKind,
    /// When.
    pub at: Timestamp,
}

/// One value of a row on its way into a table.
pub(crate) enum Cell<'a> {
    /// No value.
    Null,
    /// An id, a count, a time.
    Int(i64),
    /// A flag.
    Bool(bool),
    /// A text that lives elsewhere.
    Text(&'a str),
    /// A text made for this row.
    Owned(String),
}

impl From<Option<i64>> for Cell<'_> {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Int)
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }
}
