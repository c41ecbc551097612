//! Pages that list cases and threads together: everyone on both lists is asked for once.

use super::threads;
use crate::{
    Caller, Service, cases,
    store::{CaseRecord, ThreadRecord},
};
use aivalid_model::{
    Result,
    cases::{CaseFilter, CaseRow},
    community::{ThreadFilter, ThreadRow},
    page::{Page, PageRequest},
};

impl Service {
    /// The first entries of two lists, uncounted.
    pub async fn first_of_both(
        &self,
        _caller: &Caller,
        cases: &CaseFilter,
        threads: &ThreadFilter,
        most: u32,
    ) -> Result<(Vec<CaseRow>, Vec<ThreadRow>)> {
        let cases = self.inner.stores.cases.case_few(cases, most).await?;
        let threads = self.inner.stores.threads.thread_few(threads, most).await?;
        self.both(cases, threads).await
    }

    /// The same page of two lists.
    pub async fn page_of_both(
        &self,
        _caller: &Caller,
        cases: &CaseFilter,
        threads: &ThreadFilter,
        page: PageRequest,
    ) -> Result<(Page<CaseRow>, Page<ThreadRow>)> {
        let cases = self.inner.stores.cases.case_list(cases, page, None).await?;
        let threads = self.inner.stores.threads.thread_list(threads, page, None).await?;
        let (case_rows, thread_rows) = self.both(cases.items, threads.items).await?;
        let case_page = Page::new(case_rows, page, cases.total).with_next(cases.next);
        Ok((case_page, Page::new(thread_rows, page, threads.total).with_next(threads.next)))
    }

    async fn both(&self, cases: Vec<CaseRecord>, threads: Vec<ThreadRecord>) -> Result<(Vec<CaseRow>, Vec<ThreadRow>)> {
        let people: Vec<_> = cases.iter().map(|case| case.owner).chain(threads.iter().flat_map(threads::people_of)).collect();
        let cards = self.cards(people).await?;
        let cases = cases.into_iter().map(|record| cases::row(record, &cards)).collect();
        Ok((cases, threads.into_iter().map(|record| threads::row(record, &cards)).collect()))
    }
}
