//! The forms of what the staff does to an account. Each asks for a reason, and all of them are one page: [`Deed`] says what it
//! is called, which fields it has and what it does.

use super::{
    section,
    users::{self, ROLES, role_words},
};
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, PageResult},
    query::Asks,
    ui::{Choice, ErrorSummary, Segments, SelectField, TextArea, TextField},
};
use aivalid_model::{
    Error, Lang, Result,
    admin::{AccountFile, BadgeGrantInput, ProfileFixInput, ReasonInput, RoleInput, SuspendInput},
    check::{CheckAll, Problem},
    id::{BadgeId, SessionId, UserId},
    identity::{BadgeCard, IdentityError},
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use std::borrow::Cow;

/// The forms' fields; each form has some of them. Addresses may fill them in.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Fields {
    reason: String,
    role: String,
    days: String,
    badge: String,
    session: String,
    username: Option<String>,
    full_name: Option<String>,
    bio: Option<String>,
    location: Option<String>,
    website: Option<String>,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("role", tr!(lang, "admin.role").into_owned()),
            ("days", tr!(lang, "admin.days").into_owned()),
            ("badge", tr!(lang, "admin.badge").into_owned()),
            ("username", tr!(lang, "account.username").into_owned()),
            ("fullName", tr!(lang, "account.full_name").into_owned()),
            ("bio", tr!(lang, "account.bio").into_owned()),
            ("location", tr!(lang, "account.location").into_owned()),
            ("website", tr!(lang, "account.website").into_owned()),
            ("reason", tr!(lang, "admin.reason").into_owned()),
        ]
    }
}

/// Something that the staff does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Role,
    Suspend,
    Unsuspend,
    Unlock,
    Profile,
    Badge,
    BadgeRevoke,
    Session,
    Sessions,
}

impl Deed {
    const ALL: [Self; 9] = [
        Self::Role,
        Self::Suspend,
        Self::Unsuspend,
        Self::Unlock,
        Self::Profile,
        Self::Badge,
        Self::BadgeRevoke,
        Self::Session,
        Self::Sessions,
    ];

