//! Which passwords are good enough: none that is known from a breach, says who its owner is, or is guessed soon. There are no
//! rules about digits and symbols (NIST SP 800-63B-4, 3.1.1.2).

use super::reset::known_by;
use crate::{Caller, Service, limits::RATINGS};
use aivalid_model::{
    Error, Result,
    check::Problem,
    identity::{Password, PasswordRating},
};

/// The least of zxcvbn's scores from 0 to 4: safe against guessing at a stolen, slowly hashed database.
const LEAST_SCORE: u8 = 3;
/// What zxcvbn reads at most; it takes longer than its worth for more.
const READ: usize = 100;

/// Whether a password holds the address, its first part, or a name of the account.
fn leans_on(password: &str, known_by: &[String]) -> bool {
    let password = password.to_lowercase();
    let held = |word: &str| word.chars().count() >= 4 && password.contains(&word.to_lowercase());
    known_by.iter().any(|word| held(word) || word.split('@').next().is_some_and(held)) || password.contains("aivalid")
}

impl Service {
    /// Refuses a password for an account known by these words (address, names). `field` is what the client calls it.
    pub(super) async fn check_password(&self, field: &str, password: &Password, known_by: Vec<String>) -> Result<()> {
        let enough = self.rate(password.expose(), known_by).await?.score() >= LEAST_SCORE;
        if enough { Ok(()) } else { Err(Error::field(field, Problem::WeakPassword)) }
    }

    /// How good a password would be, while it is typed: for the caller's account, or one known by these words.
    pub async fn password_rate(&self, caller: &Caller, typed: &str, mut words: Vec<String>) -> Result<PasswordRating> {
        self.admit(&format!("rating:ip:{}", caller.ip), RATINGS).await?;
        words.truncate(8);
        words.retain(|word| word.len() <= 320);
        if let Some(id) = caller.id()
            && let Some(user) = self.inner.stores.users.user_by_id(id).await?
        {
            words.extend(known_by(&user));
        }
        if typed.chars().count() < Password::MIN { Ok(PasswordRating::TooShort) } else { self.rate(typed, words).await }
    }

    async fn rate(&self, password: &str, known_by: Vec<String>) -> Result<PasswordRating> {
        if self.inner.breached.knows(password) {
            return Ok(PasswordRating::Breached);
        }
        if leans_on(password, &known_by) {
            return Ok(PasswordRating::TellsOwner);
        }
        Ok(match self.password_score(password, known_by).await? {
            0..LEAST_SCORE => PasswordRating::Weak,
            LEAST_SCORE => PasswordRating::Good,
            _ => PasswordRating::Strong,
        })
    }

    /// How hard a password is to guess, 0 to 4; 0 when it is known from a breach. Takes milliseconds, so it waits for its turn
    /// among the hashes.
    pub async fn password_score(&self, password: &str, mut known_by: Vec<String>) -> Result<u8> {
        if self.inner.breached.knows(password) {
            return Ok(0);
        }
        let text: String = password.chars().take(READ).collect();
        known_by.push("aivalid".to_owned());
        let rated = move || {
            let words: Vec<&str> =
                known_by.iter().flat_map(|word| std::iter::once(word.as_str()).chain(word.split(['@', '.', '_']))).collect();
            u8::from(zxcvbn::zxcvbn(&text, &words).score())
        };
        self.inner.hasher.in_turn(move |_| rated()).await
    }
}

#[cfg(test)]
mod tests {
    use super::leans_on;

    #[test]
    fn a_password_that_holds_its_owner_is_noticed() {
        let known_by = ["bima.arya@contoh.id", "bimarya", "Bi"].map(str::to_owned);
        for weak in ["xxBIMARYAxx", "bima.arya2026!", "AIValid-2026"] {
            assert!(leans_on(weak, &known_by), "{weak}");
        }
        assert!(!leans_on("kuda lumping hijau, contoh.id, bi", &known_by), "short names and the domain say little");
    }
}
