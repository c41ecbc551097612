//! What administrators send.

use crate::{
    Result, Timestamp,
    check::{Check, CheckAll, Fields, Problem, line, lines, text_value},
    id::BadgeId,
    identity::{AccountInput, Role},
};
use serde::{Deserialize, Serialize};

text_value! {
    /// Why something was done: 3 to 500 characters.
    Reason = |text| lines(text, 3, 500);
    /// What is looked for: at most 100 characters.
    Search = |text| line(text, 0, 100);
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum UserState {
    /// Confirmed and not suspended.
    Active,
    /// The address was never confirmed.
    Unconfirmed,
    /// Suspended at present.
    Suspended,
}

impl UserState {
    /// Every one, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Active, Self::Unconfirmed, Self::Suspended];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unconfirmed => "unconfirmed",
            Self::Suspended => "suspended",
        }
    }
}

/// Which accounts are wanted; what is left out restricts nothing. The query of `GET /api/v1/admin/users`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase", default)]
pub struct UserFilterInput {
    /// Part of a username, name or address, or a user's number.
    pub q: Option<String>,
    /// `user`, `moderator` or `admin`.
    pub role: Option<String>,
    /// `active`, `unconfirmed` or `suspended`.
    pub state: Option<String>,
}

/// A checked [`UserFilterInput`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// In lower case.
    pub q: Option<String>,
    /// The role.
    pub role: Option<Role>,
    /// How it stands.
    pub state: Option<UserState>,
}

impl CheckAll for UserFilterInput {
    type Checked = UserFilter;
    fn check_all(self) -> Result<UserFilter> {
        let mut fields = Fields::new();
        let given = |text: Option<String>| text.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
        let q = fields.optional::<Search>("q", given(self.q));
        let role = match given(self.role) {
            None => Some(None),
            Some(text) => fields.note("role", text.parse().map_err(|()| Problem::UnknownValue)).map(Some),
        };
        let state = match given(self.state) {
            None => Some(None),
            Some(text) => {
                let known = UserState::ALL.into_iter().find(|state| state.as_str() == text);
                fields.note("state", known.ok_or(Problem::UnknownValue)).map(Some)
            }
        };
        let checked = (|| Some(UserFilter { q: q?.map(Search::into_inner), role: role?, state: state? }))();
        fields.finish(checked)
    }
}

/// Why: `POST /api/v1/admin/users/{id}/unsuspend` and others; the query where something is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonInput {
    /// 3 to 500 characters; it stands in the audit log.
    #[serde(default)]
    pub reason: String,
}

impl CheckAll for ReasonInput {
    type Checked = Reason;
    fn check_all(self) -> Result<Reason> {
        let mut fields = Fields::new();
        let reason = fields.check::<Reason>("reason", self.reason);
        fields.finish(reason)
    }
}

/// `PUT /api/v1/admin/users/{id}/role`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleInput {
    /// `user`, `moderator` or `admin`.
    pub role: String,
    /// 3 to 500 characters.
    pub reason: String,
}

/// A checked [`RoleInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDeed {
    /// The new role.
    pub role: Role,
    /// Why.
    pub reason: Reason,
}

impl CheckAll for RoleInput {
    type Checked = RoleDeed;
    fn check_all(self) -> Result<RoleDeed> {
        let mut fields = Fields::new();
        let role = fields.note("role", self.role.parse().map_err(|()| Problem::UnknownValue));
        let reason = fields.check::<Reason>("reason", self.reason);
        let checked = role.zip(reason).map(|(role, reason)| RoleDeed { role, reason });
        fields.finish(checked)
    }
}

/// `POST /api/v1/admin/users/{id}/suspend`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuspendInput {
    /// 3 to 500 characters; its owner is told.
    pub reason: String,
    /// 1 to 3650; without it, until it is lifted.
    #[serde(default)]
    pub days: Option<i64>,
}

/// A checked [`SuspendInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspendDeed {
    /// Why.
    pub reason: Reason,
    /// For how many days; absent: until it is lifted.
    pub days: Option<u32>,
}

impl SuspendDeed {
    /// When it ends.
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        self.days.map(|days| now.plus(std::time::Duration::from_hours(24) * days))
    }
}

