//! Replies in MongoDB: the contract, and two instances at once.

use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Target, TargetKind},
    id::{ReplyId, UserId},
};
use aivalid_service::store::{Health, NewReply, ReplyAdded, ReplyStart, ReplyStore};
use aivalid_stores::mongo::MongoReplies;
use futures::future::join_all;
use mongodb::Client;
use std::{
    collections::HashSet,
    sync::atomic::{AtomicU32, Ordering},
};

pub(crate) const THREAD: Target = Target { kind: TargetKind::Thread, id: 7 };

pub(crate) fn address() -> String {
    crate::address("TEST_MONGODB_URL")
}

/// The name of an empty database of the test's own.
pub(crate) async fn database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    // A server that is not thrown away may have one of another day's process with the same number.
    Client::with_uri_str(address()).await.unwrap().database(&name).drop().await.unwrap();
    name
}

pub(crate) fn draft(id: i64) -> NewReply {
    NewReply {
        id: ReplyId(id),
        target: THREAD,
        parent: None,
        author: UserId(id),
        content: "Sampel kedua".into(),
        content_html: "<p>Sampel kedua</p>".into(),
        now: Timestamp::from_secs(id),
    }
}

async fn open() -> Box<MongoReplies> {
    Box::new(MongoReplies::connect(&address(), &database().await).await.unwrap())
}

aivalid_service::reply_suite!(crate::mongo::open);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_get_in_each_others_way_and_both_come_through() {
    let name = database().await;
    let stores = [MongoReplies::connect(&address(), &name).await.unwrap(), MongoReplies::connect(&address(), &name).await.unwrap()];
    let added = join_all((0..40).map(|id| {
        let store = &stores[usize::from(id % 2 == 0)];
        async move { store.reply_add(&draft(i64::from(id))).await.unwrap() }
    }))
    .await;
    assert!(added.iter().all(|outcome| matches!(outcome, ReplyAdded::Done { .. })));
    let reacted = join_all((0..40).map(|user| {
        let store = &stores[usize::from(user % 2 == 0)];
        async move { store.react(THREAD, UserId(user.into()), Some(ReactionKind::Like), Timestamp(0)).await.unwrap() }
    }))
    .await;
    assert!(reacted.iter().all(Option::is_some));
    for store in &stores {
        let tally = store.tally(THREAD).await.unwrap();
        assert_eq!((tally.seq, tally.replies, tally.reactions.like), (80, 40, 40));
        let list = store.reply_list(THREAD, &ReplyStart::Offset(0), 100).await.unwrap();
        assert_eq!(list.iter().map(|reply| &reply.path).collect::<HashSet<_>>().len(), 40);
    }
}

#[tokio::test]
async fn opening_again_finds_what_is_there() {
    let name = database().await;
    let first = MongoReplies::connect(&address(), &name).await.unwrap();
    first.reply_add(&draft(1)).await.unwrap();
    first.ping().await.unwrap();
    let second = MongoReplies::connect(&address(), &name).await.unwrap();
    assert_eq!(second.reply_get(ReplyId(1)).await.unwrap().unwrap().content, "Sampel kedua");
}

#[tokio::test]
async fn a_server_that_is_not_there_fails_for_now() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nowhere = format!("mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=200");
    let error = MongoReplies::connect(&nowhere, "none").await.err().unwrap();
    assert!(error.transient, "{error}");
    let error = MongoReplies::connect("redis://127.0.0.1/", "none").await.err().unwrap();
    assert!(!error.transient, "{error}");
}
