//! Correcting profiles, granting and taking away badges.

use super::done;
use crate::{Caller, Service, audit::Event, store::Signal};
use aivalid_model::{
    Error, Result,
    admin::{BadgeDeed, ProfileFix, Reason},
    id::{BadgeId, UserId},
    identity::BadgeCard,
};

impl Service {
    /// Corrects a profile, for instance a name that insults. The log keeps what stood there before.
    pub async fn admin_fix(&self, caller: &Caller, id: UserId, fix: &ProfileFix) -> Result<()> {
        self.steward(caller)?;
        let user = self.inner.stores.users.user_by_id(id).await?.ok_or(Error::NotFound)?;
        let mut event = Event::new("user.edited").about(id).detail("reason", fix.reason.as_ref());
        let texts = [
            ("username", fix.change.username.as_ref().map(|name| name.as_str()), user.card.username.as_str()),
            ("fullName", fix.change.full_name.as_deref(), user.card.full_name.as_deref().unwrap_or_default()),
            ("bio", fix.change.bio.as_deref(), user.bio.as_str()),
            ("location", fix.change.location.as_deref(), user.location.as_str()),
            ("website", fix.change.website.as_deref(), user.website.as_str()),
        ];
        for (field, after, before) in texts {
            if let Some(after) = after.filter(|after| *after != before) {
                event = event.detail(field, serde_json::json!({ "before": before, "after": after }));
            }
        }
        let entry = self.audit_entry(caller, event);
        done(self.inner.stores.user_admin.user_fix(id, &fix.change, self.now(), &entry).await?)?;
        self.forget_sessions_of(id).await?;
        self.card_changed(id).await
    }

    /// Grants a badge.
    pub async fn admin_badge_grant(&self, caller: &Caller, id: UserId, deed: &BadgeDeed) -> Result<()> {
        self.steward(caller)?;
        let badge = self.badge(deed.badge).await?;
        let event = Event::new("badge.granted").about(id).on("badge", deed.badge).detail("name", badge.name_en);
        let entry = self.audit_entry(caller, event.detail("reason", deed.reason.as_ref()));
        let granted = self.inner.stores.user_admin.user_badge_grant(id, deed.badge, deed.reason.as_ref(), self.now(), &entry).await?;
        done(granted)?;
        self.card_changed(id).await
    }

    /// Takes a badge away.
    pub async fn admin_badge_revoke(&self, caller: &Caller, id: UserId, badge: BadgeId, reason: &Reason) -> Result<()> {
        self.steward(caller)?;
        let known = self.badge(badge).await?;
        let event = Event::new("badge.revoked").about(id).on("badge", badge).detail("name", known.name_en);
        let entry = self.audit_entry(caller, event.detail("reason", reason.as_ref()));
        done(self.inner.stores.user_admin.user_badge_revoke(id, badge, &entry).await?)?;
        self.card_changed(id).await
    }

    async fn badge(&self, id: BadgeId) -> Result<BadgeCard> {
        self.inner.stores.user_admin.badge_list().await?.into_iter().find(|badge| badge.id == id).ok_or(Error::NotFound)
    }

    /// What stands beside the name is another: on every instance.
    async fn card_changed(&self, id: UserId) -> Result<()> {
        self.inner.stores.signals.publish(Signal::UserChanged(id)).await?;
        self.inner.cards.forget(id);
        Ok(())
    }
}
