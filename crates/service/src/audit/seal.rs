//! Sealing: one instance at a time takes what was written since, in order, into the chain.

use crate::{Service, store::SealTurn};
use aivalid_model::Result;
use std::time::Duration;

/// How long an instance keeps its turn without sealing again. When it dies, another goes on after so long.
const TURN: Duration = Duration::from_secs(15);
/// How many entries are sealed in one step.
const STEP: i64 = 500;

impl Service {
    /// Seals what is unsealed; a job's work. How many entries; none while another instance has its turn.
    pub async fn seal_audit(&self) -> Result<u64> {
        let mut sealed = 0;
        loop {
            let now = self.now();
            let turn = SealTurn { sealer: self.inner.instance.clone(), now, lease_until: now.plus(TURN), limit: STEP };
            let step = self.inner.stores.audit.audit_seal(&turn).await?;
            sealed += step;
            if step < STEP.unsigned_abs() {
                return Ok(sealed);
            }
        }
    }

    /// Writes the chain's end into the server's log: whoever could make the whole chain anew can't reach what was written there
    /// and shipped elsewhere. `aivalid verify --anchor` takes it.
    pub async fn note_audit_anchor(&self) -> Result<()> {
        let head = self.inner.stores.audit.audit_head().await?;
        tracing::info!(anchor = format!("{}:{}", head.seq, head.hash), "the audit log is sealed up to here");
        Ok(())
    }
}
