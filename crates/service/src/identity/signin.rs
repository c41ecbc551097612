//! Signing in: the first factor, the second where there is one, and the session that comes of it.

use super::{
    keys::{REFRESH_LIFE, digest},
    pending::PendingSignIn,
};
use crate::{
    Caller, Service,
    audit::Event,
    store::{NewSession, User},
};
use aivalid_model::{
    Result, Timestamp,
    id::SessionId,
    identity::{IdentityError, Level, Login, Me, Method, Methods, SecondFactor, Token, TokenPair},
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
    /// How many older sessions ended to make room for it.
    pub replaced: usize,
    /// The account lost its second factor to a recovery and has no other yet: a good moment to set one up.
    pub recovered: bool,
}

/// What came of a first factor.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// It was enough.
    Done(Box<SignedInNow>),
    /// The account has a second factor: show it with this token within five minutes.
    SecondFactor {
        /// For the second step; used once.
        token: String,
        /// What can be shown.
        methods: Vec<Method>,
    },
}

impl Service {
    /// Signs in with e-mail and password. Unknown accounts take as long and answer the same as wrong passwords.
    pub async fn login(&self, caller: &Caller, login: Login) -> Result<SignIn> {
        self.refused_evenly(Box::pin(self.login_by_password(caller, login))).await
    }

    async fn login_by_password(&self, caller: &Caller, login: Login) -> Result<SignIn> {
        let limits = &self.inner.settings.limits;
        let device = caller.device.as_deref().unwrap_or("-");
        self.admit(&format!("login:ip:{}", caller.network()), limits.login_ip).await?;
        self.admit(&format!("login:acc:{}:{device}", login.email.as_str()), limits.login_account).await?;

        let user = self.inner.stores.users.user_by_email(login.email.as_str()).await?;
        let typed = login.password.as_ref().map_or("", |password| password.expose());
        let fits = self.judge_password(caller, login.email.as_str(), user.as_ref(), typed).await?;
        let account = user.as_ref().map(|user| user.card.id);
        let (true, Some(mut user)) = (fits, user) else {
            self.note_failed_sign_in(caller, account, login.email.as_str(), "password").await?;
            return Err(IdentityError::BadCredentials.into());
        };

        if let Some(old) = user.password_hash.as_deref().filter(|phc| self.inner.hasher.is_outdated(phc)) {
            let new = self.inner.hasher.hash(typed, self.inner.random.bytes()).await?;
            self.inner.stores.users.user_rehash(user.card.id, old, &new).await?;
            user.password_hash = Some(new);
        }
        self.first_factor_done(caller, user, Methods::of(Method::Password), "password").await
    }

    /// What follows every first factor, whichever it was: the second one where the account has one and the first was not
    /// two in one, otherwise the session.
    pub(crate) async fn first_factor_done(&self, caller: &Caller, user: User, methods: Methods, login_method: &str) -> Result<SignIn> {
        if methods.level() < Level::Two {
            let second = self.second_step(&user, methods).await?;
            if !second.is_empty() {
                let pending = PendingSignIn::new(caller, &user, methods, login_method, self.now());
                return Ok(SignIn::SecondFactor { token: self.pend(&pending).await?, methods: second });
            }
        }
        Ok(SignIn::Done(Box::new(self.signed_in(caller, user, methods, login_method).await?)))
    }

    /// The second step of signing in. A wrong code leaves the sign-in waiting; the right one uses its token up.
    pub async fn login_second(&self, caller: &Caller, token: &Token, factor: &SecondFactor) -> Result<SignedInNow> {
        self.admit(&format!("second:ip:{}", caller.network()), self.inner.settings.limits.login_ip).await?;
        let (pending, user) = self.pending(caller, token).await?;
        if let Err(error) = self.check_second_factor(caller, pending.user, factor).await {
            if error == IdentityError::BadCode.into() {
                self.note_failed_sign_in(caller, Some(pending.user), user.known_as(), factor.method().word()).await?;
            }
            return Err(error);
        }
        self.second_shown(caller, user, token, factor.method()).await
    }

