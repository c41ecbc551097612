//! Replies to threads and cases.

use crate::{
    Caller, Service,
    community::Cards,
    store::{NewReply, ReplyAdded, ReplyRecord, ReplyStart},
};
use aivalid_model::{
    Error, Result,
    community::{CommunityError, ReactionKind, Reactions, Reply, ReplyPage, Target, TargetKind},
    content::{Content, ReplyText},
    id::{CaseId, ReplyId, ThreadId, UserId},
    identity::{Permission, UserCard},
    page::{Page, PageRequest},
};
use std::collections::HashMap;

impl Service {
    /// A page of replies, in reading order. With a cursor: what follows it.
    pub async fn replies(&self, caller: &Caller, target: Target, page: PageRequest, cursor: Option<&str>) -> Result<ReplyPage> {
        let places = self.reply_rows(target).await?;
        let start = match cursor.filter(|cursor| is_path(cursor)) {
            Some(path) => ReplyStart::After(path.to_owned()),
            None => ReplyStart::Offset(page.offset()),
        };
        let records = self.reply_stretch(target, &start, page, places).await?;
        let cards = self.cards(records.iter().map(|reply| reply.author)).await?;
        let mine = self.my_reactions(caller, records.iter().map(|reply| reply.id.into())).await?;
        Ok(page_of(caller, records, page, places, &cards, &mine))
    }

    /// A page by its number, where the number of places is known; none are asked for where there is none.
    pub(super) async fn reply_records(&self, target: Target, page: PageRequest, places: u64) -> Result<Vec<ReplyRecord>> {
        self.reply_stretch(target, &ReplyStart::Offset(page.offset()), page, places).await
    }

    async fn reply_stretch(&self, target: Target, start: &ReplyStart, page: PageRequest, places: u64) -> Result<Vec<ReplyRecord>> {
        if places == 0 { Ok(vec![]) } else { Ok(self.inner.stores.replies.reply_list(target, start, i64::from(page.limit)).await?) }
    }

    /// On which page a reply stands.
    pub async fn reply_page_of(&self, _caller: &Caller, id: ReplyId, limit: u32) -> Result<(Target, u32)> {
        let reply = self.inner.stores.replies.reply_get(id).await?.ok_or(Error::NotFound)?;
        let before = self.inner.stores.replies.reply_position(id).await?.ok_or(Error::NotFound)?;
        Ok((reply.target, u32::try_from(before / i64::from(limit.max(1)) + 1).unwrap_or(1)))
    }

    /// Writes a reply.
    pub async fn reply_add(&self, caller: &Caller, target: Target, text: ReplyText, parent: Option<ReplyId>) -> Result<Reply> {
        let author = caller.verified()?.id;
        let owner = self.open_for_replies(target).await?;
        let answered = self.answered(target, parent).await?;
        self.check_blocks(author, answered.into_iter().chain([owner])).await?;
        self.admit_post(caller).await?;
        let content = text.as_str().to_owned();
        let content_html = self.rendered(Content::Markdown(content.clone())).await?.html;
        // Ids carry only twelve random bits a millisecond; another try has another id.
        for _ in 0..8 {
            let now = self.now();
            let id = self.inner.random.reply_id(now);
            let reply = NewReply { id, target, parent, author, content: content.clone(), content_html: content_html.clone(), now };
            match self.inner.stores.replies.reply_add(&reply).await? {
                ReplyAdded::Done { reply, tally } => {
                    self.watch_replied(author, target).await;
                    self.carry_tally(target, &tally).await?;
                    let cards = self.cards([author]).await?;
                    return Ok(read(caller, *reply, |id| cards.of(id), |_| None));
                }
                ReplyAdded::ParentGone => return Err(CommunityError::ParentGone.into()),
                ReplyAdded::IdTaken => {}
            }
        }
        Err(Error::Unavailable { retry_after: 1 })
    }

    /// Replaces a reply's text.
    pub async fn reply_edit(&self, caller: &Caller, target: Target, id: ReplyId, text: ReplyText) -> Result<Reply> {
        let by = caller.signed_in()?.id;
        self.own_reply(caller, target, id).await?;
        let html = self.rendered(Content::Markdown(text.as_str().to_owned())).await?.html;
        if !self.inner.stores.replies.reply_edit(id, text.as_str(), &html, by, self.now()).await? {
            return Err(Error::NotFound);
        }
        self.reply(caller, id).await
    }

    /// One reply as the caller reads it.
    pub async fn reply(&self, caller: &Caller, id: ReplyId) -> Result<Reply> {
        let record = self.inner.stores.replies.reply_get(id).await?.filter(|reply| reply.deleted_at.is_none()).ok_or(Error::NotFound)?;
        let my_reaction = self.my_reaction(caller, id.into()).await?;
        let cards = self.cards([record.author]).await?;
        Ok(read(caller, record, |id| cards.of(id), |_| my_reaction))
    }

