//! Reading cases and their logs.

use super::log;
use crate::{
    Caller, Service,
    community::Cards,
    store::{CaseRecord, LogRecord},
};
use aivalid_model::{
    Error, Result, Timestamp,
    cases::{Case, CaseFilter, CaseLog, CaseLogEntry, CaseRow, CaseStatus},
    community::{CategoryKind, ReactionKind, WatchLevel},
    id::{CaseId, UserId},
    identity::Permission,
    page::{Page, PageRequest},
};

impl Service {
    /// A case as the caller reads it.
    pub async fn case(&self, caller: &Caller, id: CaseId) -> Result<Case> {
        let record = self.case_record(id).await?;
        let my_reaction = self.my_reaction(caller, id.into()).await?;
        let watch = self.my_watch(caller, id.into()).await?;
        let cards = self.cards([record.owner]).await?;
        Ok(read_case(caller, record, &cards, my_reaction, watch))
    }

    /// A page of cases.
    pub async fn cases(&self, _caller: &Caller, filter: &CaseFilter, page: PageRequest, cursor: Option<&str>) -> Result<Page<CaseRow>> {
        let list = self.inner.stores.cases.case_list(filter, page, cursor).await?;
        let cards = self.cards(list.items.iter().map(|case| case.owner)).await?;
        let rows = list.items.into_iter().map(|record| row(record, &cards)).collect();
        Ok(Page::new(rows, page, list.total).with_next(list.next))
    }

    /// A filter by slug and username, as addresses have them.
    pub async fn case_filter(&self, caller: &Caller, category: Option<&str>, owner: Option<&str>) -> Result<CaseFilter> {
        let category = match category {
            Some(slug) => Some(self.category(caller, CategoryKind::Case, slug).await?.id),
            None => None,
        };
        let owner = match owner {
            Some(name) => Some(self.user_id_named(caller, name).await?),
            None => None,
        };
        Ok(CaseFilter { category, owner, ..CaseFilter::default() })
    }

    /// How many cases are in each state.
    pub async fn case_counts(&self, _caller: &Caller) -> Result<Vec<(CaseStatus, u64)>> {
        Ok(self.inner.stores.cases.case_counts().await?)
    }

    /// A case's log. Everyone sees who did what when, and the hashes; only the owner and the arbiters see the details.
    pub async fn case_log(&self, caller: &Caller, id: CaseId) -> Result<CaseLog> {
        let case = self.case_record(id).await?;
        let records = self.inner.stores.cases.case_log(id).await?;
        let cards = self.cards(records.iter().filter_map(|entry| entry.actor)).await?;
        Ok(read_log(caller, id, case.owner, records, &cards))
    }

    /// Ids, titles and last changes for the sitemap.
    pub async fn case_sitemap(&self, after: CaseId, limit: i64) -> Result<Vec<(CaseId, String, Timestamp)>> {
        Ok(self.inner.stores.cases.case_sitemap(after, limit).await?)
    }

    pub(crate) async fn case_record(&self, id: CaseId) -> Result<CaseRecord> {
        self.inner.stores.cases.case_get(id).await?.ok_or(Error::NotFound)
    }
}

/// A case as the caller reads it.
pub(crate) fn read_case(
    caller: &Caller,
    mut record: CaseRecord,
    cards: &Cards,
    my_reaction: Option<ReactionKind>,
    watch: Option<WatchLevel>,
) -> Case {
    Case {
        content_type: record.text.content_type,
        content: std::mem::take(&mut record.text.content),
        content_html: std::mem::take(&mut record.text.content_html),
        edited_at: record.edited_at,
        my_reaction,
        watch,
        mine: caller.owns(record.owner, Permission::CasesModerate),
        row: row(record, cards),
    }
}

/// A log as the caller reads it.
pub(crate) fn read_log(caller: &Caller, id: CaseId, owner: UserId, records: Vec<LogRecord>, cards: &Cards) -> CaseLog {
    let sees_all = caller.owns(owner, Permission::CasesModerate);
    let verified = log::verify(id, &records);
    let entries = records.into_iter().map(|entry| CaseLogEntry {
        seq: entry.seq,
        actor: entry.actor.map(|id| cards.of(id)),
        details_hash: log::details_hash(&entry.details),
        details: sees_all.then(|| serde_json::from_str(&entry.details).unwrap_or_default()),
        action: entry.action,
        at: entry.at,
        prev_hash: entry.prev_hash,
        hash: entry.hash,
    });
    CaseLog { entries: entries.collect(), verified }
}

pub(crate) fn row(record: CaseRecord, cards: &Cards) -> CaseRow {
    CaseRow {
        id: record.id,
        category_id: record.category,
        owner: cards.of(record.owner),
        title: record.text.title,
        summary: record.text.summary,
        tags: record.text.tags,
        bounty_amount: record.bounty,
        status: record.status,
        deadline: record.deadline,
        reply_count: u64::try_from(record.reply_count).unwrap_or(0),
        reactions: record.reactions,
        created_at: record.created_at,
        last_activity_at: record.last_activity_at,
    }
}
