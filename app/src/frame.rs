//! What stands around every page: the document's head, top bar, rail, footer, bottom bar.

mod bars;
mod head;

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::{Icon, Raw},
};
use aivalid_model::{Result, community::Category};
use leptos::prelude::*;
use std::sync::Arc;

/// What the frame itself needs to be loaded.
pub struct Around {
    categories: Arc<Vec<Category>>,
}

impl Around {
    /// Loads it; the categories come from memory nearly always.
    pub async fn load(ctx: &Ctx, layout: Layout) -> Result<Self> {
        let categories = if layout == Layout::Rail { ctx.service.categories(&ctx.caller).await? } else { Arc::default() };
        Ok(Self { categories })
    }
}

/// The whole document.
pub fn document(ctx: &Ctx, page: Page, around: Around) -> String {
    let lang = ctx.lang();
    let main_class = match page.layout {
        Layout::Narrow => "main main-narrow",
        Layout::Card => "main main-card",
        Layout::Rail | Layout::Wide => "main",
    };
    let layout = page.layout;
    let here = bars::Here::new(ctx, page.within.as_deref());
    let mut html = String::with_capacity(32 * 1024);
    head::write(&mut html, ctx, &page);
    let flash = ctx.flash.as_ref().and_then(|flash| Some((flash.is_notice(), flash.words(lang)?))).map(|(notice, words)| {
        let (class, icon) = if notice { ("flash", "info") } else { ("flash flash-success", "circle-check") };
        view! { <div class=class role="status"><Icon name=icon/><p>{words}</p></div> }
    });
    let body = view! {
        <a class="skip-link" href="#main">{tr!(lang, "frame.skip")}</a>
        {bars::top(ctx, here)}
        <div class="frame">
            {(layout == Layout::Rail).then(|| bars::rail(ctx, here, &around.categories))}
            <main class=main_class id="main" tabindex="-1">{flash}{page.body}</main>
        </div>
        {bars::footer(ctx)}
        {(layout != Layout::Card).then(|| bars::bottom(ctx, here))}
        <Raw html=head::boot(ctx)/>
    };
    body.to_html_with_buf_here(&mut html);
    html.push_str("</body></html>");
    html
}

/// Appends a view's HTML.
trait ToHtmlHere {
    fn to_html_with_buf_here(self, buffer: &mut String);
}

impl<V: RenderHtml> ToHtmlHere for V {
    fn to_html_with_buf_here(self, buffer: &mut String) {
        buffer.push_str(&self.to_html());
    }
}
