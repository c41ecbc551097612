//! The devices that an account is used on.

use super::device_words;
use crate::{
    Caller, Service,
    mail::Letter,
    store::{Acquaintance, KnownDevice, SeenDevice},
};
use aivalid_model::{Result, id::UserId, identity::DeviceView};

impl Service {
    /// Notes a sign-in's device; its owner is told of a new one, but for the very first. A program without a device is not noted.
    pub(super) async fn note_device(&self, caller: &Caller, user: UserId) -> Result<()> {
        let Some(device) = caller.device.as_deref() else { return Ok(()) };
        let ip = caller.ip.to_string();
        let seen = SeenDevice { device, ip: &ip, user_agent: &caller.user_agent, now: self.now() };
        match self.inner.stores.credentials.device_seen(user, seen).await? {
            Acquaintance::Known | Acquaintance::First => Ok(()),
            Acquaintance::New => self.tell(caller, user, |username, scene, undo| Letter::NewDevice { username, scene, undo }).await,
        }
    }

    /// The devices that the caller's account was used on, last used first.
    pub async fn devices(&self, caller: &Caller) -> Result<Vec<DeviceView>> {
        let user = caller.in_person()?.id;
        let view = |known: KnownDevice| DeviceView {
            device: device_words(&known.user_agent),
            ip: known.ip,
            first_seen_at: known.first_at,
            last_seen_at: known.last_at,
            current: caller.device.as_deref() == Some(&known.device),
        };
        Ok(self.inner.stores.credentials.device_list(user).await?.into_iter().map(view).collect())
    }
}
