//! Starting and editing threads.

use super::{desk::Desk, editor, post::PostFields};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    member::Member,
    page::PageResult,
    query::Asks,
};
use aivalid_model::{Error, Result, community::CategoryKind, id::ThreadId, slug::id_of};
use axum::{extract::Path, response::Response};
use serde::Deserialize;

/// What the address of an empty form may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The category's slug.
    pub(super) category: String,
}

/// The thread that a path names.
pub(super) fn thread_id(segment: &str) -> Result<ThreadId> {
    id_of(segment).map(ThreadId).ok_or(Error::NotFound)
}

/// `GET /threads/new`.
pub async fn fresh(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    let fields = PostFields { category: asked.category, ..PostFields::default() };
    Ok(editor::page(&ctx, &Desk::New(CategoryKind::Forum), FormState::fresh(fields), None).await?)
}

/// `POST /threads/new`.
pub async fn publish(ctx: Ctx, Posted(fields): Posted<PostFields>) -> PageResult<Response> {
    Desk::New(CategoryKind::Forum).submit(&ctx, fields).await
}

/// `GET /threads/{id}-{slug}/edit`.
pub async fn edit(Member(ctx): Member, Path(segment): Path<String>) -> PageResult {
    let (desk, fields) = Desk::of_thread(&ctx, thread_id(&segment)?).await?;
    Ok(editor::page(&ctx, &desk, FormState::fresh(fields), None).await?)
}

/// `POST /threads/{id}-{slug}/edit`.
pub async fn save(ctx: Ctx, Path(segment): Path<String>, Posted(fields): Posted<PostFields>) -> PageResult<Response> {
    let (desk, _) = Desk::of_thread(&ctx, thread_id(&segment)?).await?;
    desk.submit(&ctx, fields).await
}
