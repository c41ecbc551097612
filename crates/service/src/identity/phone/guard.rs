//! What is kept of a phone number while codes for it matter: a pure state machine.

use crate::{sms::CODE_LIFE, store::Limit};
use aivalid_model::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// How often a code may be tried.
pub(super) const TRIES: u8 = 3;

/// What a code is for. One that was made for one use is worth nothing in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Flow {
    /// Signing in.
    SignIn,
    /// Giving an account the number.
    Number,
}

impl Flow {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign in",
            Self::Number => "number",
        }
    }
}

/// A code that can still be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LiveCode {
    flow: Flow,
    /// An HMAC over use, number and code.
    mac: String,
    tried: u8,
    /// Microseconds.
    until: i64,
}

/// See the module. Times are microseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Guard {
    codes: Vec<LiveCode>,
    /// When wrong codes were shown.
    failures: Vec<i64>,
    /// Until when there are no codes for the number.
    closed_until: Option<i64>,
}

/// What a code that was shown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The right one. It is used up.
    Right,
    /// Wrong, used, too old, or none was sent.
    Wrong,
    /// There are no codes for this number until then.
    Closed(Timestamp),
}

impl Guard {
    /// A new code is sent, in place of an earlier one for the same use. Fails with when there will be codes again.
    pub(super) fn sent(&self, flow: Flow, mac: String, now: Timestamp) -> Result<Self, Timestamp> {
        if let Some(until) = self.closed(now) {
            return Err(until);
        }
        let mut next = self.clone();
        next.codes.retain(|code| code.flow != flow && code.until > now.0);
        next.codes.push(LiveCode { flow, mac, tried: 0, until: now.plus(CODE_LIFE).0 });
        Ok(next)
    }

    /// A code is shown. `most` wrong ones close the number for as long as they are counted.
    pub(super) fn tried(&self, flow: Flow, mac: &str, most: Limit, now: Timestamp) -> (Verdict, Self) {
        if let Some(until) = self.closed(now) {
            return (Verdict::Closed(until), self.clone());
        }
        let mut next = self.clone();
        let live = |code: &LiveCode| code.flow == flow && code.until > now.0 && code.tried < TRIES;
        // Where there is nothing to guess, a wrong guess is no failure: or anybody could close anybody's number.
        let Some(code) = next.codes.iter_mut().find(|code| live(code)) else { return (Verdict::Wrong, next) };
        let right = bool::from(code.mac.as_bytes().ct_eq(mac.as_bytes()));
        code.tried += 1;
        let spent = right || code.tried >= TRIES;
        next.codes.retain(|code| code.flow != flow || !spent);
        if right {
            return (Verdict::Right, next);
        }
        next.failures.retain(|at| *at > now.minus(most.window).0);
        next.failures.push(now.0);
        if next.failures.len() >= usize::try_from(most.count).unwrap_or(usize::MAX) {
            next = Self { closed_until: Some(now.plus(most.window).0), ..Self::default() };
        }
        (Verdict::Wrong, next)
    }

    /// When all of it means nothing any more.
    pub(super) fn keep_until(&self, most: Limit) -> Timestamp {
        let codes = self.codes.iter().map(|code| code.until);
        let failures = self.failures.iter().map(|at| Timestamp(*at).plus(most.window).0);
        Timestamp(codes.chain(failures).chain(self.closed_until).max().unwrap_or(0))
    }

