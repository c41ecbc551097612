//! Personal API tokens: made and revoked by their owners, and shown by programs instead of a session.
//!
//! A token can do less than its owner: nothing outside its scopes, nothing that has to do with signing in, and nothing that asks
//! for a proof of who one is, which only a session can give.

use super::{digest, sessions::scopes_of};
use crate::{
    Caller, Service, SignedIn, Via,
    audit::Event,
    jobs::JobKind,
    mail::{CredentialChange, Letter},
    secret,
    store::{ApiToken, NewJob, User},
};
use aivalid_model::{
    Error, Result, Timestamp,
    check::Problem,
    id::ApiTokenId,
    identity::{ApiTokenDraft, ApiTokenMade, ApiTokenView, IdentityError, Methods, Permissions, Requirement, Scope, Shown},
};
use std::time::Duration;

/// What tokens begin with.
pub const PREFIX: &str = "avt_";
/// How many an account may have that have not ended.
const MOST: i64 = 50;
/// How often the database learns that a token is used.
const TOUCH: Duration = Duration::from_mins(5);
/// How long an ended token is still shown to its owner.
const SHOWN_AFTER_END: Duration = Duration::from_hours(30 * 24);

/// How long before its end the owner of a token is told.
const NOTICE: Duration = Duration::from_hours(7 * 24);
/// How many are told at once.
const BATCH: i64 = 100;

impl Service {
    /// Makes a token, in an elevated session. It is answered this once; its owner gets a mail.
    pub async fn api_token_make(&self, caller: &Caller, draft: ApiTokenDraft) -> Result<ApiTokenMade> {
        let now = self.now();
        let user = caller.require(Requirement::SUDO, now)?;
        if draft.scopes.has(Scope::Admin) && !scopes_of(user.permissions).has(Scope::Admin) {
            return Err(Error::field("scopes", Problem::UnknownValue));
        }
        let secret = self.inner.random.secret(PREFIX);
        let token = ApiToken {
            id: ApiTokenId(self.inner.random.int53()),
            user: user.id,
            name: draft.name.into_inner(),
            scopes: draft.scopes,
            hint: secret.chars().skip(secret.len() - 4).collect(),
            created_at: now,
            expires_at: now.plus(draft.life),
            last_used_at: None,
            last_used_ip: None,
        };
        if !self.inner.stores.api_tokens.api_token_add(&token, &digest(&secret), MOST).await? {
            return Err(IdentityError::TokenLimit.into());
        }
        let event = Event::new("token.made").about(user.id).on("api_token", token.id);
        self.audit(caller, event.detail("name", token.name.as_str()).detail("scopes", token.scopes.words())).await?;
        self.credential_changed(caller, user.id, CredentialChange::ApiTokenMade(token.name.clone())).await?;
        Ok(ApiTokenMade { token: secret, view: view(token, now) })
    }

    /// The caller's tokens, newest first.
    pub async fn api_tokens(&self, caller: &Caller) -> Result<Vec<ApiTokenView>> {
        let tokens = self.inner.stores.api_tokens.api_token_list(caller.in_person()?.id).await?;
        Ok(tokens.into_iter().map(|token| view(token, self.now())).collect())
    }

    /// Takes one of the caller's tokens away, at once. This needs no proof of who one is: it only makes things safer.
    pub async fn api_token_revoke(&self, caller: &Caller, id: ApiTokenId) -> Result<()> {
        let user = caller.in_person()?;
        let token = self.inner.stores.api_tokens.api_token_revoke(user.id, id).await?.ok_or(Error::NotFound)?;
        self.audit(caller, Event::new("token.revoked").about(user.id).on("api_token", id).detail("name", token.name.as_str())).await?;
        self.credential_changed(caller, user.id, CredentialChange::ApiTokenRevoked(token.name)).await
    }

    /// Who a token stands for, if it is one that has not ended; as [`Service::authenticate`] does for sessions. The database is
    /// asked each time, so that a token that is revoked is worth nothing at once.
    pub async fn authenticate_token(&self, caller: &Caller, text: &str) -> Result<Option<SignedIn>> {
        if !secret::is_well_formed(PREFIX, text) {
            return Ok(None);
        }
        let now = self.now();
        let Some(token) = self.inner.stores.api_tokens.api_token_find(&digest(text), now).await? else { return Ok(None) };
        let user = self.inner.stores.users.user_by_id(token.user).await?;
        let Some(user) = user.filter(|user| user.suspended(now).is_none()) else { return Ok(None) };
        if token.last_used_at.is_none_or(|at| now.since(at) > TOUCH) {
            self.inner.stores.api_tokens.api_token_used(token.id, &caller.ip.to_string(), now).await?;
        }
        Ok(Some(acting(user, &token)))
    }

    /// Tells owners of tokens that end within a week, once for each; a job's work. How many.
    pub async fn tell_of_ending_tokens(&self) -> Result<u64> {
        let (tokens, now) = (&self.inner.stores.api_tokens, self.now());
        let mut told = 0;
        loop {
            let ending = tokens.api_tokens_ending(now, now.plus(NOTICE), BATCH).await?;
            if ending.is_empty() {
                self.wake(JobKind::Mail);
                return Ok(told);
            }
            for token in ending {
                let letter = self.ending_letter(&token).await?;
                told += u64::from(tokens.api_token_end_told(token.id, letter.as_ref(), now).await?);
            }
        }
    }

    /// The letter about a token that ends, if its owner gave an address.
    async fn ending_letter(&self, token: &ApiToken) -> Result<Option<NewJob>> {
        let Some(owner) = self.inner.stores.users.user_by_id(token.user).await? else { return Ok(None) };
        let Some(email) = owner.email else { return Ok(None) };
        let letter = Letter::ApiTokenEnds {
            username: owner.card.username,
            token_name: token.name.clone(),
            hint: token.hint.clone(),
            at: token.expires_at,
            zone: owner.time_zone,
        };
        self.letter(&email, owner.locale.unwrap_or_default(), letter).map(Some)
    }

    /// Deletes tokens that ended a month ago; a job's work. How many.
    pub async fn sweep_api_tokens(&self) -> Result<u64> {
        Ok(self.inner.stores.api_tokens.api_tokens_sweep(self.now().minus(SHOWN_AFTER_END)).await?)
    }
}

/// A program in its user's name. A role's permissions reach it only where the token says so, as the role is now.
fn acting(user: User, token: &ApiToken) -> SignedIn {
    let permissions = if token.scopes.has(Scope::Admin) { user.role.permissions() } else { Permissions::default() };
    SignedIn {
        id: user.card.id,
        username: user.card.username,
        full_name: user.card.full_name,
        avatar_url: user.card.avatar_url,
        via: Via::Token(token.id),
        shown: Shown { methods: Methods::NONE, authenticated_at: token.created_at, elevated_at: None, elevated_by: Methods::NONE },
        scopes: token.scopes,
        permissions,
        email_verified: user.email_verified,
        since: user.created_at,
        kyc_level: user.kyc_level,
        time_zone: user.time_zone,
        locale: user.locale,
        recovery: None,
    }
}

fn view(token: ApiToken, now: Timestamp) -> ApiTokenView {
    ApiTokenView {
        id: token.id,
        name: token.name,
        scopes: token.scopes.list(),
        hint: token.hint,
        created_at: token.created_at,
        expires_at: token.expires_at,
        expired: token.expires_at <= now,
        last_used_at: token.last_used_at,
        last_used_ip: token.last_used_ip,
    }
}
