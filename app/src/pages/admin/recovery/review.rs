//! One request to recover an account: what was written, what is known of the account, and the decision.

use super::super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    ui::{Avatar, AvatarSize, Choice, Day, ErrorSummary, Icon, Segments, TextArea, Time, UserLink},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{CheckAll, Problem},
    id::RecoveryId,
    identity::{RecoveryDossier, RecoveryReview, RecoveryState, SessionView},
    kyc::RejectInput,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// `approve` or `reject`.
    decision: String,
    reason: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("decision", tr!(lang, "kyc_admin.decision").into_owned()), ("reason", tr!(lang, "kyc_admin.reason").into_owned())]
    }
}

fn read(id: &str) -> Result<RecoveryId> {
    id.parse().map_err(|_| Error::NotFound)
}

/// `GET /admin/recovery/{id}`.
pub async fn show(Member(ctx): Member, Path(id): Path<String>) -> PageResult {
    let dossier = ctx.service.recovery_dossier(&ctx.caller, read(&id)?).await?;
    Ok(page(&ctx, &dossier, &FormState::fresh(Fields::default())))
}

/// `POST /admin/recovery/{id}`.
pub async fn submit(ctx: Ctx, Path(id): Path<String>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let id = read(&id)?;
    match decide(&ctx, id, &fields).await {
        Ok(()) => {
            let next = ctx.service.recovery_next(&ctx.caller).await?;
            let next = next.map_or_else(|| super::PATH.to_owned(), |next| format!("{}/{next}", super::PATH));
            Ok(Done::to(next).flash("kyc_decided").into_response())
        }
        Err(error) => {
            let dossier = ctx.service.recovery_dossier(&ctx.caller, id).await?;
            Ok(page(&ctx, &dossier, &FormState::failed(fields, error)).into_response())
        }
    }
}

async fn decide(ctx: &Ctx, id: RecoveryId, fields: &Fields) -> Result<()> {
    match fields.decision.as_str() {
        "approve" => ctx.service.recovery_approve(&ctx.caller, id).await.map(drop),
        "reject" => {
            let reason = RejectInput { reason: fields.reason.clone() }.check_all()?;
            ctx.service.recovery_reject(&ctx.caller, id, reason).await.map(drop)
        }
        "" => Err(Error::field("decision", Problem::Required)),
        _ => Err(Error::field("decision", Problem::UnknownValue)),
    }
}

fn page(ctx: &Ctx, dossier: &RecoveryDossier, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let review = &dossier.review;
    let title = tr!(lang, "recovery_admin.of", name = review.user.username).into_owned();
    let decision =
        if review.state == RecoveryState::Review { form(ctx, review, state).into_any() } else { outcome(ctx, review).into_any() };
    let statement = match review.statement.clone() {
        Some(words) => view! { <blockquote class="reason" dir="auto">{words}</blockquote> }.into_any(),
        None => view! { <p class="muted">{tr!(lang, "recovery_admin.no_statement")}</p> }.into_any(),
    };
    let body = view! {
        <ErrorSummary ctx state/>
        <section class="panel"><h2>{tr!(lang, "recovery.statement")}</h2>{statement}</section>
        {person(ctx, dossier)}
        {sessions(ctx, &dossier.sessions)}
        {decision}
    };
    section(ctx, super::PATH, title, body).of_form(state)
}

fn form(ctx: &Ctx, review: &RecoveryReview, state: &FormState<Fields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    if ctx.caller.id() == Some(review.user.id) {
        return view! { <section class="panel"><h2>{tr!(lang, "kyc_admin.decision")}</h2><p>{tr!(lang, "recovery_admin.own")}</p></section> }
            .into_any();
    }
    let choices = vec![
        Choice::new("approve", tr!(lang, "recovery_admin.approve")).icon("check"),
        Choice::new("reject", tr!(lang, "kyc_admin.reject")).icon("x"),
    ];
    let action = format!("{}/{}", super::PATH, review.id);
    view! {
        <form class="panel panel-action" method="post" action=action novalidate>
            <h2>{tr!(lang, "kyc_admin.decision")}</h2>
            <div class="form">
                <Segments ctx state name="decision" value=state.values.decision.clone() choices hint=tr!(lang, "recovery_admin.hint").into_owned()/>
                <TextArea ctx state name="reason" value=state.values.reason.clone() required=false maxlength="500" hint=tr!(lang, "kyc_admin.reason_hint").into_owned()/>
            </div>
            <footer class="form-actions">
                <button class="btn btn-primary">{tr!(lang, "kyc_admin.save")}</button>
                <a class="btn btn-ghost" href=super::PATH>{tr!(lang, "kyc_admin.later")}</a>
            </footer>
        </form>
    }
    .into_any()
}

