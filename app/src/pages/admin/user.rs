//! One account in the hands of the staff.

mod history;

use super::{
    section,
    users::{self, marks, role_words},
};
use crate::{
    context::Ctx,
    member::Member,
    page::PageResult,
    paths,
    ui::{Avatar, AvatarSize, Badge, Day, Icon, Time},
};
use aivalid_model::{
    Error, Lang,
    admin::AccountFile,
    id::UserId,
    identity::{BadgeGrant, Permission, SessionView},
};
use axum::extract::Path;
use leptos::{either::Either, prelude::*};

/// `GET /admin/users/{id}`.
pub async fn show(Member(ctx): Member, Path(id): Path<String>) -> PageResult {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let file = ctx.service.admin_user(&ctx.caller, id).await?;
    let history = if ctx.caller.may(Permission::AuditRead) { Some(history::part(&ctx, &file).await?) } else { None };
    let name = file.row.card.username.clone();
    let body = view! { {facts(&ctx, &file)}{sessions(&ctx, &file)}{badges(&ctx, &file)}{history} };
    Ok(section(&ctx, users::PATH, name, body))
}

/// The address of a deed's form.
fn deed(id: UserId, deed: &str) -> String {
    format!("{}/{id}/{deed}", users::PATH)
}

fn facts(ctx: &Ctx, file: &AccountFile) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let row = &file.row;
    let id = row.card.id;
    let fact = |words: std::borrow::Cow<'static, str>, value: AnyView| view! { <div><dt>{words}</dt><dd>{value}</dd></div> };
    let seen = match row.last_login_at {
        Some(at) => view! { <Time ctx at=at/> }.into_any(),
        None => tr!(lang, "admin.never").into_any(),
    };
    let suspension = row.suspension.as_ref().map(|suspension| {
        let until = match suspension.until {
            Some(at) => Either::Left(view! { <Day ctx at=at/> }),
            None => Either::Right(tr!(lang, "admin.until_lifted")),
        };
        let reason = suspension.reason.clone();
        fact(tr!(lang, "admin.suspended_until"), view! { {until}": "<span dir="auto">{reason}</span> }.into_any())
    });
    let lock = file.password_lock.map(|lock| {
        let until = match lock.until {
            Some(at) if !lock.disabled => Either::Left(view! { {tr!(lang, "admin.password_locked_until")}" "<Time ctx at=at/> }),
            _ => Either::Right(tr!(lang, "admin.password_disabled")),
        };
        fact(tr!(lang, "admin.password"), until.into_any())
    });
    let link = |path: &'static str, icon: &'static str, words: std::borrow::Cow<'static, str>, class: &'static str| {
        view! { <a class=class href=deed(id, path)><Icon name=icon/>{words}</a> }
    };
    // What nobody may do to themselves is not offered.
    let others = (!file.own).then(|| {
        let suspend = if row.suspension.is_some() {
            link("unsuspend", "lock-open", tr!(lang, "admin.unsuspend"), "btn btn-sm")
        } else {
            link("suspend", "ban", tr!(lang, "admin.suspend"), "btn btn-sm btn-danger")
        };
        view! { {link("role", "users", tr!(lang, "admin.change_role"), "btn btn-sm")}{suspend} }
    });
    let unlock = file.password_lock.map(|_| link("unlock", "lock-open", tr!(lang, "admin.unlock"), "btn btn-sm"));
    view! {
        <section class="panel">
            <header class="cluster"><Avatar card=&row.card size=AvatarSize::Usual/><h2><a href=paths::user(&row.card.username)>{row.card.username.clone()}</a></h2>{marks(lang, row)}</header>
            <dl class="facts">
                {fact(tr!(lang, "admin.number"), view! { <span class="num">{id.to_string()}</span> }.into_any())}
                {row.email.clone().map(|email| fact(tr!(lang, "admin.address"), email.into_any()))}
                {row.phone.clone().map(|phone| fact(tr!(lang, "phone.title"), view! { <span class="num">{phone}</span> }.into_any()))}
                {row.card.full_name.clone().map(|name| fact(tr!(lang, "account.full_name"), view! { <span dir="auto">{name}</span> }.into_any()))}
                {fact(tr!(lang, "admin.role"), role_words(lang, row.role).into_any())}
                {fact(tr!(lang, "admin.joined"), view! { <Day ctx at=row.created_at/> }.into_any())}
                {fact(tr!(lang, "admin.last_login"), seen)}
                {fact(tr!(lang, "admin.posts"), format!("{} / {}", file.thread_count, file.case_count).into_any())}
                {suspension}
                {lock}
            </dl>
            <footer class="cluster">{others}{unlock}{link("profile", "pencil", tr!(lang, "admin.edit"), "btn btn-sm")}</footer>
        </section>
    }
}

