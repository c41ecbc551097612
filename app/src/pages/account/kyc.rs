//! Verifying one's identity: what each level allows, sending documents, where they stand.

mod history;
mod levels;

use super::section;
use crate::{
    bytes::size_words,
    context::Ctx,
    form::{Form, FormState, UPLOAD_BODY, Upload, error_words},
    member::Member,
    page::{Done, Page, PageResult},
    ui::{Chip, ErrorSummary, FileField, Icon, Time, UploadProgress, UploadsAwake},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{FieldError, Problem},
    kyc::{DocumentKind, KycDocumentView, KycError, KycLevel, KycStatus, KycView},
};
use aivalid_service::kyc::{DOCUMENT_KINDS, MAX_DOCUMENT};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

/// The form's fields are files, which no browser fills in again: what was taken is kept by the service.
#[derive(Default)]
pub struct Fields;

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        DocumentKind::ALL.into_iter().map(|kind| (kind.as_str(), document_words(lang, kind))).collect()
    }
}

/// A document's name.
pub(crate) fn document_words(lang: Lang, kind: DocumentKind) -> String {
    match kind {
        DocumentKind::IdentityCard => tr!(lang, "kyc.identity_card"),
        DocumentKind::Selfie => tr!(lang, "kyc.selfie"),
        DocumentKind::ProofOfAddress => tr!(lang, "kyc.proof_of_address"),
    }
    .into_owned()
}

/// A status in words with its shape.
pub(crate) fn status_chip(lang: Lang, status: KycStatus) -> impl IntoView + use<> {
    let (kind, icon, words) = match status {
        KycStatus::None => ("", "circle-dashed", tr!(lang, "kyc.status_none")),
        KycStatus::Pending => ("info", "hourglass", tr!(lang, "kyc.status_pending")),
        KycStatus::Approved => ("success", "circle-check", tr!(lang, "kyc.status_approved")),
        KycStatus::Rejected => ("danger", "circle-x", tr!(lang, "kyc.status_rejected")),
    };
    view! { <Chip kind icon words=words.into_owned()/> }
}

/// `GET /account/kyc`.
pub async fn show(Member(ctx): Member) -> PageResult {
    let kyc = ctx.service.kyc(&ctx.caller).await?;
    Ok(page(&ctx, &kyc, &FormState::fresh(Fields)))
}

/// `POST /account/kyc`: what was chosen is sent, then everything is submitted.
pub async fn submit(ctx: Ctx, mut upload: Upload) -> PageResult<Response> {
    match take(&ctx, &mut upload).await {
        Ok(()) => Ok(Done::to("/account/kyc").flash("kyc_submitted").into_response()),
        Err(error) => {
            let kyc = ctx.service.kyc(&ctx.caller).await?;
            Ok(page(&ctx, &kyc, &FormState::failed(Fields, error)).into_response())
        }
    }
}

/// Sends every document, also after a bad one, so that all that is wrong is said at once.
async fn take(ctx: &Ctx, upload: &mut Upload) -> Result<()> {
    let mut bad: Vec<FieldError> = Vec::new();
    while let Some(part) = upload.next().await? {
        if part.is_blank() {
            continue;
        }
        let kind: DocumentKind = part.name().parse().map_err(|()| Error::field(part.name(), Problem::UnknownField))?;
        match ctx.service.kyc_send(&ctx.caller, kind, part.content()).await {
            Ok(_) => {}
            Err(Error::Validation { fields }) => bad.extend(fields),
            Err(error) => return Err(error),
        }
    }
    if !bad.is_empty() {
        return Err(Error::Validation { fields: bad });
    }
    match ctx.service.kyc_submit(&ctx.caller, None).await {
        Err(Error::Kyc(KycError::DocumentsMissing { missing })) => {
            let required = |kind: DocumentKind| FieldError { field: kind.as_str().to_owned(), problem: Problem::Required };
            Err(Error::Validation { fields: missing.into_iter().map(required).collect() })
        }
        outcome => outcome.map(drop),
    }
}

