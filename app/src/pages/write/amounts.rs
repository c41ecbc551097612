//! Amounts and days as people type them.

use aivalid_model::{Timestamp, check::Problem, identity::TimeZone};
use time::{
    Date, UtcOffset,
    format_description::BorrowedFormatItem,
    macros::{format_description, time},
};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Rupiah as typed: `1250000`, `1.250.000`, `1,250,000`, `Rp 1.250.000`. There are no cents, so a mark that does not part
/// thousands is a mistake rather than a fraction.
pub(super) fn rupiah(text: &str) -> Result<i64, Problem> {
    let text = text.trim();
    let text = text.strip_prefix("Rp").unwrap_or(text).trim();
    if text.is_empty() {
        return Err(Problem::Required);
    }
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let in_thousands =
        groups.len() == 1 || groups.iter().skip(1).all(|group| group.len() == 3) && groups.first().is_some_and(|first| first.len() <= 3);
    if !groups.iter().all(is_digits) || !in_thousands {
        return Err(Problem::Malformed);
    }
    // More digits than fit are more than allowed in any case.
    Ok(groups.concat().parse().unwrap_or(i64::MAX))
}

/// An amount as it is typed: `1.250.000`.
pub(super) fn rupiah_words(amount: aivalid_model::money::Rupiah) -> String {
    amount.to_string().trim_start_matches("Rp ").to_owned()
}

/// The end of a day `YYYY-MM-DD` where the user is; nothing for no day.
pub(super) fn end_of_day(text: &str, zone: TimeZone) -> Result<Option<Timestamp>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = Date::parse(text, DAY).map_err(|_| Problem::Malformed)?;
    let offset = UtcOffset::from_hms(zone.hours(), 0, 0).map_err(|_| Problem::Malformed)?;
    Ok(Some(Timestamp::from_secs(day.with_time(time!(23:59:59)).assume_offset(offset).unix_timestamp())))
}

/// The day of a time where the user is, as `YYYY-MM-DD`.
pub(super) fn day(at: Timestamp, zone: TimeZone) -> String {
    at.at_offset(zone.hours()).date().format(DAY).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for text in ["1250000", "1.250.000", "1,250,000", " Rp 1.250.000 ", "Rp1250000"] {
            assert_eq!(rupiah(text), Ok(1_250_000), "{text}");
        }
        assert_eq!(rupiah("0"), Ok(0));
        assert_eq!(rupiah(" "), Err(Problem::Required));
        assert_eq!(rupiah(&"9".repeat(40)), Ok(i64::MAX));
        for text in ["12.50", "1.250,5", "1250.000", "-5", "1 250", "1.", "seribu", "1e3"] {
            assert_eq!(rupiah(text), Err(Problem::Malformed), "{text}");
        }
    }

    #[test]
    fn a_deadline_is_the_end_of_the_users_day() {
        let end = end_of_day("2026-12-01", TimeZone::WIB).unwrap().unwrap();
        assert_eq!(end.rfc3339(), "2026-12-01T16:59:59Z");
        assert_eq!(day(end, TimeZone::WIB), "2026-12-01");
        assert_eq!(day(end, "UTC+14".parse().unwrap()), "2026-12-02");
        assert_eq!(end_of_day("", TimeZone::WIB), Ok(None));
        assert_eq!(end_of_day("2026-02-30", TimeZone::WIB), Err(Problem::Malformed));
        assert_eq!(end_of_day("besok", TimeZone::WIB), Err(Problem::Malformed));
    }
}
