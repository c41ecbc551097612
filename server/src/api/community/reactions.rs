//! Reactions to threads, cases and replies: the same endpoints under each path.

use crate::api::{
    envelope::Data,
    error::{ApiResult, ErrorBody},
    extract::{Checked, Id},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    community::{ReactionInput, ReactionKind, Reactions, Target},
    id::{CaseId, ReplyId, ThreadId},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(thread_summary))
        .routes(routes!(thread::set, thread::clear))
        .routes(routes!(case_summary))
        .routes(routes!(case::set, case::clear))
        .routes(routes!(reply::set, reply::clear))
}

/// Reactions and one's own among them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReactionSummary {
    /// How many of each.
    reactions: Reactions,
    /// All together.
    total: u32,
    /// The caller's own.
    my_reaction: Option<ReactionKind>,
}

impl ReactionSummary {
    fn new(reactions: Reactions, my_reaction: Option<ReactionKind>) -> Data<Self> {
        Data::new(Self { reactions, total: reactions.total(), my_reaction })
    }
}

async fn summary(ctx: Ctx, target: Target) -> ApiResult<Data<ReactionSummary>> {
    let (reactions, mine) = ctx.service.reaction_summary(&ctx.caller, target).await?;
    Ok(ReactionSummary::new(reactions, mine))
}

/// Reactions to a thread.
#[utoipa::path(get, path = "/api/v1/threads/{id}/reactions/summary", tag = "community", params(("id" = i64, Path, description = "The thread")),
    responses((status = 200, body = Data<ReactionSummary>), (status = 404, body = ErrorBody)))]
async fn thread_summary(ctx: Ctx, Id(id): Id<ThreadId>) -> ApiResult<Data<ReactionSummary>> {
    summary(ctx, id.into()).await
}

/// Reactions to a case.
#[utoipa::path(get, path = "/api/v1/validation-cases/{id}/reactions/summary", tag = "community", params(("id" = i64, Path, description = "The case")),
    responses((status = 200, body = Data<ReactionSummary>), (status = 404, body = ErrorBody)))]
async fn case_summary(ctx: Ctx, Id(id): Id<CaseId>) -> ApiResult<Data<ReactionSummary>> {
    summary(ctx, id.into()).await
}

async fn react(ctx: Ctx, target: Target, kind: Option<ReactionKind>) -> ApiResult<Data<ReactionSummary>> {
    let counts = ctx.service.react(&ctx.caller, target, kind).await?;
    Ok(ReactionSummary::new(counts, kind))
}

/// The handlers of one kind of target: they differ in nothing but the path and the id's type.
macro_rules! reactions_of {
    ($module:ident, $id:ty, $path:literal, $param:literal) => {
        mod $module {
            use super::*;

            #[doc = concat!("Reacts to a ", stringify!($module), "; another reaction replaces the one before.")]
            #[utoipa::path(post, path = $path, summary = concat!("Reacts to a ", stringify!($module), "; another reaction replaces the one before."), tag = "community", operation_id = concat!(stringify!($module), "_react"),
                request_body = ReactionInput, security(("bearer" = []), ("session" = [])), params(($param = i64, Path, description = "What to react to")),
                responses((status = 200, body = Data<ReactionSummary>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
                    (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
            pub(super) async fn set(ctx: Ctx, Id(id): Id<$id>, Checked(kind): Checked<ReactionInput>) -> ApiResult<Data<ReactionSummary>> {
                super::react(ctx, id.into(), Some(kind)).await
            }

            #[doc = concat!("Takes back one's reaction to a ", stringify!($module), ".")]
            #[utoipa::path(delete, path = $path, summary = concat!("Takes back one's reaction to a ", stringify!($module), "."), tag = "community", operation_id = concat!(stringify!($module), "_unreact"),
                security(("bearer" = []), ("session" = [])), params(($param = i64, Path, description = "What to react to")),
                responses((status = 200, body = Data<ReactionSummary>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
            pub(super) async fn clear(ctx: Ctx, Id(id): Id<$id>) -> ApiResult<Data<ReactionSummary>> {
                super::react(ctx, id.into(), None).await
            }
        }
    };
}

reactions_of!(thread, ThreadId, "/api/v1/threads/{id}/reactions", "id");
reactions_of!(case, CaseId, "/api/v1/validation-cases/{id}/reactions", "id");
reactions_of!(reply, ReplyId, "/api/v1/replies/{replyId}/reactions", "replyId");
