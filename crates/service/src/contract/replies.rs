//! Replies, reactions and figures.

mod deleting;
mod figures;
mod places;
mod races;
mod reactions;
mod versions;

pub use deleting::*;
pub use figures::*;
pub use places::*;
pub use races::*;
pub use reactions::*;
pub use versions::*;

use crate::store::{NewReply, ReplyAdded, ReplyRecord, ReplyStart, ReplyStore};
use aivalid_model::{
    Timestamp,
    community::{Tally, Target, TargetKind},
    id::{ReplyId, ThreadId, UserId},
};

const THREAD: Target = Target { kind: TargetKind::Thread, id: 7 };
const CASE: Target = Target { kind: TargetKind::Case, id: 7 };

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_secs(1_763_000_000 + seconds)
}

/// A reply that knows its id as its text, written `id` seconds after the beginning.
fn draft(target: Target, id: i64, parent: Option<i64>) -> NewReply {
    NewReply {
        id: ReplyId(id),
        target,
        parent: parent.map(ReplyId),
        author: UserId(100 + id),
        content: format!("balasan *{id}* 👍"),
        content_html: format!("<p>balasan <em>{id}</em> 👍</p>"),
        now: at(id),
    }
}

async fn add(store: &dyn ReplyStore, target: Target, id: i64, parent: Option<i64>) -> (ReplyRecord, Tally) {
    match store.reply_add(&draft(target, id, parent)).await.unwrap() {
        ReplyAdded::Done { reply, tally } => (*reply, tally),
        refused => panic!("reply {id} was not added: {refused:?}"),
    }
}

async fn listed(store: &dyn ReplyStore, target: Target) -> Vec<ReplyRecord> {
    store.reply_list(target, &ReplyStart::Offset(0), 1_000).await.unwrap()
}

async fn ids(store: &dyn ReplyStore, target: Target) -> Vec<i64> {
    listed(store, target).await.into_iter().map(|reply| reply.id.0).collect()
}

/// The thread with an id.
fn thread(id: i64) -> Target {
    ThreadId(id).into()
}
