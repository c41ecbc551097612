//! Columns and statements that threads and cases have in common.

use super::rows::{read_reactions, unreadable};
use aivalid_model::{community::Reactions, content::ContentType};
use aivalid_service::store::PostText;
use sqlx::FromRow;

/// The columns of a [`FiguresRow`].
macro_rules! figure_columns {
    () => {
        concat!("reply_count, reply_rows, ", reacted_text!(), ", score, created_at, edited_at, last_activity_at")
    };
}

/// Takes over a tally, if it is newer. A post was last active when it was last replied to or changed.
macro_rules! set_tally {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET tally_seq = $2, reply_count = $3, reply_rows = $4, reacted_like = $5, reacted_love = $6, reacted_haha = $7, ",
            "reacted_wow = $8, reacted_sad = $9, reacted_angry = $10, score = $11, last_reply_by = $13, ",
            "last_activity_at = CASE WHEN $12 > changed_at THEN $12 ELSE changed_at END ",
            "WHERE id = $1 AND tally_seq < $2 RETURNING last_activity_at"
        )
    };
}

/// Counts a tag in one of the columns of `tags`, one more or one less.
macro_rules! count_tag {
    (more $column:literal) => {
        concat!(
            "INSERT INTO tags (slug, ",
            $column,
            ") VALUES ($1, 1) ON CONFLICT (slug) DO UPDATE SET ",
            $column,
            " = tags.",
            $column,
            " + 1"
        )
    };
    (less $column:literal) => {
        concat!("UPDATE tags SET ", $column, " = ", $column, " - 1 WHERE slug = $1")
    };
}

/// What replies and reactions come to, and when things happened.
#[derive(FromRow)]
pub(super) struct FiguresRow {
    pub reply_count: i64,
    pub reply_rows: i64,
    pub reacted: Option<String>,
    pub score: i64,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub last_activity_at: i64,
}

impl FiguresRow {
    /// The reactions of a row of a table.
    pub fn reactions(&self, table: &'static str, row: i64) -> sqlx::Result<Reactions> {
        read_reactions(self.reacted.as_deref()).ok_or_else(|| unreadable(table, "reacted", row))
    }
}

/// What an author wrote.
#[derive(FromRow)]
pub(super) struct TextRow {
    pub title: String,
    pub summary: String,
    pub tags: String,
    pub content_type: String,
    /// Not selected in lists.
    #[sqlx(default)]
    pub content: String,
    /// Not selected in lists.
    #[sqlx(default)]
    pub content_html: String,
}

impl TextRow {
    /// The text of a row of a table.
    pub fn read(self, table: &'static str, row: i64) -> sqlx::Result<PostText> {
        Ok(PostText {
            title: self.title,
            summary: self.summary,
            content_type: read_content_type(table, row, &self.content_type)?,
            content: self.content,
            content_html: self.content_html,
            tags: read_tags(table, row, &self.tags)?,
        })
    }
}

/// A content type from its stored word.
pub(super) fn read_content_type(table: &'static str, row: i64, word: &str) -> sqlx::Result<ContentType> {
    let known = [ContentType::Markdown, ContentType::Table].into_iter().find(|kind| kind.as_str() == word);
    known.ok_or_else(|| unreadable(table, "content_type", row))
}

/// Tags from the JSON beside the post.
pub(super) fn read_tags(table: &'static str, row: i64, json: &str) -> sqlx::Result<Vec<String>> {
    serde_json::from_str(json).map_err(|_| unreadable(table, "tags", row))
}

/// Tags as JSON.
pub(super) fn write_tags(tags: &[String]) -> sqlx::Result<String> {
    serde_json::to_string(tags).map_err(|error| sqlx::Error::Encode(error.into()))
}
