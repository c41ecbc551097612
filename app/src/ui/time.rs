//! Times: how long ago in words, with the full time for those who point at it and for machines.

use super::html::Html;
use crate::{context::Ctx, i18n::plural};
use aivalid_model::{Lang, Timestamp, identity::TimeZone};
use leptos::prelude::*;

/// A time as `3 hours ago`, with the full time in `title` and `datetime`.
#[component]
pub fn Time<'a>(ctx: &'a Ctx, at: Timestamp) -> impl IntoView + use<> {
    let mut html = Html::with_capacity(96);
    write_time(&mut html, ctx, at);
    html
}

/// Writes a time as [`Time`] shows it.
pub(super) fn write_time(html: &mut Html, ctx: &Ctx, at: Timestamp) {
    let (lang, zone) = (ctx.lang(), ctx.zone());
    let day = date(lang, at, zone);
    html.raw("<time datetime=\"").raw(&at.rfc3339()).raw("\" title=\"").raw(&day).raw(" ").raw(&clock(lang, at, zone)).raw("\">");
    html.raw(&recent(lang, ctx.now, at).unwrap_or(day)).raw("</time>");
}

/// A day as `21 Nov 2026`, with the full time in `title` and `datetime`.
#[component]
pub fn Day<'a>(ctx: &'a Ctx, at: Timestamp) -> impl IntoView + use<> {
    let (lang, zone) = (ctx.lang(), ctx.zone());
    let mut html = Html::with_capacity(96);
    html.raw("<time datetime=\"").raw(&at.rfc3339()).raw("\" title=\"").raw(&full(lang, at, zone)).raw("\">");
    html.raw(&date(lang, at, zone)).raw("</time>");
    html
}

/// `just now`, `5 minutes ago`, `3 hours ago`, `6 days ago`, then the date. Times ahead are dates with the hour left out.
pub fn ago(lang: Lang, now: Timestamp, at: Timestamp, zone: TimeZone) -> String {
    recent(lang, now, at).unwrap_or_else(|| date(lang, at, zone))
}

/// How long ago, for what is said so and not by its date.
fn recent(lang: Lang, now: Timestamp, at: Timestamp) -> Option<String> {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let seconds = now.since(at).as_secs();
    match seconds {
        _ if at > now => None,
        0..MINUTE => Some(tr!(lang, "time.now").into_owned()),
        MINUTE..HOUR => Some(plural(lang, "time.minutes", seconds / MINUTE)),
        HOUR..DAY => Some(plural(lang, "time.hours", seconds / HOUR)),
        _ if seconds < 7 * DAY => Some(plural(lang, "time.days", seconds / DAY)),
        _ => None,
    }
}

/// `21 Nov 2026`.
pub fn date(lang: Lang, at: Timestamp, zone: TimeZone) -> String {
    let time = at.at_offset(zone.hours());
    let key = format!("time.month.{}", u8::from(time.month()));
    format!("{} {} {}", time.day(), tr!(lang, key.as_str()), time.year())
}

/// `28 Nov`, with the year where it is another than now's.
pub(super) fn short_day(lang: Lang, now: Timestamp, at: Timestamp, zone: TimeZone) -> String {
    let time = at.at_offset(zone.hours());
    if time.year() != now.at_offset(zone.hours()).year() {
        return date(lang, at, zone);
    }
    let key = format!("time.month.{}", u8::from(time.month()));
    format!("{} {}", time.day(), tr!(lang, key.as_str()))
}

/// `21 Nov 2026 10.18 WIB`.
pub fn full(lang: Lang, at: Timestamp, zone: TimeZone) -> String {
    format!("{} {}", date(lang, at, zone), clock(lang, at, zone))
}

/// `10.18 WIB`.
fn clock(lang: Lang, at: Timestamp, zone: TimeZone) -> String {
    let time = at.at_offset(zone.hours());
    let mark = if lang == Lang::Id { '.' } else { ':' };
    format!("{:02}{mark}{:02} {zone}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_said_as_people_say_them() {
        let now = Timestamp::from_secs(1_763_695_139);
        let before = |secs| ago(Lang::En, now, now.minus(Duration::from_secs(secs)), TimeZone::WIB);
        assert_eq!(before(5), "just now");
        assert_eq!(before(60), "1 minute ago");
        assert_eq!(before(7300), "2 hours ago");
        assert_eq!(before(86_400 * 10), "11 Nov 2025");
        assert_eq!(ago(Lang::Id, now, now.minus(Duration::from_secs(7300)), TimeZone::WIB), "2 jam lalu");
        assert_eq!(full(Lang::Id, now, TimeZone::WIB), "21 Nov 2025 10.18 WIB");
    }
}
