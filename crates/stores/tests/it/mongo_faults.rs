//! What becomes of a change when MongoDB fails in the middle of it. The faults are the server's own test commands, and meet
//! only the clients with a test's application name.

use crate::mongo::{THREAD, address, database, draft};
use aivalid_model::{
    Timestamp,
    id::{ReplyId, UserId},
    page::PageRequest,
};
use aivalid_service::store::{ReplyAdded, ReplyStart, ReplyStore};
use aivalid_stores::mongo::MongoReplies;
use mongodb::{
    Client,
    bson::{Document, doc},
};

/// A store, and the means to make its commands fail.
struct Faulty {
    store: MongoReplies,
    client: Client,
    name: String,
}

impl Faulty {
    async fn open() -> Self {
        let name = database().await;
        let store = MongoReplies::connect(&format!("{}&appName={name}", address()), &name).await.unwrap();
        Self { store, client: Client::with_uri_str(address()).await.unwrap(), name }
    }

    /// Makes commands fail: `mode` says how often.
    async fn fail(&self, mode: impl Into<mongodb::bson::Bson>, command: &str, how: Document) {
        let mut data = doc! { "failCommands": [command], "appName": &self.name };
        data.extend(how);
        let fault = doc! { "configureFailPoint": "failCommand", "mode": mode.into(), "data": data };
        self.client.database("admin").run_command(fault).await.unwrap();
    }

    /// One reply was added exactly once, by one change.
    async fn has_one_reply(&self) {
        let tally = self.store.tally(THREAD).await.unwrap();
        assert_eq!((tally.seq, tally.replies), (1, 1));
        assert_eq!(self.store.reply_list(THREAD, &ReplyStart::Offset(0), 9).await.unwrap().len(), 1);
    }
}

/// Another transaction came first.
fn conflict() -> Document {
    doc! { "errorCode": 112, "errorLabels": ["TransientTransactionError"] }
}

#[tokio::test]
async fn a_transaction_that_lost_is_tried_again_as_a_whole() {
    let faulty = Faulty::open().await;
    faulty.fail(doc! { "times": 3 }, "insert", conflict()).await;
    assert!(matches!(faulty.store.reply_add(&draft(1)).await.unwrap(), ReplyAdded::Done { .. }));
    faulty.has_one_reply().await;
}

#[tokio::test]
async fn a_commit_of_unknown_outcome_is_repeated_alone() {
    let faulty = Faulty::open().await;
    // It is committed, but the majority did not say so in time. The driver itself repeats a commit once; these are more.
    let unknown = doc! { "writeConcernError": { "code": 64, "errmsg": "waiting for replication timed out" } };
    faulty.fail(doc! { "times": 4 }, "commitTransaction", unknown).await;
    assert!(matches!(faulty.store.reply_add(&draft(1)).await.unwrap(), ReplyAdded::Done { .. }));
    faulty.has_one_reply().await;
}

#[tokio::test]
async fn a_connection_lost_at_the_commit_is_no_loss() {
    let faulty = Faulty::open().await;
    faulty.fail(doc! { "times": 2 }, "commitTransaction", doc! { "closeConnection": true }).await;
    assert!(matches!(faulty.store.reply_add(&draft(1)).await.unwrap(), ReplyAdded::Done { .. }));
    faulty.has_one_reply().await;
}

#[tokio::test]
async fn nobody_tries_for_ever_and_nothing_is_left_behind() {
    let faulty = Faulty::open().await;
    faulty.fail("alwaysOn", "insert", conflict()).await;
    let error = faulty.store.reply_add(&draft(1)).await.unwrap_err();
    assert!(error.transient, "{error}");
    faulty.fail("off", "insert", conflict()).await;
    assert_eq!(faulty.store.reply_get(ReplyId(1)).await.unwrap(), None);
    assert_eq!(faulty.store.tally(THREAD).await.unwrap().seq, 0, "the figures were in the same transaction");
    assert!(matches!(faulty.store.reply_add(&draft(1)).await.unwrap(), ReplyAdded::Done { .. }));
    faulty.has_one_reply().await;
}

#[tokio::test]
async fn a_failure_of_another_kind_is_told_at_once() {
    let faulty = Faulty::open().await;
    faulty.fail(doc! { "times": 1 }, "insert", doc! { "errorCode": 13 }).await;
    let error = faulty.store.reply_add(&draft(1)).await.unwrap_err();
    assert!(!error.transient, "not authorised is here to stay: {error}");
    assert_eq!(faulty.store.tally(THREAD).await.unwrap().seq, 0);
}

#[tokio::test]
async fn an_edit_and_the_version_it_replaces_stand_or_fall_together() {
    let faulty = Faulty::open().await;
    assert!(matches!(faulty.store.reply_add(&draft(1)).await.unwrap(), ReplyAdded::Done { .. }));
    let edit = || faulty.store.reply_edit(ReplyId(1), "baru", "<p>baru</p>", UserId(9), Timestamp::from_secs(2));
    let versions = || faulty.store.reply_versions(ReplyId(1), PageRequest::default());
    // The version is written first: when the reply can't be, it goes too.
    faulty.fail("alwaysOn", "update", doc! { "errorCode": 13 }).await;
    assert!(!edit().await.unwrap_err().transient);
    faulty.fail("off", "update", conflict()).await;
    assert_eq!(faulty.store.reply_get(ReplyId(1)).await.unwrap().unwrap().content, "Sampel kedua");
    assert_eq!(versions().await.unwrap().total, 0);
    faulty.fail(doc! { "times": 3 }, "insert", conflict()).await;
    assert!(edit().await.unwrap());
    assert_eq!(versions().await.unwrap().items.iter().map(|version| version.content.as_str()).collect::<Vec<_>>(), ["Sampel kedua"]);
}
