//! What happened to the account lately.

use super::PATH;
use crate::{
    context::Ctx,
    page::PageResult,
    paths::query_value,
    ui::{Chip, EmptyState, Icon, Time, event_icon, event_words},
};
use aivalid_model::audit::{Outcome, SecurityEvent};
use leptos::{either::Either, prelude::*};

/// How many at a time.
const STRETCH: u32 = 20;

/// The part of the page.
pub async fn part(ctx: &Ctx, cursor: Option<&str>) -> PageResult<AnyView> {
    let lang = ctx.lang();
    let events = ctx.service.security_events(&ctx.caller, cursor, STRETCH).await?;
    let more = events.next.map(|next| {
        let href = format!("{PATH}?cursor={}", query_value(&next));
        view! { <p><a class="btn btn-sm" rel="next" href=href>{tr!(lang, "security.older")}</a></p> }
    });
    let newest = cursor.map(|_| view! { <a class="btn btn-sm" href=PATH>{tr!(lang, "security.newest")}</a> });
    let list = if events.items.is_empty() {
        Either::Left(view! { <EmptyState icon="history" title=tr!(lang, "security.none") words=tr!(lang, "security.none_words")/> })
    } else {
        let rows = events.items.into_iter().map(|event| row(ctx, event)).collect_view();
        Either::Right(view! { <ul class="rows">{rows}</ul> })
    };
    let view = view! {
        <section class="panel" id="events">
            <header><h2>{tr!(lang, "security.events")}</h2>{newest}</header>
            {list}
            {more}
            <p class="small muted">{tr!(lang, "security.events_hint")}</p>
        </section>
    };
    Ok(view.into_any())
}

fn row(ctx: &Ctx, event: SecurityEvent) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let words = event_words(lang, &event.event, event.name.as_deref());
    let failed = (event.outcome == Outcome::Failed).then(|| {
        let kind = if event.event.starts_with("alert.") { "danger" } else { "warning" };
        view! { " "<Chip kind icon="circle-x" words=tr!(lang, "audit.failed").into_owned()/> }
    });
    let staff = event.by_staff.then(|| view! { <span><Icon name="shield"/>{tr!(lang, "security.by_staff")}</span> });
    let ip = event.ip.map(|ip| view! { <span class="num">{ip}</span> });
    let place = event.place.map(|place| view! { <span>{place}</span> });
    let device = event.device.map(|device| view! { <span>{device}</span> });
    view! {
        <li class="row">
            <div class="row-lead"><Icon name=event_icon(&event.event)/></div>
            <div class="row-main">
                <h3 class="row-title">{words}{failed}</h3>
                <p class="row-meta">{staff}{device}{ip}{place}</p>
            </div>
            <div class="row-end"><span class="muted"><Time ctx at=event.at/></span></div>
        </li>
    }
}
