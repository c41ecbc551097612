//! Validation cases.

use super::{
    envelope::{Created, Data, Message, Paged},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, CheckedOrEmpty, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    cases::{CancelInput, Case, CaseFilter, CaseInput, CaseLog, CaseRow, CaseStatus, TagInput},
    community::{Category, CategoryKind, Sort},
    id::CaseId,
    money::Rupiah,
    page::PageRequest,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(categories))
        .routes(routes!(in_category))
        .routes(routes!(latest))
        .routes(routes!(mine))
        .routes(routes!(show, edit, delete))
        .routes(routes!(public))
        .routes(routes!(case_log))
        .routes(routes!(tags, tag_add))
        .routes(routes!(tag_remove))
        .routes(routes!(cancel))
}

/// Which cases.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CaseQuery {
    /// A case category's slug.
    category: Option<String>,
    /// A tag.
    tag: Option<String>,
    /// A username.
    owner: Option<String>,
    /// In one state.
    status: Option<CaseStatus>,
    /// With at least this bounty, in rupiah.
    bounty_min: Option<i64>,
    /// `latest` when left out.
    sort: Option<Sort>,
}

async fn page_of(ctx: Ctx, query: CaseQuery, page: &PageQuery) -> ApiResult<Paged<CaseRow>> {
    let filter = ctx.service.case_filter(&ctx.caller, query.category.as_deref(), query.owner.as_deref()).await?;
    let filter = CaseFilter {
        tag: query.tag,
        status: query.status,
        bounty_min: query.bounty_min.map(Rupiah),
        sort: query.sort.unwrap_or_default(),
        ..filter
    };
    Ok(ctx.service.cases(&ctx.caller, &filter, page.request(), page.cursor.as_deref()).await?.into())
}

/// A page of cases.
#[utoipa::path(get, path = "/api/validation-cases", tag = "cases", operation_id = "case_list", params(CaseQuery, PageQuery),
    responses((status = 200, body = Paged<CaseRow>), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn list(ctx: Ctx, Asked(query): Asked<CaseQuery>, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<CaseRow>> {
    page_of(ctx, query, &page).await
}

/// Opens a case.
#[utoipa::path(post, path = "/api/validation-cases", tag = "cases", operation_id = "case_open", request_body = CaseInput, security(("bearer" = []), ("session" = [])),
    responses((status = 201, body = Data<Case>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn open(ctx: Ctx, Checked(draft): Checked<CaseInput>) -> ApiResult<Created<Case>> {
    Ok(Created(ctx.service.case_open(&ctx.caller, draft).await?, "Opened."))
}

/// The categories of cases, with their figures.
#[utoipa::path(get, path = "/api/validation-cases/categories", tag = "cases", operation_id = "case_categories", responses((status = 200, body = Data<Vec<Category>>)))]
async fn categories(ctx: Ctx) -> ApiResult<Data<Vec<Category>>> {
    let all = ctx.service.categories(&ctx.caller).await?;
    Ok(Data::new(all.iter().filter(|category| category.kind == CategoryKind::Case).cloned().collect()))
}

/// A page of a category's cases.
#[utoipa::path(get, path = "/api/validation-cases/category/{slug}", tag = "cases", operation_id = "case_in_category", params(("slug" = String, Path, description = "The category"), CaseQuery, PageQuery),
    responses((status = 200, body = Paged<CaseRow>), (status = 404, body = ErrorBody)))]
async fn in_category(
    ctx: Ctx,
    Id(slug): Id<String>,
    Asked(query): Asked<CaseQuery>,
    Asked(page): Asked<PageQuery>,
) -> ApiResult<Paged<CaseRow>> {
    page_of(ctx, CaseQuery { category: Some(slug), ..query }, &page).await
}

/// The newest cases.
#[utoipa::path(get, path = "/api/validation-cases/latest", tag = "cases", operation_id = "case_latest", params(PageQuery), responses((status = 200, body = Data<Vec<CaseRow>>)))]
async fn latest(ctx: Ctx, Asked(page): Asked<PageQuery>) -> ApiResult<Data<Vec<CaseRow>>> {
    let filter = CaseFilter { sort: Sort::Newest, ..CaseFilter::default() };
    let page = PageRequest::new(Some(1), page.limit);
    Ok(Data::new(ctx.service.cases(&ctx.caller, &filter, page, None).await?.items))
}

/// One's own cases.
#[utoipa::path(get, path = "/api/validation-cases/me", tag = "cases", operation_id = "case_mine", params(PageQuery), security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Paged<CaseRow>), (status = 401, body = ErrorBody)))]
async fn mine(ctx: Ctx, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<CaseRow>> {
    let filter = CaseFilter { owner: Some(ctx.caller.signed_in()?.id), sort: Sort::Newest, ..CaseFilter::default() };
    Ok(ctx.service.cases(&ctx.caller, &filter, page.request(), page.cursor.as_deref()).await?.into())
}

/// A case, as everyone reads it.
#[utoipa::path(get, path = "/api/validation-cases/{id}/public", tag = "cases", operation_id = "case_public", params(("id" = i64, Path, description = "The case")),
    responses((status = 200, body = Data<Case>), (status = 404, body = ErrorBody)))]
async fn public(ctx: Ctx, Id(id): Id<CaseId>) -> ApiResult<Data<Case>> {
    Ok(Data::new(ctx.service.case(&ctx.caller, id).await?))
}

/// A case, as the signed-in caller reads it.
#[utoipa::path(get, path = "/api/validation-cases/{id}", tag = "cases", operation_id = "case_show", params(("id" = i64, Path, description = "The case")), security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Case>), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn show(ctx: Ctx, Id(id): Id<CaseId>) -> ApiResult<Data<Case>> {
    ctx.caller.signed_in()?;
    Ok(Data::new(ctx.service.case(&ctx.caller, id).await?))
}

