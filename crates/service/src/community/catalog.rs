//! Categories and tags.

use crate::{Caller, Service};
use aivalid_model::{
    Error, Result,
    check::{FieldError, Problem},
    community::{Category, CategoryKind, Tag},
    id::CategoryId,
    slug::Slug,
};
use moka::sync::Cache;
use std::{sync::Arc, time::Duration};

/// The categories with their figures, at most a few seconds old: every page shows them.
pub struct CatalogCache(Cache<(), Arc<Vec<Category>>>);

impl CatalogCache {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(1).time_to_live(Duration::from_secs(5)).build())
    }

    pub(crate) fn forget(&self) {
        self.0.invalidate_all();
    }
}

impl Service {
    /// Every category with its figures, in order.
    pub async fn categories(&self, _caller: &Caller) -> Result<Arc<Vec<Category>>> {
        if let Some(list) = self.inner.catalog.0.get(&()) {
            return Ok(list);
        }
        let list = Arc::new(self.inner.stores.catalog.category_list().await?);
        self.inner.catalog.0.insert((), list.clone());
        Ok(list)
    }

    /// The category with a slug, of a kind.
    pub async fn category(&self, caller: &Caller, kind: CategoryKind, slug: &str) -> Result<Category> {
        let list = self.categories(caller).await?;
        list.iter().find(|category| category.kind == kind && category.slug == slug).cloned().ok_or(Error::NotFound)
    }

    /// The most used tags.
    pub async fn tags(&self, _caller: &Caller, limit: u32) -> Result<Vec<Tag>> {
        Ok(self.inner.stores.catalog.tag_list(i64::from(limit.clamp(1, 500))).await?)
    }

    /// The same error with the category named too, if there is none of that name. Input is checked before anything is looked
    /// up, and its author should hear of everything at once.
    pub async fn with_category(&self, caller: &Caller, kind: CategoryKind, slug: &str, error: Error) -> Error {
        let Error::Validation { mut fields } = error else { return error };
        if !fields.iter().any(|bad| bad.field == "category") && matches!(self.category(caller, kind, slug).await, Err(Error::NotFound)) {
            fields.insert(0, FieldError { field: "category".to_owned(), problem: Problem::NotFound });
        }
        Error::Validation { fields }
    }

    /// The category that an author chose, or which field is wrong.
    pub(crate) async fn chosen_category(&self, caller: &Caller, kind: CategoryKind, slug: &Slug) -> Result<CategoryId> {
        match self.category(caller, kind, slug.as_str()).await {
            Ok(category) => Ok(category.id),
            Err(Error::NotFound) => Err(Error::field("category", Problem::NotFound)),
            Err(error) => Err(error),
        }
    }
}
