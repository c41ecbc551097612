//! Reactions.

use crate::{Caller, Service};
use aivalid_model::{
    Error, Result,
    community::{ReactionKind, Reactions, Target, TargetKind},
    id::{CaseId, ThreadId},
};
use std::collections::HashMap;

impl Service {
    /// Sets the caller's reaction, replacing another, or takes it back. The new counts.
    pub async fn react(&self, caller: &Caller, target: Target, kind: Option<ReactionKind>) -> Result<Reactions> {
        let user = caller.verified()?.id;
        self.exists(target).await?;
        let (counts, tally) = self.inner.stores.replies.react(target, user, kind, self.now()).await?.ok_or(Error::NotFound)?;
        if let Some(tally) = tally {
            self.carry_tally(target, &tally).await?;
        }
        Ok(counts)
    }

    /// How many of each, and the caller's own.
    pub async fn reaction_summary(&self, caller: &Caller, target: Target) -> Result<(Reactions, Option<ReactionKind>)> {
        self.exists(target).await?;
        let counts = self.inner.stores.replies.tally(target).await?.reactions;
        Ok((counts, self.my_reaction(caller, target).await?))
    }

    pub(crate) async fn my_reaction(&self, caller: &Caller, target: Target) -> Result<Option<ReactionKind>> {
        Ok(self.my_reactions(caller, [target]).await?.remove(&target))
    }

    /// The caller's reactions to these; no query for guests.
    pub(crate) async fn my_reactions(
        &self,
        caller: &Caller,
        targets: impl IntoIterator<Item = Target>,
    ) -> Result<HashMap<Target, ReactionKind>> {
        let Some(user) = caller.id() else { return Ok(HashMap::new()) };
        let targets: Vec<Target> = targets.into_iter().collect();
        if targets.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(self.inner.stores.replies.reactions_of(user, &targets).await?.into_iter().collect())
    }

    /// Whether a thread or case can be read; replies are left to their store.
    pub(super) async fn exists(&self, target: Target) -> Result<()> {
        let found = match target.kind {
            TargetKind::Thread => self.inner.stores.threads.thread_get(ThreadId(target.id)).await?.is_some(),
            TargetKind::Case => self.inner.stores.cases.case_get(CaseId(target.id)).await?.is_some(),
            // The store that keeps replies finds out in the same step.
            TargetKind::Reply => true,
        };
        if found { Ok(()) } else { Err(Error::NotFound) }
    }
}
