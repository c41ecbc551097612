//! Categories, tags and badges.

use super::StoreResult;
use aivalid_model::{
    community::{Category, CategoryKind, Tag},
    id::{BadgeId, CategoryId},
};
use async_trait::async_trait;

/// A new category.
#[derive(Clone, Debug)]
pub struct NewCategory {
    /// Unique.
    pub slug: String,
    /// What it holds.
    pub kind: CategoryKind,
    /// In Indonesian.
    pub name_id: String,
    /// In English.
    pub name_en: String,
    /// In Indonesian.
    pub description_id: String,
    /// In English.
    pub description_en: String,
    /// A colour of the palette.
    pub colour: String,
    /// An icon of the sprite.
    pub icon: String,
    /// Place in the list.
    pub position: i64,
}

/// A new badge.
#[derive(Clone, Debug)]
pub struct NewBadge {
    /// Unique.
    pub slug: String,
    /// In Indonesian.
    pub name_id: String,
    /// In English.
    pub name_en: String,
    /// In Indonesian.
    pub description_id: String,
    /// In English.
    pub description_en: String,
    /// An icon of the sprite.
    pub icon: String,
    /// A colour of the palette.
    pub colour: String,
}

/// Categories, tags and badges.
#[async_trait]
pub trait CatalogStore: Send + Sync {
    /// Every category with its figures, in order.
    async fn category_list(&self) -> StoreResult<Vec<Category>>;
    /// Makes a category; `None` when the slug is taken.
    async fn category_create(&self, category: &NewCategory) -> StoreResult<Option<CategoryId>>;
    /// The most used tags, most used first, then by name.
    async fn tag_list(&self, limit: i64) -> StoreResult<Vec<Tag>>;
    /// Makes a badge; `None` when the slug is taken.
    async fn badge_create(&self, badge: &NewBadge) -> StoreResult<Option<BadgeId>>;
}
