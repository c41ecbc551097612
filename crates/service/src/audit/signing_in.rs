//! What signing in leaves in the log, and the patterns in it that raise an alert.

use super::Event;
use crate::{
    Caller, Service,
    identity::device_words,
    mail::{Letter, Scene},
    ports::Place,
    store::AuditRecord,
};
use aivalid_model::{
    Result,
    audit::AuditFilter,
    id::{SessionId, UserId},
};
use std::time::Duration;

/// Failures that are looked at together.
const WINDOW: Duration = Duration::from_hours(1);
/// So many accounts tried from one address within the window raise an alert: people mistype their own address, not five.
const ACCOUNTS: u64 = 5;
/// So many sign-ins back a country is remembered.
const REMEMBERED: i64 = 50;

impl Service {
    /// Somebody signed in: with which method, into which session.
    pub(crate) async fn note_sign_in(&self, caller: &Caller, user: UserId, session: SessionId, method: &str) -> Result<()> {
        let mut event = Event::new("login.done").by(user).about(user).in_session(session).detail("method", method);
        let place = self.inner.places.find(caller.ip);
        let strange = match &place {
            Some(place) => self.is_strange(user, place).await?,
            None => false,
        };
        if let Some(place) = &place {
            event = event.detail("country", place.country.as_str());
        }
        self.audit(caller, event).await?;
        match place {
            Some(place) if strange => self.alert_new_country(caller, user, session, place).await,
            _ => Ok(()),
        }
    }

    /// Whether somebody has signed in before, but never from this country. Sign-ins from nobody knows where count for nothing.
    async fn is_strange(&self, user: UserId, place: &Place) -> Result<bool> {
        let filter = AuditFilter { subject: Some(user), event: Some("login.done".to_owned()), ..AuditFilter::default() };
        let earlier = self.inner.stores.audit.audit_list(&filter, None, REMEMBERED).await?;
        let countries: Vec<String> = earlier.iter().filter_map(country).collect();
        Ok(!countries.is_empty() && !countries.contains(&place.country))
    }

    async fn alert_new_country(&self, caller: &Caller, user: UserId, session: SessionId, place: Place) -> Result<()> {
        let event = Event::new("alert.new_country").by(user).about(user).in_session(session).detail("name", place.words.as_str());
        self.audit(caller, event.detail("country", place.country)).await?;
        let Some(user) = self.inner.stores.users.user_by_id(user).await? else { return Ok(()) };
        let place = format!("{} ({})", place.words, caller.ip);
        let scene = Scene { at: self.now(), zone: user.time_zone, device: device_words(&caller.user_agent), place };
        let letter = Letter::NewCountry { username: user.card.username.clone(), scene };
        self.post_to(&user, user.locale.unwrap_or_default(), letter).await
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

/// The country that an entry of a sign-in names.
fn country(record: &AuditRecord) -> Option<String> {
    let details: serde_json::Value = serde_json::from_str(&record.entry.details).ok()?;
    details.get("country")?.as_str().map(str::to_owned)
}
