//! Opening and editing cases.

use super::{desk::Desk, editor, post::PostFields, threads::Asked};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    member::Member,
    page::PageResult,
    query::Asks,
};
use aivalid_model::{Error, Result, community::CategoryKind, id::CaseId, slug::id_of};
use axum::{extract::Path, response::Response};

/// The case that a path names.
pub(super) fn case_id(segment: &str) -> Result<CaseId> {
    id_of(segment).map(CaseId).ok_or(Error::NotFound)
}

/// `GET /validation-cases/new`.
pub async fn fresh(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    let fields = PostFields { category: asked.category, ..PostFields::default() };
    Ok(editor::page(&ctx, &Desk::New(CategoryKind::Case), FormState::fresh(fields), None).await?)
}

/// `POST /validation-cases/new`.
pub async fn open(ctx: Ctx, Posted(fields): Posted<PostFields>) -> PageResult<Response> {
    Desk::New(CategoryKind::Case).submit(&ctx, fields).await
}

/// `GET /validation-cases/{id}-{slug}/edit`.
pub async fn edit(Member(ctx): Member, Path(segment): Path<String>) -> PageResult {
    let (desk, fields) = Desk::of_case(&ctx, case_id(&segment)?).await?;
    Ok(editor::page(&ctx, &desk, FormState::fresh(fields), None).await?)
}

/// `POST /validation-cases/{id}-{slug}/edit`.
pub async fn save(ctx: Ctx, Path(segment): Path<String>, Posted(fields): Posted<PostFields>) -> PageResult<Response> {
    let (desk, _) = Desk::of_case(&ctx, case_id(&segment)?).await?;
    desk.submit(&ctx, fields).await
}
