//! From what people write to what others read: rendered once when saved, sanitised, kept as HTML beside the source.

mod highlight;
mod markdown;
mod math;
mod sanitise;
mod table;

use crate::{Caller, Service};
use aivalid_model::{Error, Result, content::Content};
use std::sync::Arc;

/// Sources longer than this, or with code, are rendered off the async threads.
const QUICK: usize = 2_000;

/// Renders content. Cheap to clone; the syntaxes are loaded at first use.
#[derive(Clone, Default)]
pub struct Renderer {
    markdown: Arc<markdown::Markdown>,
}

/// A rendered text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised HTML.
    pub html: String,
    /// The first words without markup, at most 240 characters.
    pub summary: String,
}

impl Renderer {
    /// A renderer.
    pub fn new() -> Self {
        Self::default()
    }

    /// A thread's or case's content.
    pub fn render(&self, content: &Content) -> Rendered {
        match content {
            Content::Markdown(text) => self.markdown.render(text),
            Content::Table(table) => table::render(table),
        }
    }

    /// A reply's Markdown.
    pub fn render_markdown(&self, text: &str) -> Rendered {
        self.markdown.render(text)
    }
}

impl Service {
    /// Renders content, off the async threads when that may take long.
    pub(crate) async fn rendered(&self, content: Content) -> Result<Rendered> {
        let renderer = self.inner.renderer.clone();
        match &content {
            Content::Markdown(text) if text.len() <= QUICK && !text.contains("```") => Ok(renderer.render(&content)),
            _ => tokio::task::spawn_blocking(move || renderer.render(&content)).await.map_err(|error| {
                tracing::error!(%error, "rendering failed");
                Error::Internal
            }),
        }
    }

    /// What a text will look like once saved, for the composer's preview.
    pub async fn preview(&self, caller: &Caller, content: Content) -> Result<String> {
        caller.signed_in()?;
        Ok(self.rendered(content).await?.html)
    }
}
