//! Recovering an account whose owner lost every second factor.
//!
//! A request comes from a sign-in that stopped at its second step ([`ask`]). It waits 72 hours, in which its owner is told on every
//! channel there is ([`tell`]) and can stop it ([`stop`]). Then ([`tick`]) the link that finishes it ([`finish`]) is mailed, from KYC level 1
//! on after a reviewer's yes ([`review`]). What may follow what is decided in one place ([`course`]); the store takes each step only from
//! where the request was seen to stand.

mod ask;
mod course;
mod finish;
mod review;
mod stop;
mod tell;
mod tick;

pub(super) use stop::StoppedBy;

use super::device_words;
use crate::{Service, store::Recovery};
use aivalid_model::{
    Result,
    id::UserId,
    identity::{RecoveryAnswer, RecoveryView},
    kyc::KycLevel,
};

/// Whether a reviewer decides about accounts of this level.
fn is_reviewed(level: KycLevel) -> bool {
    level >= KycLevel::ONE
}

fn answer(recovery: &Recovery, level: KycLevel) -> RecoveryAnswer {
    let Recovery { state, asked_at, waits_until, .. } = *recovery;
    RecoveryAnswer { state, asked_at, waits_until, reviewed: is_reviewed(level) }
}

impl Service {
    /// Every request about an account, for the archive of its owner's data.
    pub(super) async fn recovery_views(&self, user: UserId) -> Result<Vec<RecoveryView>> {
        let view = |recovery: Recovery| RecoveryView {
            state: recovery.state,
            statement: recovery.statement,
            ip: recovery.ip,
            device: device_words(&recovery.user_agent),
            asked_at: recovery.asked_at,
            waits_until: recovery.waits_until,
            ended_at: recovery.ended_at,
            reason: recovery.reason,
        };
        Ok(self.inner.stores.recoveries.recovery_list(user).await?.into_iter().map(view).collect())
    }
}
