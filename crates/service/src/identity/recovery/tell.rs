//! What the owner of an account is told about its recovery.

use super::device_words;
use crate::{
    Service,
    jobs::JobKind,
    mail::{Letter, Scene},
    sms::SmsText,
    store::{NewAuditEntry, NewJob, Recovery, Told, User},
};
use aivalid_model::{Lang, Result, id::RecoveryId, identity::Token};
use subtle::ConstantTimeEq;

/// What the tokens of links begin with that stop a request.
const STOP_PREFIX: &str = "rcs_";

pub(super) const fn told(letters: Vec<NewJob>, entry: NewAuditEntry) -> Told {
    Told { letters, entry }
}

/// That somebody asked, until when it waits, and how it is stopped.
pub(super) fn announcement(service: &Service, recovery: &Recovery, owner: &User) -> Letter {
    let place = recovery.ip.parse().ok().and_then(|ip| service.inner.places.find(ip));
    let place = place.map_or_else(|| recovery.ip.clone(), |place| format!("{} ({})", place.words, recovery.ip));
    Letter::RecoveryAnnounced {
        username: owner.card.username.clone(),
        scene: Scene { at: recovery.asked_at, zone: owner.time_zone, device: device_words(&recovery.user_agent), place },
        until: recovery.waits_until,
        stop: service.recovery_stop_token(recovery.id),
    }
}

impl Service {
    /// A letter about a recovery on every channel that reaches the account's owner, for the store to queue with the step that it
    /// tells of. This is the one place where channels are chosen: a further one adds its job here and wakes its worker in
    /// [`Self::wake_channels`]. By SMS only the announcement goes out: it is what must be seen in time.
    pub(super) fn recovery_letters(&self, owner: &User, otherwise: Lang, letter: Letter) -> Result<Vec<NewJob>> {
        let (lang, mut jobs) = (owner.locale.unwrap_or(otherwise), Vec::new());
        if let (Letter::RecoveryAnnounced { username, .. }, Some(phone), true) = (&letter, &owner.phone, self.otp_available()) {
            jobs.push(self.sms(phone, lang, SmsText::RecoveryAsked { username: username.clone() })?);
        }
        if let Some(address) = &owner.email {
            jobs.push(self.letter(address, lang, letter)?);
        }
        Ok(jobs)
    }

    /// Letters about a recovery were queued.
    pub(super) fn wake_channels(&self) {
        self.wake(JobKind::Mail);
        self.wake(JobKind::Sms);
    }

    /// The token of the link that stops a request. It names the request, under a MAC: each announcement's link works as long as there is
    /// something to stop, and gives nothing else.
    pub(super) fn recovery_stop_token(&self, id: RecoveryId) -> String {
        format!("{STOP_PREFIX}{id}.{}", self.inner.keys.recovery_mac(&id.to_string()))
    }

    /// The request that a link stops, if the link is ours.
    pub(super) fn read_recovery_stop(&self, token: &Token) -> Option<RecoveryId> {
        let (id, mac) = token.expose().strip_prefix(STOP_PREFIX)?.split_once('.')?;
        let ours = self.inner.keys.recovery_mac(id);
        bool::from(ours.as_bytes().ct_eq(mac.as_bytes())).then(|| id.parse().ok()).flatten()
    }
}
