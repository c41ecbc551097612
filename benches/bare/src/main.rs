//! How fast these pages could be: axum and sqlx alone read the same rows from the same database and write them down one
//! after another. No sessions, limits, headers, languages, icons or compression. `scripts/bench` measures AIValid beside it.
//!
//! `BIND` and `DATABASE_URL` as for AIValid.

mod queries;

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use queries::{Author, Database};
use serde::Deserialize;
use std::{collections::HashMap, env, fmt::Write};

/// How many entries a page asks for.
#[derive(Deserialize)]
struct Asked {
    limit: Option<i64>,
}

type Answer = Result<Html<String>, StatusCode>;

fn failed(_: sqlx::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

fn name(authors: &[Author], names: &HashMap<i64, usize>, id: i64) -> String {
    names.get(&id).and_then(|index| authors.get(*index)).map(|author| author.username.clone()).unwrap_or_default()
}

/// Who wrote these, in one query.
async fn authors(database: &Database, ids: Vec<i64>) -> Result<(Vec<Author>, HashMap<i64, usize>), StatusCode> {
    let authors = database.authors(ids).await.map_err(failed)?;
    let places = authors.iter().enumerate().map(|(index, author)| (author.id, index)).collect();
    Ok((authors, places))
}

/// `GET /threads/{id}-{slug}`: a thread with its first replies.
async fn thread(State(database): State<Database>, Path(segment): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let id = segment.split('-').next().and_then(|id| id.parse().ok()).ok_or(StatusCode::NOT_FOUND)?;
    let thread = database.thread(id).await.map_err(failed)?.ok_or(StatusCode::NOT_FOUND)?;
    let replies = database.replies(id, asked.limit.unwrap_or(20)).await.map_err(failed)?;
    let ids = replies.iter().map(|reply| reply.author_id).chain([thread.author_id]).collect();
    let (authors, places) = authors(&database, ids).await?;
    let mut html = String::with_capacity(32 * 1024);
    // Writing to a string can't fail.
    let _ = write!(
        html,
        "<!DOCTYPE html><title>{0}</title><h1>{0}</h1><p>{1} {2}</p>{3}",
        thread.title,
        name(&authors, &places, thread.author_id),
        thread.created_at,
        thread.content_html
    );
    for reply in &replies {
        let author = name(&authors, &places, reply.author_id);
        let _ = write!(html, "<article id=\"{}\"><p>{author} {}</p>{}</article>", reply.id, reply.created_at, reply.content_html);
    }
    Ok(Html(html))
}

/// `GET /validation-cases`: the latest cases.
async fn cases(State(database): State<Database>, Query(asked): Query<Asked>) -> Answer {
    let cases = database.cases(asked.limit.unwrap_or(20)).await.map_err(failed)?;
    let (authors, places) = authors(&database, cases.iter().map(|case| case.owner_id).collect()).await?;
    let mut html = String::with_capacity(16 * 1024);
    html.push_str("<!DOCTYPE html><title>Cases</title>");
    for case in &cases {
        let owner = name(&authors, &places, case.owner_id);
        let _ = write!(html, "<article><h2>{}</h2><p>{owner} {} {}</p>{}</article>", case.title, case.bounty, case.status, case.summary);
    }
    Ok(Html(html))
}

#[tokio::main]
async fn main() -> Result<()> {
    let url = env::var("DATABASE_URL").context("DATABASE_URL names the database that AIValid filled")?;
    let bind = env::var("BIND").context("BIND is the address to listen on")?;
    let database = Database::open(&url).await?;
    let router = Router::new().route("/threads/{id}", get(thread)).route("/validation-cases", get(cases)).with_state(database);
    let listener = tokio::net::TcpListener::bind(&bind).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
