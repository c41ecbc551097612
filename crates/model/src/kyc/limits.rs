//! How much may be withdrawn a day, by level. Pure: the wallet asks with what was withdrawn today.

use super::KycLevel;
use crate::money::Rupiah;

/// The most that may be withdrawn in one day on each level; `None` is without a limit. Level 0 may receive, not withdraw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawalLimits {
    by_level: [Option<Rupiah>; 4],
}

impl Default for WithdrawalLimits {
    /// 0; 5,000,000; 50,000,000; no limit.
    fn default() -> Self {
        Self { by_level: [Some(Rupiah(0)), Some(Rupiah(5_000_000)), Some(Rupiah(50_000_000)), None] }
    }
}

impl WithdrawalLimits {
    /// Limits for the levels 0 to 3. `None` when one is negative, or when a level would allow less than the one below it.
    pub fn new(by_level: [Option<Rupiah>; 4]) -> Option<Self> {
        let figures = by_level.map(|limit| limit.map_or(i64::MAX, |Rupiah(amount)| amount));
        (figures.iter().all(|amount| *amount >= 0) && figures.is_sorted()).then_some(Self { by_level })
    }

    /// The most for one day; `None` is without a limit.
    pub fn daily(&self, level: KycLevel) -> Option<Rupiah> {
        // A level is 0 to 3, so there is always an entry; if there were none, nothing could be withdrawn.
        self.by_level.get(usize::from(level.number())).copied().unwrap_or(Some(Rupiah(0)))
    }

    /// What is left of today, when `today` was withdrawn already; `None` is without a limit.
    pub fn left(&self, level: KycLevel, today: Rupiah) -> Option<Rupiah> {
        self.daily(level).map(|Rupiah(daily)| Rupiah(daily.saturating_sub(today.0.max(0)).max(0)))
    }

    /// Whether `amount` more may be withdrawn today.
    pub fn admits(&self, level: KycLevel, today: Rupiah, amount: Rupiah) -> bool {
        amount.0 > 0 && self.left(level, today).is_none_or(|left| amount <= left)
    }

    /// The lowest level that would admit it; `None` when none does.
    pub fn needed(&self, today: Rupiah, amount: Rupiah) -> Option<KycLevel> {
        KycLevel::ALL.into_iter().find(|level| self.admits(*level, today, amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [KycLevel; 4] = KycLevel::ALL;

    #[test]
    fn the_usual_limits() {
        let limits = WithdrawalLimits::default();
        assert!(!limits.admits(KycLevel::NONE, Rupiah(0), Rupiah(1)), "level 0 only receives");
        assert!(limits.admits(KycLevel::ONE, Rupiah(4_999_999), Rupiah(1)));
        assert!(!limits.admits(KycLevel::ONE, Rupiah(4_999_999), Rupiah(2)));
        assert!(limits.admits(KycLevel::TWO, Rupiah(0), Rupiah(50_000_000)));
        assert!(limits.admits(KycLevel::THREE, Rupiah(i64::MAX), Rupiah(i64::MAX)));
        assert_eq!(limits.needed(Rupiah(0), Rupiah(5_000_001)), Some(KycLevel::TWO));
        assert_eq!(limits.needed(Rupiah(0), Rupiah(0)), None, "nothing is not an amount");
    }

    #[test]
    fn limits_grow_with_the_level() {
        let some = |amount| Some(Rupiah(amount));
        assert!(WithdrawalLimits::new([some(0), some(1), some(1), some(2)]).is_some());
        assert!(WithdrawalLimits::new([some(0), some(2), some(1), None]).is_none());
        assert!(WithdrawalLimits::new([some(0), None, some(1), None]).is_none());
        assert!(WithdrawalLimits::new([some(-1), some(1), some(2), None]).is_none());
    }

    proptest! {
        #[test]
        fn what_a_level_admits_every_higher_one_admits(today in 0..i64::MAX, amount in 1..i64::MAX) {
            let limits = WithdrawalLimits::default();
            let admitted = ALL.map(|level| limits.admits(level, Rupiah(today), Rupiah(amount)));
            prop_assert!(admitted.is_sorted());
        }

        #[test]
        fn a_day_never_exceeds_its_limit(amounts in proptest::collection::vec(1_i64..20_000_000, 0..40), level in 0_usize..3) {
            let (limits, level) = (WithdrawalLimits::default(), ALL[level]);
            let mut today = Rupiah(0);
            for amount in amounts {
                if limits.admits(level, today, Rupiah(amount)) {
                    today.0 += amount;
                }
            }
            prop_assert!(Some(today) <= limits.daily(level));
        }
    }
}
