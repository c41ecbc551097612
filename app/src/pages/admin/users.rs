//! Finding people.

use super::section;
use crate::{
    context::Ctx,
    member::Member,
    page::PageResult,
    paths::query_value,
    query::Asks,
    ui::{Avatar, Chip, EmptyState, Icon, Time},
};
use aivalid_model::{
    Lang,
    admin::{AccountRow, UserFilterInput, UserState},
    check::CheckAll,
    identity::Role,
};
use leptos::{either::Either, prelude::*};
use serde::Deserialize;
use std::{borrow::Cow, fmt::Write};

/// Where the page is.
pub const PATH: &str = "/admin/users";
/// How many at a time.
const STRETCH: u32 = 30;

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    role: String,
    state: String,
    cursor: Option<String>,
}

impl Asked {
    fn input(&self) -> UserFilterInput {
        UserFilterInput { q: Some(self.q.clone()), role: Some(self.role.clone()), state: Some(self.state.clone()) }
    }

    /// The same search, read on from a cursor.
    fn after(&self, cursor: &str) -> String {
        let mut href = format!("{PATH}?");
        for (name, value) in [("q", &self.q), ("role", &self.role), ("state", &self.state)] {
            if !value.is_empty() {
                // Writing to a string can't fail.
                let _ = write!(href, "{name}={}&", query_value(value));
            }
        }
        href + "cursor=" + &query_value(cursor)
    }
}

/// `GET /admin/users`.
pub async fn show(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    let lang = ctx.lang();
    let filter = asked.input().check_all()?;
    let found = ctx.service.admin_users(&ctx.caller, &filter, asked.cursor.as_deref(), STRETCH).await?;
    let more = found.next.as_deref().map(|next| {
        view! { <p><a class="btn" rel="next" href=asked.after(next)>{tr!(lang, "admin.more")}</a></p> }
    });
    let list = if found.items.is_empty() {
        Either::Left(view! { <EmptyState icon="users" title=tr!(lang, "admin.nobody") words=tr!(lang, "admin.nobody_words")/> })
    } else {
        let rows = found.items.into_iter().map(|account| row(&ctx, account)).collect_view();
        Either::Right(view! { <ul class="rows">{rows}</ul> })
    };
    let body = view! { {form(lang, &asked)}{list}{more} };
    Ok(section(&ctx, PATH, tr!(lang, "admin.users").into_owned(), body))
}

fn form(lang: Lang, asked: &Asked) -> impl IntoView + use<> {
    let roles =
        ROLES.map(|role| view! { <option value=role.as_str() selected=asked.role == role.as_str()>{role_words(lang, role)}</option> });
    let states = UserState::ALL.map(|state| {
        view! { <option value=state.as_str() selected=asked.state == state.as_str()>{state_words(lang, state)}</option> }
    });
    view! {
        <form class="filters" action=PATH role="search">
            <input class="input" type="search" name="q" maxlength="100" value=asked.q.clone() aria-label=tr!(lang, "admin.search_users") placeholder=tr!(lang, "admin.search_users")/>
            <select class="select" name="role" aria-label=tr!(lang, "admin.role")><option value="">{tr!(lang, "admin.all_roles")}</option>{roles}</select>
            <select class="select" name="state" aria-label=tr!(lang, "admin.state")><option value="">{tr!(lang, "admin.all_states")}</option>{states}</select>
            <button class="btn btn-primary"><Icon name="search"/>{tr!(lang, "admin.search")}</button>
        </form>
    }
}

/// Every role, in the order they are offered.
pub(super) const ROLES: [Role; 3] = [Role::User, Role::Moderator, Role::Admin];

/// A role in words.
pub(super) fn role_words(lang: Lang, role: Role) -> Cow<'static, str> {
    match role {
        Role::User => tr!(lang, "admin.role_user"),
        Role::Moderator => tr!(lang, "admin.role_moderator"),
        Role::Admin => tr!(lang, "admin.role_admin"),
    }
}

fn state_words(lang: Lang, state: UserState) -> Cow<'static, str> {
    match state {
        UserState::Active => tr!(lang, "admin.state_active"),
        UserState::Unconfirmed => tr!(lang, "admin.state_unconfirmed"),
        UserState::Suspended => tr!(lang, "admin.state_suspended"),
    }
}

/// Role and state, where they are not the usual ones.
pub(super) fn marks(lang: Lang, account: &AccountRow) -> impl IntoView + use<> {
    let role = (account.role != Role::User)
        .then(|| view! { " "<Chip kind="info" icon="shield" words=role_words(lang, account.role).into_owned()/> });
    let unconfirmed = (!account.email_verified)
        .then(|| view! { " "<Chip kind="warning" icon="clock" words=state_words(lang, UserState::Unconfirmed).into_owned()/> });
    let suspended = account
        .suspension
        .is_some()
        .then(|| view! { " "<Chip kind="danger" icon="ban" words=state_words(lang, UserState::Suspended).into_owned()/> });
    view! { {role}{unconfirmed}{suspended} }
}

fn row(ctx: &Ctx, account: AccountRow) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let href = format!("{PATH}/{}", account.card.id);
    let marks = marks(lang, &account);
    let seen = match account.last_login_at {
        Some(at) => Either::Left(view! { {tr!(lang, "admin.last_login")}" "<Time ctx at=at/> }),
        None => Either::Right(tr!(lang, "admin.never")),
    };
    view! {
        <li class="row">
            <div class="row-lead"><Avatar card=&account.card/></div>
            <div class="row-main">
                <h2 class="row-title"><a href=href>{account.card.username.clone()}</a>{marks}</h2>
                <p class="row-meta">{account.email.map(|email| view! { <span>{email}</span> })}{account.phone.map(|phone| view! { <span class="num">{phone}</span> })}{account.card.full_name.map(|name| view! { <span dir="auto">{name}</span> })}</p>
            </div>
            <div class="row-end"><span class="muted">{seen}</span></div>
        </li>
    }
}