/// What was decided, by whom.
fn outcome(ctx: &Ctx, review: &RecoveryReview) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let words = match (&review.reason, review.decided_by.is_some()) {
        (Some(_), _) => tr!(lang, "kyc.status_rejected"),
        (None, true) => tr!(lang, "kyc.status_approved"),
        (None, false) => tr!(lang, "recovery_admin.over"),
    };
    let by = review.decided_by.as_ref().map(|card| view! { <p>{tr!(lang, "kyc_admin.by")}" "<UserLink lang card=card/></p> });
    let at = review.decided_at.map(|at| view! { <p>{tr!(lang, "kyc.decided")}" "<Time ctx at/></p> });
    let reason = review.reason.clone().map(|reason| view! { <blockquote class="reason" dir="auto">{reason}</blockquote> });
    view! { <section class="panel"><h2>{tr!(lang, "kyc_admin.decision")}</h2><div class="stack"><p>{words}</p>{reason}{by}{at}</div></section> }
}

/// Whose account this is, and where the request came from.
fn person(ctx: &Ctx, dossier: &RecoveryDossier) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let review = &dossier.review;
    let user = &review.user;
    let name = user.full_name.clone().unwrap_or_else(|| tr!(lang, "kyc_admin.no_name").into_owned());
    let from: Vec<String> = [Some(review.device.clone()), review.place.clone(), Some(review.ip.clone())]
        .into_iter()
        .flatten()
        .filter(|words| !words.is_empty())
        .collect();
    let record = dossier.kyc.map(|id| {
        view! { <footer class="cluster"><a class="btn btn-sm" href=format!("/admin/kyc/{id}")><Icon name="clipboard-check"/>{tr!(lang, "recovery_admin.record")}</a></footer> }
    });
    view! {
        <section class="panel">
            <h2>{tr!(lang, "kyc_admin.person")}</h2>
            <div class="cluster"><Avatar card=user size=AvatarSize::Large/><div><b dir="auto">{name}</b><br/><UserLink lang card=user/></div></div>
            <div><dl class="facts">
                <div><dt>{tr!(lang, "kyc_admin.present_level")}</dt><dd>{dossier.kyc_level.number()}</dd></div>
                <div><dt>{tr!(lang, "kyc_admin.joined")}</dt><dd><Day ctx at=dossier.joined_at/></dd></div>
                <div><dt>{tr!(lang, "recovery_admin.asked")}</dt><dd><Time ctx at=review.asked_at/></dd></div>
                <div><dt>{tr!(lang, "recovery_admin.from")}</dt><dd>{from.join(", ")}</dd></div>
            </dl></div>
            {record}
        </section>
    }
}

/// Where the account is used: somebody who is signed in there could have stopped the request.
fn sessions(ctx: &Ctx, sessions: &[SessionView]) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let list = if sessions.is_empty() {
        view! { <p class="muted">{tr!(lang, "admin.no_sessions")}</p> }.into_any()
    } else {
        let rows = sessions.iter().map(|session| session_row(ctx, session)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    view! { <section class="panel"><h2>{tr!(lang, "account.active_sessions")}</h2>{list}</section> }
}

fn session_row(ctx: &Ctx, session: &SessionView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let device = if session.device.is_empty() { tr!(lang, "account.unknown_device").into_owned() } else { session.device.clone() };
    let place = session.place.clone().map(|place| view! { <span>{place}</span> });
    view! {
        <li class="row">
            <div class="row-lead"><Icon name="laptop"/></div>
            <div class="row-main"><h3 class="row-title">{device}</h3><p class="row-meta"><span class="num">{session.ip.clone()}</span>{place}</p></div>
            <div class="row-end muted"><Time ctx at=session.last_active_at/></div>
        </li>
    }
}
