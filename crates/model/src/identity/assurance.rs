//! How surely we know who someone is: which factors were shown, and what an action asks for (NIST SP 800-63B-4).

use crate::{Result, Timestamp, identity::IdentityError};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a session stays elevated after its owner proved once more who they are.
pub const SUDO_LIFE: Duration = Duration::from_mins(10);

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)+) => {
        /// One way of showing who one is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Method { $($(#[$doc])* $name,)+ }

        impl Method {
            /// Every one, in the order of their bits.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$name),+];

            /// The word that is stored and told, as in `amr` (RFC 8176) where that has one.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

methods! {
    /// The account's password.
    Password = "pwd";
    /// A six-digit code from an authenticator app (RFC 6238).
    Totp = "otp";
    /// One of the backup codes.
    BackupCode = "code";
    /// A passkey that verified its user (`WebAuthn`).
    Passkey = "passkey";
    /// A code sent by SMS.
    Sms = "sms";
    /// Another service said so (OAuth, `OpenID` Connect).
    Federated = "fed";
}

impl Method {
    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The factors that were shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Methods(u16);

impl Methods {
    /// None.
    pub const NONE: Self = Self(0);

    /// Just this one.
    pub const fn of(method: Method) -> Self {
        Self(method.bit())
    }

    /// These and one more.
    #[must_use]
    pub const fn and(self, method: Method) -> Self {
        Self(self.0 | method.bit())
    }

    /// All of both.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether this one was shown.
    pub const fn has(self, method: Method) -> bool {
        self.0 & method.bit() != 0
    }

    /// The words, separated by spaces, as they are stored.
    pub fn words(self) -> String {
        Method::ALL.into_iter().filter(|method| self.has(*method)).map(Method::word).collect::<Vec<_>>().join(" ")
    }

    /// From stored words; unknown ones count for nothing.
    pub fn of_words(words: &str) -> Self {
        let known = |word: &str| Method::ALL.into_iter().find(|method| method.word() == word);
        words.split(' ').filter_map(known).fold(Self::NONE, Self::and)
    }

    /// What they amount to. A passkey that verified its user is two factors in one; a code by SMS is never a second one.
    pub const fn level(self) -> Level {
        let first = self.has(Method::Password) || self.has(Method::Federated) || self.has(Method::Sms);
        let second = self.has(Method::Totp) || self.has(Method::BackupCode);
        if self.has(Method::Passkey) || (first && second) { Level::Two } else { Level::One }
    }

    /// Whether what was shown can't be typed into somebody else's page.
    pub const fn resists_phishing(self) -> bool {
        self.has(Method::Passkey)
    }

    /// Whether a passkey or a password was shown: what a session must rest on to be elevated or to touch money.
    pub const fn is_more_than_sms(self) -> bool {
        self.has(Method::Passkey) || self.has(Method::Password) || self.has(Method::Federated)
    }
}

/// Authenticator assurance: one factor or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// One factor.
    One,
    /// Two factors, or one that is two.
    Two,
}

/// What a session has shown, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Everything that was shown in this session.
    pub methods: Methods,
    /// When it last was.
    pub authenticated_at: Timestamp,
    /// When the session was last elevated.
    pub elevated_at: Option<Timestamp>,
    /// What was shown for that, and since.
    pub elevated_by: Methods,
}

/// What an action asks of the session that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// At least so many factors; with `sudo`, shown in that proof: what the session began with may be weeks old.
    pub level: Level,
    /// Shown not longer ago than this.
    pub max_age: Option<Duration>,
    /// Shown in a way that can't be phished; with `sudo`, in that proof.
    pub phishing_resistant: bool,
    /// Proven once more within the last ten minutes.
    pub sudo: bool,
}

impl Requirement {
    /// Any session will do.
    pub const ANY: Self = Self { level: Level::One, max_age: None, phishing_resistant: false, sudo: false };
    /// Proven once more within the last ten minutes: changes of credentials, deletion.
    pub const SUDO: Self = Self { sudo: true, ..Self::ANY };
    /// Two factors, and proven once more: what moves money or makes keys, and what the staff does.
    pub const SUDO_WITH_TWO: Self = Self { level: Level::Two, ..Self::SUDO };

