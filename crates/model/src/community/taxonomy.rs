//! How posts are sorted: categories, which administrators make, and tags, which authors choose.

use crate::{
    Lang, Timestamp,
    check::{Check, Problem},
    id::CategoryId,
    slug::Slug,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a category holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum CategoryKind {
    /// Threads.
    Forum,
    /// Validation cases.
    Case,
}

impl CategoryKind {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forum => "forum",
            Self::Case => "case",
        }
    }
}

impl FromStr for CategoryKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Forum, Self::Case].into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// A category with its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Category {
    /// The category.
    pub id: CategoryId,
    /// For addresses.
    pub slug: String,
    /// What it holds.
    pub kind: CategoryKind,
    /// In Indonesian.
    pub name_id: String,
    /// In English.
    pub name_en: String,
    /// One sentence in Indonesian.
    pub description_id: String,
    /// One sentence in English.
    pub description_en: String,
    /// A colour of the design's palette.
    pub colour: String,
    /// An icon of the sprite.
    pub icon: String,
    /// Threads or cases in it.
    pub post_count: u64,
    /// When something was last written in it.
    pub last_activity_at: Option<Timestamp>,
}

impl Category {
    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.name_id,
            Lang::En => &self.name_en,
        }
    }

    /// The description in a language.
    pub fn description(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.description_id,
            Lang::En => &self.description_en,
        }
    }
}

/// A tag and how often it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tag {
    /// For addresses, and the name as well.
    pub slug: String,
    /// Threads and cases that carry it.
    pub count: u64,
}

/// At most five different tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagList(Vec<Slug>);

impl TagList {
    /// The most tags on a post.
    pub const MAX: usize = 5;

    /// The tags.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Slug::as_str)
    }

    /// As JSON, the way stores keep it beside the post.
    pub fn json(&self) -> String {
        serde_json::to_string(&self.slugs().collect::<Vec<_>>()).unwrap_or_default()
    }
}

impl Check for TagList {
    type Input = Vec<String>;
    fn check(input: Vec<String>) -> Result<Self, Problem> {
        let mut tags = Vec::new();
        for tag in input.into_iter().filter(|tag| !tag.trim().is_empty()) {
            // Authors write "Inter Rater"; addresses carry inter-rater.
            let tag = Slug::check(tag.split_whitespace().collect::<Vec<_>>().join("-").trim_start_matches('#').to_owned())?;
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        if tags.len() > Self::MAX { Err(Problem::TooMany { max: Self::MAX }) } else { Ok(Self(tags)) }
    }
}
