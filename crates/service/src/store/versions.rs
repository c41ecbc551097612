//! Earlier versions of threads and replies. The stores of the posts keep them, in the edit's own step.

use aivalid_model::{Timestamp, content::ContentType, id::UserId};

/// What a post said before an edit, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRecord {
    /// From 1, without gaps.
    pub version: i64,
    /// The title; replies have none.
    pub title: Option<String>,
    /// Markdown or table; replies are Markdown.
    pub content_type: ContentType,
    /// The source.
    pub content: String,
    /// The rendered HTML.
    pub content_html: String,
    /// When the edit replaced it.
    pub replaced_at: Timestamp,
    /// Who made that edit.
    pub replaced_by: UserId,
}
