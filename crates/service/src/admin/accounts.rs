//! Finding accounts.

use crate::{Caller, Service, store::User};
use aivalid_model::{
    Error, Result,
    admin::{AccountCursor, AccountFile, AccountRow, UserFilter},
    audit::Stretch,
    id::UserId,
    identity::{BadgeCard, Permission},
};

impl Service {
    /// Accounts, newest first.
    pub async fn admin_users(&self, caller: &Caller, filter: &UserFilter, cursor: Option<&str>, limit: u32) -> Result<Stretch<AccountRow>> {
        caller.permitted(Permission::UsersManage)?;
        let limit = limit.clamp(1, 100) as usize;
        let after = cursor.and_then(AccountCursor::parse);
        // One more than wanted tells whether more follow.
        let wanted = i64::try_from(limit).unwrap_or(100) + 1;
        let mut users = self.inner.stores.user_admin.user_search(filter, after, wanted, self.now()).await?;
        let more = users.len() > limit;
        users.truncate(limit);
        let next = users.last().filter(|_| more).map(|last| AccountCursor { created_at: last.created_at, id: last.card.id }.text());
        Ok(Stretch { items: users.into_iter().map(|user| self.row_of(user)).collect(), next })
    }

    /// One account with its badges and sessions.
    pub async fn admin_user(&self, caller: &Caller, id: UserId) -> Result<AccountFile> {
        let own = caller.permitted(Permission::UsersManage)?.id == id;
        let stores = &self.inner.stores;
        let user = stores.users.user_by_id(id).await?.ok_or(Error::NotFound)?;
        let (_, thread_count, case_count) = stores.users.user_profile(&user.card.username).await?.ok_or(Error::NotFound)?;
        let badges = stores.users.user_badges(id).await?;
        let sessions = stores.sessions.session_list(id, self.now()).await?;
        let sessions = sessions.into_iter().map(|session| self.session_view(caller, session)).collect();
        let (bio, location, website) = (user.bio.clone(), user.location.clone(), user.website.clone());
        let password_lock = self.password_lock(&user).await?;
        Ok(AccountFile { row: self.row_of(user), bio, location, website, thread_count, case_count, badges, sessions, own, password_lock })
    }

    /// Every badge that can be granted.
    pub async fn admin_badges(&self, caller: &Caller) -> Result<Vec<BadgeCard>> {
        caller.permitted(Permission::UsersManage)?;
        Ok(self.inner.stores.user_admin.badge_list().await?)
    }

    fn row_of(&self, user: User) -> AccountRow {
        let now = self.now();
        AccountRow {
            email: user.email,
            phone: user.phone.map(|phone| phone.as_str().to_owned()),
            email_verified: user.email_verified,
            role: user.role,
            created_at: user.created_at,
            last_login_at: user.last_login_at,
            suspension: user.suspension.filter(|suspension| suspension.holds(now)),
            card: user.card,
        }
    }
}