    /// What can be shown after a first factor: a code of the app, where the account has one. Without one, a password that was set
    /// with a mailed link needs a passkey beside it, where the account has any: whoever reads somebody's mail has but one factor.
    pub(super) async fn second_step(&self, user: &User, first: Methods) -> Result<Vec<Method>> {
        let codes = self.second_factors(user.card.id).await?;
        if codes.is_empty() && first.has(Method::Password) && self.needs_passkey(user).await? {
            return Ok(vec![Method::Passkey]);
        }
        Ok(codes)
    }

    /// Whether an account's password is worth nothing without one of its passkeys.
    pub(super) async fn needs_passkey(&self, user: &User) -> Result<bool> {
        Ok(user.password_mailed && self.has_passkey(user.card.id).await?)
    }

    /// The second factor was right: the sign-in that waited is finished, once.
    pub(super) async fn second_shown(&self, caller: &Caller, user: User, token: &Token, second: Method) -> Result<SignedInNow> {
        let pending = self.pending_done(token).await?;
        if pending.methods.has(Method::Password) {
            self.password_proven(&user).await?;
            if let (true, Some(hash)) = (user.password_mailed, user.password_hash.as_deref()) {
                self.inner.stores.credentials.mailed_password_proven(user.card.id, hash).await?;
            }
        }
        self.signed_in(caller, user, pending.methods.and(second), &pending.login_method).await
    }

    /// The session of somebody who proved who they are; where the account is suspended, they are told so instead.
    async fn signed_in(&self, caller: &Caller, user: User, methods: Methods, login_method: &str) -> Result<SignedInNow> {
        let (now, first) = (self.now(), user.last_login_at.is_none());
        if let Some(suspension) = user.suspended(now).cloned() {
            return Err(self.refuse_suspended(caller, user, suspension, login_method).await?);
        }
        self.inner.stores.users.user_signed_in(user.card.id, now).await?;
        // A client that signs in anew has no use for the session that it had, its own or somebody else's (OWASP ASVS 7.2.4).
        let fresh = self.open_session(caller, user, methods, login_method, now).await?;
        self.note_sign_in(caller, fresh.user.card.id, fresh.session, login_method).await?;
        self.note_device(caller, fresh.user.card.id, first).await?;
        Ok(fresh)
    }

    async fn open_session(&self, caller: &Caller, user: User, methods: Methods, login_method: &str, now: Timestamp) -> Result<SignedInNow> {
        let id = SessionId(self.inner.random.int53());
        let jti = self.inner.random.secret("");
        let session = NewSession {
            id,
            user: user.card.id,
            login_method: login_method.to_owned(),
            device: caller.device.clone(),
            ip: caller.ip.to_string(),
            user_agent: caller.user_agent.clone(),
            methods,
            refresh: digest(&jti),
            now,
            expires_at: now.plus(SESSION_LIFE),
            instead_of: caller.user.as_ref().and_then(|earlier| earlier.session().ok()),
        };
        // Before and after: whatever fails in between, no instance believes the earlier one.
        if let Some(old) = session.instead_of {
            self.inner.stores.session_cache.session_forget(old).await?;
        }
        let ended = self.inner.stores.sessions.session_open(&session, self.inner.settings.live_sessions).await?;
        for old in ended.iter().chain(&session.instead_of) {
            self.inner.stores.session_cache.session_forget(*old).await?;
        }
        if let (Some(old), Some(earlier)) = (session.instead_of, &caller.user) {
            self.audit(caller, Event::new("session.succeeded").about(earlier.id).on("session", old)).await?;
        }
        let recovered = user.recovered_at.is_some() && methods.level() < Level::Two;
        let tokens = self.token_pair(&user, id, session.device.as_deref(), &jti, now, session.expires_at)?;
        Ok(SignedInNow { user: self.me_of(user), session: id, tokens, replaced: ended.len(), recovered })
    }

    /// Ends the caller's session, on every instance, before it returns.
    pub async fn logout(&self, caller: &Caller) -> Result<()> {
        let user = caller.in_person()?;
        let session = user.session()?;
        self.end_session(user.id, session, "logout").await?;
        self.audit(caller, Event::new("session.signed_out").about(user.id)).await
    }

    /// When a refresh token made at a time ends: after 7 days, or with its session.
    pub(super) fn refresh_end(made: Timestamp, session_end: Timestamp) -> Timestamp {
        made.plus(REFRESH_LIFE).min(session_end)
    }
}
