//! Live sessions: recognised at every request, refreshed, listed and ended.

use super::keys::{ACCESS_LIFE, AccessClaims, Keys, RefreshClaims, digest};
use crate::{
    Caller, Service, SignedIn, Via,
    audit::Event,
    mail::Letter,
    store::{CachedSession, Rotation, Session, User},
};
use aivalid_model::{
    Error, Result, Timestamp,
    id::{SessionId, UserId},
    identity::{IdentityError, Level, Method, Permissions, SUDO_LIFE, Scope, Scopes, SessionFacts, SessionView, Shown, TokenPair},
};
use std::time::Duration;

/// How long a browser keeps the session's cookies: as long as a refresh token can live.
pub const SESSION_COOKIE_LIFE: Duration = super::keys::REFRESH_LIFE;
/// Losers of a race, and clients that lost an answer, get the same successor for so long.
const SAME_SUCCESSOR: Duration = Duration::from_secs(30);
/// How long a live session is believed without asking the database. Revocation does not wait for it.
const BELIEVED: Duration = Duration::from_mins(5);
/// How often the database learns that a session is used.
const TOUCH: Duration = Duration::from_mins(5);

/// What refreshing gives.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The new pair.
    pub tokens: TokenPair,
    /// Whose.
    pub user: UserId,
    /// Seconds until the access token ends.
    pub expires_in: u64,
}

impl Service {
    /// Who an access token stands for, if it is ours, current, and its session is live. `None` is not an error: pages go on
    /// as for a guest, and what needs a user says so itself.
    pub async fn authenticate(&self, caller: &Caller, access: &str) -> Result<Option<SignedIn>> {
        let now = self.now();
        let Some(claims) = self.inner.keys.read_access(access, &self.inner.settings.origin, now) else { return Ok(None) };
        let cache = &self.inner.stores.session_cache;
        let id = claims.session_id;
        let session = if let Some(session) = cache.session_recall(id).await? {
            session
        } else {
            let Some(session) = self.live_session(id, now).await? else { return Ok(None) };
            cache.session_remember(id, &session, BELIEVED).await?;
            session
        };
        if session.user != claims.user_id || session.expires_at <= now.0 {
            return Ok(None);
        }
        if now.since(Timestamp(session.touched_at)) > TOUCH {
            self.inner.stores.sessions.session_touch(id, &caller.ip.to_string(), &caller.user_agent, now).await?;
            let touched = CachedSession { touched_at: now.0, ..session.clone() };
            cache.session_remember(id, &touched, BELIEVED).await?;
        }
        Ok(Some(SignedIn {
            id: session.user,
            username: session.username,
            full_name: session.full_name,
            avatar_url: session.avatar_url,
            via: Via::Session(id),
            scopes: Scopes::ALL,
            shown: Shown {
                methods: session.methods,
                authenticated_at: Timestamp(session.authenticated_at),
                elevated_at: session.elevated_at.map(Timestamp),
                elevated_by: session.elevated_by,
            },
            permissions: session.permissions,
            email_verified: session.email_verified,
            since: Timestamp(session.since),
            kyc_level: session.kyc_level,
            time_zone: session.time_zone,
            locale: session.locale,
            recovery: session.recovery.map(Timestamp),
        }))
    }

    async fn live_session(&self, id: SessionId, now: Timestamp) -> Result<Option<CachedSession>> {
        let Some(session) = self.inner.stores.sessions.session_get(id).await? else { return Ok(None) };
        if session.revoked_at.is_some() || session.expires_at <= now {
            return Ok(None);
        }
        let user = self.inner.stores.users.user_by_id(session.user).await?;
        // A sign-in that was under way when the account was suspended may have left a session behind.
        let Some(user) = user.filter(|user| user.suspended(now).is_none()) else { return Ok(None) };
        Ok(Some(CachedSession {
            user: session.user,
            username: user.card.username,
            full_name: user.card.full_name,
            avatar_url: user.card.avatar_url,
            permissions: user.role.permissions(),
            email_verified: user.email_verified,
            since: user.created_at.0,
            kyc_level: user.kyc_level,
            time_zone: user.time_zone,
            locale: user.locale,
            methods: session.methods,
            authenticated_at: session.authenticated_at.0,
            elevated_at: session.elevated_at.map(|at| at.0),
            elevated_by: session.elevated_by,
            expires_at: session.expires_at.0,
            touched_at: session.last_active_at.0,
            recovery: session.recovery_until.map(|until| until.0),
        }))
    }

