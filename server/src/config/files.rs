//! Where files are kept, and how long identity documents are.

use super::Reader;
use aivalid_model::{kyc::WithdrawalLimits, money::Rupiah};
use aivalid_service::kyc::KycSettings;
use aivalid_stores::files::Bucket;
use std::time::Duration;

/// The bucket, when one is named; then it must be whole.
pub(super) fn bucket(reader: &mut Reader<'_>) -> Option<Bucket> {
    let name = reader.text("S3_BUCKET")?;
    let endpoint = reader.text("S3_ENDPOINT").map(|endpoint| endpoint.trim_end_matches('/').to_owned());
    if endpoint.as_ref().is_some_and(|endpoint| !endpoint.starts_with("http://") && !endpoint.starts_with("https://")) {
        reader.problems.push("S3_ENDPOINT must begin with `https://` or `http://`".to_owned());
    }
    let mut required = |variable: &str| {
        reader.text(variable).unwrap_or_else(|| {
            reader.problems.push(format!("{variable} is required when S3_BUCKET is set"));
            String::new()
        })
    };
    let (key_id, secret) = (required("S3_ACCESS_KEY_ID"), required("S3_SECRET_ACCESS_KEY"));
    let region = reader.text("S3_REGION").unwrap_or_else(|| "us-east-1".to_owned());
    Some(Bucket { name, endpoint, region, key_id, secret })
}

/// What is set about identity documents.
pub(super) fn kyc(reader: &mut Reader<'_>) -> KycSettings {
    let usual = KycSettings::default();
    let days = |duration: Duration| duration.as_secs() / (24 * 60 * 60);
    let keep = |days: u32| Duration::from_hours(24 * u64::from(days));
    let number = |days: u64| u32::try_from(days).unwrap_or(u32::MAX);
    let rejected = reader.parsed("KYC_KEEP_REJECTED_DAYS", number(days(usual.keep_rejected)), "a number of days");
    let approved = reader.parsed("KYC_KEEP_APPROVED_DAYS", number(usual.keep_approved.map_or(0, days)), "a number of days, 0 for ever");
    let limits = match reader.text("KYC_DAILY_LIMITS") {
        None => usual.limits,
        Some(text) => limits(&text).unwrap_or_else(|| {
            let form = "four amounts from low to high, separated by commas, each a number or `none`";
            reader.problems.push(format!("KYC_DAILY_LIMITS must be {form}, not `{text}`"));
            usual.limits
        }),
    };
    KycSettings { limits, keep_rejected: keep(rejected), keep_approved: (approved > 0).then(|| keep(approved)) }
}

/// `0,5000000,50000000,none`.
fn limits(text: &str) -> Option<WithdrawalLimits> {
    let amount = |text: &str| match text.trim() {
        "none" => Some(None),
        number => number.parse().ok().map(|amount| Some(Rupiah(amount))),
    };
    let all: Vec<Option<Rupiah>> = text.split(',').map(amount).collect::<Option<_>>()?;
    WithdrawalLimits::new(all.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::kyc::KycLevel;

    #[test]
    fn limits_are_four_amounts_that_grow() {
        let read = limits("0, 1000,1000, none").unwrap();
        assert_eq!(KycLevel::ALL.map(|level| read.daily(level)), [Some(Rupiah(0)), Some(Rupiah(1000)), Some(Rupiah(1000)), None]);
        for bad in ["", "1,2,3", "0,2,1,none", "0,1,2,3,4", "0,x,2,3", "-1,1,2,3", "none,1,2,3"] {
            assert_eq!(limits(bad), None, "{bad}");
        }
    }
}
