//! Times: how long ago in words, with the full time for those who point at it and for machines.

use crate::{context::Ctx, i18n::plural};
use aivalid_model::{Lang, Timestamp, identity::TimeZone};
use leptos::prelude::*;

/// A time as `3 hours ago`, with the full time in `title` and `datetime`.
#[component]
pub fn Time<'a>(ctx: &'a Ctx, at: Timestamp) -> impl IntoView + use<> {
    view! { <time datetime=at.rfc3339() title=full(ctx.lang(), at, ctx.zone())>{ago(ctx.lang(), ctx.now, at)}</time> }
}

/// `just now`, `5 minutes ago`, `3 hours ago`, `6 days ago`, then the date. Times ahead are dates with the hour left out.
pub fn ago(lang: Lang, now: Timestamp, at: Timestamp) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let seconds = now.since(at).as_secs();
    match seconds {
        _ if at > now => date(lang, at, TimeZone::WIB),
        0..MINUTE => tr!(lang, "time.now").into_owned(),
        MINUTE..HOUR => plural(lang, "time.minutes", seconds / MINUTE),
        HOUR..DAY => plural(lang, "time.hours", seconds / HOUR),
        _ if seconds < 7 * DAY => plural(lang, "time.days", seconds / DAY),
        _ => date(lang, at, TimeZone::WIB),
    }
}

/// `21 Nov 2026`.
pub fn date(lang: Lang, at: Timestamp, zone: TimeZone) -> String {
    let time = at.at_offset(zone.hours());
    let key = format!("time.month.{}", u8::from(time.month()));
    format!("{} {} {}", time.day(), tr!(lang, key.as_str()), time.year())
}

/// `21 Nov 2026 10.18 WIB`.
pub fn full(lang: Lang, at: Timestamp, zone: TimeZone) -> String {
    let time = at.at_offset(zone.hours());
    let mark = if lang == Lang::Id { '.' } else { ':' };
    format!("{} {:02}{mark}{:02} {zone}", date(lang, at, zone), time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_said_as_people_say_them() {
        let now = Timestamp::from_secs(1_763_695_139);
        let before = |secs| ago(Lang::En, now, now.minus(Duration::from_secs(secs)));
        assert_eq!(before(5), "just now");
        assert_eq!(before(60), "1 minute ago");
        assert_eq!(before(7300), "2 hours ago");
        assert_eq!(before(86_400 * 10), "11 Nov 2025");
        assert_eq!(ago(Lang::Id, now, now.minus(Duration::from_secs(7300))), "2 jam lalu");
        assert_eq!(full(Lang::Id, now, TimeZone::WIB), "21 Nov 2025 10.18 WIB");
    }
}
