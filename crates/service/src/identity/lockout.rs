//! Wrong passwords: five in a row lock the password for half an hour on devices that the account was not used on, a hundred
//! without a right one between them disable it until it is changed (NIST SP 800-63B-4, 3.2.2). Nobody is told: a locked account
//! answers like a wrong password.
//!
//! Nobody can lock another out with that (OWASP ASVS 6.1.1). While a password is locked, what strangers type is refused unread
//! and does not count towards the hundred. The lock does not hold on known devices and in the owner's sessions. Where the
//! password is disabled, there it still begins a sign-in that a second factor ends, and only such a sign-in, a change of the
//! password or a reset by mail enables it again; and passkeys know nothing of all this.

use crate::{
    Caller, Service,
    audit::Event,
    jobs::JobKind,
    mail::{Letter, Scene},
    store::{LockRule, User, WrongPasswords},
};
use aivalid_model::{Result, Timestamp, admin::PasswordLock, identity::TimeZone};
use std::time::Duration;

/// Wrong passwords in a row that lock.
const LOCKS_AFTER: i64 = 5;
/// How long the lock holds.
pub(super) const LOCK: Duration = Duration::from_mins(30);
/// Wrong passwords without a right one that disable.
const DISABLES_AFTER: i64 = 100;
/// Wrong passwords after which a disabled one does not even begin a sign-in any more.
const ENDS_AFTER: i64 = 2 * DISABLES_AFTER;
/// Wrong passwords are forgotten after so long without another.
const REMEMBERED: Duration = Duration::from_hours(30 * 24);

/// Who types a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typist {
    /// Nobody who is known.
    Stranger,
    /// Somebody on a device that the account was used on, or in its session.
    Known,
    /// The same, where a second factor will be asked for.
    KnownWithSecond,
}

/// What is done with a password that is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ruling {
    /// A right one is accepted.
    Open,
    /// A right one is accepted as half of a sign-in; nothing is forgiven before its other half.
    Half,
    /// Even a right one is refused.
    Shut,
}

fn ruling(wrong: WrongPasswords, typist: Typist, now: Timestamp) -> Ruling {
    let locked = wrong.locked_until.is_some_and(|until| until > now);
    match typist {
        Typist::Stranger if locked => Ruling::Shut,
        _ if wrong.total < DISABLES_AFTER => Ruling::Open,
        Typist::KnownWithSecond if wrong.total < ENDS_AFTER => Ruling::Half,
        _ => Ruling::Shut,
    }
}

impl Service {
    /// Under which key the wrong passwords of an address are counted.
    pub(super) fn failure_key(&self, email: &str) -> Vec<u8> {
        self.inner.keys.pseudonym(email).into_bytes()
    }

    /// Judges a typed password: whether it was right and is accepted now. The same reads, the same hash and, for one that
    /// is not accepted, the same writes, whether or not there is such an account.
    pub(super) async fn judge_password(&self, caller: &Caller, email: &str, user: Option<&User>, typed: &str) -> Result<bool> {
        let credentials = &self.inner.stores.credentials;
        let key = self.failure_key(email);
        let (_, ruled) = self.rule(caller, &key, user).await?;
        let right = self.inner.hasher.verify(typed, user.and_then(|user| user.password_hash.as_deref())).await?;
        if ruled == Ruling::Shut {
            return Ok(false);
        }
        if !right {
            let counted = credentials.wrong_password_add(&key, LockRule { after: LOCKS_AFTER, lasts: LOCK }, self.now()).await?;
            // Of those that were typed at once, one begins the lock.
            if counted.consecutive == 0 {
                self.tell_of_lock(caller, email, user).await?;
            }
            return Ok(false);
        }
        // Many may be typed at once, and each waits for its hash: what was guessed meanwhile counts.
        let (wrong, ruled) = self.rule(caller, &key, user).await?;
        if ruled == Ruling::Open && wrong != WrongPasswords::default() {
            credentials.wrong_passwords_forget(&key).await?;
        }
        Ok(ruled != Ruling::Shut)
    }

    /// What is counted, and what follows from it for whoever types a password now.
    async fn rule(&self, caller: &Caller, key: &[u8], user: Option<&User>) -> Result<(WrongPasswords, Ruling)> {
        let wrong = self.inner.stores.credentials.wrong_passwords(key).await?;
        Ok((wrong, ruling(wrong, self.typist(caller, user, wrong).await?, self.now())))
    }

    async fn typist(&self, caller: &Caller, user: Option<&User>, wrong: WrongPasswords) -> Result<Typist> {
        let owner = user.map_or_else(|| self.inner.random.user_id(), |user| user.card.id);
        let device = caller.device.as_deref().unwrap_or_default();
        let known_device = self.inner.stores.credentials.device_is_known(owner, device).await?;
        let own_session = caller.in_person().is_ok_and(|present| present.id == owner);
        if !known_device && !own_session {
            return Ok(Typist::Stranger);
        }
        let has_second = wrong.total >= DISABLES_AFTER && !self.second_factors(owner).await?.is_empty();
        Ok(if has_second { Typist::KnownWithSecond } else { Typist::Known })
    }

