//! One submission: its documents, and the decision. The form comes first in reading order and its first choice has the focus,
//! so that arrow keys, Tab and Enter are enough; the next submission follows by itself.

use super::{
    super::decision::{self, Ask, Chosen, Decided, Fields},
    PATH,
};
use crate::{
    bytes::size_words,
    context::Ctx,
    form::{FormState, Posted},
    member::Member,
    page::{Done, Layout, Page, PageResult},
    pages::account::kyc::{document_words, status_chip},
    ui::{Breadcrumb, Choice, Day, ErrorSummary, Html, Icon, Time},
};
use aivalid_model::{
    Error, Result,
    check::{CheckAll, Problem},
    id::KycId,
    kyc::{ApproveInput, KycDossier, KycLevel, KycReview, KycStatus, ReviewedDocument},
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

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
            let next = ctx.service.kyc_next(&ctx.caller).await?.map_or_else(|| PATH.to_owned(), |next| format!("{PATH}/{next}"));
            Ok(Done::to(next).flash("kyc_decided").into_response())
        }
        Err(error) => {
            let dossier = ctx.service.kyc_dossier(&ctx.caller, id).await?;
            Ok(page(&ctx, &dossier, &FormState::failed(fields, error)).into_response())
        }
    }
}

async fn decide(ctx: &Ctx, id: KycId, fields: &Fields) -> Result<()> {
    let level = match fields.read()? {
        Chosen::Reject(reason) => return ctx.service.kyc_reject(&ctx.caller, id, reason).await.map(drop),
        Chosen::Other(level) => level.parse().map_err(|_| Error::field("decision", Problem::UnknownValue))?,
    };
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
    let decision = if review.status == KycStatus::Pending { form(ctx, dossier, state) } else { outcome(ctx, review) };
    let documents = review.documents.iter().map(|document| figure(ctx, review.id, document)).collect_view();
    let others = dossier.others.iter().map(|other| other_row(ctx, other)).collect_view();
    let others = (!dossier.others.is_empty())
        .then(|| view! { <section class="panel"><h2>{tr!(lang, "kyc_admin.others")}</h2><ul class="rows">{others}</ul></section> });
    let trail = vec![(tr!(lang, "kyc_admin.title").into_owned(), PATH.to_owned())];
    let body = view! {
        <Breadcrumb lang trail/>
        <div class="page-head"><h1>{title.clone()}</h1></div>
        <ErrorSummary ctx state/>
        <div class="review">
            <div class="stack review-side">{decision}{person(ctx, dossier)}{others}</div>
            <section class="stack" aria-label=tr!(lang, "kyc_admin.documents_title")>{documents}</section>
        </div>
    };
    Page::new(title, body).layout(Layout::Wide).within(Some(PATH.to_owned())).of_form(state)
}

/// What can be decided: levels that the documents are enough for, and not below the present one.
fn form(ctx: &Ctx, dossier: &KycDossier, state: &FormState<Fields>) -> Html {
    let lang = ctx.lang();
    if ctx.caller.id() == Some(dossier.review.user.id) {
        return decision::not_yours(lang, tr!(lang, "kyc_admin.own"));
    }
    let possible = |level: &KycLevel| *level > KycLevel::NONE && *level >= dossier.present_level && dossier.missing_for(*level).is_empty();
    let approve =
        |level: KycLevel| Choice::new(level.number().to_string(), tr!(lang, "kyc_admin.approve_to", level = level.number())).icon("check");
    let ask = Ask {
        action: format!("{PATH}/{}", dossier.review.id),
        queue: PATH,
        choices: KycLevel::ALL.into_iter().filter(possible).map(approve).collect(),
        hint: tr!(lang, "kyc_admin.decision_hint").into_owned(),
        autofocus: true,
    };
    decision::form(ctx, state, ask)
}

/// What was decided, by whom.
fn outcome(ctx: &Ctx, review: &KycReview) -> Html {
    let lang = ctx.lang();
    let level = review.level.map(|level| view! { <p>{tr!(lang, "kyc.to_level", level = level.number())}</p> });
    let decided = Decided { reason: review.reason.as_deref(), by: review.decided_by.as_ref(), at: review.decided_at };
    decision::outcome(ctx, status_chip(lang, review.status), level, &decided)
}

/// Whose documents these are.
fn person(ctx: &Ctx, dossier: &KycDossier) -> Html {
    let lang = ctx.lang();
    let facts = vec![
        (tr!(lang, "kyc_admin.present_level").into_owned(), Html::of(dossier.present_level.number())),
        (tr!(lang, "kyc_admin.joined").into_owned(), Html::of(view! { <Day ctx at=dossier.joined_at/> })),
        (tr!(lang, "kyc_admin.submitted").into_owned(), Html::of(view! { <Time ctx at=dossier.review.submitted_at/> })),
    ];
    decision::person(lang, &dossier.review.user, facts, ())
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
    let href = format!("{PATH}/{}", other.id);
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
