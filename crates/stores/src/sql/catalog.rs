//! Categories, tags and badges.

use super::{
    Store,
    rows::{count, unreadable},
    transact::failed,
};
use aivalid_model::{
    Timestamp,
    community::{Category, Tag},
    id::{BadgeId, CategoryId},
};
use aivalid_service::store::{CatalogStore, NewBadge, NewCategory, StoreResult};
use async_trait::async_trait;
use sqlx::FromRow;

#[derive(FromRow)]
struct CategoryRow {
    id: i64,
    slug: String,
    kind: String,
    name_id: String,
    name_en: String,
    description_id: String,
    description_en: String,
    colour: String,
    icon: String,
    post_count: i64,
    last_activity_at: Option<i64>,
}

impl TryFrom<CategoryRow> for Category {
    type Error = sqlx::Error;

    fn try_from(row: CategoryRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: CategoryId(row.id),
            slug: row.slug,
            kind: row.kind.parse().map_err(|()| unreadable("categories", "kind", row.id))?,
            name_id: row.name_id,
            name_en: row.name_en,
            description_id: row.description_id,
            description_en: row.description_en,
            colour: row.colour,
            icon: row.icon,
            post_count: count(row.post_count),
            last_activity_at: row.last_activity_at.map(Timestamp),
        })
    }
}

const CATEGORIES: &str = "SELECT id, slug, kind, name_id, name_en, description_id, description_en, colour, icon, post_count, last_activity_at \
     FROM categories ORDER BY position, id";

const NEW_CATEGORY: &str = "INSERT INTO categories (slug, kind, name_id, name_en, description_id, description_en, colour, icon, position) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (slug) DO NOTHING RETURNING id";

const TAGS: &str = "SELECT slug, thread_count + case_count FROM tags WHERE thread_count + case_count > 0 \
     ORDER BY (thread_count + case_count) DESC, slug LIMIT $1";

const NEW_BADGE: &str = "INSERT INTO badges (slug, name_id, name_en, description_id, description_en, icon, colour) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (slug) DO NOTHING RETURNING id";

#[async_trait]
impl CatalogStore for Store {
    async fn category_list(&self) -> StoreResult<Vec<Category>> {
        let rows: Vec<CategoryRow> = sqlx::query_as(CATEGORIES).fetch_all(&self.reads).await.map_err(failed("category_list"))?;
        rows.into_iter().map(TryInto::try_into).collect::<sqlx::Result<_>>().map_err(failed("category_list"))
    }

    async fn category_create(&self, category: &NewCategory) -> StoreResult<Option<CategoryId>> {
        let query = sqlx::query_scalar::<_, i64>(NEW_CATEGORY).bind(&category.slug).bind(category.kind.as_str());
        let query = query.bind(&category.name_id).bind(&category.name_en).bind(&category.description_id).bind(&category.description_en);
        let query = query.bind(&category.colour).bind(&category.icon).bind(category.position);
        Ok(query.fetch_optional(&self.writes).await.map_err(failed("category_create"))?.map(CategoryId))
    }

    async fn tag_list(&self, limit: i64) -> StoreResult<Vec<Tag>> {
        let query = sqlx::query_as::<_, (String, i64)>(TAGS).bind(limit.max(0));
        let rows = query.fetch_all(&self.reads).await.map_err(failed("tag_list"))?;
        Ok(rows.into_iter().map(|(slug, used)| Tag { slug, count: count(used) }).collect())
    }

    async fn badge_create(&self, badge: &NewBadge) -> StoreResult<Option<BadgeId>> {
        let query = sqlx::query_scalar::<_, i64>(NEW_BADGE).bind(&badge.slug).bind(&badge.name_id).bind(&badge.name_en);
        let query = query.bind(&badge.description_id).bind(&badge.description_en).bind(&badge.icon).bind(&badge.colour);
        Ok(query.fetch_optional(&self.writes).await.map_err(failed("badge_create"))?.map(BadgeId))
    }
}
