//! One submission: its documents, and the decision. The form comes first in reading order and its first choice has the focus,
//! so that arrow keys, Tab and Enter are enough; the next submission follows by itself.

use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Layout, Page, PageResult},
    pages::account::kyc::{document_words, size_words, status_chip},
    ui::{Avatar, AvatarSize, Breadcrumb, Choice, Day, ErrorSummary, Icon, Segments, TextArea, Time, UserLink},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{CheckAll, Problem},
    id::KycId,
    kyc::{ApproveInput, KycDossier, KycLevel, KycReview, KycStatus, RejectInput, ReviewedDocument},
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
    /// `1` to `3`, or `reject`.
    decision: String,
    reason: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("decision", tr!(lang, "kyc_admin.decision").into_owned()), ("reason", tr!(lang, "kyc_admin.reason").into_owned())]
    }
}

/// `GET /admin/kyc/{id}`.
pub async fn show(Member(ctx): Member, Path(id): Path<String>) -> PageResult {
    let dossier = ctx.service.kyc_dossier(&ctx.caller, read(&id)?).await?;
    Ok(page(&ctx, &dossier, &FormState::fresh(Fields::default())))
}

fn read(id: &str) -> Result<KycId> {
    id.parse().map_err(|_| Error::NotFound)
}

/// `POST /admin/kyc/{id}`.
pub async fn submit(ctx: Ctx, Path(id): Path<String>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let id = read(&id)?;
    match decide(&ctx, id, &fields).await {
        Ok(()) => {
            let next =
                ctx.service.kyc_next(&ctx.caller).await?.map_or_else(|| "/admin/kyc".to_owned(), |next| format!("/admin/kyc/{next}"));
            Ok(Done::to(next).flash("kyc_decided").into_response())
        }
        Err(error) => {
            let dossier = ctx.service.kyc_dossier(&ctx.caller, id).await?;
            Ok(page(&ctx, &dossier, &FormState::failed(fields, error)).into_response())
        }
    }
}

async fn decide(ctx: &Ctx, id: KycId, fields: &Fields) -> Result<()> {
    if fields.decision == "reject" {
        let reason = RejectInput { reason: fields.reason.clone() }.check_all()?;
        return ctx.service.kyc_reject(&ctx.caller, id, reason).await.map(drop);
    }
    let problem = if fields.decision.is_empty() { Problem::Required } else { Problem::UnknownValue };
    let level = fields.decision.parse().map_err(|_| Error::field("decision", problem))?;
    let outcome = match (ApproveInput { level }).check_all() {
        Ok(level) => ctx.service.kyc_approve(&ctx.caller, id, level).await,
        Err(error) => Err(error),
    };
    match outcome {
        // The page's field is called otherwise than the API's.
        Err(Error::Validation { mut fields }) => {
            for field in &mut fields {
                "decision".clone_into(&mut field.field);
            }
            Err(Error::Validation { fields })
        }
        outcome => outcome.map(drop),
    }
}

fn page(ctx: &Ctx, dossier: &KycDossier, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let review = &dossier.review;
    let title = tr!(lang, "kyc_admin.of", name = review.user.username);
    let decision = if review.status == KycStatus::Pending { form(ctx, dossier, state).into_any() } else { outcome(ctx, review).into_any() };
    let documents = review.documents.iter().map(|document| figure(ctx, review.id, document)).collect_view();
    let others = dossier.others.iter().map(|other| other_row(ctx, other)).collect_view();
    let others = (!dossier.others.is_empty())
        .then(|| view! { <section class="panel"><h2>{tr!(lang, "kyc_admin.others")}</h2><ul class="rows">{others}</ul></section> });
    let trail = vec![(tr!(lang, "kyc_admin.title").into_owned(), "/admin/kyc".to_owned())];
    let body = view! {
        <Breadcrumb lang trail/>
        <div class="page-head"><h1>{title.clone()}</h1></div>
        <ErrorSummary ctx state/>
        <div class="review">
            <div class="stack review-side">{decision}{person(ctx, dossier)}{others}</div>
            <section class="stack" aria-label=tr!(lang, "kyc_admin.documents_title")>{documents}</section>
        </div>
    };
    Page::new(title, body).layout(Layout::Wide).within(Some("/admin/kyc".to_owned())).of_form(state)
}

