//! Kinds of jobs, and how patient each is.

use std::time::Duration;

/// What a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// A letter to be delivered.
    Mail,
    /// An SMS to be delivered.
    Sms,
}

/// How a kind of job is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// How long a claim lasts. Longer than `longest`, so that nobody takes over what is still being done.
    pub lease: Duration,
    /// How long one attempt may take.
    pub longest: Duration,
    /// How many an instance does at once.
    pub at_once: usize,
    /// How often it is tried before it is given up.
    pub attempts: i64,
    /// The pause after the first failure; it doubles with every further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Sms];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }

    pub(super) const fn plan(self) -> Plan {
        match self {
            // Twelve attempts take between 5 and 10 hours: long enough for a mail server's bad night.
            Self::Mail => Plan {
                lease: Duration::from_mins(5),
                longest: Duration::from_mins(2),
                at_once: 4,
                attempts: 12,
                first_pause: Duration::from_secs(30),
                longest_pause: Duration::from_hours(3),
            },
            // A code is worth five minutes, and its reader waits for it.
            Self::Sms => Plan {
                lease: Duration::from_mins(1),
                longest: Duration::from_secs(30),
                at_once: 8,
                attempts: 8,
                first_pause: Duration::from_secs(2),
                longest_pause: Duration::from_mins(1),
            },
        }
    }
}

impl Plan {
    /// The pause after so many attempts: doubled each time, then shortened by up to a half by `chance`, so that what failed
    /// together does not come back together.
    pub fn pause(&self, attempts: i64, chance: u16) -> Duration {
        let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 30)).unwrap_or(0);
        let whole = self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause);
        whole / 2 + (whole / 2).mul_f64(f64::from(chance) / f64::from(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_are_shortened_by_chance() {
        let plan = JobKind::Mail.plan();
        let whole: Vec<u64> = (1..=12).map(|attempts| plan.pause(attempts, u16::MAX).as_secs()).collect();
        assert_eq!(whole, [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 10_800, 10_800, 10_800]);
        assert_eq!(plan.pause(3, 0), Duration::from_mins(1));
        assert!((60..=120).contains(&plan.pause(3, 12_345).as_secs()));
        for odd in [i64::MIN, -1, 0, i64::MAX] {
            assert!(plan.pause(odd, u16::MAX) <= plan.longest_pause, "{odd}");
        }
    }

    #[test]
    fn nobody_takes_over_what_is_still_being_done() {
        for kind in JobKind::ALL {
            assert!(kind.plan().longest * 2 <= kind.plan().lease, "{kind:?}");
        }
    }
}
