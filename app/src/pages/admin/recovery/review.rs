//! One request to recover an account: what was written, what is known of the account, and the decision.

use super::{
    super::{
        decision::{self, Ask, Chosen, Decided, Fields},
        section,
    },
    PATH,
};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    ui::{Choice, Day, ErrorSummary, Html, Icon, Time},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    id::RecoveryId,
    identity::{RecoveryDossier, RecoveryReview, RecoveryState, SessionView},
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

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
            let next = next.map_or_else(|| PATH.to_owned(), |next| format!("{PATH}/{next}"));
            Ok(Done::to(next).flash("kyc_decided").into_response())
        }
        Err(error) => {
            let dossier = ctx.service.recovery_dossier(&ctx.caller, id).await?;
            Ok(page(&ctx, &dossier, &FormState::failed(fields, error)).into_response())
        }
    }
}

async fn decide(ctx: &Ctx, id: RecoveryId, fields: &Fields) -> Result<()> {
    match fields.read()? {
        Chosen::Reject(reason) => ctx.service.recovery_reject(&ctx.caller, id, reason).await.map(drop),
        Chosen::Other("approve") => ctx.service.recovery_approve(&ctx.caller, id).await.map(drop),
        Chosen::Other(_) => Err(Error::field("decision", Problem::UnknownValue)),
    }
}

fn page(ctx: &Ctx, dossier: &RecoveryDossier, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let review = &dossier.review;
    let title = tr!(lang, "recovery_admin.of", name = review.user.username).into_owned();
    let decision = if review.state == RecoveryState::Review { form(ctx, review, state) } else { outcome(ctx, review) };
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
    section(ctx, PATH, title, body).of_form(state)
}

fn form(ctx: &Ctx, review: &RecoveryReview, state: &FormState<Fields>) -> Html {
    let lang = ctx.lang();
    if ctx.caller.id() == Some(review.user.id) {
        return decision::not_yours(lang, tr!(lang, "recovery_admin.own"));
    }
    let ask = Ask {
        action: format!("{PATH}/{}", review.id),
        queue: PATH,
        choices: vec![Choice::new("approve", tr!(lang, "recovery_admin.approve")).icon("check")],
        hint: tr!(lang, "recovery_admin.hint").into_owned(),
        autofocus: false,
    };
    decision::form(ctx, state, ask)
}

/// What was decided, by whom.
fn outcome(ctx: &Ctx, review: &RecoveryReview) -> Html {
    let lang = ctx.lang();
    let words = match (&review.reason, review.decided_by.is_some()) {
        (Some(_), _) => tr!(lang, "kyc.status_rejected"),
        (None, true) => tr!(lang, "kyc.status_approved"),
        (None, false) => tr!(lang, "recovery_admin.over"),
    };
    let decided = Decided { reason: review.reason.as_deref(), by: review.decided_by.as_ref(), at: review.decided_at };
    decision::outcome(ctx, (), view! { <p>{words}</p> }, &decided)
}

/// Whose account this is, and where the request came from.
fn person(ctx: &Ctx, dossier: &RecoveryDossier) -> Html {
    let lang = ctx.lang();
    let review = &dossier.review;
    let from: Vec<String> = [Some(review.device.clone()), review.place.clone(), Some(review.ip.clone())]
        .into_iter()
        .flatten()
        .filter(|words| !words.is_empty())
        .collect();
    let facts = vec![
        (tr!(lang, "kyc_admin.present_level").into_owned(), Html::of(dossier.kyc_level.number())),
        (tr!(lang, "kyc_admin.joined").into_owned(), Html::of(view! { <Day ctx at=dossier.joined_at/> })),
        (tr!(lang, "recovery_admin.asked").into_owned(), Html::of(view! { <Time ctx at=review.asked_at/> })),
        (tr!(lang, "recovery_admin.from").into_owned(), Html::of(from.join(", "))),
    ];
    let record = dossier.kyc.map(|id| {
        view! { <footer class="cluster"><a class="btn btn-sm" href=format!("/admin/kyc/{id}")><Icon name="clipboard-check"/>{tr!(lang, "recovery_admin.record")}</a></footer> }
    });
    decision::person(lang, &review.user, facts, record)
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