fn sessions(ctx: &Ctx, file: &AccountFile) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let id = file.row.card.id;
    let all = (!file.sessions.is_empty())
        .then(|| view! { <a class="btn btn-sm btn-danger" href=deed(id, "sessions")>{tr!(lang, "admin.end_sessions")}</a> });
    let list = if file.sessions.is_empty() {
        Either::Left(view! { <p class="muted">{tr!(lang, "admin.no_sessions")}</p> })
    } else {
        let rows = file.sessions.iter().map(|session| session_row(ctx, lang, id, session)).collect_view();
        Either::Right(view! { <ul class="rows">{rows}</ul> })
    };
    view! { <section class="panel"><header><h2>{tr!(lang, "account.active_sessions")}</h2>{all}</header>{list}</section> }
}

fn session_row(ctx: &Ctx, lang: Lang, id: UserId, session: &SessionView) -> impl IntoView + use<> {
    let href = format!("{}?session={}", deed(id, "session"), session.id);
    let device = if session.device.is_empty() { tr!(lang, "account.unknown_device").into_owned() } else { session.device.clone() };
    let label = tr!(lang, "account.end_named", device = device).into_owned();
    let place = session.place.clone().map(|place| view! { <span>{place}</span> });
    view! {
        <li class="row">
            <div class="row-lead"><Icon name="laptop"/></div>
            <div class="row-main">
                <h3 class="row-title">{device}</h3>
                <p class="row-meta"><span class="num">{session.ip.clone()}</span>{place}<span>{session.login_method.clone()}</span></p>
            </div>
            <div class="row-end"><span class="muted"><Time ctx at=session.last_active_at/></span><a class="btn btn-sm" href=href aria-label=label>{tr!(lang, "account.end")}</a></div>
        </li>
    }
}

fn badges(ctx: &Ctx, file: &AccountFile) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let id = file.row.card.id;
    let rows = file.badges.iter().map(|grant| badge_row(ctx, lang, id, grant)).collect_view();
    let list = if file.badges.is_empty() {
        Either::Left(view! { <p class="muted">{tr!(lang, "admin.no_badges")}</p> })
    } else {
        Either::Right(view! { <ul class="rows">{rows}</ul> })
    };
    view! {
        <section class="panel">
            <header><h2>{tr!(lang, "admin.badges")}</h2><a class="btn btn-sm" href=deed(id, "badge")><Icon name="plus"/>{tr!(lang, "admin.grant_badge")}</a></header>
            {list}
        </section>
    }
}

fn badge_row(ctx: &Ctx, lang: Lang, id: UserId, grant: &BadgeGrant) -> impl IntoView + use<> {
    let href = format!("{}?badge={}", deed(id, "badge-revoke"), grant.badge.id);
    let label = tr!(lang, "admin.revoke_badge_named", name = grant.badge.name(lang)).into_owned();
    view! {
        <li class="row">
            <div class="row-main"><h3 class="row-title"><Badge lang badge=&grant.badge/></h3><p class="row-meta"><span dir="auto">{grant.reason.clone()}</span></p></div>
            <div class="row-end"><span class="muted"><Time ctx at=grant.granted_at/></span><a class="btn btn-sm" href=href aria-label=label>{tr!(lang, "admin.revoke_badge")}</a></div>
        </li>
    }
}