/// What can be decided: levels that the documents are enough for, and not below the present one.
fn form(ctx: &Ctx, dossier: &KycDossier, state: &FormState<Fields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let own = ctx.caller.id() == Some(dossier.review.user.id);
    if own {
        return view! { <section class="panel"><h2>{tr!(lang, "kyc_admin.decision")}</h2><p>{tr!(lang, "kyc_admin.own")}</p></section> }
            .into_any();
    }
    let possible = |level: &KycLevel| *level > KycLevel::NONE && *level >= dossier.present_level && dossier.missing_for(*level).is_empty();
    let levels = KycLevel::ALL.into_iter().filter(possible);
    let approve = levels.map(|level| Choice::new(level.number().to_string(), tr!(lang, "kyc_admin.approve_to", level = level.number())));
    let reject = Choice::new("reject", tr!(lang, "kyc_admin.reject")).icon("x");
    let choices = approve.map(|choice| choice.icon("check")).chain([reject]).collect();
    let action = format!("/admin/kyc/{}", dossier.review.id);
    view! {
        <form class="panel panel-action" method="post" action=action novalidate>
            <h2>{tr!(lang, "kyc_admin.decision")}</h2>
            <div class="form">
                <Segments ctx state name="decision" value=state.values.decision.clone() choices autofocus=true hint=tr!(lang, "kyc_admin.decision_hint").into_owned()/>
                <TextArea ctx state name="reason" value=state.values.reason.clone() required=false maxlength="500" hint=tr!(lang, "kyc_admin.reason_hint").into_owned()/>
            </div>
            <footer class="form-actions">
                <button class="btn btn-primary">{tr!(lang, "kyc_admin.save")}</button>
                <a class="btn btn-ghost" href="/admin/kyc">{tr!(lang, "kyc_admin.later")}</a>
            </footer>
        </form>
    }
    .into_any()
}

/// What was decided, by whom.
fn outcome(ctx: &Ctx, review: &KycReview) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let by = review.decided_by.as_ref().map(|card| view! { <p>{tr!(lang, "kyc_admin.by")}" "<UserLink lang card=card/></p> });
    let at = review.decided_at.map(|at| view! { <p>{tr!(lang, "kyc.decided")}" "<Time ctx at/></p> });
    let level = review.level.map(|level| view! { <p>{tr!(lang, "kyc.to_level", level = level.number())}</p> });
    let reason = review.reason.clone().map(|reason| view! { <blockquote class="reason" dir="auto">{reason}</blockquote> });
    view! {
        <section class="panel">
            <header><h2>{tr!(lang, "kyc_admin.decision")}</h2>{status_chip(lang, review.status)}</header>
            <div class="stack">{level}{reason}{by}{at}</div>
        </section>
    }
}

/// Whose documents these are.
fn person(ctx: &Ctx, dossier: &KycDossier) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let user = &dossier.review.user;
    let name = user.full_name.clone().unwrap_or_else(|| tr!(lang, "kyc_admin.no_name").into_owned());
    view! {
        <section class="panel">
            <h2>{tr!(lang, "kyc_admin.person")}</h2>
            <div class="cluster"><Avatar card=user size=AvatarSize::Large/><div><b dir="auto">{name}</b><br/><UserLink lang card=user/></div></div>
            <div><dl class="facts">
                <div><dt>{tr!(lang, "kyc_admin.present_level")}</dt><dd>{dossier.present_level.number()}</dd></div>
                <div><dt>{tr!(lang, "kyc_admin.joined")}</dt><dd><Day ctx at=dossier.joined_at/></dd></div>
                <div><dt>{tr!(lang, "kyc_admin.submitted")}</dt><dd><Time ctx at=dossier.review.submitted_at/></dd></div>
            </dl></div>
        </section>
    }
}

/// A document: pictures are shown, a PDF is saved.
fn figure(ctx: &Ctx, submission: KycId, document: &ReviewedDocument) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let name = document_words(lang, document.kind);
    let href = format!("/api/v1/admin/kyc/{submission}/documents/{}", document.id);
    let content = match document.deleted_at {
        Some(at) => view! { <p class="muted">{tr!(lang, "kyc.documents_deleted")}" "<Day ctx at/></p> }.into_any(),
        None if document.file_type.is_picture() => {
            let source = href.clone();
            view! { <a href=href target="_blank" rel="noopener"><img src=source alt=name.clone()/></a> }.into_any()
        }
        None => view! { <a class="btn" href=href download=""><Icon name="download"/>{tr!(lang, "kyc_admin.save_pdf")}</a> }.into_any(),
    };
    let what = format!("{}, {}", document.file_type.as_str().to_uppercase(), size_words(lang, document.size));
    let digest = document.sha256.clone();
    let short: String = digest.chars().take(12).collect();
    view! {
        <figure class="panel review-document">
            <figcaption class="cluster"><b>{name}</b><span class="muted">{what}</span><code class="hash" title=format!("SHA-256 {digest}")>{short}"…"</code></figcaption>
            <div>{content}</div>
        </figure>
    }
}

fn other_row(ctx: &Ctx, other: &KycReview) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let href = format!("/admin/kyc/{}", other.id);
    let documents: Vec<String> = other.documents.iter().map(|document| document_words(lang, document.kind)).collect();
    view! {
        <li class="row">
            <div class="row-main">
                <h3 class="row-title"><a href=href>{documents.join(", ")}</a></h3>
                <p class="row-meta"><span><Time ctx at=other.submitted_at/></span></p>
            </div>
            <div class="row-end">{status_chip(lang, other.status)}</div>
        </li>
    }
}
