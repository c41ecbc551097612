//! What may be forgotten: sessions, windows, answers, messages.
#![expect(clippy::unused_async, reason = "every test of a suite is asynchronous, also where threads race")]

mod answers;
mod challenges;
mod oracle;
mod sessions;
mod signals;
mod windows;

pub use answers::*;
pub use challenges::*;
pub use sessions::*;
pub use signals::*;
pub use windows::*;

use futures::future::BoxFuture;
use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, task::block_in_place};

/// Tests for what implements [`SessionCache`](crate::store::SessionCache), [`RateLimiter`](crate::store::RateLimiter),
/// [`IdempotencyStore`](crate::store::IdempotencyStore) and [`Signals`](crate::store::Signals), made by the constructor with
/// this absolute path.
#[macro_export]
macro_rules! cache_suite {
    ($open:path) => {
        $crate::contract_tests! { $open, cache:
            a_session_is_recalled_as_it_was_remembered,
            a_session_is_remembered_for_its_time_only,
            a_forgotten_session_is_not_remembered_again,
            forgetting_beats_racing_remembering,
            a_window_slides,
            refused_attempts_are_not_counted,
            keys_are_counted_apart,
            time_never_goes_back_under_a_key,
            another_count_sees_the_same_attempts,
            none_are_admitted_where_none_are_allowed,
            attempts_of_one_moment_are_all_counted,
            racing_attempts_are_admitted_exactly,
            any_trace_agrees_with_the_rule,
            a_repeated_request_gets_the_kept_answer,
            a_key_belongs_to_one_request,
            a_key_given_up_can_be_tried_again,
            giving_up_keeps_what_was_answered,
            an_unfinished_claim_lapses,
            an_answer_is_kept_for_its_time_only,
            a_late_answer_does_not_take_anothers_key,
            a_late_request_does_not_touch_its_repetitions_claim,
            a_late_answer_is_kept_where_nobody_has_the_key,
            racing_requests_have_one_first,
            a_challenge_is_taken_once,
            a_challenge_lapses,
            a_challenge_is_replaced,
            of_racing_takers_one_gets_the_challenge,
            signals_are_heard_in_order_by_every_listener,
            signals_of_the_past_are_not_heard,
            signals_without_listeners_are_no_error,
        }
    };
}

/// Runs `work(0)` to `work(workers - 1)` at the same time, each on a thread of its own.
fn together<'a, T: Send>(workers: usize, work: impl Fn(usize) -> BoxFuture<'a, T> + Sync) -> Vec<T> {
    let (runtime, gate) = (Handle::current(), Barrier::new(workers));
    let (runtime, gate, work) = (&runtime, &gate, &work);
    block_in_place(|| {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..workers)
                .map(|worker| {
                    scope.spawn(move || {
                        gate.wait();
                        runtime.block_on(work(worker))
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    })
}

/// Asks until the answer is yes, for as long as a busy machine may take.
pub async fn eventually(what: &str, mut answer: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !answer().await {
        assert!(Instant::now() < deadline, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
