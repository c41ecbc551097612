//! Reading replies and reactions, outside transactions.

use super::{MongoReplies, documents::of};
use aivalid_model::{
    community::{ReactionKind, Target, TargetKind},
    id::{ReplyId, UserId},
};
use aivalid_service::store::{ReplyRecord, ReplyStart};
use futures::TryStreamExt;
use mongodb::{
    bson::{Document, doc},
    error::Result,
};

impl MongoReplies {
    pub(super) async fn get(&self, id: ReplyId) -> Result<Option<ReplyRecord>> {
        Ok(self.replies.find_one(doc! { "_id": id.0 }).await?.map(Into::into))
    }

    pub(super) async fn list(&self, target: Target, start: &ReplyStart, limit: i64) -> Result<Vec<ReplyRecord>> {
        // To MongoDB a limit of 0 means none.
        if limit <= 0 {
            return Ok(Vec::new());
        }
        let mut places = of(target);
        places.insert("placed", true);
        let mut skipped = 0;
        match start {
            ReplyStart::Offset(places) => skipped = u64::try_from(*places).unwrap_or(0),
            ReplyStart::After(path) => drop(places.insert("path", doc! { "$gt": path })),
        }
        let found = self.replies.find(places).sort(doc! { "path": 1 }).skip(skipped).limit(limit).await?;
        found.map_ok(Into::into).try_collect().await
    }

    pub(super) async fn list_of(&self, author: UserId, after: Option<ReplyId>, limit: i64) -> Result<Vec<ReplyRecord>> {
        if limit <= 0 {
            return Ok(Vec::new());
        }
        let wanted = doc! { "author": author.0, "_id": { "$gt": after.map_or(i64::MIN, |id| id.0) }, "deleted_at": null };
        let found = self.replies.find(wanted).sort(doc! { "_id": 1 }).limit(limit).await?;
        found.map_ok(Into::into).try_collect().await
    }

    pub(super) async fn position(&self, id: ReplyId) -> Result<Option<i64>> {
        let Some(reply) = self.replies.find_one(doc! { "_id": id.0, "placed": true }).await? else { return Ok(None) };
        let mut before = of(reply.target());
        before.extend(doc! { "placed": true, "path": { "$lt": reply.path } });
        let count = self.replies.count_documents(before).await?;
        Ok(Some(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    pub(super) async fn own_reactions(&self, user: UserId, targets: &[Target]) -> Result<Vec<(Target, ReactionKind)>> {
        let kinds = [TargetKind::Thread, TargetKind::Case, TargetKind::Reply].into_iter().filter_map(|kind| {
            let ids: Vec<i64> = targets.iter().filter(|target| target.kind == kind).map(|target| target.id).collect();
            (!ids.is_empty()).then(|| doc! { "kind": kind.as_str(), "target": { "$in": ids } })
        });
        let wanted: Vec<Document> = kinds.collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.reactions.find(doc! { "user": user.0, "$or": wanted }).await?;
        found.map_ok(|reaction| (Target { kind: reaction.kind, id: reaction.target }, reaction.reaction)).try_collect().await
    }
}
