//! Wrong passwords: five in a row lock the password for half an hour on devices that the account was not used on, a hundred
//! without a right one between them disable it until it is reset. Known devices, passkeys and resets go on working, so that
//! nobody can lock another out (OWASP ASVS 6.1.1). Nobody is told: a locked account answers like a wrong password.

use crate::{
    Caller, Service,
    audit::Event,
    mail::Letter,
    store::{LockRule, User, WrongPasswords},
};
use aivalid_model::{Result, Timestamp, admin::PasswordLock};
use std::time::Duration;

/// Wrong passwords in a row that lock.
const LOCKS_AFTER: i64 = 5;
/// How long the lock holds.
pub(super) const LOCK: Duration = Duration::from_mins(30);
/// Wrong passwords without a right one that disable.
const DISABLES_AFTER: i64 = 100;
/// Wrong passwords are forgotten after so long without another.
const REMEMBERED: Duration = Duration::from_hours(30 * 24);

/// Whether a right password would be accepted.
fn is_open(wrong: WrongPasswords, known_device: bool, now: Timestamp) -> bool {
    let locked = wrong.locked_until.is_some_and(|until| until > now);
    wrong.total < DISABLES_AFTER && (known_device || !locked)
}

impl Service {
    /// Under which key the wrong passwords of an address are counted.
    pub(super) fn failure_key(&self, email: &str) -> Vec<u8> {
        self.inner.keys.pseudonym(email).into_bytes()
    }

    /// Judges a typed password: whether it was right and is accepted now. The same reads, the same hash and, for one that
    /// is not accepted, the same write, whether or not there is such an account.
    pub(super) async fn judge_password(&self, caller: &Caller, email: &str, user: Option<&User>, typed: &str) -> Result<bool> {
        let (credentials, now) = (&self.inner.stores.credentials, self.now());
        let key = self.failure_key(email);
        let wrong = credentials.wrong_passwords(&key).await?;
        let owner = user.map_or_else(|| self.inner.random.user_id(), |user| user.card.id);
        let known_device = credentials.device_is_known(owner, caller.device.as_deref().unwrap_or_default()).await?;
        let right = self.inner.hasher.verify(typed, user.and_then(|user| user.password_hash.as_deref())).await?;
        let open = is_open(wrong, known_device, now);
        if right && open {
            if wrong != WrongPasswords::default() {
                credentials.wrong_passwords_forget(&key).await?;
            }
            return Ok(true);
        }
        let counted = credentials.wrong_password_add(&key, LockRule { after: LOCKS_AFTER, lasts: LOCK }, now).await?;
        if let Some(user) = user
            && counted.locked_until != wrong.locked_until
        {
            self.tell_of_lock(caller, user).await?;
        }
        Ok(false)
    }

    async fn tell_of_lock(&self, caller: &Caller, user: &User) -> Result<()> {
        self.audit(caller, Event::failed("alert.password_locked").about(user.card.id)).await?;
        let (scene, username) = (self.scene(caller, user), user.card.username.clone());
        let letter = Letter::AccountLocked { username, scene, minutes: 30 };
        self.post_to(user, user.locale.unwrap_or(caller.lang), letter).await
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
    fn a_lock_holds_for_strange_devices_and_to_the_second() {
        let at = Timestamp::from_secs;
        assert!(is_open(wrong(5, None), false, at(0)));
        assert!(!is_open(wrong(5, Some(100)), false, at(99)));
        assert!(is_open(wrong(5, Some(100)), false, at(100)));
        assert!(is_open(wrong(5, Some(100)), true, at(99)), "a known device is never locked out");
        assert!(!is_open(wrong(100, None), true, at(0)), "disabled until it is reset");
    }

    proptest! {
        #[test]
        fn a_known_device_is_kept_out_only_by_a_hundred_failures(total in 0_i64..200, until in proptest::option::of(0_i64..1000), now in 0_i64..1000) {
            let open = is_open(wrong(total, until), true, Timestamp::from_secs(now));
            prop_assert_eq!(open, total < DISABLES_AFTER);
        }
    }
}