    /// The word in addresses.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Suspend => "suspend",
            Self::Unsuspend => "unsuspend",
            Self::Unlock => "unlock",
            Self::Profile => "profile",
            Self::Badge => "badge",
            Self::BadgeRevoke => "badge-revoke",
            Self::Session => "session",
            Self::Sessions => "sessions",
        }
    }

    fn title(self, lang: Lang) -> Cow<'static, str> {
        match self {
            Self::Role => tr!(lang, "admin.change_role"),
            Self::Suspend => tr!(lang, "admin.suspend"),
            Self::Unsuspend => tr!(lang, "admin.unsuspend"),
            Self::Unlock => tr!(lang, "admin.unlock"),
            Self::Profile => tr!(lang, "admin.edit"),
            Self::Badge => tr!(lang, "admin.grant_badge"),
            Self::BadgeRevoke => tr!(lang, "admin.revoke_badge"),
            Self::Session => tr!(lang, "admin.end_session"),
            Self::Sessions => tr!(lang, "admin.end_sessions"),
        }
    }

    /// What comes of it.
    fn consequence(self, lang: Lang) -> Cow<'static, str> {
        match self {
            Self::Role => tr!(lang, "admin.change_role_then"),
            Self::Suspend => tr!(lang, "admin.suspend_then"),
            Self::Unsuspend => tr!(lang, "admin.unsuspend_then"),
            Self::Unlock => tr!(lang, "admin.unlock_then"),
            Self::Profile => tr!(lang, "admin.edit_then"),
            Self::Badge => tr!(lang, "admin.grant_badge_then"),
            Self::BadgeRevoke => tr!(lang, "admin.revoke_badge_then"),
            Self::Session | Self::Sessions => tr!(lang, "admin.end_sessions_then"),
        }
    }

    const fn is_grave(self) -> bool {
        matches!(self, Self::Suspend | Self::BadgeRevoke | Self::Session | Self::Sessions)
    }

    async fn run(self, ctx: &Ctx, id: UserId, fields: &Fields) -> Result<()> {
        let (service, caller) = (&ctx.service, &ctx.caller);
        let reason = fields.reason.clone();
        let why = |reason: String| ReasonInput { reason }.check_all();
        match self {
            Self::Role => service.admin_role(caller, id, &RoleInput { role: fields.role.clone(), reason }.check_all()?).await,
            Self::Suspend => {
                let days = days(&fields.days);
                service.admin_suspend(caller, id, &SuspendInput { reason, days }.check_all()?).await
            }
            Self::Unsuspend => service.admin_unsuspend(caller, id, &why(reason)?).await,
            Self::Unlock => service.admin_unlock(caller, id, &why(reason)?).await,
            Self::Profile => {
                let Fields { username, full_name, bio, location, website, .. } = fields.clone();
                let input = ProfileFixInput { username, full_name, bio, location, website, reason };
                service.admin_fix(caller, id, &input.check_all()?).await
            }
            Self::Badge => {
                let badge_id = fields.badge.parse().map_err(|_| Error::field("badge", Problem::Required))?;
                service.admin_badge_grant(caller, id, &BadgeGrantInput { badge_id, reason }.check_all()?).await
            }
            Self::BadgeRevoke => {
                let badge: BadgeId = fields.badge.parse().map_err(|_| Error::NotFound)?;
                service.admin_badge_revoke(caller, id, badge, &why(reason)?).await
            }
            Self::Session => {
                let session: SessionId = fields.session.parse().map_err(|_| Error::NotFound)?;
                service.admin_session_end(caller, id, session, &why(reason)?).await
            }
            Self::Sessions => service.admin_sessions_end(caller, id, &why(reason)?).await,
        }
    }
}

/// A number of days; nothing means without an end. What is no number is refused like one that is out of range, together with
/// whatever else is wrong.
fn days(text: &str) -> Option<i64> {
    match text.trim() {
        "" => None,
        days => Some(days.parse().unwrap_or(0)),
    }
}

/// What an address names: the account and the deed.
fn named((id, deed): (String, String)) -> Result<(UserId, Deed)> {
    let deed = Deed::ALL.into_iter().find(|known| known.as_str() == deed).ok_or(Error::NotFound)?;
    Ok((id.parse().map_err(|_| Error::NotFound)?, deed))
}

/// `GET /admin/users/{id}/{deed}`.
pub async fn ask(Member(ctx): Member, Path(path): Path<(String, String)>, Asks(fields): Asks<Fields>) -> PageResult {
    let (id, deed) = named(path)?;
    ctx.service.admin_check(&ctx.caller)?;
    let file = ctx.service.admin_user(&ctx.caller, id).await?;
    let fields = filled(deed, fields, &file);
    page(&ctx, deed, &file, &FormState::fresh(fields)).await
}

/// `POST /admin/users/{id}/{deed}`.
pub async fn submit(ctx: Ctx, Path(path): Path<(String, String)>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let (id, deed) = named(path)?;
    let file = ctx.service.admin_user(&ctx.caller, id).await?;
    match deed.run(&ctx, id, &fields).await {
        Ok(()) => Ok(Done::to(format!("{}/{id}", users::PATH)).flash("admin_done").into_response()),
        Err(error @ Error::Identity(IdentityError::SudoRequired | IdentityError::AssuranceRequired)) => Err(error.into()),
        Err(error) => Ok(page(&ctx, deed, &file, &FormState::failed(fields, error)).await?.into_response()),
    }
}

