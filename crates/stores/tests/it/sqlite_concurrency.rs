//! SQLite with many at once: nothing is lost, nobody is told that the database is locked, readers never wait for writers.

use crate::sqlite::open;
use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Target, TargetKind},
    id::{ReplyId, UserId},
};
use aivalid_service::store::{NewReply, ReplyAdded, ReplyStart, ReplyStore};
use futures::future::join_all;
use sqlx::{Connection, SqliteConnection};
use std::sync::atomic::{AtomicBool, Ordering};

const WRITERS: i64 = 32;
const WRITES: i64 = 20;
const THREAD: Target = Target { kind: TargetKind::Thread, id: 1 };

fn reply(id: i64) -> NewReply {
    let (content, content_html) = (format!("balasan {id}"), format!("<p>balasan {id}</p>"));
    NewReply { id: ReplyId(id), target: THREAD, parent: None, author: UserId(id), content, content_html, now: Timestamp(id) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_two_writers_and_readers_lose_nothing() {
    let store = open().await;
    let writing = std::sync::Arc::new(AtomicBool::new(true));
    let readers: Vec<_> = (0..32)
        .map(|_| {
            let (store, writing) = (store.handle(), writing.clone());
            tokio::spawn(async move {
                let (mut reads, mut seen) = (0_u32, 0);
                while writing.load(Ordering::Relaxed) {
                    let tally = store.tally(THREAD).await.unwrap();
                    assert!(tally.replies >= seen, "a reader went back in time");
                    seen = tally.replies;
                    let page = store.reply_list(THREAD, &ReplyStart::Offset((seen - 20).max(0)), 20).await.unwrap();
                    assert!(page.len() >= usize::try_from(seen.min(20)).unwrap());
                    reads += 1;
                }
                reads
            })
        })
        .collect();
    let writers = (0..WRITERS).map(|writer| {
        let store = store.handle();
        tokio::spawn(async move {
            for write in 0..WRITES {
                let added = store.reply_add(&reply(1 + writer * WRITES + write)).await.unwrap();
                assert!(matches!(added, ReplyAdded::Done { .. }));
                store
                    .react(THREAD, UserId(writer), ReactionKind::ALL.get(usize::try_from(write % 6).unwrap()).copied(), Timestamp(0))
                    .await
                    .unwrap();
            }
        })
    });
    for outcome in join_all(writers).await {
        outcome.unwrap();
    }
    writing.store(false, Ordering::Relaxed);
    for outcome in join_all(readers).await {
        assert!(outcome.unwrap() > 0);
    }
    let tally = store.tally(THREAD).await.unwrap();
    let all = WRITERS * WRITES;
    assert_eq!((tally.replies, tally.rows, i64::from(tally.reactions.total())), (all, all, WRITERS));
    assert_eq!(tally.seq, 2 * all, "every reply and every change of a reaction");
    assert_eq!(i64::try_from(store.reply_list(THREAD, &ReplyStart::Offset(0), 10_000).await.unwrap().len()).unwrap(), all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_go_on_while_a_write_is_held_open() {
    let store = open().await;
    store.reply_add(&reply(1)).await.unwrap();
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", store.path.display())).await.unwrap();
    let mut held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sqlx::query("UPDATE tallies SET replies = 99").execute(&mut *held).await.unwrap();

    let waiting = tokio::spawn({
        let store = store.handle();
        async move { store.reply_add(&reply(2)).await.unwrap() }
    });
    let reads =
        (0..64).map(|_| async { (store.tally(THREAD).await.unwrap().replies, store.reply_get(ReplyId(1)).await.unwrap().is_some()) });
    assert_eq!(join_all(reads).await, vec![(1, true); 64], "what was committed last, without waiting");
    assert!(!waiting.is_finished(), "the write waits for its turn");

    held.rollback().await.unwrap();
    waiting.await.unwrap();
    assert_eq!(store.tally(THREAD).await.unwrap().replies, 2);
}

/// What a writer is told is on the disk by then, for whoever reads; what it was not told may be there or not, but whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_shares_a_commit_fails_alone_and_hears_the_truth() {
    let store = open().await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = store.handle();
            tokio::spawn(async move {
                let mut done = vec![];
                for write in 0..WRITES {
                    // Every second writer uses its neighbour's ids, so that each id is taken once.
                    let id = 1 + (writer / 2) * WRITES + write;
                    match store.reply_add(&reply(id)).await.unwrap() {
                        ReplyAdded::Done { .. } => done.push(id),
                        ReplyAdded::IdTaken => {}
                        ReplyAdded::ParentGone => panic!("nobody is answered"),
                    }
                    assert!(store.reply_get(ReplyId(id)).await.unwrap().is_some(), "readers see what writers were told of");
                }
                done
            })
        })
        .collect();
    // Others go away at every possible moment.
    let mut gone = vec![];
    for number in 0..200 {
        let id = 1_000_000 + number;
        let store = store.handle();
        let task = tokio::spawn(async move { store.reply_add(&reply(id)).await });
        for _ in 0..number % 12 {
            tokio::task::yield_now().await;
        }
        task.abort();
        gone.push((id, task));
    }
    let mut done: Vec<i64> = vec![];
    for outcome in join_all(writers).await {
        done.extend(outcome.unwrap());
    }
    done.sort_unstable();
    assert_eq!(done, (1..=WRITERS / 2 * WRITES).collect::<Vec<_>>(), "each id was given to one writer");
    let mut kept = i64::try_from(done.len()).unwrap();
    for (id, task) in gone {
        let told = matches!(task.await, Ok(Ok(ReplyAdded::Done { .. })));
        let there = store.reply_get(ReplyId(id)).await.unwrap().is_some();
        assert!(there || !told, "reply {id} was promised");
        kept += i64::from(there);
    }
    // A write after all of them ends whatever was left open.
    store.reply_add(&reply(5_000_000)).await.unwrap();
    let tally = store.tally(THREAD).await.unwrap();
    assert_eq!((tally.replies, tally.rows), (kept + 1, kept + 1), "nothing is there by half");
}
