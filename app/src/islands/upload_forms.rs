//! Forms with files: what was chosen is shown and looked at before it is sent, and how far sending is.
//!
//! The server writes such a form with `data-upload`, the most bytes of what is sent; `ui::field` writes what the island
//! shows and hides. A file's field says with `data-kinds` and `data-most` what it takes, and with `data-empty`, `data-wrong` and
//! `data-large` what is said of anything else, in the words that the server has for it. The form is sent as the browser would
//! send it. An answer that shows the form again is shown in its place; where nothing came of it, what was chosen stays chosen.

#[cfg(feature = "hydrate")]
mod field;
#[cfg(feature = "hydrate")]
mod sending;
#[cfg(feature = "hydrate")]
mod typed;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is said while files are sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UploadWords {
    /// `Sending`
    pub sending: String,
    /// Everything was sent and is looked at.
    pub checking: String,
    /// Sending was stopped.
    pub cancelled: String,
    /// The connection broke on the way.
    pub broken: String,
    /// Everything was sent, and no answer came.
    pub unanswered: String,
    /// The server could not take it.
    pub failed: String,
}

/// Wakes the page's forms with files. Shows nothing itself.
#[island]
pub fn UploadForms(
    /// What is said on the way.
    words: UploadWords,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    sending::start(&words.into());
    #[cfg(not(feature = "hydrate"))]
    drop(words);
}
