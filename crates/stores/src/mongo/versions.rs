//! Editing replies, and what they said before.

use super::{MongoReplies, documents::VersionDocument, transaction::Change};
use aivalid_model::{
    Timestamp,
    id::{ReplyId, UserId},
    page::PageRequest,
};
use aivalid_service::store::{Listing, VersionRecord};
use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::{ClientSession, bson::doc, error::Result};

/// Replaces a reply's text and keeps the one before. It moves no figures.
pub(super) struct Edit<'a> {
    pub id: ReplyId,
    pub content: &'a str,
    pub content_html: &'a str,
    pub by: UserId,
    pub now: Timestamp,
}

#[async_trait]
impl Change for Edit<'_> {
    type Outcome = bool;

    async fn apply(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<bool> {
        let there = doc! { "_id": self.id.0, "deleted_at": null };
        let Some(reply) = store.replies.find_one(there.clone()).session(&mut *session).await? else { return Ok(false) };
        if reply.content == self.content && reply.content_html == self.content_html {
            return Ok(true);
        }
        if reply.content != self.content {
            // Two edits that saw the same last version meet in the unique index, and the second begins anew.
            let newest = store.versions.find_one(doc! { "reply": self.id.0 }).sort(doc! { "version": -1 }).session(&mut *session).await?;
            let version = newest.map_or(0, |newest| newest.version) + 1;
            let kept = VersionDocument::new(reply, version, self.by, self.now);
            store.versions.insert_one(kept).session(&mut *session).await?;
        }
        let text = doc! { "content": self.content, "content_html": self.content_html, "edited_at": self.now.0 };
        let edited = store.replies.update_one(there, doc! { "$set": text }).session(&mut *session).await?;
        Ok(edited.matched_count == 1)
    }
}

impl MongoReplies {
    pub(super) async fn version_page(&self, id: ReplyId, page: PageRequest) -> Result<Listing<VersionRecord>> {
        let of = doc! { "reply": id.0 };
        let newest = self.versions.find_one(of.clone()).sort(doc! { "version": -1 }).await?;
        let total = newest.map_or(0, |newest| newest.version);
        let wanted = doc! { "reply": id.0, "version": { "$lte": total - page.offset() } };
        let found = self.versions.find(wanted).sort(doc! { "version": -1 }).limit(i64::from(page.limit)).await?;
        let items = found.map_ok(Into::into).try_collect().await?;
        Ok(Listing { items, total: u64::try_from(total).unwrap_or(0), next: None })
    }
}