    /// A second factor followed the password, so neither was guessed: what was counted is forgotten, and a disabled password enabled.
    pub(super) async fn password_proven(&self, user: &User) -> Result<()> {
        let (credentials, key) = (&self.inner.stores.credentials, self.failure_key(user.known_as()));
        if credentials.wrong_passwords(&key).await?.total >= DISABLES_AFTER {
            credentials.wrong_passwords_forget(&key).await?;
        }
        Ok(())
    }

    /// An entry and a letter when a lock begins. Where there is no account the letter is a decoy, and the entry is about nobody.
    async fn tell_of_lock(&self, caller: &Caller, email: &str, user: Option<&User>) -> Result<()> {
        let event = Event::failed("alert.password_locked").on("address", self.inner.keys.pseudonym(email));
        let letter = |username: String, scene: Scene| Letter::AccountLocked { username, scene, minutes: 30 };
        let Some(user) = user else {
            self.audit(caller, event).await?;
            let decoy = self.decoy(email, caller.lang, letter("pengguna".to_owned(), self.scene_in(caller, TimeZone::WIB)))?;
            return self.enqueue(JobKind::Mail, &decoy).await;
        };
        self.audit(caller, event.about(user.card.id)).await?;
        let scene = self.scene(caller, user);
        self.post_to(user, user.locale.unwrap_or(caller.lang), letter(user.card.username.clone(), scene)).await
    }

    /// What keeps an account's right password out at present.
    pub(crate) async fn password_lock(&self, user: &User) -> Result<Option<PasswordLock>> {
        let wrong = self.inner.stores.credentials.wrong_passwords(&self.failure_key(user.known_as())).await?;
        let lock = PasswordLock { until: wrong.locked_until.filter(|until| *until > self.now()), disabled: wrong.total >= DISABLES_AFTER };
        Ok(Some(lock).filter(|lock| lock.disabled || lock.until.is_some()))
    }

    /// Forgets an account's wrong passwords, for the staff. Whether there were any.
    pub(crate) async fn password_unlock(&self, user: &User) -> Result<bool> {
        Ok(self.inner.stores.credentials.wrong_passwords_forget(&self.failure_key(user.known_as())).await?)
    }

    /// Forgets old wrong passwords; a job's work. How many addresses.
    pub async fn sweep_wrong_passwords(&self) -> Result<u64> {
        Ok(self.inner.stores.credentials.wrong_passwords_sweep(self.now().minus(REMEMBERED), DISABLES_AFTER).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wrong(total: i64, locked_until: Option<i64>) -> WrongPasswords {
        WrongPasswords { consecutive: 0, total, locked_until: locked_until.map(Timestamp::from_secs) }
    }

    #[test]
    fn a_lock_holds_for_strangers_and_to_the_second() {
        let at = Timestamp::from_secs;
        assert_eq!(ruling(wrong(5, None), Typist::Stranger, at(0)), Ruling::Open);
        assert_eq!(ruling(wrong(5, Some(100)), Typist::Stranger, at(99)), Ruling::Shut);
        assert_eq!(ruling(wrong(5, Some(100)), Typist::Stranger, at(100)), Ruling::Open);
        assert_eq!(ruling(wrong(5, Some(100)), Typist::Known, at(99)), Ruling::Open, "a known device is never locked out");
        assert_eq!(ruling(wrong(100, None), Typist::Known, at(0)), Ruling::Shut, "disabled until it is changed");
        assert_eq!(ruling(wrong(100, Some(100)), Typist::KnownWithSecond, at(0)), Ruling::Half, "but for who has more to show");
        assert_eq!(ruling(wrong(200, None), Typist::KnownWithSecond, at(0)), Ruling::Shut);
    }

    proptest! {
        #[test]
        fn a_password_alone_is_accepted_only_within_a_hundred_failures(
            total in 0_i64..300,
            until in proptest::option::of(0_i64..1000),
            now in 0_i64..1000,
            typist in proptest::sample::select(vec![Typist::Stranger, Typist::Known, Typist::KnownWithSecond]),
        ) {
            let ruled = ruling(wrong(total, until), typist, Timestamp::from_secs(now));
            prop_assert!(ruled != Ruling::Open || total < DISABLES_AFTER);
            prop_assert!(ruled != Ruling::Half || (typist == Typist::KnownWithSecond && total < ENDS_AFTER));
            if typist != Typist::Stranger {
                prop_assert_eq!(ruled == Ruling::Open, total < DISABLES_AFTER, "no lock holds for who is known");
            }
        }
    }
}
