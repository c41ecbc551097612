//! Pages of long lists.

use serde::{Deserialize, Serialize};

/// Which page is wanted: `?page=1&limit=20`, out-of-range values brought to the nearest allowed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// From 1.
    pub page: u32,
    /// 1 to 100.
    pub limit: u32,
}

impl PageRequest {
    /// The usual page size.
    pub const DEFAULT_LIMIT: u32 = 20;
    /// Deeper than this nobody pages by number: keyset cursors go on from there.
    pub const MAX_PAGE: u32 = 10_000;

    /// A page within bounds.
    pub fn new(page: Option<u32>, limit: Option<u32>) -> Self {
        Self { page: page.unwrap_or(1).clamp(1, Self::MAX_PAGE), limit: limit.unwrap_or(Self::DEFAULT_LIMIT).clamp(1, 100) }
    }

    /// How many entries lie before this page.
    pub const fn offset(self) -> i64 {
        (self.page as i64 - 1) * self.limit as i64
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::new(None, None)
    }
}

/// A page of a list. `total` counts the whole list; lists too long to count exactly say so in `next` alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Which page this is.
    pub pagination: Pagination,
}

/// Where a page stands in its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// From 1.
    pub page: u32,
    /// Entries to a page.
    pub limit: u32,
    /// Entries in the list.
    pub total: u64,
    /// Pages in the list.
    pub total_pages: u64,
    /// Pass as `?cursor=` for what follows; absent at the end, and on lists without cursors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of a list with `total` entries.
    pub fn new(items: Vec<T>, request: PageRequest, total: u64) -> Self {
        let total_pages = total.div_ceil(u64::from(request.limit));
        Self { items, pagination: Pagination { page: request.page, limit: request.limit, total, total_pages, next: None } }
    }

    /// The same page with another cursor.
    #[must_use]
    pub fn with_next(mut self, next: Option<String>) -> Self {
        self.pagination.next = next;
        self
    }

    /// The same page of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), pagination: self.pagination }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_kept_in_bounds() {
        assert_eq!(PageRequest::new(Some(0), Some(0)), PageRequest { page: 1, limit: 1 });
        assert_eq!(PageRequest::new(Some(u32::MAX), Some(u32::MAX)), PageRequest { page: 10_000, limit: 100 });
        assert_eq!(PageRequest::new(Some(3), None).offset(), 40);
    }

    #[test]
    fn pages_are_counted_up() {
        assert_eq!(Page::<()>::new(vec![], PageRequest::default(), 41).pagination.total_pages, 3);
        assert_eq!(Page::<()>::new(vec![], PageRequest::default(), 0).pagination.total_pages, 0);
    }
}