    /// A new pair for a refresh token. Of racing requests with one token all get the same successor; a token that was
    /// used up earlier ends its session, because two parties hold it.
    pub async fn refresh(&self, caller: &Caller, token: &str) -> Result<Refreshed> {
        let now = self.now();
        let claims = self.inner.keys.read_refresh(token, &self.inner.settings.origin, now)?;
        let revoked = || Error::from(IdentityError::SessionRevoked);
        let shown = digest(&claims.jti);
        let _turn = self.inner.refreshes.of(claims.session_id).await;
        // Each turn either answers or lost a race against another request; the winner's step is there at the next turn.
        for _ in 0..3 {
            let session = self.inner.stores.sessions.session_get(claims.session_id).await?.ok_or_else(revoked)?;
            if session.user != claims.user_id || session.revoked_at.is_some() || session.expires_at <= now {
                let reason = session.revoked_reason.as_deref().filter(|_| session.user == claims.user_id);
                return Err(match reason {
                    Some(Session::LIMIT) => IdentityError::SessionReplaced.into(),
                    Some(Session::SUCCEEDED) => IdentityError::SessionSucceeded.into(),
                    _ => revoked(),
                });
            }
            let next = self.inner.keys.successor(&claims.jti);
            if session.refresh == shown {
                self.admit_refresh(caller, session.user).await?;
                let step = Rotation { from: shown.clone(), to: digest(&next), now };
                if self.inner.stores.sessions.session_rotate(session.id, &step).await? {
                    self.inner.stores.sessions.session_touch(session.id, &caller.ip.to_string(), &caller.user_agent, now).await?;
                    return self.refreshed(&session, &next, now).await;
                }
            } else if session.refresh_parent.as_deref() == Some(&shown) {
                // The token's successor was never used: its holder lost the answer, or lost a race.
                if now.since(session.rotated_at) <= SAME_SUCCESSOR {
                    return self.refreshed(&session, &next, session.rotated_at).await;
                }
                self.admit_refresh(caller, session.user).await?;
                if self.inner.stores.sessions.session_renew(session.id, session.rotated_at, now).await? {
                    return self.refreshed(&session, &next, now).await;
                }
            } else {
                self.end_reused(caller, &session).await?;
                return Err(revoked());
            }
        }
        Err(Error::Unavailable { retry_after: 1 })
    }

    async fn admit_refresh(&self, caller: &Caller, user: UserId) -> Result<()> {
        let limits = &self.inner.settings.limits;
        self.admit(&format!("refresh:ip:{}", caller.network()), limits.refresh_ip).await?;
        self.admit(&format!("refresh:u:{user}"), limits.refresh_user).await
    }

    async fn refreshed(&self, session: &Session, jti: &str, made: Timestamp) -> Result<Refreshed> {
        let user = self.inner.stores.users.user_by_id(session.user).await?;
        let user = user.filter(|user| user.suspended(self.now()).is_none()).ok_or(IdentityError::SessionRevoked)?;
        let tokens = self.token_pair(&user, session.id, session.device.as_deref(), jti, made, session.expires_at)?;
        Ok(Refreshed { tokens, user: session.user, expires_in: ACCESS_LIFE.as_secs() })
    }

    /// Somebody showed a refresh token that was used up before its successor was used: the session ends and its owner is told.
    async fn end_reused(&self, caller: &Caller, session: &Session) -> Result<()> {
        tracing::warn!(session = session.id.0, user = session.user.0, "a used refresh token came back; the session was ended");
        self.end_session(session.user, session.id, "refresh_reuse").await?;
        self.audit(caller, Event::failed("alert.token_reused").about(session.user).in_session(session.id)).await?;
        if let Some(user) = self.inner.stores.users.user_by_id(session.user).await? {
            let letter = Letter::SessionReuse { username: user.card.username.clone(), ip: caller.ip.to_string() };
            self.post_to(&user, user.locale.unwrap_or_default(), letter).await?;
        }
        Ok(())
    }

    /// The two tokens that belong to a refresh token's id and time: byte for byte the same whenever they are made.
    pub(super) fn token_pair(
        &self,
        user: &User,
        session: SessionId,
        device: Option<&str>,
        jti: &str,
        made: Timestamp,
        session_end: Timestamp,
    ) -> Result<TokenPair> {
        let keys = &self.inner.keys;
        let (iss, aud, iat) = (Keys::issuer().to_owned(), self.inner.settings.origin.clone(), made.secs());
        let access = keys.sign_access(&AccessClaims {
            user_id: user.card.id,
            email: user.email.clone(),
            jti: keys.access_id(jti, made),
            kind: "access".to_owned(),
            session_id: session,
            device_id: device.map(str::to_owned),
            kyc_status: user.kyc_status.as_str().to_owned(),
            kyc_level: user.kyc_level.number(),
            permissions: user.role.permissions().names().into_iter().map(str::to_owned).collect(),
            scopes: scopes_of(user.role.permissions()).list().into_iter().map(|scope| scope.as_str().to_owned()).collect(),
            phone_number: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            country_code: user.phone.as_ref().map(|phone| phone.country().to_owned()),
            iss: iss.clone(),
            aud: aud.clone(),
            iat,
            nbf: iat,
            exp: made.plus(ACCESS_LIFE).min(session_end).secs(),
        })?;
        let refresh = keys.sign_refresh(&RefreshClaims {
            user_id: user.card.id,
            session_id: session,
            jti: jti.to_owned(),
            kind: "refresh".to_owned(),
            iss,
            aud,
            iat,
            nbf: iat,
            exp: Self::refresh_end(made, session_end).secs(),
        })?;
        Ok(TokenPair { access, refresh })
    }

