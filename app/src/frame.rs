//! What stands around every page: the document's head, top bar, rail, footer, bottom bar.

mod bars;
mod head;

use crate::{
    context::{Ctx, Flash},
    page::{Layout, Page},
    pages::auth::recovery::stop,
    ui::Html,
};
use aivalid_model::{Result, community::Category};
use std::sync::Arc;

/// Bytes of a page without its content: head, bars, rail and footer.
const AROUND: usize = 14 * 1024;

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
pub fn document(ctx: &Ctx, page: &Page, around: &Around) -> String {
    let lang = ctx.lang();
    let main_class = match page.layout {
        Layout::Narrow => "main main-narrow",
        Layout::Card => "main main-card",
        Layout::Rail | Layout::Wide => "main",
    };
    let layout = page.layout;
    let here = bars::Here::new(ctx, page.within.as_deref());
    let mut html = Html::with_capacity(page.body.len() + AROUND);
    head::write(&mut html, ctx, page);
    html.raw("<a class=\"skip-link\" href=\"#main\">").text(&tr!(lang, "frame.skip")).raw("</a>");
    bars::top(&mut html, ctx, here);
    html.raw("<div class=\"frame\">");
    if layout == Layout::Rail {
        bars::rail(&mut html, ctx, here, &around.categories);
    }
    html.raw("<main class=\"").raw(main_class).raw("\" id=\"main\" tabindex=\"-1\">");
    stop::write_notice(&mut html, ctx);
    if let Some((notice, words)) = ctx.flash.as_ref().and_then(|flash| Some((flash.is_notice(), flash.words(lang)?))) {
        let (class, icon) = if notice { ("flash", "info") } else { ("flash flash-success", "circle-check") };
        html.raw("<div class=\"").raw(class).raw("\" role=\"status\">").icon(icon).raw("<p>").text(&words).raw("</p>");
        if ctx.caller.user.is_some() && ctx.flash.as_ref().is_some_and(Flash::offers_ending_sessions) {
            html.raw("<form method=\"post\" action=\"/account/sessions\"><button class=\"btn btn-sm\" name=\"end\" value=\"others\">");
            html.text(&tr!(lang, "account.end_others_now")).raw("</button></form>");
        }
        html.raw("</div>");
    }
    html.piece(&page.body).raw("</main></div>");
    bars::footer(&mut html, ctx);
    if layout != Layout::Card {
        bars::bottom(&mut html, ctx, here);
    }
    head::boot(&mut html, ctx);
    if page.signing {
        head::boot_signing(&mut html, ctx);
    }
    html.raw("</body></html>");
    html.into_string()
}