/// What the address did not fill in is as it stands now.
fn filled(deed: Deed, fields: Fields, file: &AccountFile) -> Fields {
    if deed != Deed::Profile {
        return fields;
    }
    let or = |given: Option<String>, present: &str| Some(given.unwrap_or_else(|| present.to_owned()));
    Fields {
        username: or(fields.username, &file.row.card.username),
        full_name: or(fields.full_name, file.row.card.full_name.as_deref().unwrap_or_default()),
        bio: or(fields.bio, &file.bio),
        location: or(fields.location, &file.location),
        website: or(fields.website, &file.website),
        ..fields
    }
}

async fn page(ctx: &Ctx, deed: Deed, file: &AccountFile, state: &FormState<Fields>) -> PageResult {
    let lang = ctx.lang();
    let own = match deed {
        Deed::Badge => badge_choice(ctx, state, ctx.service.admin_badges(&ctx.caller).await?, file),
        _ => fields(ctx, deed, state),
    };
    let button = if deed.is_grave() { "btn btn-danger-fill" } else { "btn btn-primary" };
    let back = format!("{}/{}", users::PATH, file.row.card.id);
    let title = deed.title(lang).into_owned();
    let body = view! {
        <ErrorSummary ctx state/>
        <form class="panel" method="post" novalidate>
            <h2>{file.row.card.username.clone()}</h2>
            <div class="form">
                <p>{deed.consequence(lang)}</p>
                {own}
                <TextArea ctx state name="reason" value=state.values.reason.clone() hint=tr!(lang, "admin.reason_hint").into_owned() maxlength="500"/>
            </div>
            <footer class="form-actions">
                <button class=button>{title.clone()}</button>
                <a class="btn btn-ghost" href=back>{tr!(lang, "form.cancel")}</a>
            </footer>
        </form>
    };
    Ok(section(ctx, users::PATH, title, body).of_form(state))
}

/// A deed's own fields.
fn fields(ctx: &Ctx, deed: Deed, state: &FormState<Fields>) -> AnyView {
    let lang = ctx.lang();
    let values = &state.values;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    match deed {
        Deed::Role => {
            let choices = ROLES.map(|role| Choice::new(role.as_str(), role_words(lang, role))).to_vec();
            view! { <Segments ctx state name="role" value=values.role.clone() choices/> }.into_any()
        }
        Deed::Suspend => {
            let hint = tr!(lang, "admin.days_hint").into_owned();
            view! { <TextField ctx state name="days" value=values.days.clone() required=false inputmode="numeric" maxlength="4" hint class="input input-short"/> }
                .into_any()
        }
        Deed::Profile => view! {
            <div class="fields">
                <TextField ctx state name="username" value=text(&values.username) maxlength="20"/>
                <TextField ctx state name="fullName" value=text(&values.full_name) required=false maxlength="80"/>
            </div>
            <TextArea ctx state name="bio" value=text(&values.bio) required=false maxlength="500"/>
            <div class="fields">
                <TextField ctx state name="location" value=text(&values.location) required=false maxlength="80"/>
                <TextField ctx state name="website" kind="url" value=text(&values.website) required=false maxlength="200"/>
            </div>
        }
        .into_any(),
        Deed::BadgeRevoke => view! { <input type="hidden" name="badge" value=values.badge.clone()/> }.into_any(),
        Deed::Session => view! { <input type="hidden" name="session" value=values.session.clone()/> }.into_any(),
        Deed::Unsuspend | Deed::Unlock | Deed::Badge | Deed::Sessions => ().into_any(),
    }
}

/// The badges that the account does not have.
fn badge_choice(ctx: &Ctx, state: &FormState<Fields>, badges: Vec<BadgeCard>, file: &AccountFile) -> AnyView {
    let lang = ctx.lang();
    let has = |badge: &BadgeCard| file.badges.iter().any(|grant| grant.badge.id == badge.id);
    let choices = badges.iter().filter(|badge| !has(badge)).map(|badge| Choice::new(badge.id.to_string(), badge.name(lang))).collect();
    view! { <SelectField ctx state name="badge" value=state.values.badge.clone() choices/> }.into_any()
}
