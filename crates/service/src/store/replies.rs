//! Replies and reactions: feature data, in SQL or in MongoDB.

use super::{Listing, StoreResult, VersionRecord};
use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Reactions, Tally, Target},
    id::{ReplyId, UserId},
    page::PageRequest,
};
use async_trait::async_trait;

/// A new reply.
#[derive(Clone, Debug)]
pub struct NewReply {
    /// Made by the caller.
    pub id: ReplyId,
    /// The thread or case.
    pub target: Target,
    /// The reply it answers.
    pub parent: Option<ReplyId>,
    /// Who writes it.
    pub author: UserId,
    /// The Markdown.
    pub content: String,
    /// The rendered, sanitised HTML.
    pub content_html: String,
    /// Now.
    pub now: Timestamp,
}

/// A reply as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyRecord {
    /// The reply.
    pub id: ReplyId,
    /// The thread or case.
    pub target: Target,
    /// The reply it answers.
    pub parent: Option<ReplyId>,
    /// 0 to 4.
    pub depth: u8,
    /// Place in reading order: see [`child_path`].
    pub path: String,
    /// Who wrote it.
    pub author: UserId,
    /// The Markdown.
    pub content: String,
    /// The rendered HTML.
    pub content_html: String,
    /// Reactions to it.
    pub reactions: Reactions,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Timestamp>,
}

/// What came of adding a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyAdded {
    /// It was added.
    Done {
        /// As stored.
        reply: Box<ReplyRecord>,
        /// The target's new figures.
        tally: Tally,
    },
    /// The answered reply is gone, or elsewhere.
    ParentGone,
    /// The id is taken; try another.
    IdTaken,
}

/// Where a stretch of replies begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyStart {
    /// After so many.
    Offset(i64),
    /// After the one with this path.
    After(String),
}

/// The deepest level that is shown nested.
const MAX_DEPTH: u8 = 4;
/// Characters of one level in a path.
const WIDTH: usize = 6;

/// Depth and path of a reply: its parent's path and its own number in base 32, six characters wide, so that sorting paths
/// byte by byte gives reading order. Answers to the deepest level stay beside what they answer.
pub fn child_path(parent: Option<(u8, &str)>, seq: i64) -> (u8, String) {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let (depth, base) = match parent {
        None => (0, ""),
        Some((depth, path)) if depth < MAX_DEPTH => (depth + 1, path),
        Some((_, path)) => (MAX_DEPTH, path.get(..path.len().saturating_sub(WIDTH)).unwrap_or_default()),
    };
    let mut path = String::with_capacity(base.len() + WIDTH);
    path.push_str(base);
    for place in (0..WIDTH).rev() {
        let digit = usize::try_from((seq >> (5 * place)) & 31).unwrap_or(0);
        path.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')));
    }
    (depth, path)
}

/// Replies and reactions. The store keeps each target's [`Tally`] in the same step as the change that moves it; the
/// core store is told afterwards, and [`ReplyStore::tally_pending`] names those that it may not have heard of.
#[async_trait]
pub trait ReplyStore: Send + Sync {
    /// Adds a reply. Reply and figures change in one step; racing replies get different numbers.
    async fn reply_add(&self, reply: &NewReply) -> StoreResult<ReplyAdded>;
    /// By id, also when deleted.
    async fn reply_get(&self, id: ReplyId) -> StoreResult<Option<ReplyRecord>>;
    /// Replaces the text of a reply that is not deleted. The text before is kept as a version in the same step; an edit that
    /// changes nothing leaves everything as it was.
    async fn reply_edit(&self, id: ReplyId, content: &str, content_html: &str, by: UserId, now: Timestamp) -> StoreResult<bool>;
    /// A page of a reply's earlier versions, newest first.
    async fn reply_versions(&self, id: ReplyId, page: PageRequest) -> StoreResult<Listing<VersionRecord>>;
    /// Deletes a reply: one that was answered keeps its place. The target's new figures; `None` when there is no such reply.
    async fn reply_delete(&self, id: ReplyId, now: Timestamp) -> StoreResult<Option<Tally>>;
    /// A stretch of a target's replies in reading order, with the places of deleted ones that were answered.
    async fn reply_list(&self, target: Target, start: &ReplyStart, limit: i64) -> StoreResult<Vec<ReplyRecord>>;
    /// How many places come before a reply in its target's list; `None` when it has no place.
    async fn reply_position(&self, id: ReplyId) -> StoreResult<Option<i64>>;
    /// What somebody wrote and did not delete, by id, after an id.
    async fn reply_list_of(&self, author: UserId, after: Option<ReplyId>, limit: i64) -> StoreResult<Vec<ReplyRecord>>;
    /// Sets or takes back a user's reaction. The target's new counts, and the new figures where it is a thread or case.
    /// `None` when the target is a reply that is not there.
    async fn react(
        &self,
        target: Target,
        user: UserId,
        kind: Option<ReactionKind>,
        now: Timestamp,
    ) -> StoreResult<Option<(Reactions, Option<Tally>)>>;
    /// A user's reactions to these; targets without one are left out.
    async fn reactions_of(&self, user: UserId, targets: &[Target]) -> StoreResult<Vec<(Target, ReactionKind)>>;
    /// A thread's or case's figures; all zero when nothing happened yet.
    async fn tally(&self, target: Target) -> StoreResult<Tally>;
    /// Figures that the core store may not have: changed after they were last confirmed.
    async fn tally_pending(&self, limit: i64) -> StoreResult<Vec<(Target, Tally)>>;
    /// Notes that the core store has the figures up to `seq`.
    async fn tally_confirm(&self, target: Target, seq: i64) -> StoreResult<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_sort_in_reading_order() {
        let (d0, first) = child_path(None, 1);
        let (d1, answer) = child_path(Some((d0, &first)), 40);
        let (_, second) = child_path(None, 2);
        assert_eq!((d0, d1), (0, 1));
        assert!(first < answer && answer < second);
        assert_eq!(answer.len(), 12);
    }

    #[test]
    fn the_fifth_level_stays_beside_the_fourth() {
        let mut level = child_path(None, 1);
        for seq in 2..9 {
            level = child_path(Some((level.0, &level.1)), seq);
        }
        assert_eq!(level.0, 4);
        assert_eq!(level.1.len(), 30);
    }
}