    fn closed(&self, now: Timestamp) -> Option<Timestamp> {
        self.closed_until.map(Timestamp).filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    const MOST: Limit = Limit { count: 10, window: Duration::from_hours(24) };

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn sent(guard: &Guard, code: &str, secs: i64) -> Guard {
        guard.sent(Flow::SignIn, code.to_owned(), at(secs)).unwrap()
    }

    fn try_code(guard: &mut Guard, code: &str, secs: i64) -> Verdict {
        let (verdict, next) = guard.tried(Flow::SignIn, code, MOST, at(secs));
        *guard = next;
        verdict
    }

    #[test]
    fn a_code_is_right_once_and_for_five_minutes() {
        let mut guard = sent(&Guard::default(), "a", 0);
        let mut late = guard.clone();
        assert_eq!(try_code(&mut guard, "a", 299), Verdict::Right);
        assert_eq!(try_code(&mut guard, "a", 299), Verdict::Wrong, "used");
        assert_eq!(try_code(&mut late, "a", 300), Verdict::Wrong, "too old");
    }

    #[test]
    fn three_tries_and_only_the_newest_code() {
        let mut guard = sent(&sent(&Guard::default(), "a", 0), "b", 1);
        for _ in 0..2 {
            assert_eq!(try_code(&mut guard, "a", 2), Verdict::Wrong);
        }
        let mut third = guard.clone();
        assert_eq!(try_code(&mut third, "b", 3), Verdict::Right);
        assert_eq!(try_code(&mut guard, "x", 3), Verdict::Wrong);
        assert_eq!(try_code(&mut guard, "b", 4), Verdict::Wrong, "tried three times");
    }

    #[test]
    fn a_code_of_one_use_is_worth_nothing_in_another() {
        let guard = sent(&Guard::default(), "a", 0);
        assert_eq!(guard.tried(Flow::Number, "a", MOST, at(1)).0, Verdict::Wrong);
        let both = guard.sent(Flow::Number, "b".into(), at(1)).unwrap();
        assert_eq!(both.tried(Flow::SignIn, "b", MOST, at(1)).0, Verdict::Wrong);
        assert_eq!(both.tried(Flow::SignIn, "a", MOST, at(1)).0, Verdict::Right);
    }

    #[test]
    fn ten_failures_close_the_number_for_a_day() {
        let mut guard = Guard::default();
        for round in 0..10 {
            if round % 3 == 0 {
                guard = sent(&guard, "a", round);
            }
            assert_eq!(try_code(&mut guard, "x", round), Verdict::Wrong);
        }
        assert_eq!(try_code(&mut guard, "a", 10), Verdict::Closed(at(9 + 86_400)));
        assert_eq!(guard.sent(Flow::Number, "b".into(), at(10)), Err(at(9 + 86_400)));
        assert_eq!(guard.keep_until(MOST), at(9 + 86_400));
        guard = sent(&guard, "b", 9 + 86_400);
        assert_eq!(try_code(&mut guard, "b", 9 + 86_400), Verdict::Right);
    }

    #[test]
    fn where_there_is_no_code_nobody_can_close_a_number() {
        let mut guard = Guard::default();
        for secs in 0..50 {
            assert_eq!(try_code(&mut guard, "x", secs), Verdict::Wrong);
        }
        assert_eq!(guard, Guard::default());
    }

    #[derive(Clone, Debug)]
    enum Step {
        Send,
        Right,
        Wrong,
        Other,
        Pass(i64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => Just(Step::Send),
            2 => Just(Step::Right),
            6 => Just(Step::Wrong),
            1 => Just(Step::Other),
            2 => (1_i64..400).prop_map(Step::Pass),
            1 => Just(Step::Pass(90_000)),
        ];
        prop::collection::vec(step, 0..120)
    }

    proptest! {
        /// Against the rules in their plain words, kept beside the machine as a history.
        #[test]
        fn whatever_happens_the_rules_hold(steps in steps()) {
            let (mut guard, mut now) = (Guard::default(), 0_i64);
            // The last code: when it was sent, how often it was tried, whether it was used.
            let mut last: Option<(i64, u8, bool)> = None;
            let (mut number, mut failures, mut closed) = (0, Vec::<i64>::new(), None::<i64>);
            for step in steps {
                let shut = closed.is_some_and(|until| until > now);
                match step {
                    Step::Pass(secs) => now += secs,
                    Step::Send => {
                        number += 1;
                        match guard.sent(Flow::SignIn, format!("code {number}"), at(now)) {
                            Ok(next) => {
                                prop_assert!(!shut);
                                guard = next;
                                last = Some((now, 0, false));
                            }
                            Err(until) => prop_assert!(shut && closed == Some(until.secs())),
                        }
                    }
                    Step::Right | Step::Wrong | Step::Other => {
                        let right = matches!(step, Step::Right | Step::Other);
                        let flow = if matches!(step, Step::Other) { Flow::Number } else { Flow::SignIn };
                        let mac = if right { format!("code {number}") } else { "wrong".to_owned() };
                        let (verdict, next) = guard.tried(flow, &mac, MOST, at(now));
                        guard = next;
                        let live = last.is_some_and(|(sent, tried, used)| now - sent < 300 && tried < TRIES && !used) && flow == Flow::SignIn;
                        prop_assert_eq!(matches!(verdict, Verdict::Closed(_)), shut);
                        prop_assert_eq!(verdict == Verdict::Right, live && right && !shut);
                        if let Some(code) = last.as_mut().filter(|_| live && !shut) {
                            code.1 += 1;
                            code.2 = verdict == Verdict::Right;
                            if !right {
                                failures.push(now);
                            }
                        }
                        failures.retain(|at| now - at < 86_400);
                        if failures.len() >= 10 {
                            (closed, last) = (Some(now + 86_400), None);
                            failures.clear();
                        }
                    }
                }
            }
        }
    }
}
