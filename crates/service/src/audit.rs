//! The audit log: what happened to accounts and by whose hand.
//!
//! A use case that changes who may do what, or that tells whether somebody got in, writes an entry with
//! [`Service::audit`]. The entry is in the database before the use case answers; a moment later one instance seals it
//! into the chain of hashes ([`chain`], [`seal`]). Nobody changes or deletes entries; `aivalid verify` finds out whether
//! somebody did all the same ([`verify`]). To add an event: `Event::new("area.what")` where it happens, and its words as
//! `audit.event.area_what` in both languages; a test in the app names those that are missing.

pub mod chain;
mod event;
pub mod mask;
mod read;
mod seal;
mod signing_in;
mod verify;

pub use event::Event;
pub use verify::Verified;

use crate::{Caller, Service, store::NewAuditEntry};
use aivalid_model::Result;

impl Service {
    /// Writes an entry: what, by the caller, from where, in which request. It is kept once this returns.
    pub(crate) async fn audit(&self, caller: &Caller, event: Event) -> Result<()> {
        let entry = self.audit_entry(caller, event);
        self.inner.stores.audit.audit_append(&entry).await?;
        Ok(())
    }

    /// The entry itself, for stores that write it in the same step as the change it tells of.
    pub(crate) fn audit_entry(&self, caller: &Caller, event: Event) -> NewAuditEntry {
        event.into_entry(caller, self.now())
    }
}
