//! Requests to recover accounts that wait for a reviewer.

pub mod review;

use super::section;
use crate::{
    context::Ctx,
    member::Member,
    page::{Page, PageResult},
    query::Asks,
    ui::{Avatar, EmptyState, PageLinks, Time},
};
use aivalid_model::{
    identity::RecoveryReview,
    page::{Page as List, PageRequest},
};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the page is.
pub const PATH: &str = "/admin/recovery";

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: Option<u32>,
}

/// `GET /admin/recovery`.
pub async fn show(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    let list = ctx.service.recovery_queue(&ctx.caller, PageRequest::new(asked.page, None)).await?;
    Ok(page(&ctx, &list))
}

fn page(ctx: &Ctx, list: &List<RecoveryReview>) -> Page {
    let lang = ctx.lang();
    let rows = if list.items.is_empty() {
        view! { <EmptyState icon="life-buoy" title=tr!(lang, "recovery_admin.empty") words=tr!(lang, "recovery_admin.empty_lead")/> }
            .into_any()
    } else {
        let rows = list.items.iter().map(|review| row(ctx, review)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let base = format!("{PATH}?");
    let body = view! {
        <p>{tr!(lang, "recovery_admin.lead")}</p>
        {rows}
        <PageLinks lang pagination=&list.pagination base/>
    };
    section(ctx, PATH, tr!(lang, "recovery_admin.title").into_owned(), body)
}

fn row(ctx: &Ctx, review: &RecoveryReview) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let href = format!("{PATH}/{}", review.id);
    let place = review.place.clone().unwrap_or_else(|| review.ip.clone());
    view! {
        <li class="row">
            <div class="row-lead"><Avatar card=&review.user/></div>
            <div class="row-main">
                <h2 class="row-title"><a href=href>{review.user.username.clone()}</a></h2>
                <p class="row-meta"><span>{tr!(lang, "recovery_admin.asked")}" "<Time ctx at=review.asked_at/></span><span>{place}</span></p>
            </div>
            <div class="row-end muted"><Time ctx at=review.waits_until/></div>
        </li>
    }
}
