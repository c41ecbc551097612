//! Rupiah.

use crate::check::{Check, Problem};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of Indonesian rupiah. Whole numbers only: there are no cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Rupiah(pub i64);

impl Rupiah {
    /// The most that one operation may move, or one case may offer.
    pub const MAX: i64 = 100_000_000;
}

impl fmt::Display for Rupiah {
    /// `Rp 1.250.000`, grouped by dots in every language, as rupiah are written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        f.write_str(if self.0 < 0 { "-Rp " } else { "Rp " })?;
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// What a case's owner puts on it: 0 to [`Rupiah::MAX`] (spec section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bounty(Rupiah);

impl Bounty {
    /// The amount.
    pub const fn rupiah(self) -> Rupiah {
        self.0
    }
}

impl Check for Bounty {
    type Input = i64;
    fn check(amount: i64) -> Result<Self, Problem> {
        match amount {
            0..=Rupiah::MAX => Ok(Self(Rupiah(amount))),
            _ => Err(Problem::OutOfRange { min: 0, max: Rupiah::MAX }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn written_as_rupiah_are() {
        assert_eq!(Rupiah(0).to_string(), "Rp 0");
        assert_eq!(Rupiah(1_250_000).to_string(), "Rp 1.250.000");
        assert_eq!(Rupiah(-999).to_string(), "-Rp 999");
        assert_eq!(Rupiah(100_000_000).to_string(), "Rp 100.000.000");
    }

    proptest! {
        #[test]
        fn grouping_never_changes_the_digits(amount: i64) {
            let digits: String = Rupiah(amount).to_string().chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(digits, amount.unsigned_abs().to_string());
        }
    }
}
