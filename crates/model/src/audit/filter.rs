//! Which entries are wanted.

use super::Outcome;
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, Problem},
    id::{AuditId, UserId},
};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Which entries are wanted; what is left out restricts nothing. The query of `GET /api/v1/admin/audit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase", default)]
pub struct AuditFilterInput {
    /// A user's number: those they did and those that concern them.
    pub user: Option<String>,
    /// What: `login.failed`, or a whole area such as `alert.`.
    pub event: Option<String>,
    /// `done` or `failed`.
    pub outcome: Option<String>,
    /// What else it is about, by its id.
    pub target: Option<String>,
    /// From which address.
    pub ip: Option<String>,
    /// In which request.
    pub request: Option<String>,
    /// Not before this time (RFC 3339, or a day: `2026-11-21`).
    pub since: Option<String>,
    /// Before this time.
    pub until: Option<String>,
}

/// A checked [`AuditFilterInput`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Did it, or it concerns them.
    pub user: Option<UserId>,
    /// It concerns them.
    pub subject: Option<UserId>,
    /// The event; with a final dot, the whole area.
    pub event: Option<String>,
    /// Whether it came about.
    pub outcome: Option<Outcome>,
    /// The id of what else it is about.
    pub target: Option<String>,
    /// From which address.
    pub ip: Option<String>,
    /// In which request.
    pub request: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl CheckAll for AuditFilterInput {
    type Checked = AuditFilter;

    fn check_all(self) -> Result<AuditFilter> {
        let mut fields = Fields::new();
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut word = |field: &str, text: Option<String>, max: usize| match given(text) {
            Some(text) if text.chars().count() > max => fields.note(field, Err(Problem::TooLong { max })),
            Some(text) if text.chars().any(char::is_control) => fields.note(field, Err(Problem::BadCharacters)),
            text => Some(text),
        };
        let event = word("event", self.event, 60);
        let target = word("target", self.target, 100);
        let request = word("request", self.request, 100);
        let ip = match given(self.ip).map(|text| text.parse::<IpAddr>()) {
            None => Some(None),
            Some(address) => fields.note("ip", address.map_err(|_| Problem::Malformed)).map(|address| Some(address.to_string())),
        };
        let user = match given(self.user) {
            None => Some(None),
            Some(text) => fields.note("user", text.parse().map_err(|_| Problem::Malformed)).map(Some),
        };
        let outcome = match given(self.outcome) {
            None => Some(None),
            Some(text) => fields.note("outcome", text.parse().map_err(|()| Problem::UnknownValue)).map(Some),
        };
        let mut time = |field: &str, text: Option<String>| match given(text) {
            None => Some(None),
            Some(text) => fields.note(field, moment(&text).ok_or(Problem::Malformed)).map(Some),
        };
        let since = time("since", self.since);
        let until = time("until", self.until);
        let checked = (|| {
            Some(AuditFilter {
                user: user?,
                subject: None,
                event: event?,
                outcome: outcome?,
                target: target?,
                ip: ip?,
                request: request?,
                since: since?,
                until: until?,
            })
        })();
        fields.finish(checked)
    }
}

/// A time in RFC 3339, or the beginning (UTC) of a day or a minute as browsers' date fields send them.
fn moment(text: &str) -> Option<Timestamp> {
    let full = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        16 => format!("{text}:00Z"),
        _ => text.to_owned(),
    };
    serde_json::from_value(serde_json::Value::String(full)).ok()
}

/// The last entry of a stretch. Opaque to clients: `1763000000000000.42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditCursor {
    /// When.
    pub at: Timestamp,
    /// Decides between equal times.
    pub id: AuditId,
}

impl AuditCursor {
    /// The text that clients pass back.
    pub fn text(self) -> String {
        format!("{}.{}", self.at.0, self.id)
    }

    /// What a client passed back; `None` when it was not made here.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        Some(Self { at: Timestamp(at.parse().ok()?), id: id.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn nothing_given_restricts_nothing() {
        assert_eq!(AuditFilterInput::default().check_all().unwrap(), AuditFilter::default());
        let blank = AuditFilterInput { user: Some(" ".into()), since: Some(String::new()), ..AuditFilterInput::default() };
        assert_eq!(blank.check_all().unwrap(), AuditFilter::default());
    }

    #[test]
    fn addresses_and_times_take_their_usual_forms() {
        let input = AuditFilterInput {
            ip: Some(" 2001:DB8:0::1 ".into()),
            since: Some("2025-11-21".into()),
            until: Some("2025-11-21T03:18".into()),
            ..AuditFilterInput::default()
        };
        let filter = input.check_all().unwrap();
        assert_eq!(filter.ip.as_deref(), Some("2001:db8::1"));
        assert_eq!(filter.since.unwrap().rfc3339(), "2025-11-21T00:00:00Z");
        assert_eq!(filter.until.unwrap().rfc3339(), "2025-11-21T03:18:00Z");
    }

    #[test]
    fn every_bad_field_is_named() {
        let bad = || Some("x\0".repeat(60));
        let input = AuditFilterInput {
            user: bad(),
            event: bad(),
            outcome: bad(),
            target: bad(),
            ip: bad(),
            request: bad(),
            since: bad(),
            until: Some("2025-13-01".into()),
        };
        let Err(Error::Validation { fields }) = input.check_all() else { panic!() };
        let mut names: Vec<_> = fields.into_iter().map(|error| error.field).collect();
        names.sort();
        assert_eq!(names, ["event", "ip", "outcome", "request", "since", "target", "until", "user"]);
    }

    #[test]
    fn cursors_come_back_as_they_went() {
        let cursor = AuditCursor { at: Timestamp(-5), id: AuditId(i64::MAX) };
        assert_eq!(AuditCursor::parse(&cursor.text()), Some(cursor));
        for text in ["", "1", "1.x", ".", "1.2.3"] {
            assert_eq!(AuditCursor::parse(text), None, "{text}");
        }
    }
}