    /// Whether what was shown is enough.
    pub fn check(self, shown: Shown, now: Timestamp) -> Result<(), IdentityError> {
        let recent = |at: Timestamp, life: Duration| at.plus(life) > now;
        if self.sudo && !shown.elevated_at.is_some_and(|at| recent(at, SUDO_LIFE)) {
            return Err(IdentityError::SudoRequired);
        }
        let old = self.max_age.is_some_and(|age| !recent(shown.authenticated_at, age));
        let methods = if self.sudo { shown.elevated_by } else { shown.methods };
        if methods.level() < self.level || (self.phishing_resistant && !methods.resists_phishing()) || old {
            return Err(IdentityError::AssuranceRequired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(methods: Methods, at: i64, elevated: Option<i64>) -> Shown {
        Shown { methods, authenticated_at: Timestamp::from_secs(at), elevated_at: elevated.map(Timestamp::from_secs), elevated_by: methods }
    }

    #[test]
    fn levels_follow_from_what_was_shown() {
        let password = Methods::of(Method::Password);
        assert_eq!(password.level(), Level::One);
        assert_eq!(password.and(Method::Totp).level(), Level::Two);
        assert_eq!(password.and(Method::BackupCode).level(), Level::Two);
        assert_eq!(Methods::of(Method::Passkey).level(), Level::Two);
        assert_eq!(password.and(Method::Sms).level(), Level::One, "an SMS is no second factor");
        assert_eq!(Methods::of(Method::Totp).level(), Level::One, "a second factor without a first");
        assert!(!Methods::of(Method::Sms).is_more_than_sms());
    }

    #[test]
    fn words_come_back_as_they_were() {
        for bits in 0..64 {
            let methods = Methods(bits);
            assert_eq!(Methods::of_words(&methods.words()), methods);
        }
        assert_eq!(Methods::of_words("pwd x"), Methods::of(Method::Password));
    }

    #[test]
    fn sudo_lapses_to_the_second() {
        let two = Methods::of(Method::Passkey);
        let at = Timestamp::from_secs;
        assert_eq!(Requirement::SUDO.check(shown(two, 0, None), at(1)), Err(IdentityError::SudoRequired));
        assert_eq!(Requirement::SUDO.check(shown(two, 0, Some(100)), at(699)), Ok(()));
        assert_eq!(Requirement::SUDO.check(shown(two, 0, Some(100)), at(700)), Err(IdentityError::SudoRequired));
    }

    #[test]
    fn a_proof_counts_for_what_was_shown_in_it() {
        let at = Timestamp::from_secs;
        let password = Methods::of(Method::Password);
        let (opened_with, unphishable) = (Methods::of(Method::Passkey), Requirement { phishing_resistant: true, ..Requirement::SUDO });
        let by_password = Shown { elevated_by: password, ..shown(opened_with.and(Method::Password), 0, Some(0)) };
        assert_eq!(Requirement::SUDO.check(by_password, at(1)), Ok(()));
        assert_eq!(Requirement::SUDO_WITH_TWO.check(by_password, at(1)), Err(IdentityError::AssuranceRequired));
        assert_eq!(unphishable.check(by_password, at(1)), Err(IdentityError::AssuranceRequired));
        let by_passkey = Shown { elevated_by: opened_with, ..by_password };
        assert_eq!((Requirement::SUDO_WITH_TWO.check(by_passkey, at(1)), unphishable.check(by_passkey, at(1))), (Ok(()), Ok(())));
    }

    #[test]
    fn each_wish_is_looked_at() {
        let at = Timestamp::from_secs;
        let password = shown(Methods::of(Method::Password), 0, Some(0));
        assert_eq!(Requirement::SUDO_WITH_TWO.check(password, at(1)), Err(IdentityError::AssuranceRequired));
        let fresh = Requirement { max_age: Some(Duration::from_mins(5)), ..Requirement::ANY };
        assert_eq!(fresh.check(password, at(299)), Ok(()));
        assert_eq!(fresh.check(password, at(300)), Err(IdentityError::AssuranceRequired));
        let unphishable = Requirement { phishing_resistant: true, ..Requirement::ANY };
        assert_eq!(unphishable.check(password, at(1)), Err(IdentityError::AssuranceRequired));
        assert_eq!(unphishable.check(shown(Methods::of(Method::Passkey), 0, None), at(1)), Ok(()));
    }
}
