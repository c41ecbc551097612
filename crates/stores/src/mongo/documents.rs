//! The documents as they are stored, and how they become the services' values.

use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Reactions, Tally, Target, TargetKind},
    content::ContentType,
    id::{ReplyId, UserId},
};
use aivalid_service::store::{NewReply, ReplyRecord, VersionRecord};
use mongodb::bson::{Document, doc};
use serde::{Deserialize, Serialize};

/// The fields that say what something belongs to.
pub(super) fn of(target: Target) -> Document {
    doc! { "kind": target.kind.as_str(), "target": target.id }
}

/// In `replies`. Times are microseconds since 1970.
#[derive(Serialize, Deserialize)]
pub(super) struct ReplyDocument {
    #[serde(rename = "_id")]
    pub id: i64,
    pub kind: TargetKind,
    pub target: i64,
    pub parent: Option<i64>,
    pub depth: u8,
    pub path: String,
    /// Whether it has a place in the list: not deleted, or deleted after it was answered.
    pub placed: bool,
    pub author: i64,
    pub content: String,
    pub content_html: String,
    pub reactions: Reactions,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub deleted_at: Option<i64>,
}

impl ReplyDocument {
    pub fn new(reply: &NewReply, (depth, path): (u8, String)) -> Self {
        Self {
            id: reply.id.0,
            kind: reply.target.kind,
            target: reply.target.id,
            parent: reply.parent.map(|parent| parent.0),
            depth,
            path,
            placed: true,
            author: reply.author.0,
            content: reply.content.clone(),
            content_html: reply.content_html.clone(),
            reactions: Reactions::default(),
            created_at: reply.now.0,
            edited_at: None,
            deleted_at: None,
        }
    }

    pub fn target(&self) -> Target {
        Target { kind: self.kind, id: self.target }
    }
}

impl From<ReplyDocument> for ReplyRecord {
    fn from(stored: ReplyDocument) -> Self {
        Self {
            id: ReplyId(stored.id),
            target: stored.target(),
            parent: stored.parent.map(ReplyId),
            depth: stored.depth,
            path: stored.path,
            author: UserId(stored.author),
            content: stored.content,
            content_html: stored.content_html,
            reactions: stored.reactions,
            created_at: Timestamp(stored.created_at),
            edited_at: stored.edited_at.map(Timestamp),
            deleted_at: stored.deleted_at.map(Timestamp),
        }
    }
}

/// In `reply_versions`: what a reply said before an edit.
#[derive(Serialize, Deserialize)]
pub(super) struct VersionDocument {
    pub reply: i64,
    /// From 1, without gaps.
    pub version: i64,
    pub content: String,
    pub content_html: String,
    pub replaced_at: i64,
    pub replaced_by: i64,
}

impl VersionDocument {
    /// What a reply says until now.
    pub fn new(reply: ReplyDocument, version: i64, by: UserId, now: Timestamp) -> Self {
        let ReplyDocument { id, content, content_html, .. } = reply;
        Self { reply: id, version, content, content_html, replaced_at: now.0, replaced_by: by.0 }
    }
}

impl From<VersionDocument> for VersionRecord {
    fn from(stored: VersionDocument) -> Self {
        Self {
            version: stored.version,
            title: None,
            content_type: ContentType::Markdown,
            content: stored.content,
            content_html: stored.content_html,
            replaced_at: Timestamp(stored.replaced_at),
            replaced_by: UserId(stored.replaced_by),
        }
    }
}

/// In `reactions`: one for each user and target.
#[derive(Serialize, Deserialize)]
pub(super) struct ReactionDocument {
    pub user: i64,
    pub kind: TargetKind,
    pub target: i64,
    pub reaction: ReactionKind,
    pub at: i64,
}

/// In `tallies`: one for each thread or case in which something happened.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct TallyDocument {
    pub kind: TargetKind,
    pub target: i64,
    pub seq: i64,
    /// Whether it changed after it was last confirmed.
    pub pending: bool,
    pub replies: i64,
    pub rows: i64,
    pub last_reply_at: Option<i64>,
    pub last_reply_by: Option<i64>,
    pub reactions: Reactions,
}

impl TallyDocument {
    /// Changed figures.
    pub fn changed(target: Target, tally: &Tally) -> Self {
        Self {
            kind: target.kind,
            target: target.id,
            seq: tally.seq,
            pending: true,
            replies: tally.replies,
            rows: tally.rows,
            last_reply_at: tally.last_reply_at.map(|at| at.0),
            last_reply_by: tally.last_reply_by.map(|by| by.0),
            reactions: tally.reactions,
        }
    }
}

impl From<TallyDocument> for (Target, Tally) {
    fn from(stored: TallyDocument) -> Self {
        let tally = Tally {
            seq: stored.seq,
            replies: stored.replies,
            rows: stored.rows,
            last_reply_at: stored.last_reply_at.map(Timestamp),
            last_reply_by: stored.last_reply_by.map(UserId),
            reactions: stored.reactions,
        };
        (Target { kind: stored.kind, id: stored.target }, tally)
    }
}
