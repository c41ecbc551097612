//! Reading one's own part of the log.

use crate::{Caller, Service, identity::device_words, store::AuditRecord};
use aivalid_model::{
    Result,
    audit::{AuditCursor, AuditFilter, SecurityEvent, Stretch},
    id::UserId,
};

impl Service {
    /// What happened to the caller's account, newest first.
    pub async fn security_events(&self, caller: &Caller, cursor: Option<&str>, limit: u32) -> Result<Stretch<SecurityEvent>> {
        let user = caller.in_person()?;
        let filter = AuditFilter { subject: Some(user.id), ..AuditFilter::default() };
        let Stretch { items, next } = self.audit_stretch(&filter, cursor, limit).await?;
        let place = |event: SecurityEvent| {
            let place = event.ip.as_deref().and_then(|ip| self.inner.places.find(ip.parse().ok()?)).map(|place| place.words);
            SecurityEvent { place, ..event }
        };
        Ok(Stretch { items: items.into_iter().map(|record| place(event_for(user.id, record))).collect(), next })
    }

    /// A stretch of entries; at most 100.
    pub(crate) async fn audit_stretch(&self, filter: &AuditFilter, cursor: Option<&str>, limit: u32) -> Result<Stretch<AuditRecord>> {
        let limit = limit.clamp(1, 100) as usize;
        let after = cursor.and_then(AuditCursor::parse);
        // One more than wanted tells whether more follow.
        let mut items = self.inner.stores.audit.audit_list(filter, after, i64::try_from(limit).unwrap_or(100) + 1).await?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| AuditCursor { at: last.entry.at, id: last.id }.text());
        Ok(Stretch { items, next })
    }
}

/// An entry as the person it concerns sees it: what somebody of the staff did comes without their address and browser.
fn event_for(owner: UserId, record: AuditRecord) -> SecurityEvent {
    let AuditRecord { id, entry, .. } = record;
    let by_staff = entry.actor.is_some_and(|actor| actor != owner);
    let shown = |text: String| Some(text).filter(|text| !by_staff && !text.is_empty());
    let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let name = ["name", "to"].iter().find_map(|key| details.get(key)?.as_str()).map(str::to_owned);
    SecurityEvent {
        id,
        at: entry.at,
        event: entry.event,
        outcome: entry.outcome,
        by_staff,
        ip: shown(entry.ip),
        place: None,
        device: shown(device_words(&entry.user_agent)),
        session: entry.session.filter(|_| !by_staff),
        name,
    }
}
