//! Ending sessions so that no instance believes them a moment longer, whatever fails in between.
//!
//! The database has the last word, and the cache that instances share must not contradict it. So a session is forgotten *before* the
//! database ends it: that leaves a mark which lasts for longer than anybody may believe a session, and where the cache can't be
//! reached nothing happens at all, so that the caller can try again. It is forgotten once more afterwards, for the case that the
//! cache was flushed in between. An instance that dies between the two leaves nothing behind that another one would believe.

use crate::Service;
use aivalid_model::{
    Result,
    id::{SessionId, UserId},
};

impl Service {
    /// Ends one session of a user, on every instance, before it returns. False when there is no such live session.
    pub(crate) async fn end_session(&self, user: UserId, id: SessionId, reason: &str) -> Result<bool> {
        let cache = &self.inner.stores.session_cache;
        cache.session_forget(id).await?;
        let ended = self.inner.stores.sessions.session_revoke(user, id, reason, self.now()).await?;
        cache.session_forget(id).await?;
        Ok(ended)
    }

    /// Ends all of a user's sessions but one, on every instance, before it returns. How many.
    pub(crate) async fn end_sessions(&self, user: UserId, except: Option<SessionId>, reason: &str) -> Result<usize> {
        self.forget_sessions_of(user).await?;
        let ended = self.inner.stores.sessions.session_revoke_all(user, except, reason, self.now()).await?;
        self.forget_ended(&ended).await?;
        Ok(ended.len())
    }

    /// Makes the next request of each of a user's sessions ask the database. It stands after what changes the account, and also before
    /// what takes something away: a role, a password, sessions.
    pub(crate) async fn forget_sessions_of(&self, user: UserId) -> Result<()> {
        for session in self.inner.stores.sessions.session_list(user, self.now()).await? {
            self.inner.stores.session_cache.session_forget(session.id).await?;
        }
        Ok(())
    }

    /// Makes sessions that the database has ended end on every instance; [`Service::forget_sessions_of`] came before.
    pub(super) async fn forget_ended(&self, ended: &[SessionId]) -> Result<()> {
        for id in ended {
            self.inner.stores.session_cache.session_forget(*id).await?;
        }
        Ok(())
    }
}
