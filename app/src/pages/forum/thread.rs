//! Reading a thread.

use crate::{
    context::Ctx,
    page::{Page, PageResult},
    ui::{Avatar, Raw, Time},
};
use aivalid_model::{Error, id::ThreadId, page::PageRequest, slug::{id_of, id_slug}};
use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

/// What the address may ask for.
#[derive(Deserialize)]
pub struct Asked {
    page: Option<u32>,
}

/// `GET /threads/{id}-{slug}`.
pub async fn show(ctx: Ctx, Path(segment): Path<String>, Query(asked): Query<Asked>) -> PageResult {
    let id = ThreadId(id_of(&segment).ok_or(Error::NotFound)?);
    let thread = ctx.service.thread(&ctx.caller, id).await?;
    let replies = ctx.service.replies(&ctx.caller, id.into(), PageRequest::new(asked.page, None), None).await?;
    let path = format!("/threads/{}", id_slug(id.0, &thread.row.title));
    let body = view! {
        <header class="case-head"><h1 dir="auto">{thread.row.title.clone()}</h1></header>
        <article class="card card-lg post">
            <header>
                <Avatar card=thread.row.author.clone()/>
                <a class="by" href=format!("/user/{}", thread.row.author.username)>{thread.row.author.username.clone()}</a>
                <Time ctx=&ctx at=thread.row.created_at/>
            </header>
            <div class="prose" dir="auto"><Raw html=thread.content_html/></div>
        </article>
        <div class="replies">
            {replies.replies.into_iter().map(|reply| view! { <article class="reply"><div class="prose" dir="auto"><Raw html=reply.content_html/></div></article> }).collect_view()}
        </div>
    };
    Ok(Page::new(thread.row.title, body).description(thread.row.summary).canonical(path))
}
