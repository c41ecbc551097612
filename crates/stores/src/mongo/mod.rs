//! Replies, reactions and their figures in MongoDB, a replica set: the services' feature data where one database is not enough.
//!
//! Four collections: `replies`, `reply_versions`, `reactions` and `tallies` (the figures). Every change and the figures that it moves are one
//! transaction ([`transaction`]); every change of a target's replies writes its tally, so that two of them never pass each
//! other. To add a change: a value with [`transaction::Change`]; to add a read: one query in `reads`.

mod changes;
mod documents;
mod error;
mod reacting;
mod reads;
mod tallies;
mod transaction;
mod versions;

use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Reactions, Tally, Target},
    id::{ReplyId, UserId},
    page::PageRequest,
};
use aivalid_service::store::{Health, Listing, NewReply, ReplyAdded, ReplyRecord, ReplyStart, ReplyStore, StoreResult, VersionRecord};
use async_trait::async_trait;
use documents::{ReactionDocument, ReplyDocument, TallyDocument, VersionDocument};
use error::failed;
use mongodb::{
    Client, Collection, Database, IndexModel,
    bson::{Document, doc},
    options::{ClientOptions, IndexOptions, ReadConcern, ReadPreference, SelectionCriteria, WriteConcern},
};
use std::time::Duration;
use transaction::Turns;

/// Longer than a healthy replica set takes to answer or to choose a new primary's first reply, short enough for a request.
const PATIENCE: Duration = Duration::from_secs(3);

/// Replies and reactions in one MongoDB database.
pub struct MongoReplies {
    database: Database,
    replies: Collection<ReplyDocument>,
    versions: Collection<VersionDocument>,
    reactions: Collection<ReactionDocument>,
    tallies: Collection<TallyDocument>,
    turns: Turns,
}

impl MongoReplies {
    /// Connects to a `mongodb:` or `mongodb+srv:` address and makes the collections and indexes that are missing.
    /// Fails when the address is not one, or no primary answers there.
    pub async fn connect(address: &str, database: &str) -> StoreResult<Self> {
        let mut options = ClientOptions::parse(address).await.map_err(failed("mongodb address"))?;
        options.app_name.get_or_insert_with(|| "aivalid".to_owned());
        options.connect_timeout.get_or_insert(PATIENCE);
        options.server_selection_timeout.get_or_insert(PATIENCE);
        // What was read must never be taken back by the choice of another primary.
        options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
        options.read_concern = Some(ReadConcern::majority());
        options.write_concern = Some(WriteConcern::majority());
        let database = Client::with_options(options).map_err(failed("mongodb address"))?.database(database);
        let store = Self {
            replies: database.collection("replies"),
            versions: database.collection("reply_versions"),
            reactions: database.collection("reactions"),
            tallies: database.collection("tallies"),
            turns: Turns::new(),
            database,
        };
        store.make_indexes().await.map_err(failed("mongodb indexes"))?;
        Ok(store)
    }

    /// Making an index that is there changes nothing. It also makes the collection.
    async fn make_indexes(&self) -> mongodb::error::Result<()> {
        let index =
            |keys: Document, unique: bool| IndexModel::builder().keys(keys).options(IndexOptions::builder().unique(unique).build()).build();
        let replies = [
            index(doc! { "kind": 1, "target": 1, "path": 1 }, true),
            index(doc! { "kind": 1, "target": 1, "created_at": -1 }, false),
            index(doc! { "parent": 1 }, false),
            index(doc! { "author": 1, "_id": 1 }, false),
        ];
        self.replies.create_indexes(replies).await?;
        self.versions.create_index(index(doc! { "reply": 1, "version": -1 }, true)).await?;
        self.reactions.create_index(index(doc! { "user": 1, "kind": 1, "target": 1 }, true)).await?;
        let tallies = [index(doc! { "kind": 1, "target": 1 }, true), index(doc! { "pending": 1, "kind": 1, "target": 1 }, false)];
        self.tallies.create_indexes(tallies).await?;
        Ok(())
    }
}

#[async_trait]
impl Health for MongoReplies {
    fn name(&self) -> &'static str {
        "mongodb"
    }

    async fn ping(&self) -> StoreResult<()> {
        self.database.run_command(doc! { "ping": 1 }).await.map(drop).map_err(failed("mongodb ping"))
    }
}

#[async_trait]
impl ReplyStore for MongoReplies {
    async fn reply_add(&self, reply: &NewReply) -> StoreResult<ReplyAdded> {
        self.apply("reply_add", reply.target, &changes::Add(reply)).await
    }

    async fn reply_get(&self, id: ReplyId) -> StoreResult<Option<ReplyRecord>> {
        self.get(id).await.map_err(failed("reply_get"))
    }

    async fn reply_edit(&self, id: ReplyId, content: &str, content_html: &str, by: UserId, now: Timestamp) -> StoreResult<bool> {
        let Some(reply) = self.get(id).await.map_err(failed("reply_edit"))? else { return Ok(false) };
        self.apply("reply_edit", reply.target, &versions::Edit { id, content, content_html, by, now }).await
    }

    async fn reply_versions(&self, id: ReplyId, page: PageRequest) -> StoreResult<Listing<VersionRecord>> {
        self.version_page(id, page).await.map_err(failed("reply_versions"))
    }

    async fn reply_delete(&self, id: ReplyId, now: Timestamp) -> StoreResult<Option<Tally>> {
        let Some(reply) = self.get(id).await.map_err(failed("reply_delete"))? else { return Ok(None) };
        self.apply("reply_delete", reply.target, &changes::Delete { id, now }).await
    }

    async fn reply_list(&self, target: Target, start: &ReplyStart, limit: i64) -> StoreResult<Vec<ReplyRecord>> {
        self.list(target, start, limit).await.map_err(failed("reply_list"))
    }

    async fn reply_position(&self, id: ReplyId) -> StoreResult<Option<i64>> {
        self.position(id).await.map_err(failed("reply_position"))
    }

    async fn reply_list_of(&self, author: UserId, after: Option<ReplyId>, limit: i64) -> StoreResult<Vec<ReplyRecord>> {
        self.list_of(author, after, limit).await.map_err(failed("reply_list_of"))
    }

    async fn react(
        &self,
        target: Target,
        user: UserId,
        kind: Option<ReactionKind>,
        now: Timestamp,
    ) -> StoreResult<Option<(Reactions, Option<Tally>)>> {
        self.apply("react", target, &reacting::React { target, user, kind, now }).await
    }

    async fn reactions_of(&self, user: UserId, targets: &[Target]) -> StoreResult<Vec<(Target, ReactionKind)>> {
        self.own_reactions(user, targets).await.map_err(failed("reactions_of"))
    }

    async fn tally(&self, target: Target) -> StoreResult<Tally> {
        self.get_tally(target).await.map_err(failed("tally"))
    }

    async fn tally_pending(&self, limit: i64) -> StoreResult<Vec<(Target, Tally)>> {
        self.pending(limit).await.map_err(failed("tally_pending"))
    }

    async fn tally_confirm(&self, target: Target, seq: i64) -> StoreResult<()> {
        self.confirm(target, seq).await.map_err(failed("tally_confirm"))
    }
}
