//! Replies to threads and cases.

use super::{ReactionKind, Reactions};
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields},
    content::ReplyText,
    id::ReplyId,
    identity::UserCard,
    page::Pagination,
};
use serde::{Deserialize, Serialize};

/// A reply as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// The reply.
    pub id: ReplyId,
    /// The reply it answers, if not the post itself.
    pub parent_id: Option<ReplyId>,
    /// 0 under the post, at most 4; deeper answers stay at 4.
    pub depth: u8,
    /// Who wrote it; absent once it is deleted.
    pub author: Option<UserCard>,
    /// The Markdown; empty once deleted.
    pub content: String,
    /// The rendered, sanitised HTML; empty once deleted.
    pub content_html: String,
    /// Reactions to it.
    pub reactions: Reactions,
    /// The caller's own reaction.
    pub my_reaction: Option<ReactionKind>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Whether only its place is left, because others answered it.
    pub deleted: bool,
    /// Whether the caller may edit and delete it.
    pub mine: bool,
}

/// A page of replies, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyPage {
    /// The replies.
    pub replies: Vec<Reply>,
    /// Where they stand.
    pub pagination: Pagination,
}

/// `POST …/replies` and `PUT …/replies/{replyId}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplyInput {
    /// Markdown, at most 20,000 characters.
    pub content: String,
    /// The reply it answers; ignored when editing.
    #[serde(default)]
    pub parent_id: Option<ReplyId>,
}

impl CheckAll for ReplyInput {
    type Checked = (ReplyText, Option<ReplyId>);
    fn check_all(self) -> Result<Self::Checked> {
        let mut fields = Fields::new();
        let text = fields.check::<ReplyText>("content", self.content);
        fields.finish(text.map(|text| (text, self.parent_id)))
    }
}
