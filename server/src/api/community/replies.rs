//! Replies to threads and to cases: the same four endpoints under either path.

use crate::api::{
    envelope::{Created, Data, Message, Paged},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    community::{Reply, ReplyInput, Target},
    content::ReplyText,
    id::{CaseId, ReplyId, ThreadId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(thread::list, thread::add))
        .routes(routes!(thread::edit, thread::delete))
        .routes(routes!(case::list, case::add))
        .routes(routes!(case::edit, case::delete))
}

async fn list(ctx: Ctx, target: Target, page: PageQuery) -> ApiResult<Paged<Reply>> {
    let list = ctx.service.replies(&ctx.caller, target, page.request(), page.cursor.as_deref()).await?;
    Ok(Paged { data: list.replies, pagination: list.pagination })
}

async fn add(ctx: Ctx, target: Target, (text, parent): (ReplyText, Option<ReplyId>)) -> ApiResult<Created<Reply>> {
    Ok(Created(ctx.service.reply_add(&ctx.caller, target, text, parent).await?, "Sent."))
}

async fn edit(ctx: Ctx, target: Target, id: ReplyId, text: ReplyText) -> ApiResult<Data<Reply>> {
    Ok(Data::with(ctx.service.reply_edit(&ctx.caller, target, id, text).await?, "Saved."))
}

async fn delete(ctx: Ctx, target: Target, id: ReplyId) -> ApiResult<Message> {
    ctx.service.reply_delete(&ctx.caller, target, id).await?;
    Ok(Message { message: "Deleted." })
}

/// The handlers of one kind of target: they differ in nothing but the path and the id's type.
macro_rules! replies_of {
    ($module:ident, $id:ty, $list:literal, $one:literal, $what:literal) => {
        mod $module {
            use super::*;

            #[doc = concat!("A page of replies to a ", $what, ", in reading order.")]
            #[utoipa::path(get, path = $list, summary = concat!("A page of replies to a ", $what, ", in reading order."), tag = "community", operation_id = concat!(stringify!($module), "_replies"),
                params(("id" = i64, Path, description = $what), PageQuery),
                responses((status = 200, body = Paged<Reply>), (status = 404, body = ErrorBody)))]
            pub(super) async fn list(ctx: Ctx, Id(id): Id<$id>, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<Reply>> {
                super::list(ctx, id.into(), page).await
            }

            #[doc = concat!("Replies to a ", $what, " or to a reply.")]
            #[utoipa::path(post, path = $list, summary = concat!("Replies to a ", $what, " or to a reply."), tag = "community", operation_id = concat!(stringify!($module), "_reply_add"),
                request_body = ReplyInput, security(("bearer" = []), ("session" = [])), params(("id" = i64, Path, description = $what)),
                responses((status = 201, body = Data<Reply>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
                    (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 429, body = ErrorBody)))]
            pub(super) async fn add(ctx: Ctx, Id(id): Id<$id>, Checked(input): Checked<ReplyInput>) -> ApiResult<Created<Reply>> {
                super::add(ctx, id.into(), input).await
            }

            #[doc = concat!("Replaces the text of a reply to a ", $what, ".")]
            #[utoipa::path(put, path = $one, summary = concat!("Replaces the text of a reply to a ", $what, "."), tag = "community", operation_id = concat!(stringify!($module), "_reply_edit"),
                request_body = ReplyInput, security(("bearer" = []), ("session" = [])),
                params(("id" = i64, Path, description = $what), ("replyId" = i64, Path, description = "The reply")),
                responses((status = 200, body = Data<Reply>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
                    (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
            pub(super) async fn edit(ctx: Ctx, Id((id, reply)): Id<($id, ReplyId)>, Checked((text, _)): Checked<ReplyInput>) -> ApiResult<Data<Reply>> {
                super::edit(ctx, id.into(), reply, text).await
            }

            #[doc = concat!("Deletes a reply to a ", $what, "; one that was answered keeps its place.")]
            #[utoipa::path(delete, path = $one, summary = concat!("Deletes a reply to a ", $what, "; one that was answered keeps its place."), tag = "community", operation_id = concat!(stringify!($module), "_reply_delete"),
                security(("bearer" = []), ("session" = [])),
                params(("id" = i64, Path, description = $what), ("replyId" = i64, Path, description = "The reply")),
                responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
            pub(super) async fn delete(ctx: Ctx, Id((id, reply)): Id<($id, ReplyId)>) -> ApiResult<Message> {
                super::delete(ctx, id.into(), reply).await
            }
        }
    };
}

replies_of!(thread, ThreadId, "/api/v1/threads/{id}/replies", "/api/v1/threads/{id}/replies/{replyId}", "thread");
replies_of!(case, CaseId, "/api/v1/validation-cases/{id}/replies", "/api/v1/validation-cases/{id}/replies/{replyId}", "case");
