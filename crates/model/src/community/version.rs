//! Earlier versions of posts.

use crate::{Timestamp, content::ContentType, identity::UserCard};
use serde::{Deserialize, Serialize};

/// What a thread or reply said before an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PostVersion {
    /// From 1, without gaps; what the post says now has no number yet.
    pub version: u64,
    /// The title; replies have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// Markdown or table; replies are Markdown.
    pub content_type: ContentType,
    /// The Markdown, or the table as JSON.
    pub content: String,
    /// The rendered, sanitised HTML.
    pub content_html: String,
    /// When the edit replaced it.
    pub edited_at: Timestamp,
    /// Who made that edit: the author, or a moderator.
    pub edited_by: UserCard,
}