    /// What the caller's request acts with.
    pub fn session_facts(&self, caller: &Caller) -> Result<SessionFacts> {
        let user = caller.signed_in()?;
        let (session_id, api_token_id) = match user.via {
            Via::Session(id) => (Some(id), None),
            Via::Token(id) => (None, Some(id)),
        };
        let owned = |words: Vec<&'static str>| words.into_iter().map(str::to_owned).collect();
        Ok(SessionFacts {
            user_id: user.id,
            username: user.username.clone(),
            session_id,
            api_token_id,
            amr: owned(Method::ALL.into_iter().filter(|method| user.shown.methods.has(*method)).map(Method::word).collect()),
            assurance_level: if user.shown.methods.level() >= Level::Two { 2 } else { 1 },
            authenticated_at: user.shown.authenticated_at,
            elevated_until: user.shown.elevated_at.map(|at| at.plus(SUDO_LIFE)).filter(|end| *end > self.now()),
            scopes: user.scopes.list(),
            permissions: owned(user.permissions.names()),
            email_verified: user.email_verified,
            kyc_level: user.kyc_level,
        })
    }

    /// The caller's live sessions, last used first.
    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<SessionView>> {
        let user = caller.in_person()?;
        let sessions = self.inner.stores.sessions.session_list(user.id, self.now()).await?;
        Ok(sessions.into_iter().map(|session| self.session_view(caller, session)).collect())
    }

    /// A session as people see it.
    pub(crate) fn session_view(&self, caller: &Caller, session: Session) -> SessionView {
        SessionView {
            id: session.id,
            user_id: session.user,
            login_method: session.login_method,
            device: device_words(&session.user_agent),
            place: session.ip.parse().ok().and_then(|ip| self.inner.places.find(ip)).map(|place| place.words),
            ip: session.ip,
            created_at: session.created_at,
            last_active_at: session.last_active_at,
            expires_at: session.expires_at,
            current: caller.user.as_ref().is_some_and(|user| user.via == Via::Session(session.id)),
        }
    }

    /// Ends one of the caller's sessions, on every instance, before it returns.
    pub async fn session_end(&self, caller: &Caller, id: SessionId) -> Result<()> {
        let user = caller.in_person()?;
        if !self.end_session(user.id, id, "ended_by_owner").await? {
            return Err(Error::NotFound);
        }
        self.audit(caller, Event::new("session.ended").about(user.id).on("session", id)).await
    }

    /// Ends all of the caller's sessions, or all but the present one.
    pub async fn session_end_all(&self, caller: &Caller, keep_current: bool) -> Result<()> {
        let user = caller.in_person()?;
        let ended = self.end_sessions(user.id, keep_current.then_some(user.session()?), "ended_by_owner").await?;
        self.audit(caller, Event::new("session.all_ended").about(user.id).detail("count", ended)).await
    }

    /// Deletes sessions that ended more than a week ago; a job's work. How many.
    pub async fn sweep_sessions(&self) -> Result<u64> {
        let before = self.now().minus(Duration::from_hours(168));
        Ok(self.inner.stores.sessions.session_sweep(before).await?)
    }
}

/// What there is to be allowed for somebody with these permissions.
pub(super) fn scopes_of(permissions: Permissions) -> Scopes {
    if permissions == Permissions::default() { Scopes::ALL.without(Scope::Admin) } else { Scopes::ALL }
}

/// Browser and system in words. Only for their owner to recognise; nothing depends on it.
pub(crate) fn device_words(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")];
    let find = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => user_agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::device_words;

    #[test]
    fn browsers_are_recognised() {
        assert_eq!(
            device_words("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"),
            "Chrome, Android"
        );
        assert_eq!(
            device_words("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17 Safari/605.1.15"),
            "Safari, macOS"
        );
        assert_eq!(device_words("curl/8.5"), "curl");
        assert_eq!(device_words(""), "");
    }
}
