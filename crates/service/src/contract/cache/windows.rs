//! Sliding windows. Tests say what time it is. Windows are much longer than a test takes, since a store may give up by its own
//! clock what is older than its window.

use super::{oracle::Oracle, together};
use crate::store::{Admission, Limit, RateLimiter};
use aivalid_model::Timestamp;
use proptest::{
    collection::vec,
    prelude::{Just, prop_oneof},
    test_runner::TestRunner,
};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::{runtime::Handle, task::block_in_place};

/// Three in a thousand seconds.
const LIMIT: Limit = Limit { count: 3, window: Duration::from_secs(1_000) };
/// Some day of 2025, in microseconds.
const DAWN: i64 = 1_763_000_000_123_457;

fn at(seconds: i64) -> Timestamp {
    Timestamp(DAWN).plus(Duration::from_secs(u64::try_from(seconds).unwrap()))
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn admitted(remaining: u32, retry_after: u64) -> Admission {
    Admission { allowed: true, remaining, retry_after: seconds(retry_after) }
}

fn refused(retry_after: u64) -> Admission {
    Admission { allowed: false, remaining: 0, retry_after: seconds(retry_after) }
}

/// Room is made when the oldest attempt is as old as the window is long, to the microsecond.
pub async fn a_window_slides(store: &dyn RateLimiter) {
    let admit = async |now| store.admit("ip:203.0.113.7", LIMIT, now).await.unwrap();
    assert_eq!(admit(at(0)).await, admitted(2, 0));
    assert_eq!(admit(at(100)).await, admitted(1, 0));
    assert_eq!(admit(at(200)).await, admitted(0, 800));
    assert_eq!(admit(at(300)).await, refused(700));
    let just_before = Timestamp(at(1_000).0 - 1);
    assert_eq!(admit(just_before).await, Admission { allowed: false, remaining: 0, retry_after: Duration::from_micros(1) });
    assert_eq!(admit(at(1_000)).await, admitted(0, 100));
    assert_eq!(admit(at(1_250)).await, admitted(1, 0));
    assert_eq!(admit(at(9_000)).await, admitted(2, 0));
}

/// Impatience does not make the wait longer.
pub async fn refused_attempts_are_not_counted(store: &dyn RateLimiter) {
    for second in 0..3 {
        assert!(store.admit("key", LIMIT, at(second)).await.unwrap().allowed);
    }
    for second in 3..100 {
        assert_eq!(store.admit("key", LIMIT, at(second)).await.unwrap(), refused(1_000 - u64::try_from(second).unwrap()));
    }
    assert_eq!(store.admit("key", LIMIT, at(1_000)).await.unwrap(), admitted(0, 1));
}

/// One key's attempts take nothing from another's, whatever the keys are made of.
pub async fn keys_are_counted_apart(store: &dyn RateLimiter) {
    let long = "x".repeat(10_000);
    for key in ["a", "A", "a:", "a:1", "", "dewi@contoh.id", "2001:db8::1", "kunci\r\n\0 👍", &long] {
        assert_eq!(store.admit(key, LIMIT, at(0)).await.unwrap(), admitted(2, 0), "{key:?}");
    }
}

/// Instances' clocks differ a little: an attempt that comes with an earlier time counts at the time of the latest.
pub async fn time_never_goes_back_under_a_key(store: &dyn RateLimiter) {
    let admit = async |second| store.admit("key", LIMIT, at(second)).await.unwrap();
    assert_eq!(admit(10).await, admitted(2, 0));
    assert_eq!(admit(4).await, admitted(1, 0));
    assert_eq!(admit(7).await, admitted(0, 1_003));
    assert_eq!(admit(1_009).await, refused(1), "the one that came with second 4 counts at second 10");
    assert_eq!(admit(1_010).await, admitted(2, 0));
}

/// When the figure for a key changes, what was admitted before still counts.
pub async fn another_count_sees_the_same_attempts(store: &dyn RateLimiter) {
    let more = Limit { count: 5, ..LIMIT };
    let fewer = Limit { count: 1, ..LIMIT };
    for second in 0..3 {
        store.admit("key", LIMIT, at(second)).await.unwrap();
    }
    assert_eq!(store.admit("key", LIMIT, at(10)).await.unwrap(), refused(990));
    assert_eq!(store.admit("key", more, at(20)).await.unwrap(), admitted(1, 0));
    assert_eq!(store.admit("key", fewer, at(30)).await.unwrap(), refused(990), "until the one of second 20 has left");
    assert_eq!(store.admit("key", fewer, at(1_020)).await.unwrap(), admitted(0, 1_000));
}

/// A limit of zero closes something.
pub async fn none_are_admitted_where_none_are_allowed(store: &dyn RateLimiter) {
    let closed = Limit { count: 0, ..LIMIT };
    assert_eq!(store.admit("key", closed, at(0)).await.unwrap(), refused(1_000));
    assert_eq!(store.admit("key", LIMIT, at(1)).await.unwrap(), admitted(2, 0));
    assert_eq!(store.admit("key", closed, at(2)).await.unwrap(), refused(1_000));
}

/// Many attempts may carry the same time.
pub async fn attempts_of_one_moment_are_all_counted(store: &dyn RateLimiter) {
    let limit = Limit { count: 100, ..LIMIT };
    for left in (0..100).rev() {
        assert_eq!(store.admit("key", limit, at(0)).await.unwrap(), admitted(left, if left == 0 { 1_000 } else { 0 }));
    }
    assert_eq!(store.admit("key", limit, at(0)).await.unwrap(), refused(1_000));
    assert_eq!(store.admit("key", limit, at(1_000)).await.unwrap(), admitted(99, 0));
}

/// Two hundred at once, of whom fifty may go on: exactly fifty do, and each is told another number.
pub async fn racing_attempts_are_admitted_exactly(store: &dyn RateLimiter) {
    let limit = Limit { count: 50, ..LIMIT };
    let answers = together(20, |worker| {
        Box::pin(async move {
            let mut answers = Vec::new();
            for attempt in 0..10 {
                let now = at(i64::try_from(worker + attempt).unwrap());
                answers.push(store.admit("key", limit, now).await.unwrap());
            }
            answers
        })
    });
    let mut remaining: Vec<u32> = answers.into_iter().flatten().filter(|answer| answer.allowed).map(|answer| answer.remaining).collect();
    remaining.sort_unstable();
    assert_eq!(remaining, (0..50).collect::<Vec<_>>());
}

/// Attempts at random times, some of them in the wrong order: every answer is the one that the rule gives, and at no time
/// are more than `count` admitted within a window. As every store gives these answers, all give the same.
pub async fn any_trace_agrees_with_the_rule(store: &dyn RateLimiter) {
    const SECOND: i64 = 1_000_000;
    let steps = prop_oneof![
        4 => 0..120 * SECOND,
        2 => Just(0),
        1 => Just(1_000 * SECOND),
        1 => -30 * SECOND..0,
        1 => 900 * SECOND..1_100 * SECOND,
    ];
    let traces = (0_u32..9, vec(steps, 1..80));
    let number = AtomicU32::new(0);
    let runtime = Handle::current();
    // Deterministic: a store that fails today fails tomorrow, too.
    let mut runner = TestRunner::deterministic();
    let check = |(count, steps): (u32, Vec<i64>)| {
        let key = format!("trace:{}", number.fetch_add(1, Ordering::Relaxed));
        let limit = Limit { count, ..LIMIT };
        let (mut oracle, mut now) = (Oracle::default(), DAWN);
        for step in steps {
            now += step;
            let answer = runtime.block_on(store.admit(&key, limit, Timestamp(now))).unwrap();
            assert_eq!(answer, oracle.admit(limit, now), "attempt at {now} after {key}");
            assert!(oracle.fullest(limit) <= usize::try_from(count).unwrap());
        }
        Ok(())
    };
    block_in_place(|| runner.run(&traces, check)).unwrap();
}
