//! Threads.

use super::{CategoryKind, ReactionKind, Reactions, TagList, WatchLevel};
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, Problem, line, text_value},
    content::{Content, ContentInput, ContentType},
    id::{CategoryId, ThreadId, UserId},
    identity::UserCard,
    slug::Slug,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

text_value! {
    /// A thread's or case's title: 3 to 255 characters on one line.
    Title = |text| line(text, 3, 255);
    /// One or two sentences for lists: at most 500 characters, or empty.
    Summary = |text| line(text, 0, 500);
}

/// A thread in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ThreadRow {
    /// The thread.
    pub id: ThreadId,
    /// The category's id.
    pub category_id: CategoryId,
    /// Who started it.
    pub author: UserCard,
    /// The title.
    pub title: String,
    /// One or two sentences; may be empty.
    pub summary: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Stands above the others in its category.
    pub pinned: bool,
    /// Nothing can be added.
    pub locked: bool,
    /// Replies that can be read.
    pub reply_count: u64,
    /// Reactions to the thread itself.
    pub reactions: Reactions,
    /// When it was started.
    pub created_at: Timestamp,
    /// When something was last written in it.
    pub last_activity_at: Timestamp,
    /// Who wrote last, if anyone replied.
    pub last_reply_by: Option<UserCard>,
}

/// A thread as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Thread {
    /// What lists show.
    #[serde(flatten)]
    pub row: ThreadRow,
    /// Markdown or table.
    pub content_type: ContentType,
    /// The Markdown, or the table as JSON.
    pub content: String,
    /// The rendered, sanitised HTML.
    pub content_html: String,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// The caller's own reaction.
    pub my_reaction: Option<ReactionKind>,
    /// Whether the caller watches or muted it.
    pub watch: Option<WatchLevel>,
    /// Whether the caller may edit and delete it.
    pub mine: bool,
}

/// `POST /api/threads` and `PUT /api/threads/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThreadInput {
    /// A forum category's slug.
    pub category: String,
    /// 3 to 255 characters.
    pub title: String,
    /// One or two sentences for lists; the beginning of the content when left out.
    #[serde(default)]
    pub summary: Option<String>,
    /// Markdown or a typed table.
    pub content: ContentInput,
    /// At most five.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A checked thread, new or edited.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadDraft {
    /// The category's slug.
    pub category: Slug,
    /// The title.
    pub title: Title,
    /// The summary; empty: made from the content.
    pub summary: Summary,
    /// The content.
    pub content: Content,
    /// The tags.
    pub tags: TagList,
}

impl CheckAll for ThreadInput {
    type Checked = ThreadDraft;
    const CATEGORY: Option<CategoryKind> = Some(CategoryKind::Forum);
    fn check_all(self) -> Result<ThreadDraft> {
        let mut fields = Fields::new();
        let category = fields.check::<Slug>("category", self.category);
        let title = fields.check::<Title>("title", self.title);
        let summary = fields.check::<Summary>("summary", self.summary.unwrap_or_default());
        let content = Content::check_in(&mut fields, self.content);
        let tags = fields.check::<TagList>("tags", self.tags);
        let draft = (|| Some(ThreadDraft { category: category?, title: title?, summary: summary?, content: content?, tags: tags? }))();
        fields.finish(draft)
    }
}

/// How lists of threads and cases are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Last written in first.
    #[default]
    Latest,
    /// Newest first.
    Newest,
    /// Most reactions and replies first.
    Top,
    /// Newest without a reply first.
    Unanswered,
}

impl Sort {
    /// Every one, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Latest, Self::Newest, Self::Top, Self::Unanswered];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::Newest => "newest",
            Self::Top => "top",
            Self::Unanswered => "unanswered",
        }
    }
}

impl FromStr for Sort {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text).ok_or(Problem::UnknownValue)
    }
}

/// Which threads are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadFilter {
    /// Of one category.
    pub category: Option<CategoryId>,
    /// With one tag.
    pub tag: Option<String>,
    /// By one author.
    pub author: Option<UserId>,
    /// In which order.
    pub sort: Sort,
}
