//! The course of a request: a pure state machine. Time and deeds move it; whoever runs it writes down what it says.
//!
//! ```text
//! waiting ──72 h──> ready ──finish──> done          from KYC level 1 on:
//!    │  └──72 h──> review ──approve──> ready         a reviewer stands between
//!    └ stop (also from review and ready) ──> stopped
//! ```

use crate::store::Recovery;
use aivalid_model::{Timestamp, identity::RecoveryState};
use std::time::Duration;

/// How long a request waits.
pub const WAIT: Duration = Duration::from_hours(72);
/// How long the link works that finishes it.
pub const LINK_LIFE: Duration = Duration::from_hours(7 * 24);
/// How often the owner is told while it waits: at once, and then once in [`APART`].
const ANNOUNCEMENTS: i64 = 3;
/// Between two announcements.
const APART: Duration = Duration::from_hours(24);

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// See [`RecoveryState`].
    pub state: RecoveryState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When its waiting time is over.
    pub waits_until: Timestamp,
    /// How often its owner was told.
    pub announced: i64,
    /// Until when the link works that finishes it.
    pub link_until: Option<Timestamp>,
}

/// What time makes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Its owner is told once more.
    Announce,
    /// It goes to the reviewers.
    Review,
    /// The link that finishes it is mailed.
    Invite,
    /// The link has ended, unused.
    Lapse,
}

/// What people make of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Its owner stops it.
    Stop,
    /// A reviewer approves it.
    Approve,
    /// A reviewer rejects it.
    Reject,
    /// Somebody follows the link.
    Finish,
}

impl Course {
    /// A new request, whose owner is told at once.
    pub fn begun(now: Timestamp) -> Self {
        Self { state: RecoveryState::Waiting, asked_at: now, waits_until: now.plus(WAIT), announced: 1, link_until: None }
    }

    /// When time next makes something of it.
    pub fn next_at(&self) -> Option<Timestamp> {
        match self.state {
            RecoveryState::Waiting if self.announced < ANNOUNCEMENTS => {
                let told = u32::try_from(self.announced).unwrap_or(0);
                Some(self.asked_at.plus(APART.saturating_mul(told)).min(self.waits_until))
            }
            RecoveryState::Waiting => Some(self.waits_until),
            RecoveryState::Ready => self.link_until,
            _ => None,
        }
    }

    /// What time has made of it by `now`, and where it stands then. With `reviewed` a reviewer decides. Announcements that were
    /// missed while nobody was there to send them are made up for by one.
    pub fn due(self, now: Timestamp, reviewed: bool) -> Option<(Due, Self)> {
        if self.next_at().is_none_or(|at| now < at) {
            return None;
        }
        match self.state {
            RecoveryState::Waiting if now >= self.waits_until && reviewed => {
                Some((Due::Review, Self { state: RecoveryState::Review, ..self }))
            }
            RecoveryState::Waiting if now >= self.waits_until => Some((Due::Invite, self.invited(now))),
            RecoveryState::Waiting => {
                let days = i64::try_from(now.since(self.asked_at).as_secs() / APART.as_secs()).unwrap_or(ANNOUNCEMENTS);
                Some((Due::Announce, Self { announced: (1 + days).min(ANNOUNCEMENTS), ..self }))
            }
            RecoveryState::Ready => Some((Due::Lapse, Self { state: RecoveryState::Lapsed, link_until: None, ..self })),
            _ => None,
        }
    }

    /// Where it stands after a deed; `None`: that can't be done (any more, or yet).
    pub fn after(self, deed: Deed, now: Timestamp) -> Option<Self> {
        let ended = |state| Some(Self { state, link_until: None, ..self });
        match (deed, self.state) {
            (Deed::Stop, state) if state.is_open() => ended(RecoveryState::Stopped),
            (Deed::Approve, RecoveryState::Review) => Some(self.invited(now)),
            (Deed::Reject, RecoveryState::Review) => ended(RecoveryState::Rejected),
            (Deed::Finish, RecoveryState::Ready) if now >= self.waits_until && self.link_until.is_some_and(|until| now < until) => {
                ended(RecoveryState::Done)
            }
            _ => None,
        }
    }

    fn invited(self, now: Timestamp) -> Self {
        Self { state: RecoveryState::Ready, link_until: Some(now.plus(LINK_LIFE)), ..self }
    }
}

