//! Figures of replies and reactions, carried from the feature store to the core store.
//!
//! The feature store changes them in the reply's own step and numbers each state. What is carried is the whole state, never
//! a difference, and the higher number wins: carrying twice, late or in the wrong order does no harm. When the process
//! dies in between, the feature store still has the figures marked as pending and [`Service::reconcile_tallies`] carries them.

use crate::Service;
use aivalid_model::{
    Result,
    community::{Tally, Target, TargetKind},
    id::{CaseId, ThreadId},
};

impl Service {
    pub(crate) async fn carry_tally(&self, target: Target, tally: &Tally) -> Result<()> {
        match target.kind {
            TargetKind::Thread => self.inner.stores.threads.thread_set_tally(ThreadId(target.id), tally).await?,
            TargetKind::Case => self.inner.stores.cases.case_set_tally(CaseId(target.id), tally).await?,
            TargetKind::Reply => {}
        }
        Ok(())
    }

    /// Carries figures that the core store may not have, and notes that it has them. A job's work; how many.
    pub async fn reconcile_tallies(&self) -> Result<usize> {
        let pending = self.inner.stores.replies.tally_pending(500).await?;
        for (target, tally) in &pending {
            self.carry_tally(*target, tally).await?;
            self.inner.stores.replies.tally_confirm(*target, tally.seq).await?;
        }
        Ok(pending.len())
    }
}
