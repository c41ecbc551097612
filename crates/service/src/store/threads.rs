//! Threads.

use super::{StoreResult, VersionRecord};
use aivalid_model::{
    Timestamp,
    community::{Reactions, Tally, ThreadFilter},
    content::ContentType,
    id::{CategoryId, ThreadId, UserId},
    page::PageRequest,
};
use async_trait::async_trait;

/// What an author wrote, with what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostText {
    /// On one line.
    pub title: String,
    /// For lists; may be empty.
    pub summary: String,
    /// Markdown or table.
    pub content_type: ContentType,
    /// The source.
    pub content: String,
    /// The rendered, sanitised HTML.
    pub content_html: String,
    /// At most five.
    pub tags: Vec<String>,
}

/// A new thread.
#[derive(Clone, Debug)]
pub struct NewThread {
    /// A forum category.
    pub category: CategoryId,
    /// Who starts it.
    pub author: UserId,
    /// What they wrote.
    pub text: PostText,
    /// Now.
    pub now: Timestamp,
}

/// A thread as stored. In lists `text.content` and `text.content_html` are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadRecord {
    /// The thread.
    pub id: ThreadId,
    /// Its category.
    pub category: CategoryId,
    /// Who started it.
    pub author: UserId,
    /// What they wrote.
    pub text: PostText,
    /// Stands above the others in its category.
    pub pinned: bool,
    /// Nothing can be added.
    pub locked: bool,
    /// Replies that can be read.
    pub reply_count: i64,
    /// Places in the list of replies, counting those of deleted replies that were answered.
    pub reply_rows: i64,
    /// Reactions to the thread itself.
    pub reactions: Reactions,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// When something was last written in it.
    pub last_activity_at: Timestamp,
    /// Who replied last.
    pub last_reply_by: Option<UserId>,
}

/// A stretch of a list: by number, or what follows a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Entries in the whole list.
    pub total: u64,
    /// Where the next stretch begins; absent at the end.
    pub next: Option<String>,
}

/// Threads.
#[async_trait]
pub trait ThreadStore: Send + Sync {
    /// Publishes a thread: the thread, its tags, the category's figures and its author's watch in one step.
    async fn thread_publish(&self, thread: &NewThread) -> StoreResult<ThreadId>;
    /// By id; deleted threads are not found.
    async fn thread_get(&self, id: ThreadId) -> StoreResult<Option<ThreadRecord>>;
    /// A page of threads; with a cursor, what follows it. A cursor that was not made here is ignored.
    /// Pinned threads come first on lists of one category sorted by `latest`, and are not moved by cursors otherwise.
    async fn thread_list(&self, filter: &ThreadFilter, page: PageRequest, cursor: Option<&str>) -> StoreResult<Listing<ThreadRecord>>;
    /// The first entries of the same list, without counting it.
    async fn thread_few(&self, filter: &ThreadFilter, most: u32) -> StoreResult<Vec<ThreadRecord>>;
    /// Replaces what was written, and the category. A title or content that changes is kept as a version in the same step;
    /// an edit that changes nothing leaves everything as it was. False when there is no such thread.
    async fn thread_edit(&self, id: ThreadId, category: CategoryId, text: &PostText, by: UserId, now: Timestamp) -> StoreResult<bool>;
    /// A page of a thread's earlier versions, newest first.
    async fn thread_versions(&self, id: ThreadId, page: PageRequest) -> StoreResult<Listing<VersionRecord>>;
    /// Takes a thread from view. False when there is no such thread.
    async fn thread_delete(&self, id: ThreadId, by: UserId, now: Timestamp) -> StoreResult<bool>;
    /// Takes over figures, if they are newer than those it has.
    async fn thread_set_tally(&self, id: ThreadId, tally: &Tally) -> StoreResult<()>;
    /// Pins and locks, or not. False when there is no such thread.
    async fn thread_set_flags(&self, id: ThreadId, pinned: bool, locked: bool) -> StoreResult<bool>;
    /// Ids, titles and last changes of threads after an id, for the sitemap.
    async fn thread_sitemap(&self, after: ThreadId, limit: i64) -> StoreResult<Vec<(ThreadId, String, Timestamp)>>;
}