impl From<&Recovery> for Course {
    fn from(recovery: &Recovery) -> Self {
        let Recovery { state, asked_at, waits_until, announced, link_until, .. } = *recovery;
        Self { state, asked_at, waits_until, announced, link_until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BEGIN: Timestamp = Timestamp::from_secs(1_795_004_800);

    fn hours(hours: u64) -> Timestamp {
        BEGIN.plus(Duration::from_hours(hours))
    }

    #[test]
    fn its_owner_is_told_three_times_before_the_link_is_mailed() {
        let mut course = Course::begun(BEGIN);
        let mut told = vec![];
        while let Some(at) = course.next_at().filter(|_| told.len() < 9) {
            assert_eq!(course.due(at.minus(Duration::from_micros(1)), false), None);
            let (due, next) = course.due(at, false).unwrap();
            told.push((due, at.since(BEGIN).as_secs() / 3600));
            course = next;
        }
        assert_eq!(told, [(Due::Announce, 24), (Due::Announce, 48), (Due::Invite, 72), (Due::Lapse, 240)]);
        assert_eq!(course.state, RecoveryState::Lapsed);
    }

    #[test]
    fn what_was_missed_is_made_up_for_by_one() {
        let (due, next) = Course::begun(BEGIN).due(hours(60), false).unwrap();
        assert_eq!((due, next.announced, next.next_at()), (Due::Announce, 3, Some(hours(72))));
        assert_eq!(Course::begun(BEGIN).due(hours(90), true).unwrap().0, Due::Review);
    }

    #[test]
    fn a_reviewer_stands_between() {
        let (_, course) = Course::begun(BEGIN).due(hours(72), true).unwrap();
        assert_eq!((course.next_at(), course.after(Deed::Finish, hours(73))), (None, None));
        assert_eq!(course.after(Deed::Reject, hours(73)).unwrap().state, RecoveryState::Rejected);
        let ready = course.after(Deed::Approve, hours(100)).unwrap();
        assert_eq!(ready.link_until, Some(hours(100 + 168)));
        assert_eq!(ready.after(Deed::Finish, hours(267)).unwrap().state, RecoveryState::Done);
        assert_eq!(ready.after(Deed::Finish, hours(268)), None, "the link has ended");
        assert_eq!(ready.after(Deed::Approve, hours(101)), None);
    }

    #[derive(Clone, Copy, Debug)]
    enum Event {
        Pass(u64),
        Tick(bool),
        Do(Deed),
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            4 => (0_u64..40).prop_map(Event::Pass),
            4 => any::<bool>().prop_map(Event::Tick),
            1 => Just(Event::Do(Deed::Stop)),
            2 => Just(Event::Do(Deed::Approve)),
            1 => Just(Event::Do(Deed::Reject)),
            4 => Just(Event::Do(Deed::Finish)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_path_finishes_early_or_after_an_end(events in prop::collection::vec(event(), 1..60)) {
            let (mut now, mut course, mut approved, mut reviewed) = (BEGIN, Course::begun(BEGIN), false, false);
            for event in events {
                let before = course;
                match event {
                    Event::Pass(by) => now = now.plus(Duration::from_hours(by)),
                    Event::Tick(by_reviewer) => course = course.due(now, by_reviewer).map_or(course, |(due, next)| {
                        reviewed |= due == Due::Review;
                        next
                    }),
                    Event::Do(deed) => course = course.after(deed, now).map_or(course, |next| {
                        approved |= deed == Deed::Approve;
                        next
                    }),
                }
                prop_assert!(course.announced >= before.announced && course.announced <= ANNOUNCEMENTS);
                prop_assert_eq!((course.asked_at, course.waits_until), (BEGIN, hours(72)), "the clock never starts anew");
                prop_assert_eq!(course.link_until.is_some(), course.state == RecoveryState::Ready);
                if !before.state.is_open() {
                    prop_assert_eq!(course, before, "what has ended stays ended");
                }
                if matches!(course.state, RecoveryState::Ready | RecoveryState::Done) {
                    prop_assert!(now >= hours(72), "nothing finishes before the waiting time is over");
                    prop_assert!(!reviewed || approved, "what a reviewer decides waits for their yes");
                }
                if course.state == RecoveryState::Done {
                    prop_assert!(matches!(before.state, RecoveryState::Ready | RecoveryState::Done), "only the link finishes");
                }
            }
        }

        #[test]
        fn a_stopped_request_never_finishes(events in prop::collection::vec(event(), 0..40), at in 0_u64..400) {
            let mut now = hours(at);
            let waiting = Course::begun(BEGIN);
            let arrived = waiting.due(now, at % 2 == 0).map_or(waiting, |(_, next)| next);
            let mut course = arrived.after(Deed::Stop, now).unwrap();
            for event in events {
                match event {
                    Event::Pass(by) => now = now.plus(Duration::from_hours(by)),
                    Event::Tick(reviewed) => prop_assert_eq!(course.due(now, reviewed), None),
                    Event::Do(deed) => prop_assert_eq!(course.after(deed, now), None),
                }
                course = course.due(now, false).map_or(course, |(_, next)| next);
            }
            prop_assert_eq!(course.state, RecoveryState::Stopped);
        }
    }
}
