//! How the account is kept safe. Each part of the page is a function that answers a `<section class="panel">`; to add one, a
//! module here and its line in [`show`].

mod events;

use super::section;
use crate::{member::Member, page::PageResult, query::Asks};
use leptos::prelude::*;
use serde::Deserialize;

/// What the address may ask for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Where the list of events goes on.
    cursor: Option<String>,
}

/// Where the page is.
pub const PATH: &str = "/account/security";

/// `GET /account/security`.
pub async fn show(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    let lang = ctx.lang();
    let events = events::part(&ctx, asked.cursor.as_deref()).await?;
    let body = view! { {events} };
    Ok(section(&ctx, PATH, tr!(lang, "security.title").into_owned(), body))
}
