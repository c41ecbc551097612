//! What the reader can do about a case now, in words with their consequences; for others, what happens next.

use crate::{
    context::Ctx,
    ui::{Day, Html, Icon},
};
use aivalid_model::{
    Lang,
    cases::{Case, CaseStatus},
};
use leptos::prelude::*;
use std::borrow::Cow;

/// The panel beside a case.
pub fn panel(ctx: &Ctx, case: &Case) -> Html {
    let lang = ctx.lang();
    let status = case.row.status;
    let inner = if case.mine && (status.can_edit() || status.can_cancel()) {
        owner(ctx, case)
    } else if status == CaseStatus::Open {
        visitor(ctx, case)
    } else {
        Html::of(view! { <p class="small">{meaning(lang, status)}</p> })
    };
    let title = if case.mine { tr!(lang, "case.your_step") } else { tr!(lang, "case.now") };
    Html::of(view! { <section class="panel panel-action"><h2>{title}</h2><div class="stack">{inner}</div></section> })
}

fn owner(ctx: &Ctx, case: &Case) -> Html {
    let (lang, id, status) = (ctx.lang(), case.row.id, case.row.status);
    let deed = |name: &str| format!("/validation-cases/{id}/{name}");
    let edit = status
        .can_edit()
        .then(|| view! { <a class="btn btn-primary btn-block" href=deed("edit")><Icon name="pencil"/>{tr!(lang, "case.edit")}</a> });
    let cancel = status
        .can_cancel()
        .then(|| view! { <a class="btn btn-block" href=deed("cancel")><Icon name="circle-slash"/>{tr!(lang, "case.cancel")}</a> });
    let delete = status
        .can_edit()
        .then(|| view! { <a class="btn btn-danger btn-block" href=deed("delete")><Icon name="trash-2"/>{tr!(lang, "case.delete")}</a> });
    let edit_means = status.can_edit().then(|| view! { <li><Icon name="pencil"/><span>{tr!(lang, "case.edit_means")}</span></li> });
    let delete_means = status.can_edit().then(|| view! { <li><Icon name="trash-2"/><span>{tr!(lang, "case.delete_means")}</span></li> });
    let passed = case.row.deadline.filter(|at| status == CaseStatus::Open && *at <= ctx.now);
    let passed = passed.map(|_| view! { " "{tr!(lang, "case.deadline_passed_owner")} });
    Html::of(view! {
        <p class="small"><b>{meaning(lang, status)}</b>{passed}</p>
        <ul class="consequence">{edit_means}<li><Icon name="circle-slash"/><span>{tr!(lang, "case.cancel_means")}</span></li>{delete_means}</ul>
        {edit}{cancel}{delete}
    })
}

fn visitor(ctx: &Ctx, case: &Case) -> Html {
    let lang = ctx.lang();
    let deadline = case.row.deadline.map(|at| {
        let words = if at > ctx.now { tr!(lang, "case.wanted_until") } else { tr!(lang, "case.was_wanted_until") };
        view! { " "{words}" "<Day ctx at/>"." }
    });
    Html::of(view! {
        <p class="small"><b>{meaning(lang, CaseStatus::Open)}</b>{deadline}</p>
        <ul class="consequence">
            <li><Icon name="message-square"/><span>{tr!(lang, "case.anyone")}</span></li>
            <li><Icon name="user"/><span>{tr!(lang, "case.owner_decides")}</span></li>
            <li><Icon name="clock"/><span>{tr!(lang, "case.offers_later")}</span></li>
        </ul>
        <a class="btn btn-block" href="#composer"><Icon name="message-square"/>{tr!(lang, "case.ask")}</a>
    })
}

/// A state in a sentence.
fn meaning(lang: Lang, status: CaseStatus) -> Cow<'static, str> {
    match status {
        CaseStatus::Open => tr!(lang, "case.is_open"),
        CaseStatus::OfferAccepted => tr!(lang, "case.is_offer_accepted"),
        CaseStatus::FundsLocked => tr!(lang, "case.is_funds_locked"),
        CaseStatus::ArtifactSubmitted => tr!(lang, "case.is_artifact_submitted"),
        CaseStatus::Disputed => tr!(lang, "case.is_disputed"),
        CaseStatus::Completed => tr!(lang, "case.is_completed"),
        CaseStatus::Refunded => tr!(lang, "case.is_refunded"),
        CaseStatus::Expired => tr!(lang, "case.is_expired"),
        CaseStatus::Cancelled => tr!(lang, "case.is_cancelled"),
    }
}