impl CheckAll for SuspendInput {
    type Checked = SuspendDeed;
    fn check_all(self) -> Result<SuspendDeed> {
        const MOST: i64 = 3650;
        let mut fields = Fields::new();
        let reason = fields.check::<Reason>("reason", self.reason);
        let days = match self.days {
            None => Some(None),
            Some(days @ 1..=MOST) => Some(u32::try_from(days).ok()),
            Some(_) => fields.note("days", Err(Problem::OutOfRange { min: 1, max: MOST })),
        };
        let checked = reason.zip(days).map(|(reason, days)| SuspendDeed { reason, days });
        fields.finish(checked)
    }
}

/// `PUT /api/v1/admin/users/{id}`: what is left out stays as it is; an empty text clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileFixInput {
    /// A new username, whenever it was last changed.
    #[serde(default)]
    pub username: Option<String>,
    /// At most 80 characters.
    #[serde(default)]
    pub full_name: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    pub bio: Option<String>,
    /// At most 80 characters.
    #[serde(default)]
    pub location: Option<String>,
    /// `http` or `https`, at most 200 characters.
    #[serde(default)]
    pub website: Option<String>,
    /// 3 to 500 characters.
    pub reason: String,
}

/// A checked [`ProfileFixInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileFix {
    /// What changes.
    pub change: crate::identity::AccountChange,
    /// Why.
    pub reason: Reason,
}

impl CheckAll for ProfileFixInput {
    type Checked = ProfileFix;
    fn check_all(self) -> Result<ProfileFix> {
        let Self { username, full_name, bio, location, website, reason } = self;
        let change = AccountInput { username, full_name, bio, location, website, ..AccountInput::default() }.check_all();
        let reason = Reason::check(reason);
        match (change, reason) {
            (Ok(change), Ok(reason)) => Ok(ProfileFix { change, reason }),
            (change, reason) => {
                let mut bad = Fields::new();
                if let Err(crate::Error::Validation { fields }) = change {
                    for error in fields {
                        bad.add(&error.field, error.problem);
                    }
                }
                if let Err(problem) = reason {
                    bad.add("reason", problem);
                }
                bad.finish(None)
            }
        }
    }
}

/// `POST /api/v1/admin/users/{id}/badges`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BadgeGrantInput {
    /// Which badge.
    pub badge_id: i64,
    /// 3 to 500 characters; it stands beside the badge.
    pub reason: String,
}

/// A checked [`BadgeGrantInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadgeDeed {
    /// Which badge.
    pub badge: BadgeId,
    /// Why.
    pub reason: Reason,
}

impl CheckAll for BadgeGrantInput {
    type Checked = BadgeDeed;
    fn check_all(self) -> Result<BadgeDeed> {
        let mut fields = Fields::new();
        let reason = fields.check::<Reason>("reason", self.reason);
        fields.finish(reason.map(|reason| BadgeDeed { badge: BadgeId(self.badge_id), reason }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn bad<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
        let Err(Error::Validation { fields }) = result else { panic!("{result:?}") };
        fields.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn searches_are_brought_to_lower_case() {
        let input = UserFilterInput { q: Some(" Budi ".into()), role: Some("ADMIN".into()), state: Some(String::new()) };
        let expected = UserFilter { q: Some("budi".into()), role: Some(Role::Admin), state: None };
        assert_eq!(input.check_all().unwrap(), expected);
        let wrong = UserFilterInput { q: Some("x".repeat(101)), role: Some("root".into()), state: Some("gone".into()) };
        assert_eq!(bad(wrong.check_all()), ["q", "role", "state"]);
    }

    #[test]
    fn every_deed_needs_a_reason() {
        assert_eq!(bad(ReasonInput { reason: " ab ".into() }.check_all()), ["reason"]);
        assert_eq!(bad(RoleInput { role: "x".into(), reason: String::new() }.check_all()), ["role", "reason"]);
        assert_eq!(bad(SuspendInput { reason: "x".repeat(501), days: Some(0) }.check_all()), ["reason", "days"]);
        assert_eq!(bad(BadgeGrantInput { badge_id: 1, reason: String::new() }.check_all()), ["reason"]);
        let fix = ProfileFixInput { username: Some("a b".into()), bio: Some("x".repeat(501)), ..ProfileFixInput::default() };
        assert_eq!(bad(fix.check_all()), ["username", "bio", "reason"]);
    }

    #[test]
    fn suspensions_end_or_do_not() {
        let deed = |days| SuspendInput { reason: "melanggar".into(), days }.check_all().unwrap();
        assert_eq!(deed(None).until(Timestamp(5)), None);
        assert_eq!(deed(Some(1)).until(Timestamp(5)), Some(Timestamp(5 + 86_400_000_000)));
    }
}
