//! Who watches or muted what.

use super::{
    CoreStore,
    fixtures::{at, category, text, thread, user},
};
use crate::store::{LogDraft, NewCase};
use aivalid_model::{
    community::{CategoryKind, Target, TargetKind, WatchLevel},
    id::{ThreadId, UserId},
    money::Rupiah,
};
use futures::future::join_all;

const THREAD: Target = Target { kind: TargetKind::Thread, id: 7 };
const CASE: Target = Target { kind: TargetKind::Case, id: 7 };

/// Each as often as one likes, for one user and one target.
pub async fn a_watch_is_set_changed_and_cleared(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert_eq!(store.watch_of(ani, THREAD).await.unwrap(), None);
    for level in [WatchLevel::Watching, WatchLevel::Watching, WatchLevel::Muted, WatchLevel::Muted, WatchLevel::Watching] {
        store.watch_set(ani, THREAD, level, at(1)).await.unwrap();
        assert_eq!(store.watch_of(ani, THREAD).await.unwrap(), Some(level));
    }
    store.watch_set(budi, THREAD, WatchLevel::Muted, at(2)).await.unwrap();
    assert_eq!(store.watch_of(ani, CASE).await.unwrap(), None, "a case with the same number is another target");
    for _ in 0..2 {
        store.watch_clear(ani, THREAD).await.unwrap();
        assert_eq!(store.watch_of(ani, THREAD).await.unwrap(), None);
    }
    assert_eq!(store.watch_of(budi, THREAD).await.unwrap(), Some(WatchLevel::Muted));
}

/// It makes a watch where there is none; what was muted stays so until it is cleared.
pub async fn starting_to_watch_never_unmutes(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    for _ in 0..2 {
        store.watch_start(ani, THREAD, at(1)).await.unwrap();
        assert_eq!(store.watch_of(ani, THREAD).await.unwrap(), Some(WatchLevel::Watching));
    }
    store.watch_set(ani, THREAD, WatchLevel::Muted, at(2)).await.unwrap();
    store.watch_start(ani, THREAD, at(3)).await.unwrap();
    assert_eq!(store.watch_of(ani, THREAD).await.unwrap(), Some(WatchLevel::Muted));
    store.watch_clear(ani, THREAD).await.unwrap();
    store.watch_start(ani, THREAD, at(4)).await.unwrap();
    assert_eq!(store.watch_of(ani, THREAD).await.unwrap(), Some(WatchLevel::Watching));
}

/// Threads and cases come with their author's watch.
pub async fn whoever_starts_something_watches_it(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let (forum, cases) = (category(store, "forum", CategoryKind::Forum).await, category(store, "kasus", CategoryKind::Case).await);
    let started = thread(store, forum, ani, 1, &[]).await;
    let case = NewCase { category: cases, owner: budi, text: text("Kasus", &[]), bounty: Rupiah(5), deadline: None };
    let log = LogDraft { actor: Some(budi), action: "created", details: serde_json::json!({}), at: at(2) };
    let opened = store.case_open(&case, &log).await.unwrap();
    assert_eq!(store.watchers(started.into(), None, 9).await.unwrap(), [ani]);
    assert_eq!(store.watchers(opened.into(), None, 9).await.unwrap(), [budi]);
}

/// Only who watches, of one target, in stretches.
pub async fn watchers_are_listed_by_id(store: &dyn CoreStore) {
    for id in [9, 2, 5, 7, 3] {
        user(store, id).await;
        store.watch_start(UserId(id), THREAD, at(id)).await.unwrap();
    }
    store.watch_set(UserId(5), THREAD, WatchLevel::Muted, at(9)).await.unwrap();
    store.watch_start(UserId(5), CASE, at(9)).await.unwrap();
    let stretch = async |after: Option<i64>, limit| {
        let found = store.watchers(THREAD, after.map(UserId), limit).await.unwrap();
        found.into_iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(stretch(None, 9).await, [2, 3, 7, 9]);
    assert_eq!(stretch(None, 2).await, [2, 3]);
    assert_eq!(stretch(Some(3), 2).await, [7, 9]);
    assert_eq!(stretch(Some(9), 2).await, [0; 0]);
    assert_eq!(stretch(None, 0).await, [0; 0]);
    assert_eq!(store.watchers(ThreadId(8).into(), None, 9).await.unwrap(), []);
}

/// Starting to watch many times at once while muting: muted in the end, whoever came first.
pub async fn racing_watches_leave_one(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let muting = store.watch_set(ani, THREAD, WatchLevel::Muted, at(1));
    let (muted, started) = futures::join!(muting, join_all((0..20).map(|n| store.watch_start(ani, THREAD, at(n)))));
    muted.unwrap();
    for outcome in started {
        outcome.unwrap();
    }
    assert_eq!(store.watch_of(ani, THREAD).await.unwrap(), Some(WatchLevel::Muted));
}