    /// Deletes a reply. One that was answered keeps its place, without its text.
    pub async fn reply_delete(&self, caller: &Caller, target: Target, id: ReplyId) -> Result<()> {
        self.own_reply(caller, target, id).await?;
        let tally = self.inner.stores.replies.reply_delete(id, self.now()).await?.ok_or(Error::NotFound)?;
        self.carry_tally(target, &tally).await
    }

    async fn own_reply(&self, caller: &Caller, target: Target, id: ReplyId) -> Result<ReplyRecord> {
        caller.signed_in()?;
        let reply = self.inner.stores.replies.reply_get(id).await?;
        let reply = reply.filter(|reply| reply.target == target && reply.deleted_at.is_none()).ok_or(Error::NotFound)?;
        let permission = if target.kind == TargetKind::Case { Permission::CasesModerate } else { Permission::ContentModerate };
        if caller.owns(reply.author, permission) { Ok(reply) } else { Err(Error::Forbidden) }
    }

    /// Who wrote the reply that is to be answered; nobody when it is the post itself.
    async fn answered(&self, target: Target, parent: Option<ReplyId>) -> Result<Option<UserId>> {
        let Some(parent) = parent else { return Ok(None) };
        let reply = self.inner.stores.replies.reply_get(parent).await?;
        let reply = reply.filter(|reply| reply.target == target && reply.deleted_at.is_none()).ok_or(CommunityError::ParentGone)?;
        Ok(Some(reply.author))
    }

    /// Who wrote the thread or case, where something can be added to it.
    async fn open_for_replies(&self, target: Target) -> Result<UserId> {
        match target.kind {
            TargetKind::Thread => {
                let thread = self.inner.stores.threads.thread_get(ThreadId(target.id)).await?.ok_or(Error::NotFound)?;
                if thread.locked { Err(CommunityError::ThreadLocked.into()) } else { Ok(thread.author) }
            }
            TargetKind::Case => Ok(self.case_record(CaseId(target.id)).await?.owner),
            TargetKind::Reply => Err(Error::NotFound),
        }
    }

    async fn reply_rows(&self, target: Target) -> Result<u64> {
        let rows = match target.kind {
            TargetKind::Thread => self.inner.stores.threads.thread_get(ThreadId(target.id)).await?.map(|thread| thread.reply_rows),
            TargetKind::Case => self.inner.stores.cases.case_get(CaseId(target.id)).await?.map(|case| case.reply_rows),
            TargetKind::Reply => None,
        };
        rows.map(|rows| u64::try_from(rows).unwrap_or(0)).ok_or(Error::NotFound)
    }
}

/// A cursor is the last path that was read; anything else is ignored.
fn is_path(cursor: &str) -> bool {
    (6..=30).contains(&cursor.len()) && cursor.len().is_multiple_of(6) && cursor.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'v'))
}

/// A page of replies as the caller reads them.
pub(super) fn page_of(
    caller: &Caller,
    records: Vec<ReplyRecord>,
    page: PageRequest,
    places: u64,
    cards: &Cards,
    mine: &HashMap<Target, ReactionKind>,
) -> ReplyPage {
    let full = records.len() == page.limit as usize;
    let next = records.last().filter(|_| full).map(|last| last.path.clone());
    let replies = records.into_iter().map(|record| read(caller, record, |id| cards.of(id), |target| mine.get(&target).copied()));
    let pagination = Page::new(Vec::<()>::new(), page, places).with_next(next).pagination;
    ReplyPage { replies: replies.collect(), pagination }
}

fn read(
    caller: &Caller,
    record: ReplyRecord,
    card: impl Fn(UserId) -> UserCard,
    my_reaction: impl Fn(Target) -> Option<ReactionKind>,
) -> Reply {
    let deleted = record.deleted_at.is_some();
    let permission = if record.target.kind == TargetKind::Case { Permission::CasesModerate } else { Permission::ContentModerate };
    Reply {
        id: record.id,
        parent_id: record.parent,
        depth: record.depth,
        author: (!deleted).then(|| card(record.author)),
        content: if deleted { String::new() } else { record.content },
        content_html: if deleted { String::new() } else { record.content_html },
        reactions: if deleted { Reactions::default() } else { record.reactions },
        my_reaction: my_reaction(record.id.into()),
        created_at: record.created_at,
        edited_at: record.edited_at,
        deleted,
        mine: !deleted && caller.owns(record.author, permission),
    }
}
