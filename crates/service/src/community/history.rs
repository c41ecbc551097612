//! Earlier versions of threads and replies. Whoever can read a post can read what it said before; a deleted one has no
//! public history.

use super::Cards;
use crate::{
    Caller, Service,
    store::{Listing, VersionRecord},
};
use aivalid_model::{
    Error, Result,
    community::PostVersion,
    id::{ReplyId, ThreadId},
    page::{Page, PageRequest},
};

/// Versions are as long as posts, so a page holds fewer of them than of other things.
const MOST: u32 = 20;

impl Service {
    /// A page of a thread's earlier versions, newest first.
    pub async fn thread_history(&self, _caller: &Caller, id: ThreadId, page: PageRequest) -> Result<Page<PostVersion>> {
        self.exists(id.into()).await?;
        let page = bounded(page);
        let list = self.inner.stores.threads.thread_versions(id, page).await?;
        self.versions(list, page).await
    }

    /// A page of a reply's earlier versions, newest first. What can be read no more takes its replies along.
    pub async fn reply_history(&self, _caller: &Caller, id: ReplyId, page: PageRequest) -> Result<Page<PostVersion>> {
        let reply = self.inner.stores.replies.reply_get(id).await?.filter(|reply| reply.deleted_at.is_none()).ok_or(Error::NotFound)?;
        self.exists(reply.target).await?;
        let page = bounded(page);
        let list = self.inner.stores.replies.reply_versions(id, page).await?;
        self.versions(list, page).await
    }

    async fn versions(&self, list: Listing<VersionRecord>, page: PageRequest) -> Result<Page<PostVersion>> {
        let cards = self.cards(list.items.iter().map(|version| version.replaced_by)).await?;
        Ok(Page::new(list.items.into_iter().map(|record| read(record, &cards)).collect(), page, list.total))
    }
}

fn bounded(page: PageRequest) -> PageRequest {
    PageRequest { limit: page.limit.min(MOST), ..page }
}

fn read(record: VersionRecord, cards: &Cards) -> PostVersion {
    PostVersion {
        version: u64::try_from(record.version).unwrap_or(0),
        title: record.title,
        content_type: record.content_type,
        content: record.content,
        content_html: record.content_html,
        edited_at: record.replaced_at,
        edited_by: cards.of(record.replaced_by),
    }
}
