//! What was submitted so far.

use super::{document_words, status_chip};
use crate::{
    context::Ctx,
    ui::{Day, Time},
};
use aivalid_model::kyc::KycSubmissionView;
use leptos::prelude::*;

/// Submissions, newest first; nothing before the first one.
pub(super) fn panel(ctx: &Ctx, submissions: &[KycSubmissionView]) -> impl IntoView + use<> {
    let lang = ctx.lang();
    if submissions.is_empty() {
        return None;
    }
    let rows = submissions.iter().map(|submission| row(ctx, submission)).collect_view();
    Some(view! {
        <section class="panel">
            <h2>{tr!(lang, "kyc.history")}</h2>
            <ul class="rows">{rows}</ul>
        </section>
    })
}

fn row(ctx: &Ctx, submission: &KycSubmissionView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let documents: Vec<String> = submission.documents.iter().map(|document| document_words(lang, document.kind)).collect();
    let level = submission.level.map(|level| view! { <span>{tr!(lang, "kyc.to_level", level = level.number())}</span> });
    let decided = submission.decided_at.map(|at| view! { <span>{tr!(lang, "kyc.decided")}" "<Time ctx at/></span> });
    let reason = submission.reason.clone().map(|reason| view! { <p class="row-excerpt" dir="auto">{reason}</p> });
    let deleted = submission.documents.iter().find_map(|document| document.deleted_at);
    let deleted = deleted.map(|at| view! { <span>{tr!(lang, "kyc.documents_deleted")}" "<Day ctx at/></span> });
    view! {
        <li class="row">
            <div class="row-main">
                <h3 class="row-title">{documents.join(", ")}</h3>
                {reason}
                <p class="row-meta"><span>{tr!(lang, "kyc.submitted")}" "<Time ctx at=submission.submitted_at/></span>{decided}{level}{deleted}</p>
            </div>
            <div class="row-end">{status_chip(lang, submission.status)}</div>
        </li>
    }
}
