//! Threads.

use crate::api::{
    envelope::{Created, Data, Message, Paged},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    community::{Sort, Thread, ThreadFilter, ThreadInput, ThreadRow},
    id::ThreadId,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list, publish)).routes(routes!(show, edit, delete))
}

/// Which threads.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ThreadQuery {
    /// A forum category's slug.
    category: Option<String>,
    /// A tag.
    tag: Option<String>,
    /// A username.
    author: Option<String>,
    /// `latest` when left out.
    sort: Option<Sort>,
}

/// A page of threads.
#[utoipa::path(get, path = "/api/threads", tag = "community", operation_id = "thread_list", params(ThreadQuery, PageQuery),
    responses((status = 200, body = Paged<ThreadRow>), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn list(ctx: Ctx, Asked(query): Asked<ThreadQuery>, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<ThreadRow>> {
    let filter = ctx.service.thread_filter(&ctx.caller, query.category.as_deref(), query.author.as_deref()).await?;
    let filter = ThreadFilter { tag: query.tag, sort: query.sort.unwrap_or_default(), ..filter };
    Ok(ctx.service.threads(&ctx.caller, &filter, page.request(), page.cursor.as_deref()).await?.into())
}

/// Starts a thread.
#[utoipa::path(post, path = "/api/threads", tag = "community", operation_id = "thread_publish", request_body = ThreadInput, security(("bearer" = []), ("session" = [])),
    responses((status = 201, body = Data<Thread>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 429, body = ErrorBody)))]
async fn publish(ctx: Ctx, Checked(draft): Checked<ThreadInput>) -> ApiResult<Created<Thread>> {
    Ok(Created(ctx.service.thread_publish(&ctx.caller, draft).await?, "Published."))
}

/// A thread.
#[utoipa::path(get, path = "/api/threads/{id}", tag = "community", operation_id = "thread_show", params(("id" = i64, Path, description = "The thread")),
    responses((status = 200, body = Data<Thread>), (status = 404, body = ErrorBody)))]
async fn show(ctx: Ctx, Id(id): Id<ThreadId>) -> ApiResult<Data<Thread>> {
    Ok(Data::new(ctx.service.thread(&ctx.caller, id).await?))
}

/// Replaces what was written in a thread.
#[utoipa::path(put, path = "/api/threads/{id}", tag = "community", operation_id = "thread_edit", request_body = ThreadInput, security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The thread")),
    responses((status = 200, body = Data<Thread>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn edit(ctx: Ctx, Id(id): Id<ThreadId>, Checked(draft): Checked<ThreadInput>) -> ApiResult<Data<Thread>> {
    Ok(Data::with(ctx.service.thread_edit(&ctx.caller, id, draft).await?, "Saved."))
}

/// Takes a thread from view.
#[utoipa::path(delete, path = "/api/threads/{id}", tag = "community", operation_id = "thread_delete", security(("bearer" = []), ("session" = [])),
    params(("id" = i64, Path, description = "The thread")),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn delete(ctx: Ctx, Id(id): Id<ThreadId>) -> ApiResult<Message> {
    ctx.service.thread_delete(&ctx.caller, id).await?;
    Ok(Message { message: "Deleted." })
}
