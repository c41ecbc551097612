//! Deleting identity documents when their time is over.

use crate::{Service, store::KycRetention};
use aivalid_model::{Result, Timestamp};
use std::time::Duration;

/// Documents that were sent and never submitted.
const WAITING: Duration = Duration::from_hours(24);

impl Service {
    /// Gives up documents that are past their time; a job's work. How many. [`Service::sweep_files`] deletes their content.
    pub async fn expire_documents(&self) -> Result<u64> {
        let (now, settings) = (self.now(), &self.inner.settings.kyc);
        let before = KycRetention {
            waiting: now.minus(WAITING),
            rejected: now.minus(settings.keep_rejected),
            approved: settings.keep_approved.map_or(Timestamp(i64::MIN), |keep| now.minus(keep)),
        };
        Ok(self.inner.stores.kyc.kyc_expire(&before, now).await?)
    }
}
