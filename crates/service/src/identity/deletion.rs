//! Taking one's account away.

use crate::{Caller, Service, audit::Event, mail::Letter, store::Signal};
use aivalid_model::{
    Error, Result,
    identity::{IdentityError, Requirement, Role},
};

impl Service {
    /// Takes the caller's account away: personal data is deleted, posts stay without a name. The name stays taken, so that
    /// nobody can pose as who had it.
    pub async fn account_delete(&self, caller: &Caller) -> Result<()> {
        let id = caller.require(Requirement::SUDO, self.now())?.id;
        let account = self.inner.stores.users.user_by_id(id).await?.ok_or(Error::Unauthenticated)?;
        if account.role == Role::Admin {
            return Err(IdentityError::AdminStays.into());
        }
        let scene = self.scene(caller, &account);
        self.forget_sessions_of(id).await?;
        let ended = self.inner.stores.credentials.account_delete(id, self.now()).await?.ok_or(Error::Unauthenticated)?;
        self.forget_ended(&ended).await?;
        self.audit(caller, Event::new("account.deleted").about(id)).await?;
        self.inner.stores.signals.publish(Signal::UserChanged(id)).await?;
        self.inner.cards.forget(id);
        let letter = Letter::AccountDeleted { username: account.card.username.clone(), scene };
        self.post_to(&account, account.locale.unwrap_or(caller.lang), letter).await
    }
}
