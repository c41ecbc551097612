//! One's own account, and others' profiles.

use crate::{
    Caller, Service,
    audit::Event,
    store::{Signal, User, UserChanged},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    id::UserId,
    identity::{AccountChange, BadgeGrant, IdentityError, Me, Permission, Profile},
};
use std::time::Duration;

const USERNAME_REST: Duration = Duration::from_hours(720);

impl Service {
    /// The caller's own account.
    pub async fn me(&self, caller: &Caller) -> Result<Me> {
        let user = self.inner.stores.users.user_by_id(caller.signed_in()?.id).await?.ok_or(Error::Unauthenticated)?;
        Ok(self.me_of(user))
    }

    pub(super) fn me_of(&self, user: User) -> Me {
        let username_change_at = user.username_changed_at.map(|at| at.plus(USERNAME_REST)).filter(|at| *at > self.now());
        Me {
            card: user.card,
            email: user.email,
            email_verified: user.email_verified,
            phone_verified: user.phone.is_some(),
            country_code: user.phone.as_ref().map(|phone| phone.country().to_owned()),
            phone: user.phone.map(|phone| phone.as_str().to_owned()),
            bio: user.bio,
            location: user.location,
            website: user.website,
            telegram: user.telegram,
            time_zone: user.time_zone,
            locale: user.locale,
            theme: user.theme,
            role: user.role,
            created_at: user.created_at,
            username_change_at,
        }
    }

    /// Changes the caller's account: what is given, nothing else.
    pub async fn account_change(&self, caller: &Caller, mut change: AccountChange) -> Result<Me> {
        let id = caller.signed_in()?.id;
        let now = self.now();
        let user = self.inner.stores.users.user_by_id(id).await?.ok_or(Error::Unauthenticated)?;
        // The form always sends the name; the same name is no change.
        change.username = change.username.filter(|name| name.as_str() != user.card.username);
        let rests = user.username_changed_at.is_some_and(|at| now.since(at) < USERNAME_REST);
        if change.username.is_some() && rests {
            return Err(IdentityError::UsernameTooSoon.into());
        }
        match self.inner.stores.users.user_change(id, &change, now).await? {
            UserChanged::Done => {}
            UserChanged::UsernameTaken => return Err(Error::field("username", Problem::Taken)),
            UserChanged::Missing => return Err(Error::Unauthenticated),
        }
        if let Some(name) = &change.username {
            let event = Event::new("account.renamed").about(id).detail("name", name.as_str()).detail("before", user.card.username.as_str());
            self.audit(caller, event).await?;
        }
        self.forget_sessions_of(id).await?;
        self.inner.stores.signals.publish(Signal::UserChanged(id)).await?;
        self.inner.cards.forget(id);
        self.me(caller).await
    }

    /// A profile as everyone sees it. A name that was given up finds the account under its present name, which callers
    /// compare to redirect.
    pub async fn profile(&self, caller: &Caller, username: &str) -> Result<Profile> {
        let found = self.inner.stores.users.user_profile(&username.to_ascii_lowercase()).await?;
        let (user, thread_count, case_count) = found.filter(|(user, ..)| is_seen(caller, user)).ok_or(Error::NotFound)?;
        Ok(Profile {
            bio: user.bio,
            location: user.location,
            website: user.website,
            role: user.role,
            created_at: user.created_at,
            thread_count,
            case_count,
            card: user.card,
        })
    }

    /// Someone's badges, newest first.
    pub async fn badges(&self, caller: &Caller, username: &str) -> Result<Vec<BadgeGrant>> {
        let id = self.user_id_named(caller, username).await?;
        self.badges_of(caller, id).await
    }

    /// The same for a page that has read the profile already.
    pub async fn badges_of(&self, _caller: &Caller, id: UserId) -> Result<Vec<BadgeGrant>> {
        Ok(self.inner.stores.users.user_badges(id).await?)
    }

    pub(crate) async fn user_id_named(&self, caller: &Caller, username: &str) -> Result<UserId> {
        Ok(self.user_named(caller, username).await?.card.id)
    }

    async fn user_named(&self, caller: &Caller, username: &str) -> Result<User> {
        let user = self.inner.stores.users.user_by_username(&username.to_ascii_lowercase()).await?;
        user.filter(|user| is_seen(caller, user)).ok_or(Error::NotFound)
    }
}

/// Accounts whose address is not confirmed are seen by nobody else: they have written nothing, and that one appears when
/// somebody registers would tell that the address was free.
fn is_seen(caller: &Caller, user: &User) -> bool {
    user.email_verified || caller.owns(user.card.id, Permission::UsersManage)
}
