//! Rate limits (spec section 3). Every figure can be set; tests and benches raise them.

use crate::{
    Caller, Service, SignedIn,
    store::{Admission, Limit},
};
use aivalid_model::{Error, Result};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);
const QUARTER: Duration = Duration::from_mins(15);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// The figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Signing in, for each account and unknown device.
    pub login_account: Limit,
    /// Signing in, for each address.
    pub login_ip: Limit,
    /// Showing a second factor, for each account.
    pub second_factor: Limit,
    /// Beginning anything with a passkey, for each address or user: every sign-in page that is opened begins one for autofill.
    pub passkey_begin: Limit,
    /// Registering signing keys, for each user.
    pub pqc_register: Limit,
    /// Signatures that are refused, for each user.
    pub pqc_refused: Limit,
    /// Beginning and ending sign-ins with other services, for each address.
    pub federated_ip: Limit,
    /// Codes by SMS, for each phone number.
    pub otp_send_phone: Limit,
    /// Codes by SMS, for each address.
    pub otp_send_ip: Limit,
    /// Codes by SMS in all: each costs money.
    pub otp_send_all: Limit,
    /// Showing codes from SMS, for each address.
    pub otp_verify_ip: Limit,
    /// Wrong codes from SMS for a phone number, after which there are none for it as long again.
    pub otp_failures: Limit,
    /// Refreshing, for each user.
    pub refresh_user: Limit,
    /// Refreshing, for each address.
    pub refresh_ip: Limit,
    /// Registering and asking for mails, for each e-mail address.
    pub mail_address: Limit,
    /// Registering and asking for mails, for each IP address.
    pub mail_ip: Limit,
    /// Posting, in an account's first day.
    pub post_new: Limit,
    /// Posting.
    pub post: Limit,
    /// Sending files, for each user.
    pub upload: Limit,
    /// Everything, for each user.
    pub user: Limit,
    /// Everything, for each address.
    pub ip: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |count, window| Limit { count, window };
        Self {
            login_account: limit(5, QUARTER),
            login_ip: limit(10, QUARTER),
            second_factor: limit(30, DAY),
            passkey_begin: limit(120, QUARTER),
            pqc_register: limit(20, DAY),
            pqc_refused: limit(60, QUARTER),
            federated_ip: limit(60, QUARTER),
            otp_send_phone: limit(3, HOUR),
            otp_send_ip: limit(10, HOUR),
            otp_send_all: limit(1000, MINUTE),
            otp_verify_ip: limit(20, HOUR),
            otp_failures: limit(10, DAY),
            refresh_user: limit(10, MINUTE),
            refresh_ip: limit(30, MINUTE),
            mail_address: limit(5, HOUR),
            mail_ip: limit(20, HOUR),
            post_new: limit(10, HOUR),
            post: limit(60, HOUR),
            upload: limit(30, HOUR),
            user: limit(1000, MINUTE),
            ip: limit(3000, MINUTE),
        }
    }
}

impl Limits {
    /// The same windows with `factor` times as many: for tests, benches and installations behind another limiter.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        let more = |limit: Limit| Limit { count: limit.count.saturating_mul(factor), ..limit };
        Self {
            login_account: more(self.login_account),
            login_ip: more(self.login_ip),
            second_factor: more(self.second_factor),
            passkey_begin: more(self.passkey_begin),
            pqc_register: more(self.pqc_register),
            pqc_refused: more(self.pqc_refused),
            federated_ip: more(self.federated_ip),
            otp_send_phone: more(self.otp_send_phone),
            otp_send_ip: more(self.otp_send_ip),
            otp_send_all: more(self.otp_send_all),
            otp_verify_ip: more(self.otp_verify_ip),
            otp_failures: more(self.otp_failures),
            refresh_user: more(self.refresh_user),
            refresh_ip: more(self.refresh_ip),
            mail_address: more(self.mail_address),
            mail_ip: more(self.mail_ip),
            post_new: more(self.post_new),
            post: more(self.post),
            upload: more(self.upload),
            user: more(self.user),
            ip: more(self.ip),
        }
    }
}

/// Passwords that are rated while they are typed, for each address: it costs milliseconds each.
pub(crate) const RATINGS: Limit = Limit { count: 240, window: MINUTE };

/// Archives of one's data.
pub(crate) const EXPORTS: Limit = Limit { count: 5, window: HOUR };

/// Letters about sign-ins by unknown clients, for each account, network and kind of client.
pub(crate) const STRANGE_CLIENT: Limit = Limit { count: 1, window: DAY };

/// The same for each account.
pub(crate) const STRANGE_CLIENTS: Limit = Limit { count: 20, window: DAY };

/// New requests to recover an account: each is announced to its owner several times.
pub(crate) const RECOVERIES: Limit = Limit { count: 3, window: Duration::from_hours(7 * 24) };

/// How long an account counts as new.
const NEW_ACCOUNT: Duration = Duration::from_hours(24);

impl Service {
    /// The limit on everything: by user where one is signed in, else by address. Requests of users count for their address too,
    /// and where that has no more room, its limit is the answer.
    pub async fn admit_request(&self, caller: &Caller) -> Result<(Limit, Admission)> {
        let limits = &self.inner.settings.limits;
        let (key, limit) = match caller.id() {
            Some(user) => (format!("all:u:{user}"), limits.user),
            None => (format!("all:ip:{}", caller.network()), limits.ip),
        };
        let admission = self.inner.stores.limiter.admit(&key, limit, self.now()).await?;
        if caller.user.is_some() && admission.allowed {
            let by_address = self.inner.stores.limiter.admit(&format!("all:ip:{}", caller.network()), limits.ip, self.now()).await?;
            if !by_address.allowed {
                return Ok((limits.ip, by_address));
            }
        }
        Ok((limit, admission))
    }

    /// Counts an attempt under a key, or answers 429.
    pub(crate) async fn admit(&self, key: &str, limit: Limit) -> Result<()> {
        let admission = self.inner.stores.limiter.admit(key, limit, self.now()).await?;
        if admission.allowed { Ok(()) } else { Err(refused(limit, admission)) }
    }

    /// The limit on posting.
    pub(crate) async fn admit_post(&self, caller: &Caller) -> Result<()> {
        let user = caller.verified()?;
        let limits = &self.inner.settings.limits;
        let limit = if self.now().since(user.since) < NEW_ACCOUNT { limits.post_new } else { limits.post };
        self.admit(&format!("post:u:{}", user.id), limit).await
    }

    /// The limit on sending files.
    pub(crate) async fn admit_upload(&self, user: &SignedIn) -> Result<()> {
        self.admit(&format!("upload:u:{}", user.id), self.inner.settings.limits.upload).await
    }
}

/// The error for a refused attempt.
pub fn refused(limit: Limit, admission: Admission) -> Error {
    Error::RateLimited {
        retry_after: admission.retry_after.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX).max(1),
        limit: limit.count,
        window: limit.window.as_secs(),
    }
}
