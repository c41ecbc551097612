//! Signing in with a password, and out again.

use super::keys::{REFRESH_LIFE, digest};
use crate::{Caller, Service, audit::Event, store::NewSession};
use aivalid_model::{
    Result, Timestamp,
    id::{SessionId, UserId},
    identity::{IdentityError, Login, Me, TokenPair},
};
use std::time::Duration;

/// How long a session lives at most.
pub(super) const SESSION_LIFE: Duration = Duration::from_hours(720);

/// A fresh session.
#[derive(Clone, Debug)]
pub struct SignedInNow {
    /// The account.
    pub user: Me,
    /// The session.
    pub session: SessionId,
    /// Its first tokens.
    pub tokens: TokenPair,
}

impl Service {
    /// Signs in with e-mail and password. Unknown accounts take as long and answer the same as wrong passwords.
    pub async fn login(&self, caller: &Caller, login: Login) -> Result<SignedInNow> {
        let limits = &self.inner.settings.limits;
        let device = caller.device.as_deref().unwrap_or("-");
        self.admit(&format!("login:ip:{}", caller.ip), limits.login_ip).await?;
        self.admit(&format!("login:acc:{}:{device}", login.email.as_str()), limits.login_account).await?;

        let user = self.inner.stores.users.user_by_email(login.email.as_str()).await?;
        let known = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let typed = login.password.as_ref().map_or("", |password| password.expose());
        let fits = self.inner.hasher.verify(typed, known).await?;
        let account = user.as_ref().map(|user| user.card.id);
        let (true, Some(user)) = (fits, user) else {
            self.note_failed_sign_in(caller, account, login.email.as_str(), "password").await?;
            return Err(IdentityError::BadCredentials.into());
        };

        if let Some(old) = user.password_hash.as_deref().filter(|phc| self.inner.hasher.is_outdated(phc)) {
            let new = self.inner.hasher.hash(typed, self.inner.random.bytes()).await?;
            self.inner.stores.users.user_rehash(user.card.id, old, &new).await?;
        }
        let now = self.now();
        self.inner.stores.users.user_signed_in(user.card.id, now).await?;
        let (session, tokens) = self.open_session(caller, user.card.id, &user, now).await?;
        self.note_sign_in(caller, user.card.id, session, "password").await?;
        Ok(SignedInNow { user: self.me_of(user), session, tokens })
    }

    async fn open_session(
        &self,
        caller: &Caller,
        user: UserId,
        account: &crate::store::User,
        now: Timestamp,
    ) -> Result<(SessionId, TokenPair)> {
        let id = SessionId(self.inner.random.int53());
        let jti = self.inner.random.secret("");
        let session = NewSession {
            id,
            user,
            login_method: "password".to_owned(),
            device: caller.device.clone(),
            ip: caller.ip.to_string(),
            user_agent: caller.user_agent.clone(),
            refresh: digest(&jti),
            now,
            expires_at: now.plus(SESSION_LIFE),
        };
        for ended in self.inner.stores.sessions.session_open(&session, self.inner.settings.live_sessions).await? {
            self.inner.stores.session_cache.session_forget(ended).await?;
        }
        let tokens = self.token_pair(account, id, session.device.as_deref(), &jti, now, session.expires_at)?;
        Ok((id, tokens))
    }

    /// Ends the caller's session, on every instance, before it returns.
    pub async fn logout(&self, caller: &Caller) -> Result<()> {
        let user = caller.signed_in()?;
        self.inner.stores.sessions.session_revoke(user.id, user.session, "logout", self.now()).await?;
        self.inner.stores.session_cache.session_forget(user.session).await?;
        self.audit(caller, Event::new("session.signed_out").about(user.id)).await
    }

    /// When a refresh token made at a time ends: after 7 days, or with its session.
    pub(super) fn refresh_end(made: Timestamp, session_end: Timestamp) -> Timestamp {
        made.plus(REFRESH_LIFE).min(session_end)
    }
}
