//! Whether everything that AIValid needs answers, and how fast.

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::{Chip, Icon},
};
use aivalid_model::Lang;
use leptos::{either::Either, prelude::*};
use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

/// How long a store may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// From here on an answer counts as slow.
const SLOW: Duration = Duration::from_millis(250);

/// How one store is.
struct Health {
    name: &'static str,
    /// How long it took to answer; `None`: it did not.
    took: Option<Duration>,
}

/// `GET /status`.
pub async fn show(ctx: Ctx) -> Page {
    let lang = ctx.lang();
    let mut stores = Vec::new();
    for store in &ctx.service.stores().health {
        let begun = Instant::now();
        let answered = matches!(tokio::time::timeout(PATIENCE, store.ping()).await, Ok(Ok(())));
        stores.push(Health { name: store.name(), took: answered.then(|| begun.elapsed()) });
    }
    let fine = stores.iter().all(|store| store.took.is_some());
    let summary = if fine {
        Either::Left(
            view! { <div class="flash flash-success" role="status"><Icon name="circle-check"/><p>{tr!(lang, "status_page.fine")}</p></div> },
        )
    } else {
        Either::Right(
            view! { <div class="flash flash-danger" role="alert"><Icon name="circle-x"/><p>{tr!(lang, "status_page.down")}</p></div> },
        )
    };
    let title = tr!(lang, "status_page.title");
    let rows = stores.into_iter().map(|store| row(lang, &store)).collect::<Vec<_>>();
    let body = view! {
        <div class="page-head"><h1>{title.clone()}</h1></div>
        <div class="stack stack-lg">
            {summary}
            <div class="table-box" tabindex="0" role="region" aria-label=tr!(lang, "status_page.services")>
                <table class="table">
                    <thead><tr>
                        <th scope="col">{tr!(lang, "status_page.service")}</th>
                        <th scope="col">{tr!(lang, "status_page.state")}</th>
                        <th scope="col" class="end">{tr!(lang, "status_page.latency")}</th>
                    </tr></thead>
                    <tbody>
                        <tr><th scope="row">{tr!(lang, "status_page.pages")}</th><td><Chip kind="success" icon="circle-check" words=tr!(lang, "status_page.normal").into_owned()/></td><td class="end"></td></tr>
                        {rows}
                    </tbody>
                </table>
            </div>
            <p class="small muted">{tr!(lang, "status_page.for_machines")}" "<a href="/api/v1/health/ready">"/api/v1/health/ready"</a></p>
        </div>
    };
    Page::new(title, body).layout(Layout::Narrow).canonical("/status")
}

fn row(lang: Lang, store: &Health) -> impl IntoView + use<> {
    let (kind, icon, words) = match store.took {
        None => ("danger", "circle-x", tr!(lang, "status_page.no_answer")),
        Some(took) if took >= SLOW => ("warning", "triangle-alert", tr!(lang, "status_page.slow")),
        Some(_) => ("success", "circle-check", tr!(lang, "status_page.normal")),
    };
    let took = store.took.map(|took| milliseconds(lang, took));
    view! { <tr><th scope="row">{purpose(lang, store.name)}</th><td><Chip kind icon words=words.into_owned()/></td><td class="end num">{took}</td></tr> }
}

/// What a store is for, with its own name.
fn purpose(lang: Lang, name: &'static str) -> String {
    let (words, product): (Cow<'static, str>, &str) = match name {
        "sqlite" => (tr!(lang, "status_page.database"), "SQLite"),
        "postgres" => (tr!(lang, "status_page.database"), "PostgreSQL"),
        "mongodb" => (tr!(lang, "status_page.features"), "MongoDB"),
        "redis" => (tr!(lang, "status_page.sessions"), "Redis"),
        "s3" => (tr!(lang, "status_page.files"), "S3"),
        other => return other.to_owned(),
    };
    format!("{words} ({product})")
}

/// `0,4 ms` in Indonesian, `0.4 ms` in English.
fn milliseconds(lang: Lang, took: Duration) -> String {
    let text = format!("{:.1} ms", took.as_secs_f64() * 1000.0);
    if lang == Lang::Id { text.replace('.', ",") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_write_them() {
        assert_eq!(milliseconds(Lang::Id, Duration::from_micros(420)), "0,4 ms");
        assert_eq!(milliseconds(Lang::En, Duration::from_millis(1500)), "1500.0 ms");
    }
}
