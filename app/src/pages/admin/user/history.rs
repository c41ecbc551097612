//! What happened to an account, each deed of the staff with the way to undo it where there is one.

use super::deed;
use crate::{context::Ctx, page::PageResult, pages::admin::audit, paths::query_value, ui::EmptyState};
use aivalid_model::{
    admin::AccountFile,
    audit::{AuditEntry, AuditFilter},
};
use leptos::{either::Either, prelude::*};
use std::fmt::Write;

/// How many entries are shown.
const STRETCH: u32 = 20;

/// The part of the page.
pub async fn part(ctx: &Ctx, file: &AccountFile) -> PageResult<impl IntoView + use<>> {
    let lang = ctx.lang();
    let id = file.row.card.id;
    let filter = AuditFilter { user: Some(id), ..AuditFilter::default() };
    let found = ctx.service.admin_audit(&ctx.caller, &filter, None, STRETCH).await?;
    let list = if found.items.is_empty() {
        Either::Left(view! { <EmptyState icon="history" title=tr!(lang, "admin.no_entries") words=tr!(lang, "admin.no_entries_words")/> })
    } else {
        let rows = found.items.into_iter().map(|entry| {
            let undo = undo(file, &entry);
            audit::row(ctx, entry, undo)
        });
        let rows = rows.collect::<Vec<_>>();
        Either::Right(view! { <ul class="rows">{rows}</ul> })
    };
    let all = format!("{}?user={id}", audit::PATH);
    Ok(view! {
        <section class="panel">
            <header><h2>{tr!(lang, "security.events")}</h2><a class="btn btn-sm" href=all>{tr!(lang, "admin.all_entries")}</a></header>
            {list}
        </section>
    })
}

/// The form that undoes a deed, filled in; only while the account still is as the deed left it.
fn undo(file: &AccountFile, entry: &AuditEntry) -> Option<String> {
    let id = file.row.card.id;
    let text = |key: &str| entry.details.get(key)?.as_str();
    let badge = || entry.target.as_ref().filter(|target| target.kind == "badge")?.id.parse::<i64>().ok();
    let has = |badge: i64| file.badges.iter().any(|grant| grant.badge.id.0 == badge);
    match entry.event.as_str() {
        _ if entry.subject.as_ref().is_none_or(|subject| subject.id != id) => None,
        "role.changed" if !file.own && text("to") == Some(file.row.role.as_str()) => {
            Some(format!("{}?role={}", deed(id, "role"), query_value(text("from")?)))
        }
        "user.suspended" if !file.own && file.row.suspension.is_some() => Some(deed(id, "unsuspend")),
        "badge.granted" => badge().filter(|badge| has(*badge)).map(|badge| format!("{}?badge={badge}", deed(id, "badge-revoke"))),
        "badge.revoked" => badge().filter(|badge| !has(*badge)).map(|badge| format!("{}?badge={badge}", deed(id, "badge"))),
        "user.edited" => profile_before(file, entry),
        _ => None,
    }
}

/// The profile's form with what stood there before, if what was put there still stands.
fn profile_before(file: &AccountFile, entry: &AuditEntry) -> Option<String> {
    let now = [
        ("username", file.row.card.username.as_str()),
        ("fullName", file.row.card.full_name.as_deref().unwrap_or_default()),
        ("bio", file.bio.as_str()),
        ("location", file.location.as_str()),
        ("website", file.website.as_str()),
    ];
    let mut href = format!("{}?", deed(file.row.card.id, "profile"));
    let mut changed = false;
    for (field, present) in now {
        let Some(step) = entry.details.get(field) else { continue };
        let (before, after) = (step.get("before")?.as_str()?, step.get("after")?.as_str()?);
        if after != present {
            return None;
        }
        // Writing to a string can't fail.
        let _ = write!(href, "{field}={}&", query_value(before));
        changed = true;
    }
    changed.then_some(href)
}
