//! Threads.

use crate::{
    Caller, Service,
    community::cards::Cards,
    store::{NewThread, PostText, ThreadRecord},
};
use aivalid_model::{
    Error, Result, Timestamp,
    community::{CategoryKind, ReactionKind, Summary, TagList, Thread, ThreadDraft, ThreadFilter, ThreadRow, Title, WatchLevel},
    content::Content,
    id::{ThreadId, UserId},
    identity::Permission,
    page::{Page, PageRequest},
};

impl Service {
    /// Starts a thread.
    pub async fn thread_publish(&self, caller: &Caller, draft: ThreadDraft) -> Result<Thread> {
        let author = caller.verified()?.id;
        let category = self.chosen_category(caller, CategoryKind::Forum, &draft.category).await?;
        self.admit_post(caller).await?;
        let text = self.post_text(draft.title, draft.summary, draft.content, &draft.tags).await?;
        let id = self.inner.stores.threads.thread_publish(&NewThread { category, author, text, now: self.now() }).await?;
        self.thread(caller, id).await
    }

    /// A thread as the caller reads it.
    pub async fn thread(&self, caller: &Caller, id: ThreadId) -> Result<Thread> {
        let record = self.inner.stores.threads.thread_get(id).await?.ok_or(Error::NotFound)?;
        let my_reaction = self.my_reaction(caller, id.into()).await?;
        let watch = self.my_watch(caller, id.into()).await?;
        let cards = self.cards(people_of(&record)).await?;
        Ok(read(caller, record, &cards, my_reaction, watch))
    }

    /// A page of threads.
    pub async fn threads(
        &self,
        _caller: &Caller,
        filter: &ThreadFilter,
        page: PageRequest,
        cursor: Option<&str>,
    ) -> Result<Page<ThreadRow>> {
        let list = self.inner.stores.threads.thread_list(filter, page, cursor).await?;
        let cards = self.cards(list.items.iter().flat_map(people_of)).await?;
        let rows = list.items.into_iter().map(|record| row(record, &cards)).collect();
        Ok(Page::new(rows, page, list.total).with_next(list.next))
    }

    /// A filter by slug and username, as addresses have them. Names of what is not there are not found.
    pub async fn thread_filter(&self, caller: &Caller, category: Option<&str>, author: Option<&str>) -> Result<ThreadFilter> {
        let category = match category {
            Some(slug) => Some(self.category(caller, CategoryKind::Forum, slug).await?.id),
            None => None,
        };
        let author = match author {
            Some(name) => Some(self.user_id_named(caller, name).await?),
            None => None,
        };
        Ok(ThreadFilter { category, author, ..ThreadFilter::default() })
    }

    /// Replaces what was written in a thread.
    pub async fn thread_edit(&self, caller: &Caller, id: ThreadId, draft: ThreadDraft) -> Result<Thread> {
        let by = self.own_thread(caller, id).await?;
        let category = self.chosen_category(caller, CategoryKind::Forum, &draft.category).await?;
        let text = self.post_text(draft.title, draft.summary, draft.content, &draft.tags).await?;
        if !self.inner.stores.threads.thread_edit(id, category, &text, by, self.now()).await? {
            return Err(Error::NotFound);
        }
        self.thread(caller, id).await
    }

    /// Takes a thread from view.
    pub async fn thread_delete(&self, caller: &Caller, id: ThreadId) -> Result<()> {
        let by = self.own_thread(caller, id).await?;
        if self.inner.stores.threads.thread_delete(id, by, self.now()).await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Ids, titles and last changes for the sitemap.
    pub async fn thread_sitemap(&self, after: ThreadId, limit: i64) -> Result<Vec<(ThreadId, String, Timestamp)>> {
        Ok(self.inner.stores.threads.thread_sitemap(after, limit).await?)
    }

    async fn own_thread(&self, caller: &Caller, id: ThreadId) -> Result<UserId> {
        let user = caller.signed_in()?.id;
        let record = self.inner.stores.threads.thread_get(id).await?.ok_or(Error::NotFound)?;
        if caller.owns(record.author, Permission::ContentModerate) { Ok(user) } else { Err(Error::Forbidden) }
    }

    /// What an author wrote, rendered. Without a summary of its own, a post's first words are one.
    pub(crate) async fn post_text(&self, title: Title, summary: Summary, content: Content, tags: &TagList) -> Result<PostText> {
        let (content_type, source) = (content.content_type(), content.source());
        let rendered = self.rendered(content).await?;
        let own = summary.into_inner();
        Ok(PostText {
            title: title.into_inner(),
            summary: if own.is_empty() { rendered.summary } else { own },
            content_type,
            content: source,
            content_html: rendered.html,
            tags: tags.slugs().map(str::to_owned).collect(),
        })
    }
}

/// A thread as the caller reads it.
pub(super) fn read(
    caller: &Caller,
    mut record: ThreadRecord,
    cards: &Cards,
    my_reaction: Option<ReactionKind>,
    watch: Option<WatchLevel>,
) -> Thread {
    Thread {
        content_type: record.text.content_type,
        content: std::mem::take(&mut record.text.content),
        content_html: std::mem::take(&mut record.text.content_html),
        edited_at: record.edited_at,
        my_reaction,
        watch,
        mine: caller.owns(record.author, Permission::ContentModerate),
        row: row(record, cards),
    }
}

pub(super) fn people_of(record: &ThreadRecord) -> impl Iterator<Item = UserId> + use<> {
    [Some(record.author), record.last_reply_by].into_iter().flatten()
}

pub(super) fn row(record: ThreadRecord, cards: &Cards) -> ThreadRow {
    ThreadRow {
        id: record.id,
        category_id: record.category,
        author: cards.of(record.author),
        title: record.text.title,
        summary: record.text.summary,
        tags: record.text.tags,
        pinned: record.pinned,
        locked: record.locked,
        reply_count: u64::try_from(record.reply_count).unwrap_or(0),
        reactions: record.reactions,
        created_at: record.created_at,
        last_activity_at: record.last_activity_at,
        last_reply_by: record.last_reply_by.map(|id| cards.of(id)),
    }
}
