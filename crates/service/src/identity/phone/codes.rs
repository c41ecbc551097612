//! Sending codes, and judging those that are shown.

use super::{
    Flow,
    guard::{Guard, Verdict},
};
use crate::{
    Caller, Service,
    jobs::JobKind,
    limits::refused,
    sms::SmsText,
    store::{Admission, PhoneGuard},
};
use aivalid_model::{
    Error, Result, Timestamp,
    check::{Check, Problem},
    id::UserId,
    identity::{IdentityError, PhoneCode, PhoneNumber, ShownPhoneCode},
};

/// How often a change is tried that others keep getting ahead of.
const TURNS: usize = 8;

impl Service {
    /// Sends a code to a number. Whether the number has an account makes no difference to anything here.
    pub(super) async fn phone_code_send(
        &self,
        caller: &Caller,
        flow: Flow,
        owner: Option<UserId>,
        phone: &PhoneNumber,
        text: impl FnOnce(&PhoneCode) -> SmsText,
    ) -> Result<()> {
        self.otp_needed()?;
        if !self.otp_countries().iter().any(|country| country.iso == phone.country()) {
            return Err(Error::field("phone_number", Problem::UnknownValue));
        }
        let limits = &self.inner.settings.limits;
        let key = self.phone_key(phone);
        self.admit(&format!("otp:send:ip:{}", caller.network()), limits.otp_send_ip).await?;
        self.admit(&format!("otp:send:phone:{key}"), limits.otp_send_phone).await?;
        self.admit("otp:send:all", limits.otp_send_all).await?;
        let code = PhoneCode::check(format!("{:06}", self.inner.random.int53() % 1_000_000)).map_err(|_| Error::Internal)?;
        let mac = self.inner.keys.phone_code(flow.word(), owner, phone.as_str(), code.expose());
        let job = self.sms(phone, caller.lang, text(&code))?;
        for _ in 0..TURNS {
            let (version, guard) = self.phone_guard(&key).await?;
            let next = guard.sent(flow, mac.clone(), self.now()).map_err(|until| self.closed(until))?;
            if self.phone_guard_set(&key, version, &next, Some(&job)).await? {
                self.wake(JobKind::Sms);
                return Ok(());
            }
        }
        Err(Error::Unavailable { retry_after: 1 })
    }

    /// Judges a code that is shown. The right one is used up: of racing showings one gets through.
    pub(super) async fn phone_code_judge(&self, caller: &Caller, flow: Flow, owner: Option<UserId>, shown: &ShownPhoneCode) -> Result<()> {
        self.otp_needed()?;
        let limits = &self.inner.settings.limits;
        self.admit(&format!("otp:verify:ip:{}", caller.network()), limits.otp_verify_ip).await?;
        let key = self.phone_key(&shown.phone);
        let mac = self.inner.keys.phone_code(flow.word(), owner, shown.phone.as_str(), shown.code.expose());
        for _ in 0..TURNS {
            let (version, guard) = self.phone_guard(&key).await?;
            let (verdict, next) = guard.tried(flow, &mac, limits.otp_failures, self.now());
            if next != guard && !self.phone_guard_set(&key, version, &next, None).await? {
                continue;
            }
            return match verdict {
                Verdict::Right => Ok(()),
                Verdict::Wrong => Err(IdentityError::BadPhoneCode.into()),
                Verdict::Closed(until) => Err(self.closed(until)),
            };
        }
        Err(Error::Unavailable { retry_after: 1 })
    }

    /// Deletes what is kept of numbers and means nothing any more; a job's work. How many.
    pub async fn sweep_phone_guards(&self) -> Result<u64> {
        Ok(self.inner.stores.phones.phone_guards_sweep(self.now()).await?)
    }

    /// Under which name a number is counted.
    pub(super) fn phone_key(&self, phone: &PhoneNumber) -> String {
        self.inner.keys.pseudonym(&format!("phone {}", phone.as_str()))
    }

    async fn phone_guard(&self, key: &str) -> Result<(Option<i64>, Guard)> {
        let Some(PhoneGuard { version, state }) = self.inner.stores.phones.phone_guard(key.as_bytes()).await? else {
            return Ok((None, Guard::default()));
        };
        let guard = serde_json::from_str(&state).map_err(|error| {
            tracing::error!(%error, "what is kept of a phone number can't be read");
            Error::Internal
        })?;
        Ok((Some(version), guard))
    }

    async fn phone_guard_set(&self, key: &str, from: Option<i64>, guard: &Guard, job: Option<&crate::store::NewJob>) -> Result<bool> {
        let state = serde_json::to_string(guard).map_err(|_| Error::Internal)?;
        let keep_until = guard.keep_until(self.inner.settings.limits.otp_failures);
        Ok(self.inner.stores.phones.phone_guard_put(key.as_bytes(), from, &state, keep_until, job).await?)
    }

    /// Too many wrong codes: there are none for the number until then.
    fn closed(&self, until: Timestamp) -> Error {
        let admission = Admission { allowed: false, remaining: 0, retry_after: until.since(self.now()) };
        refused(self.inner.settings.limits.otp_failures, admission)
    }
}
