//! The audit log in the hands of administrators.

use crate::{Caller, Service, store::AuditRecord};
use aivalid_model::{
    Error, Result,
    audit::{AuditEntry, AuditFilter, AuditPerson, Stretch},
    id::{AuditId, UserId},
    identity::{Permission, UserCard},
};
use std::collections::BTreeSet;

impl Service {
    /// Entries, newest first.
    pub async fn admin_audit(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Stretch<AuditEntry>> {
        caller.permitted(Permission::AuditRead)?;
        let stretch = self.audit_stretch(filter, cursor, limit).await?;
        Ok(Stretch { items: self.entries(stretch.items).await?, next: stretch.next })
    }

    /// One entry.
    pub async fn admin_audit_entry(&self, caller: &Caller, id: AuditId) -> Result<AuditEntry> {
        caller.permitted(Permission::AuditRead)?;
        let record = self.inner.stores.audit.audit_get(id).await?.ok_or(Error::NotFound)?;
        self.entries(vec![record]).await?.pop().ok_or(Error::NotFound)
    }

    /// Entries with the present names of the people in them.
    pub(super) async fn entries(&self, records: Vec<AuditRecord>) -> Result<Vec<AuditEntry>> {
        let ids: BTreeSet<UserId> = records.iter().flat_map(|record| [record.entry.actor, record.entry.subject]).flatten().collect();
        let ids: Vec<UserId> = ids.into_iter().collect();
        let cards = self.inner.stores.users.user_cards(&ids).await?;
        Ok(records.into_iter().map(|record| shown(record, &cards)).collect())
    }
}

fn shown(record: AuditRecord, cards: &[UserCard]) -> AuditEntry {
    let AuditRecord { id, entry, seal } = record;
    let person = |id: UserId| {
        let username = cards.iter().find(|card| card.id == id).map(|card| card.username.clone());
        AuditPerson { id, username }
    };
    AuditEntry {
        id,
        at: entry.at,
        event: entry.event,
        outcome: entry.outcome,
        actor: entry.actor.map(person),
        subject: entry.subject.map(person),
        target: entry.target,
        session: entry.session,
        ip: entry.ip,
        user_agent: entry.user_agent,
        request_id: entry.request_id,
        details: serde_json::from_str(&entry.details).unwrap_or_default(),
        seal,
    }
}
