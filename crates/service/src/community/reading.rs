//! A post together with its replies, as pages show them: everyone's cards and the caller's reactions are asked for once.

use crate::{Caller, Service, store::ReplyRecord};
use aivalid_model::{
    Error, Result,
    cases::{Case, CaseLog},
    community::{ReplyPage, Target, Thread},
    id::{CaseId, ThreadId, UserId},
    page::PageRequest,
};

/// A case with everything that stands on its page.
#[derive(Clone, Debug)]
pub struct CaseReading {
    /// The case.
    pub case: Case,
    /// A page of its discussion.
    pub replies: ReplyPage,
    /// Its whole log.
    pub log: CaseLog,
}

/// The replies that anybody reacted to. A reply's counts change together with its reactions, so the others can have none of
/// the reader's.
fn reacted_to(records: &[ReplyRecord]) -> impl Iterator<Item = Target> {
    records.iter().filter(|reply| reply.reactions.total() > 0).map(|reply| reply.id.into())
}

impl Service {
    /// A thread and a page of its replies: two queries for guests once the cards are at hand, four for others.
    pub async fn thread_reading(&self, caller: &Caller, id: ThreadId, page: PageRequest) -> Result<(Thread, ReplyPage)> {
        let record = self.inner.stores.threads.thread_get(id).await?.ok_or(Error::NotFound)?;
        let places = u64::try_from(record.reply_rows).unwrap_or(0);
        let records = self.reply_records(id.into(), page, places).await?;
        let people: Vec<UserId> = records.iter().map(|reply| reply.author).chain(super::threads::people_of(&record)).collect();
        let cards = self.cards(people).await?;
        let targets = reacted_to(&records).chain([id.into()]);
        let mine = self.my_reactions(caller, targets).await?;
        let watch = self.my_watch(caller, id.into()).await?;
        let thread = super::threads::read(caller, record, &cards, mine.get(&id.into()).copied(), watch);
        Ok((thread, super::replies::page_of(caller, records, page, places, &cards, &mine)))
    }

    /// A case with a page of its discussion and its log: three queries for guests once the cards are at hand, five for
    /// others.
    pub async fn case_reading(&self, caller: &Caller, id: CaseId, page: PageRequest) -> Result<CaseReading> {
        let record = self.case_record(id).await?;
        let places = u64::try_from(record.reply_rows).unwrap_or(0);
        let records = self.reply_records(id.into(), page, places).await?;
        let log = self.inner.stores.cases.case_log(id).await?;
        let people = records.iter().map(|reply| reply.author).chain(log.iter().filter_map(|entry| entry.actor)).chain([record.owner]);
        let cards = self.cards(people.collect::<Vec<UserId>>()).await?;
        let targets = reacted_to(&records).chain([id.into()]);
        let mine = self.my_reactions(caller, targets).await?;
        let watch = self.my_watch(caller, id.into()).await?;
        let log = crate::cases::read_log(caller, id, record.owner, log, &cards);
        let case = crate::cases::read_case(caller, record, &cards, mine.get(&id.into()).copied(), watch);
        Ok(CaseReading { case, replies: super::replies::page_of(caller, records, page, places, &cards, &mine), log })
    }
}
