//! Watching and muting threads and cases.

use crate::{Caller, Service};
use aivalid_model::{
    Error, Result,
    community::{Target, TargetKind, WatchLevel},
    id::UserId,
};

impl Service {
    /// Watches or mutes a thread or case, whatever it was before.
    pub async fn watch(&self, caller: &Caller, target: Target, level: WatchLevel) -> Result<()> {
        let user = caller.signed_in()?.id;
        self.watchable(target).await?;
        Ok(self.inner.stores.watches.watch_set(user, target, level, self.now()).await?)
    }

    /// Neither watches nor mutes it any more; one that was neither stays so.
    pub async fn unwatch(&self, caller: &Caller, target: Target) -> Result<()> {
        let user = caller.signed_in()?.id;
        self.watchable(target).await?;
        Ok(self.inner.stores.watches.watch_clear(user, target).await?)
    }

    /// Whether the caller watches or muted it; no query for guests.
    pub(crate) async fn my_watch(&self, caller: &Caller, target: Target) -> Result<Option<WatchLevel>> {
        match caller.id() {
            Some(user) => Ok(self.inner.stores.watches.watch_of(user, target).await?),
            None => Ok(None),
        }
    }

    /// Whoever replied watches from now on, unless they muted it. The reply is there already: should this fail, which the log
    /// then tells, sending it again would be worse than a missing watch.
    pub(super) async fn watch_replied(&self, user: UserId, target: Target) {
        if let Err(error) = self.inner.stores.watches.watch_start(user, target, self.now()).await {
            tracing::warn!(cause = %error, "a reply's author could not be made to watch");
        }
    }

    async fn watchable(&self, target: Target) -> Result<()> {
        if target.kind == TargetKind::Reply { Err(Error::NotFound) } else { self.exists(target).await }
    }
}
