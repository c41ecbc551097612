//! Where the staff begins.

use super::{audit, open_entries, recovery, section};
use crate::{
    context::Ctx,
    i18n::plural,
    member::Member,
    page::PageResult,
    ui::{EmptyState, Icon},
};
use aivalid_model::{Error, audit::AuditFilter, identity::Permission};
use leptos::{either::Either, prelude::*};

/// Where the page is.
pub const PATH: &str = "/admin";
/// How many alerts are shown.
const ALERTS: u32 = 5;

/// `GET /admin`.
pub async fn show(Member(ctx): Member) -> PageResult {
    let lang = ctx.lang();
    let entries = open_entries(&ctx);
    if entries.is_empty() {
        return Err(Error::Forbidden.into());
    }
    let waiting = if ctx.caller.may(Permission::KycReview) { ctx.service.recovery_waiting(&ctx.caller).await? } else { 0 };
    let cards = entries.into_iter().map(|entry| {
        let count = (entry.href == recovery::PATH && waiting > 0)
            .then(|| view! { <div class="row-end"><span class="chip">{plural(lang, "recovery_admin.waiting", waiting)}</span></div> });
        view! {
            <li class="row">
                <div class="row-lead"><Icon name=entry.icon/></div>
                <div class="row-main"><h2 class="row-title"><a href=entry.href>{entry.words}</a></h2><p class="row-meta">{entry.lead}</p></div>
                {count}
            </li>
        }
    });
    let cards = cards.collect::<Vec<_>>();
    let alerts = if ctx.caller.may(Permission::AuditRead) { Some(alerts(&ctx).await?) } else { None };
    let body = view! { <ul class="rows">{cards}</ul>{alerts} };
    Ok(section(&ctx, PATH, tr!(lang, "admin.title").into_owned(), body))
}

/// The newest alerts.
async fn alerts(ctx: &Ctx) -> PageResult<impl IntoView + use<>> {
    let lang = ctx.lang();
    let filter = AuditFilter { event: Some("alert.".to_owned()), ..AuditFilter::default() };
    let found = ctx.service.admin_audit(&ctx.caller, &filter, None, ALERTS).await?;
    let list = if found.items.is_empty() {
        Either::Left(
            view! { <EmptyState icon="shield-check" title=tr!(lang, "admin.no_alerts") words=tr!(lang, "admin.no_alerts_words")/> },
        )
    } else {
        let rows = found.items.into_iter().map(|entry| audit::row(ctx, entry, None)).collect_view();
        Either::Right(view! { <ul class="rows">{rows}</ul> })
    };
    Ok(view! {
        <section class="panel">
            <header><h2>{tr!(lang, "admin.alerts")}</h2><a class="btn btn-sm" href="/admin/audit?event=alert.">{tr!(lang, "admin.all_alerts")}</a></header>
            {list}
        </section>
    })
}
