//! The queue of identity documents.

pub mod review;

use super::section;
use crate::{
    context::Ctx,
    i18n::plural,
    member::Member,
    page::{Page, PageResult},
    pages::account::kyc::status_chip,
    query::Asks,
    ui::{Avatar, EmptyState, PageLinks, Tab, Tabs, Time},
};
use aivalid_model::{
    Lang,
    kyc::{KycReview, KycStatus},
    page::{Page as List, PageRequest},
};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the queue is.
pub const PATH: &str = "/admin/kyc";

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    status: Option<KycStatus>,
    page: Option<u32>,
}

/// `GET /admin/kyc`.
pub async fn show(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    let status = asked.status.filter(|status| *status != KycStatus::None).unwrap_or(KycStatus::Pending);
    let list = ctx.service.kyc_queue(&ctx.caller, status, PageRequest::new(asked.page, None)).await?;
    Ok(page(&ctx, status, &list))
}

fn tab_words(lang: Lang, status: KycStatus) -> String {
    match status {
        KycStatus::Approved => tr!(lang, "kyc_admin.approved"),
        KycStatus::Rejected => tr!(lang, "kyc_admin.rejected"),
        KycStatus::Pending | KycStatus::None => tr!(lang, "kyc_admin.pending"),
    }
    .into_owned()
}

fn page(ctx: &Ctx, status: KycStatus, list: &List<KycReview>) -> Page {
    let lang = ctx.lang();
    let tabs = [KycStatus::Pending, KycStatus::Approved, KycStatus::Rejected]
        .map(|other| Tab {
            href: format!("/admin/kyc?status={}", other.as_str()),
            words: tab_words(lang, other),
            count: (other == status).then_some(list.pagination.total),
            here: other == status,
        })
        .into();
    let rows = if list.items.is_empty() {
        view! { <EmptyState icon="clipboard-check" title=tr!(lang, "kyc_admin.empty") words=tr!(lang, "kyc_admin.empty_lead")/> }.into_any()
    } else {
        let rows = list.items.iter().map(|review| row(ctx, review)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let title = tr!(lang, "kyc_admin.title");
    let base = format!("/admin/kyc?status={}&", status.as_str());
    let body = view! {
        <div class="stack">
            <Tabs lang label=title.clone().into_owned() tabs/>
            {rows}
            <PageLinks lang pagination=&list.pagination base/>
        </div>
    };
    section(ctx, PATH, title.into_owned(), body)
}

fn row(ctx: &Ctx, review: &KycReview) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let href = format!("/admin/kyc/{}", review.id);
    let count = plural(lang, "kyc_admin.documents", review.documents.len() as u64);
    let decided = review.decided_by.as_ref().map(|by| view! { <span>{tr!(lang, "kyc_admin.decided_by", name = by.username)}</span> });
    view! {
        <li class="row">
            <div class="row-lead"><Avatar card=&review.user/></div>
            <div class="row-main">
                <h3 class="row-title"><a href=href>{review.user.username.clone()}</a></h3>
                <p class="row-meta"><span>{count}</span><span>{tr!(lang, "kyc.submitted")}" "<Time ctx at=review.submitted_at/></span>{decided}</p>
            </div>
            <div class="row-end">{status_chip(lang, review.status)}</div>
        </li>
    }
}
