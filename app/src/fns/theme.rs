//! The theme, chosen without leaving the page.

use crate::error::Fault;
use leptos::{prelude::*, server_fn::codec::Json};

/// Keeps a theme (`system`, `light` or `dark`) for this browser and, for who is signed in, for the account.
#[server(endpoint = "theme", input = Json, output = Json)]
pub async fn choose_theme(theme: String) -> Result<(), Fault> {
    use super::answer::{answer, context};
    use crate::pages::preferences::choose;
    use aivalid_model::{Error, check::Check, identity::Theme};
    use axum::http::header;

    let done = async {
        let ctx = context()?;
        let theme = Theme::check(theme).map_err(|problem| Error::field("theme", problem))?;
        let response = use_context::<leptos_axum::ResponseOptions>().ok_or(Error::Internal)?;
        for cookie in choose(&ctx, None, Some(theme)).await? {
            response.append_header(header::SET_COOKIE, cookie);
        }
        Ok(())
    };
    answer(done.await)
}