fn page(ctx: &Ctx, kyc: &KycView, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let done = kyc.kyc_level == KycLevel::THREE;
    let form = (kyc.kyc_status != KycStatus::Pending && !done).then(|| form(ctx, kyc, state));
    let body = view! {
        <ErrorSummary ctx state kept=false/>
        {standing(ctx, kyc)}
        {form}
        {levels::table(ctx, kyc.kyc_level)}
        {history::panel(ctx, &kyc.submissions)}
    };
    section(ctx, "/account/kyc", tr!(lang, "kyc.title").into_owned(), body).of_form(state)
}

/// Where one stands, in a few words, and what comes next.
fn standing(ctx: &Ctx, kyc: &KycView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let last = kyc.submissions.first();
    let next = match kyc.kyc_status {
        KycStatus::None => view! { <p>{tr!(lang, "kyc.lead_none")}</p> }.into_any(),
        KycStatus::Pending => {
            let at = last.map(|submission| view! { " "{tr!(lang, "kyc.submitted_when")}" "<Time ctx at=submission.submitted_at/>"." });
            view! { <p>{tr!(lang, "kyc.lead_pending")}{at}</p> }.into_any()
        }
        KycStatus::Approved if kyc.kyc_level == KycLevel::THREE => view! { <p>{tr!(lang, "kyc.lead_done")}</p> }.into_any(),
        KycStatus::Approved => view! { <p>{tr!(lang, "kyc.lead_approved")}</p> }.into_any(),
        KycStatus::Rejected => {
            let reason = last.and_then(|submission| submission.reason.clone());
            view! { <p>{tr!(lang, "kyc.lead_rejected")}</p><blockquote class="reason" dir="auto">{reason}</blockquote> }.into_any()
        }
    };
    view! {
        <section class="panel">
            <header><h2>{tr!(lang, "kyc.title")}</h2>{status_chip(lang, kyc.kyc_status)}</header>
            <div class="stack">
                <p><b>{tr!(lang, "kyc.your_level", level = kyc.kyc_level.number())}</b>" "{levels::allowance(lang, kyc.daily_limit)}</p>
                {next}
            </div>
        </section>
    }
}

fn form(ctx: &Ctx, kyc: &KycView, state: &FormState<Fields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let fields = DocumentKind::ALL.map(|kind| field(ctx, kyc, state, kind));
    let title = if kyc.kyc_level == KycLevel::NONE { tr!(lang, "kyc.send_title") } else { tr!(lang, "kyc.send_more_title") };
    view! {
        <form class="panel panel-action" method="post" action="/account/kyc" enctype="multipart/form-data" novalidate
            data-upload=UPLOAD_BODY.to_string() data-large=error_words(lang, &Error::TooLarge)>
            <h2>{title}</h2>
            <div class="form">
                <p>{tr!(lang, "kyc.send_lead")}</p>
                {fields}
                <p class="upload-note"><Icon name="shield-check"/><span>{tr!(lang, "kyc.privacy")}</span></p>
                <UploadProgress lang/>
            </div>
            <footer class="form-actions"><button class="btn btn-primary">{tr!(lang, "kyc.submit")}</button></footer>
        </form>
        <UploadsAwake lang/>
    }
}

/// A document's field, and what was taken of it already.
fn field(ctx: &Ctx, kyc: &KycView, state: &FormState<Fields>, kind: DocumentKind) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let hint = match kind {
        DocumentKind::IdentityCard => tr!(lang, "kyc.identity_card_hint"),
        DocumentKind::Selfie => tr!(lang, "kyc.selfie_hint"),
        DocumentKind::ProofOfAddress => tr!(lang, "kyc.proof_of_address_hint"),
    };
    let taken = kyc.documents.iter().find(|document| document.kind == kind).map(|document| taken(lang, document));
    let required = kyc.missing.contains(&kind);
    // The name is the field's, whatever the language.
    let name = kind.as_str();
    view! {
        <div class="upload">
            <FileField ctx state name takes=(&DOCUMENT_KINDS, MAX_DOCUMENT) hint=hint.into_owned() required taken=taken.is_some()/>
            {taken}
        </div>
    }
}

fn taken(lang: Lang, document: &KycDocumentView) -> impl IntoView + use<> {
    let what = format!("{}, {}", document.file_type.as_str().to_uppercase(), size_words(lang, document.size));
    view! { <p class="upload-note upload-taken"><Icon name="circle-check"/><span>{tr!(lang, "kyc.taken", what = what)}</span></p> }
}
