//! What signing in leaves in the log, and the patterns in it that raise an alert.

use super::Event;
use crate::{Caller, Service};
use aivalid_model::{
    Result,
    id::{SessionId, UserId},
};
use std::time::Duration;

/// Failures that are looked at together.
const WINDOW: Duration = Duration::from_hours(1);
/// So many accounts tried from one address within the window raise an alert: people mistype their own address, not five.
const ACCOUNTS: u64 = 5;

impl Service {
    /// Somebody signed in: with which method, into which session.
    pub(crate) async fn note_sign_in(&self, caller: &Caller, user: UserId, session: SessionId, method: &str) -> Result<()> {
        let event = Event::new("login.done").by(user).about(user).in_session(session).detail("method", method);
        self.audit(caller, event).await
    }

    /// Somebody did not get in. `account` is whose account the typed address or name belongs to, if anybody's: the entry
    /// holds the typed text only as a pseudonym, since people type passwords into the wrong field.
    pub(crate) async fn note_failed_sign_in(&self, caller: &Caller, account: Option<UserId>, typed: &str, method: &str) -> Result<()> {
        let mut event = Event::failed("login.failed").on("address", self.inner.keys.pseudonym(typed)).detail("method", method);
        if let Some(account) = account {
            event = event.about(account);
        }
        self.audit(caller, event).await?;
        self.watch_failures(caller).await
    }

    /// Many accounts tried from one address: once in each window, that is an alert.
    async fn watch_failures(&self, caller: &Caller) -> Result<()> {
        let (audit, since, ip) = (&self.inner.stores.audit, self.now().minus(WINDOW), caller.ip.to_string());
        let failures = audit.audit_failures("login.failed", &ip, since).await?;
        if failures.targets < ACCOUNTS || audit.audit_failures("alert.many_accounts", &ip, since).await?.count > 0 {
            return Ok(());
        }
        tracing::warn!(%ip, accounts = failures.targets, "sign-ins to many accounts fail from one address");
        let event = Event::failed("alert.many_accounts").detail("accounts", failures.targets).detail("failures", failures.count);
        self.audit(caller, event).await
    }
}
