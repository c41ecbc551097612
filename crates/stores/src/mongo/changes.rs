//! Adding and deleting replies.

use super::{
    MongoReplies,
    documents::{ReplyDocument, of},
    transaction::Change,
};
use aivalid_model::{
    Timestamp,
    community::Tally,
    id::{ReplyId, UserId},
};
use aivalid_service::store::{NewReply, ReplyAdded, child_path};
use async_trait::async_trait;
use mongodb::{ClientSession, bson::doc, error::Result};

/// Adds a reply; its number is that of the change.
pub(super) struct Add<'a>(pub &'a NewReply);

#[async_trait]
impl Change for Add<'_> {
    type Outcome = ReplyAdded;

    async fn apply(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<ReplyAdded> {
        let Self(reply) = self;
        let parent = match reply.parent {
            None => None,
            Some(parent) => {
                let mut readable = of(reply.target);
                readable.extend(doc! { "_id": parent.0, "deleted_at": null });
                let Some(parent) = store.replies.find_one(readable).session(&mut *session).await? else {
                    return Ok(ReplyAdded::ParentGone);
                };
                Some(parent)
            }
        };
        if store.replies.find_one(doc! { "_id": reply.id.0 }).session(&mut *session).await?.is_some() {
            return Ok(ReplyAdded::IdTaken);
        }
        let before = store.tally_in(session, reply.target).await?;
        let mut tally = Tally { seq: before.seq + 1, replies: before.replies + 1, rows: before.rows + 1, ..before };
        if before.last_reply_at <= Some(reply.now) {
            (tally.last_reply_at, tally.last_reply_by) = (Some(reply.now), Some(reply.author));
        }
        store.set_tally_in(session, reply.target, &before, &tally).await?;
        let place = child_path(parent.as_ref().map(|parent| (parent.depth, parent.path.as_str())), tally.seq);
        let document = ReplyDocument::new(reply, place);
        store.replies.insert_one(&document).session(&mut *session).await?;
        Ok(ReplyAdded::Done { reply: Box::new(document.into()), tally })
    }
}

/// Deletes a reply. It leaves the list, unless an answer to it stands there.
pub(super) struct Delete {
    pub id: ReplyId,
    pub now: Timestamp,
}

#[async_trait]
impl Change for Delete {
    type Outcome = Option<Tally>;

    async fn apply(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<Option<Tally>> {
        let there = doc! { "_id": self.id.0, "deleted_at": null };
        let Some(reply) = store.replies.find_one(there.clone()).session(&mut *session).await? else { return Ok(None) };
        let answer = doc! { "parent": self.id.0, "placed": true };
        let placed = store.replies.find_one(answer).session(&mut *session).await?.is_some();
        let deleted = doc! { "$set": { "deleted_at": self.now.0, "placed": placed } };
        store.replies.update_one(there, deleted).session(&mut *session).await?;

        let target = reply.target();
        let before = store.tally_in(session, target).await?;
        let mut tally = Tally { seq: before.seq + 1, replies: before.replies - 1, rows: before.rows - i64::from(!placed), ..before };
        if before.last_reply_at <= Some(Timestamp(reply.created_at)) {
            let mut readable = of(target);
            readable.insert("deleted_at", mongodb::bson::Bson::Null);
            let latest = doc! { "created_at": -1, "path": -1 };
            let newest = store.replies.find_one(readable).sort(latest).session(&mut *session).await?;
            tally.last_reply_at = newest.as_ref().map(|reply| Timestamp(reply.created_at));
            tally.last_reply_by = newest.as_ref().map(|reply| UserId(reply.author));
        }
        store.set_tally_in(session, target, &before, &tally).await?;
        Ok(Some(tally))
    }
}
