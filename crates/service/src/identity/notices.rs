//! Letters that tell an account's owner what was done, with a link that undoes it all.

use super::device_words;
use crate::{
    Caller, Service,
    mail::{CredentialChange, Letter, Scene},
    store::User,
};
use aivalid_model::{Error, Lang, Result, id::UserId, identity::TimeZone};

impl Service {
    /// When and from where the caller does something.
    pub(crate) fn scene(&self, caller: &Caller, owner: &User) -> Scene {
        self.scene_in(caller, owner.time_zone)
    }

    /// The same, for the clock of a time zone.
    pub(super) fn scene_in(&self, caller: &Caller, zone: TimeZone) -> Scene {
        Scene { at: self.now(), zone, device: device_words(&caller.user_agent), place: caller.ip.to_string() }
    }

    /// Tells the owner that a way of signing in, or of acting for the account, was changed.
    pub(crate) async fn credential_changed(&self, caller: &Caller, user: UserId, change: CredentialChange) -> Result<()> {
        self.tell(caller, user, |username, scene, undo| Letter::CredentialChanged { username, change, scene, undo }).await
    }

    /// Posts a letter to an account's owner, if they gave an address: its makings are the username, the scene, and the token
    /// that undoes it all.
    pub(crate) async fn tell(&self, caller: &Caller, user: UserId, letter: impl FnOnce(String, Scene, String) -> Letter) -> Result<()> {
        let owner = self.inner.stores.users.user_by_id(user).await?.ok_or(Error::NotFound)?;
        let Some(email) = &owner.email else { return Ok(()) };
        let (scene, undo) = (self.scene(caller, &owner), self.undo_token(&owner, email));
        let lang = owner.locale.unwrap_or(caller.lang);
        self.post(email, lang, letter(owner.card.username, scene, undo)).await
    }

    /// Posts a letter to an account's owner, if they gave an address.
    pub(crate) async fn post_to(&self, owner: &User, lang: Lang, letter: Letter) -> Result<()> {
        match &owner.email {
            Some(email) => self.post(email, lang, letter).await,
            None => Ok(()),
        }
    }
}
