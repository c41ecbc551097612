//! Where a case stands, in one word with its shape and colour.

use super::{basics::write_chip, html::Html};
use aivalid_model::{Lang, cases::CaseStatus};
use leptos::prelude::*;
use std::borrow::Cow;

/// Colour and icon of a state.
pub const fn status_look(status: CaseStatus) -> (&'static str, &'static str) {
    match status {
        CaseStatus::Open => ("success", "circle-dot"),
        CaseStatus::OfferAccepted => ("info", "scale"),
        CaseStatus::FundsLocked => ("accent", "lock"),
        CaseStatus::ArtifactSubmitted => ("accent", "file-check"),
        CaseStatus::Disputed => ("danger", "gavel"),
        CaseStatus::Completed => ("", "circle-check"),
        CaseStatus::Refunded => ("", "history"),
        CaseStatus::Expired => ("", "hourglass"),
        CaseStatus::Cancelled => ("", "circle-slash"),
    }
}

/// A state in words.
pub fn status_words(lang: Lang, status: CaseStatus) -> Cow<'static, str> {
    match status {
        CaseStatus::Open => tr!(lang, "status.open"),
        CaseStatus::OfferAccepted => tr!(lang, "status.offer_accepted"),
        CaseStatus::FundsLocked => tr!(lang, "status.funds_locked"),
        CaseStatus::ArtifactSubmitted => tr!(lang, "status.artifact_submitted"),
        CaseStatus::Disputed => tr!(lang, "status.disputed"),
        CaseStatus::Completed => tr!(lang, "status.completed"),
        CaseStatus::Refunded => tr!(lang, "status.refunded"),
        CaseStatus::Expired => tr!(lang, "status.expired"),
        CaseStatus::Cancelled => tr!(lang, "status.cancelled"),
    }
}

/// Writes a case's state.
pub(super) fn write_status(html: &mut Html, lang: Lang, status: CaseStatus) {
    let (kind, icon) = status_look(status);
    write_chip(html, kind, icon, &status_words(lang, status));
}

/// A case's state.
#[component]
pub fn StatusChip(lang: Lang, status: CaseStatus) -> impl IntoView {
    let mut html = Html::with_capacity(160);
    write_status(&mut html, lang, status);
    html
}
