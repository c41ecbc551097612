//! Help with writing.

use crate::error::Fault;
use leptos::{prelude::*, server_fn::codec::Json};

/// What a Markdown text will look like: sanitised HTML.
#[server(endpoint = "preview", input = Json, output = Json)]
pub async fn preview_markdown(text: String) -> Result<String, Fault> {
    use super::answer::{answer, context};
    use aivalid_model::{check::CheckAll, content::ContentInput};

    let done = async {
        let ctx = context()?;
        // There is nothing to see yet, which is no mistake.
        if text.trim().is_empty() {
            return Ok(String::new());
        }
        let content = ContentInput::Markdown { text }.check_all()?;
        ctx.service.preview(&ctx.caller, content).await
    };
    answer(done.await)
}