/// Replaces what was written in an open case.
#[utoipa::path(put, path = "/api/validation-cases/{id}", tag = "cases", operation_id = "case_edit", request_body = CaseInput, params(("id" = i64, Path, description = "The case")), security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Case>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn edit(ctx: Ctx, Id(id): Id<CaseId>, Checked(draft): Checked<CaseInput>) -> ApiResult<Data<Case>> {
    Ok(Data::with(ctx.service.case_edit(&ctx.caller, id, draft).await?, "Saved."))
}

/// Takes an open case from view.
#[utoipa::path(delete, path = "/api/validation-cases/{id}", tag = "cases", operation_id = "case_delete", params(("id" = i64, Path, description = "The case")), security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn delete(ctx: Ctx, Id(id): Id<CaseId>) -> ApiResult<Message> {
    ctx.service.case_delete(&ctx.caller, id).await?;
    Ok(Message { message: "Deleted." })
}

/// A case's log, verified.
#[utoipa::path(get, path = "/api/validation-cases/{id}/case-log", tag = "cases", operation_id = "case_case_log", params(("id" = i64, Path, description = "The case")),
    responses((status = 200, body = Data<CaseLog>), (status = 404, body = ErrorBody)))]
async fn case_log(ctx: Ctx, Id(id): Id<CaseId>) -> ApiResult<Data<CaseLog>> {
    Ok(Data::new(ctx.service.case_log(&ctx.caller, id).await?))
}

/// A case's tags.
#[utoipa::path(get, path = "/api/validation-cases/{id}/tags", tag = "cases", operation_id = "case_tags", params(("id" = i64, Path, description = "The case")),
    responses((status = 200, body = Data<Vec<String>>), (status = 404, body = ErrorBody)))]
async fn tags(ctx: Ctx, Id(id): Id<CaseId>) -> ApiResult<Data<Vec<String>>> {
    Ok(Data::new(ctx.service.case(&ctx.caller, id).await?.row.tags))
}

/// Adds a tag to an open case.
#[utoipa::path(post, path = "/api/validation-cases/{id}/tags", tag = "cases", operation_id = "case_tag_add", request_body = TagInput, params(("id" = i64, Path, description = "The case")), security(("bearer" = []), ("session" = [])),
    responses((status = 201, body = Data<Vec<String>>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn tag_add(ctx: Ctx, Id(id): Id<CaseId>, Checked(tag): Checked<TagInput>) -> ApiResult<Created<Vec<String>>> {
    Ok(Created(ctx.service.case_tag_add(&ctx.caller, id, &tag).await?, "Added."))
}

/// Takes a tag from an open case.
#[utoipa::path(delete, path = "/api/validation-cases/{id}/tags/{tagSlug}", tag = "cases", operation_id = "case_tag_remove", security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The case"), ("tagSlug" = String, Path, description = "The tag")),
    responses((status = 200, body = Data<Vec<String>>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn tag_remove(ctx: Ctx, Id((id, tag)): Id<(CaseId, String)>) -> ApiResult<Data<Vec<String>>> {
    Ok(Data::with(ctx.service.case_tag_remove(&ctx.caller, id, &tag).await?, "Removed."))
}

/// Withdraws a case for which no money is locked.
#[utoipa::path(post, path = "/api/validation-cases/{id}/cancel", tag = "cases", operation_id = "case_cancel", request_body = CancelInput, params(("id" = i64, Path, description = "The case")), security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Case>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn cancel(ctx: Ctx, Id(id): Id<CaseId>, CheckedOrEmpty(reason): CheckedOrEmpty<CancelInput>) -> ApiResult<Data<Case>> {
    Ok(Data::with(ctx.service.case_cancel(&ctx.caller, id, reason).await?, "Cancelled."))
}
