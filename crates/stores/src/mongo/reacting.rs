//! Setting and taking back reactions: one for each user and target.

use super::{MongoReplies, documents::of, transaction::Change};
use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Reactions, Tally, Target, TargetKind},
    id::UserId,
};
use async_trait::async_trait;
use mongodb::{
    ClientSession,
    bson::{doc, serialize_to_bson},
    error::Result,
};

/// Sets a user's reaction, or takes it back.
pub(super) struct React {
    pub target: Target,
    pub user: UserId,
    pub kind: Option<ReactionKind>,
    pub now: Timestamp,
}

#[async_trait]
impl Change for React {
    type Outcome = Option<(Reactions, Option<Tally>)>;

    async fn apply(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<Self::Outcome> {
        if self.target.kind == TargetKind::Reply { self.to_reply(store, session).await } else { self.to_post(store, session).await }
    }
}

impl React {
    async fn to_reply(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<Option<(Reactions, Option<Tally>)>> {
        let there = doc! { "_id": self.target.id, "deleted_at": null };
        let Some(reply) = store.replies.find_one(there.clone()).session(&mut *session).await? else { return Ok(None) };
        let mut counts = reply.reactions;
        let present = self.replace(store, session).await?;
        if present != self.kind {
            counts.change(present, self.kind);
            let counted = doc! { "$set": { "reactions": serialize_to_bson(&counts)? } };
            store.replies.update_one(there, counted).session(&mut *session).await?;
        }
        Ok(Some((counts, None)))
    }

    async fn to_post(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<Option<(Reactions, Option<Tally>)>> {
        let before = store.tally_in(session, self.target).await?;
        let mut tally = before;
        let present = self.replace(store, session).await?;
        if present != self.kind {
            tally.seq += 1;
            tally.reactions.change(present, self.kind);
            store.set_tally_in(session, self.target, &before, &tally).await?;
        }
        Ok(Some((tally.reactions, Some(tally))))
    }

    /// Stores the reaction; answers the one that was there.
    async fn replace(&self, store: &MongoReplies, session: &mut ClientSession) -> Result<Option<ReactionKind>> {
        let mut own = of(self.target);
        own.insert("user", self.user.0);
        let present = store.reactions.find_one(own.clone()).session(&mut *session).await?.map(|found| found.reaction);
        match self.kind {
            kind if kind == present => {}
            None => {
                store.reactions.delete_one(own).session(&mut *session).await?;
            }
            Some(kind) => {
                let reaction = doc! { "$set": { "reaction": kind.as_str(), "at": self.now.0 } };
                store.reactions.update_one(own, reaction).upsert(true).session(&mut *session).await?;
            }
        }
        Ok(present)
    }
}
