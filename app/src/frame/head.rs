//! The document's head, and the few lines that wake its islands.

use crate::{
    context::{Ctx, Signing},
    page::Page,
    ui::html::{Html, escape},
};
use aivalid_model::{Lang, identity::Theme};
use std::fmt::Write;

/// Writes everything up to and including `<body>`.
pub(super) fn write(html: &mut Html, ctx: &Ctx, page: &Page) {
    let lang = ctx.lang();
    let theme = match ctx.theme {
        Theme::System => String::new(),
        chosen => format!(" data-theme=\"{}\"", chosen.as_str()),
    };
    let title = escape(&page.title);
    let assets = &ctx.assets;
    // Writing to a string can't fail.
    let _ = write!(
        html,
        "<!DOCTYPE html><html lang=\"{lang}\"{theme}><head><meta charset=\"utf-8\"><title>{title} · AIValid</title>\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1,viewport-fit=cover\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"theme-color\" media=\"(prefers-color-scheme: light)\" content=\"#ffffff\">\
         <meta name=\"theme-color\" media=\"(prefers-color-scheme: dark)\" content=\"#1a1917\">\
         <link rel=\"stylesheet\" href=\"{css}\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"manifest\" href=\"/manifest.webmanifest\">\
         <meta property=\"og:site_name\" content=\"AIValid\"><meta property=\"og:type\" content=\"{kind}\"><meta property=\"og:title\" content=\"{title}\">",
        lang = lang.tag(),
        css = assets.css,
        kind = page.kind,
    );
    if let Some(description) = &page.description {
        let text = escape(description);
        let _ = write!(html, "<meta name=\"description\" content=\"{text}\"><meta property=\"og:description\" content=\"{text}\">");
    }
    match &page.canonical {
        Some(path) => {
            let url = escape(&format!("{}{path}", ctx.origin()));
            let _ = write!(html, "<link rel=\"canonical\" href=\"{url}\"><meta property=\"og:url\" content=\"{url}\">");
            for other in Lang::ALL {
                let mark = if path.contains('?') { '&' } else { '?' };
                let _ = write!(html, "<link rel=\"alternate\" hreflang=\"{0}\" href=\"{url}{mark}lang={0}\">", other.tag());
            }
        }
        None => drop(html.raw("<meta name=\"robots\" content=\"noindex\">")),
    }
    if let Some(feed) = page.feed {
        let _ = write!(html, "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"{feed}\">");
    }
    if let Some(data) = &page.json_ld {
        // Inside a script only `<` could end it early.
        let json = data.to_string().replace('<', "\\u003c");
        let _ = write!(html, "<script type=\"application/ld+json\" nonce=\"{}\">{json}</script>", ctx.nonce);
    }
    // Pages are read more often than left: the next one is fetched when a link is about to be followed.
    let _ = write!(
        html,
        "<script type=\"speculationrules\" nonce=\"{}\">{{\"prefetch\":[{{\"where\":{{\"and\":[{{\"href_matches\":\"/*\"}},\
         {{\"not\":{{\"href_matches\":[\"/api/*\",\"/*\\\\?*do=*\"]}}}}]}},\"eagerness\":\"moderate\"}}]}}</script></head><body>",
        ctx.nonce
    );
}

/// The lines that load the client and wake each island. An island that fails is reported and does not keep the others
/// asleep; pages without islands load nothing.
pub(super) fn boot(html: &mut Html, ctx: &Ctx) {
    let (nonce, js, wasm) = (&ctx.nonce, &ctx.assets.js, &ctx.assets.wasm);
    // Writing to a string can't fail.
    let _ = write!(
        html,
        "<script type=\"module\" nonce=\"{nonce}\">\
         const islands=[...document.querySelectorAll('leptos-island')];\
         if(islands.length)(window.requestIdleCallback||setTimeout)(async()=>{{\
         const client=await import('{js}');await client.default({{module_or_path:'{wasm}'}});client.hydrate();\
         for(const el of islands)try{{await client[el.dataset.component]?.(el)}}catch(error){{console.error('island',el.dataset.component,error)}}\
         document.documentElement.dataset.awake=''}})</script>"
    );
}

/// The lines that load the module of signing keys, on the few pages that sign something.
pub(super) fn boot_signing(html: &mut Html, ctx: &Ctx) {
    let Some(Signing { js, wasm }) = &ctx.assets.signing else { return };
    // Writing to a string can't fail.
    let _ = write!(
        html,
        "<script type=\"module\" nonce=\"{}\">\
         const signing=await import('{js}');await signing.default({{module_or_path:'{wasm}'}});await signing.wake()</script>",
        ctx.nonce
    );
}
