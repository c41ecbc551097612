//! The figures of what can be replied to, and which of them the core store has.

use super::{
    MongoReplies,
    documents::{TallyDocument, of},
};
use aivalid_model::community::{Tally, Target};
use futures::TryStreamExt;
use mongodb::{ClientSession, bson::doc, error::Result};

fn read(found: Option<TallyDocument>) -> Tally {
    found.map(|stored| <(Target, Tally)>::from(stored).1).unwrap_or_default()
}

impl MongoReplies {
    /// The figures as a transaction sees them.
    pub(super) async fn tally_in(&self, session: &mut ClientSession, target: Target) -> Result<Tally> {
        self.tallies.find_one(of(target)).session(session).await.map(read)
    }

    /// Replaces the figures that a transaction saw. When they changed behind its back, the number does not fit, a second
    /// document would have to be made, and the unique index sends the transaction back to its beginning.
    pub(super) async fn set_tally_in(&self, session: &mut ClientSession, target: Target, before: &Tally, tally: &Tally) -> Result<()> {
        let mut seen = of(target);
        seen.insert("seq", before.seq);
        self.tallies.replace_one(seen, TallyDocument::changed(target, tally)).upsert(true).session(session).await.map(drop)
    }

    pub(super) async fn get_tally(&self, target: Target) -> Result<Tally> {
        self.tallies.find_one(of(target)).await.map(read)
    }

    pub(super) async fn pending(&self, limit: i64) -> Result<Vec<(Target, Tally)>> {
        if limit <= 0 {
            return Ok(Vec::new());
        }
        let changed = self.tallies.find(doc! { "pending": true }).sort(doc! { "kind": 1, "target": 1 }).limit(limit).await?;
        changed.map_ok(<(Target, Tally)>::from).try_collect().await
    }

    pub(super) async fn confirm(&self, target: Target, seq: i64) -> Result<()> {
        let mut known = of(target);
        known.insert("seq", doc! { "$lte": seq });
        self.tallies.update_one(known, doc! { "$set": { "pending": false } }).await.map(drop)
    }
}
