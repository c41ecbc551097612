//! What a page may cost: statements on the first visit to an instance that has nothing in memory yet, and bytes.

use crate::harness::{World, case, reply, thread};
use axum::http::Method;
use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, Once},
};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{
    EnvFilter,
    filter::{LevelFilter, Targets},
    fmt,
    layer::{Context, Layer, SubscriberExt},
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// Statements that were run, by the id of the request that wanted them.
static STATEMENTS: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

/// Counts what sqlx says it ran, for the request in whose span it ran.
struct Counter;

/// A span's `id`, where it has one.
struct RequestId(String);

impl Visit for RequestId {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "id" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// Whether a statement sets a fresh connection up: no page's doing, and whichever page comes first pays it.
struct ConnectionSetup(bool);

impl Visit for ConnectionSetup {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0 |= field.name() == "summary" && value.starts_with("PRAGMA");
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counter {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut found = RequestId(String::new());
        attributes.record(&mut found);
        context.span(id).unwrap().extensions_mut().insert(found);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(scope) = context.event_scope(event).filter(|_| event.metadata().target() == "sqlx::query") else { return };
        let mut setup = ConnectionSetup(false);
        event.record(&mut setup);
        for span in scope.take_while(|_| !setup.0) {
            if let Some(RequestId(id)) = span.extensions().get().filter(|RequestId(id)| !id.is_empty()) {
                *STATEMENTS.lock().unwrap().entry(id.clone()).or_default() += 1;
            }
        }
    }
}

/// Logs as the server does, and counts. The server's own subscriber would shut the counter out.
pub fn log_and_count() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let counted = Targets::new().with_target("sqlx::query", LevelFilter::DEBUG).with_target("aivalid_server", LevelFilter::INFO);
        let written = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
        let log = fmt::layer().compact().with_writer(std::io::stderr).with_filter(written);
        tracing_subscriber::registry().with(Counter.with_filter(counted)).with(log).init();
    });
}

/// How many statements a request with this id ran.
fn statements(id: &str) -> usize {
    STATEMENTS.lock().unwrap().get(id).copied().unwrap_or(0)
}

fn tagged(mut post: Value) -> Value {
    post["tags"] = json!(["kappa"]);
    post
}

#[tokio::test]
async fn a_first_visit_to_any_page_costs_at_most_six_statements() {
    let folder = tempfile::tempdir().unwrap();
    let shared = folder.path().display().to_string();
    let settings = [("DATA_DIR", shared.as_str()), ("RATE_LIMIT_FACTOR", "1000")];
    let world = World::with(&settings).await;
    let people = [world.user("dewi_l").await, world.user("bimo_s").await, world.user("ratna_k").await];
    for (number, author) in people.iter().enumerate() {
        author.create("/api/threads", thread(&format!("Utas {number}"))).await;
        author.create("/api/validation-cases", tagged(case(&format!("Kasus {number}")))).await;
    }
    for (number, author) in people.iter().cycle().take(12).enumerate() {
        for place in ["/api/v1/threads/1/replies", "/api/v1/validation-cases/1/replies", "/api/v1/threads/3/replies"] {
            author.create(place, reply(&format!("Balasan {number}"))).await;
        }
    }
    world.grant_badge(&people[0], "teliti").await;

    let pages = [
        "/",
        "/forum",
        "/forum/umum",
        "/forum/umum?sort=top",
        "/threads/1-utas-0",
        "/threads/1-utas-0?limit=50",
        "/validation-cases",
        "/validation-cases?status=open&min=1000&tag=kappa&category=model-ai",
        "/validation-cases/category/model-ai",
        "/validation-cases/1-kasus-0",
        "/tags/kappa",
        "/tags/kappa?of=threads",
        "/user/dewi_l",
        "/user/dewi_l?tab=threads",
        "/user/dewi_l?tab=cases",
        "/user/dewi_l?tab=badges",
        "/about",
        "/login",
        "/register",
        "/status",
    ];
    let mut most = 0;
    for (number, page) in pages.into_iter().enumerate() {
        // Another instance over the same database: nothing is in its memory.
        let fresh = World::beside(&world, &settings).await;
        let id = format!("first-visit-{number}");
        fresh.anon().ask(Method::GET, page).header("x-request-id", &id).send().await.page(200);
        let cost = statements(&id);
        assert!(cost <= 6, "{page} costs {cost} statements");
        most = most.max(cost);
    }
    assert_eq!(most, 6, "the counter counts");
}

#[tokio::test]
async fn ones_own_picture_costs_no_statement() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for (id, pictured) in [("menu-with-initials", false), ("menu-with-picture", true)] {
        // A session of its own: one whose account has just changed is read from the database for some minutes.
        let browser = dewi.in_browser().await;
        browser.get("/about").await.page(200);
        let page = browser.ask(Method::GET, "/about").header("x-request-id", id).send().await;
        assert_eq!(page.page(200).contains("src=\"/media/avatars/"), pictured);
        assert_eq!(statements(id), 0, "{id}");
        let mut png = std::io::Cursor::new(vec![]);
        DynamicImage::new_rgb8(8, 8).write_to(&mut png, ImageFormat::Png).unwrap();
        browser.upload("/account/avatar", &[("avatar", Some("a.png"), &png.into_inner())]).await;
    }
}
