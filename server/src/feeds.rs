//! For other programs that read: Atom feeds (RFC 4287) and the sitemap.

use crate::api::error::ApiResult;
use aivalid_app::context::Ctx;
use aivalid_model::{
    Timestamp,
    cases::CaseFilter,
    community::{Sort, ThreadFilter},
    id::{CaseId, ThreadId},
    page::PageRequest,
    slug::id_slug,
};
use axum::{Router, http::header, response::IntoResponse, routing::get};
use std::fmt::Write;

/// A feed's length.
const ENTRIES: u32 = 30;
/// URLs of one kind in the sitemap; the protocol allows 50,000 in all.
const SITEMAP: i64 = 20_000;

/// The addresses.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/feeds/threads.atom", get(threads))
        .route("/feeds/validation-cases.atom", get(cases))
        .route("/sitemap.xml", get(sitemap))
        .route("/robots.txt", get(robots))
}

fn escape(text: &str) -> String {
    // What XML 1.0 has no way to write (section 2.2) would make the whole feed unreadable.
    let allowed = |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    text.chars().filter(allowed).collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

struct Entry {
    path: String,
    title: String,
    summary: String,
    author: String,
    published: Timestamp,
    updated: Timestamp,
}

fn atom(origin: &str, path: &str, title: &str, entries: &[Entry]) -> impl IntoResponse + use<> {
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or_default();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{title}</title><id>{origin}{path}</id>\
         <link rel=\"self\" href=\"{origin}{path}\"/><link href=\"{origin}/\"/><updated>{updated}</updated>\n"
    );
    for entry in entries {
        let url = format!("{origin}{}", entry.path);
        // Writing to a string can't fail.
        let _ = writeln!(
            xml,
            "<entry><title>{}</title><id>{url}</id><link href=\"{url}\"/><author><name>{}</name></author>\
             <published>{}</published><updated>{}</updated><summary>{}</summary></entry>",
            escape(&entry.title),
            escape(&entry.author),
            entry.published,
            entry.updated,
            escape(&entry.summary),
        );
    }
    xml.push_str("</feed>\n");
    ([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=60")], xml)
}

async fn threads(ctx: Ctx) -> ApiResult<impl IntoResponse> {
    let filter = ThreadFilter { sort: Sort::Newest, ..ThreadFilter::default() };
    let page = ctx.service.threads(&ctx.caller, &filter, PageRequest::new(None, Some(ENTRIES)), None).await?;
    let entry = |row: aivalid_model::community::ThreadRow| Entry {
        path: format!("/threads/{}", id_slug(row.id.0, &row.title)),
        title: row.title,
        summary: row.summary,
        author: row.author.username,
        published: row.created_at,
        updated: row.last_activity_at,
    };
    let entries: Vec<Entry> = page.items.into_iter().map(entry).collect();
    Ok(atom(ctx.origin(), "/feeds/threads.atom", "AIValid: forum", &entries))
}

async fn cases(ctx: Ctx) -> ApiResult<impl IntoResponse> {
    let filter = CaseFilter { sort: Sort::Newest, ..CaseFilter::default() };
    let page = ctx.service.cases(&ctx.caller, &filter, PageRequest::new(None, Some(ENTRIES)), None).await?;
    let entry = |row: aivalid_model::cases::CaseRow| Entry {
        path: format!("/validation-cases/{}", id_slug(row.id.0, &row.title)),
        summary: format!("{} · {}", row.bounty_amount, row.summary),
        title: row.title,
        author: row.owner.username,
        published: row.created_at,
        updated: row.last_activity_at,
    };
    let entries: Vec<Entry> = page.items.into_iter().map(entry).collect();
    Ok(atom(ctx.origin(), "/feeds/validation-cases.atom", "AIValid: validation cases", &entries))
}

async fn sitemap(ctx: Ctx) -> ApiResult<impl IntoResponse> {
    let origin = ctx.origin();
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for path in ["/", "/validation-cases", "/forum", "/about"] {
        let _ = writeln!(xml, "<url><loc>{origin}{path}</loc></url>");
    }
    for (id, title, changed) in ctx.service.case_sitemap(CaseId(0), SITEMAP).await? {
        let _ = writeln!(xml, "<url><loc>{origin}/validation-cases/{}</loc><lastmod>{changed}</lastmod></url>", id_slug(id.0, &title));
    }
    for (id, title, changed) in ctx.service.thread_sitemap(ThreadId(0), SITEMAP).await? {
        let _ = writeln!(xml, "<url><loc>{origin}/threads/{}</loc><lastmod>{changed}</lastmod></url>", id_slug(id.0, &title));
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml))
}

async fn robots(ctx: Ctx) -> impl IntoResponse {
    format!("User-agent: *\nDisallow: /api/\nDisallow: /fn/\nSitemap: {}/sitemap.xml\n", ctx.origin())
}
