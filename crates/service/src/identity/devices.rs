//! The devices that an account is used on.

use super::device_words;
use crate::{
    Caller, Service,
    limits::{STRANGE_CLIENT, STRANGE_CLIENTS},
    mail::Letter,
    store::{Acquaintance, KnownDevice, SeenDevice},
};
use aivalid_model::{Result, id::UserId, identity::DeviceView};

impl Service {
    /// Notes a sign-in's device. Its owner is told of every one that is not known, and of every client that shows none (a
    /// program, a browser that keeps nothing), but for the account's very `first`.
    pub(super) async fn note_device(&self, caller: &Caller, user: UserId, first: bool) -> Result<()> {
        if self.acquaint(caller, user).await? || !self.is_strange_client(caller, user).await? || first {
            return Ok(());
        }
        self.tell(caller, user, |username, scene, undo| Letter::NewDevice { username, scene, undo }).await
    }

    /// The caller's device is known from now on. Whether it was before.
    pub(super) async fn acquaint(&self, caller: &Caller, user: UserId) -> Result<bool> {
        let Some(device) = caller.device.as_deref() else { return Ok(false) };
        let ip = caller.ip.to_string();
        let seen = SeenDevice { device, ip: &ip, user_agent: &caller.user_agent, now: self.now() };
        Ok(self.inner.stores.credentials.device_seen(user, seen).await? == Acquaintance::Known)
    }

    /// Whether no client of this kind signed in from this network within a day: whoever throws a device cookie away at each sign-in, as
    /// programs do, would otherwise fill the owner's mailbox until they read no letter any more. The audit log has every one.
    async fn is_strange_client(&self, caller: &Caller, user: UserId) -> Result<bool> {
        let (limiter, now) = (&self.inner.stores.limiter, self.now());
        let client = format!("client:{user}:{}:{}", caller.network(), device_words(&caller.user_agent));
        // The kind is what the client says of itself; one that says something else each time meets the second limit.
        Ok(limiter.admit(&client, STRANGE_CLIENT, now).await?.allowed
            && limiter.admit(&format!("clients:{user}"), STRANGE_CLIENTS, now).await?.allowed)
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
