//! An event on its way into the log.

use super::mask;
use crate::{Caller, Via, store::NewAuditEntry};
use aivalid_model::{
    Timestamp,
    audit::{AuditTarget, Outcome},
    id::{SessionId, UserId},
};
use serde_json::{Map, Value};

/// Something that happened. Who, from where and in which request are taken from the caller.
#[derive(Clone, Debug)]
#[must_use = "an event is in the log once it is passed to `Service::audit`"]
pub struct Event {
    name: &'static str,
    outcome: Outcome,
    actor: Option<UserId>,
    subject: Option<UserId>,
    target: Option<AuditTarget>,
    session: Option<SessionId>,
    details: Map<String, Value>,
}

impl Event {
    /// Something that came about: `area.what`, in lower case.
    pub fn new(name: &'static str) -> Self {
        Self { name, outcome: Outcome::Done, actor: None, subject: None, target: None, session: None, details: Map::new() }
    }

    /// Something that was tried and refused.
    pub fn failed(name: &'static str) -> Self {
        Self { outcome: Outcome::Failed, ..Self::new(name) }
    }

    /// Done by this user, where the caller is not (yet) signed in as them.
    pub const fn by(mut self, user: UserId) -> Self {
        self.actor = Some(user);
        self
    }

    /// Concerns this user's account: they see it among their security events.
    pub const fn about(mut self, user: UserId) -> Self {
        self.subject = Some(user);
        self
    }

    /// Is about something besides an account.
    pub fn on(mut self, kind: &str, id: impl ToString) -> Self {
        self.target = Some(AuditTarget { kind: kind.to_owned(), id: id.to_string() });
        self
    }

    /// In this session, where it is not the caller's.
    pub const fn in_session(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// With more to say. E-mail addresses and telephone numbers are masked, wherever they stand in the value; secrets do not
    /// belong here at all.
    pub fn detail(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.details.insert(key.to_owned(), mask::value(value.into()));
        self
    }

    pub(super) fn into_entry(self, caller: &Caller, at: Timestamp) -> NewAuditEntry {
        let (mut details, mut session) = (self.details, None);
        match caller.user.as_ref().map(|user| user.via) {
            Some(Via::Session(id)) => session = Some(id),
            Some(Via::Token(id)) => drop(details.insert("api_token".to_owned(), id.0.into())),
            None => {}
        }
        NewAuditEntry {
            at,
            event: self.name.to_owned(),
            outcome: self.outcome,
            actor: self.actor.or_else(|| caller.id()),
            subject: self.subject,
            target: self.target,
            session: self.session.or(session),
            ip: caller.ip.to_string(),
            user_agent: caller.user_agent.clone(),
            request_id: caller.request_id.clone(),
            details: Value::Object(details).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_who_and_masks_what_is_personal() {
        let event = Event::failed("login.failed").about(UserId(7)).on("address", "9f").detail("email", "budi@contoh.id").detail("n", 3);
        let entry = event.into_entry(&Caller::guest(), Timestamp(5));
        assert_eq!((entry.event.as_str(), entry.outcome, entry.actor), ("login.failed", Outcome::Failed, None));
        assert_eq!((entry.subject, entry.ip.as_str()), (Some(UserId(7)), "127.0.0.1"));
        assert_eq!(entry.details, r#"{"email":"b***@contoh.id","n":3}"#);
    }
}
