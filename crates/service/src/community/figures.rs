//! How much there is: the figures of the home page.

use crate::{Caller, Service};
use aivalid_model::{Result, cases::CaseStatus, community::CategoryKind};
use moka::sync::Cache;
use std::time::Duration;

/// How much there is of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Figures {
    /// Cases that look for a validator.
    pub open_cases: u64,
    /// Cases whose money was released.
    pub completed_cases: u64,
    /// Forum threads.
    pub threads: u64,
    /// Accounts.
    pub members: u64,
}

/// The figures, at most half a minute old: counting accounts takes longer than a page may.
pub struct FiguresCache(Cache<(), Figures>);

impl FiguresCache {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(1).time_to_live(Duration::from_secs(30)).build())
    }
}

impl Service {
    /// How much there is of everything.
    pub async fn figures(&self, caller: &Caller) -> Result<Figures> {
        if let Some(figures) = self.inner.figures.0.get(&()) {
            return Ok(figures);
        }
        let counts = self.case_counts(caller).await?;
        let in_state = |state: CaseStatus| counts.iter().find(|(status, _)| *status == state).map_or(0, |(_, count)| *count);
        let categories = self.categories(caller).await?;
        let figures = Figures {
            open_cases: in_state(CaseStatus::Open),
            completed_cases: in_state(CaseStatus::Completed),
            threads: categories.iter().filter(|category| category.kind == CategoryKind::Forum).map(|category| category.post_count).sum(),
            members: self.inner.stores.users.user_count().await?,
        };
        self.inner.figures.0.insert((), figures);
        Ok(figures)
    }
}
