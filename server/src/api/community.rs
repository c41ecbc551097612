//! The forum, and replies, reactions and watches of threads and cases alike; blocks.

mod blocks;
mod history;
mod reactions;
mod replies;
mod threads;
mod watches;

use super::{envelope::Data, error::ApiResult, extract::Asked};
use aivalid_app::context::Ctx;
use aivalid_model::community::{Category, CategoryKind, Tag};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(categories))
        .routes(routes!(tags))
        .merge(threads::router())
        .merge(replies::router())
        .merge(reactions::router())
        .merge(history::router())
        .merge(watches::router())
        .merge(blocks::router())
}

/// Which categories.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct KindQuery {
    /// `forum` or `case`; both when left out.
    kind: Option<CategoryKind>,
}

/// Every category with its figures.
#[utoipa::path(get, path = "/api/categories", tag = "community", params(KindQuery), responses((status = 200, body = Data<Vec<Category>>)))]
async fn categories(ctx: Ctx, Asked(query): Asked<KindQuery>) -> ApiResult<Data<Vec<Category>>> {
    let all = Arc::unwrap_or_clone(ctx.service.categories(&ctx.caller).await?);
    Ok(Data::new(all.into_iter().filter(|category| query.kind.is_none_or(|kind| category.kind == kind)).collect()))
}

/// How many tags.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TagQuery {
    /// 1 to 500; 100 when left out.
    limit: Option<u32>,
}

/// The most used tags.
#[utoipa::path(get, path = "/api/tags", tag = "community", params(TagQuery), responses((status = 200, body = Data<Vec<Tag>>)))]
async fn tags(ctx: Ctx, Asked(query): Asked<TagQuery>) -> ApiResult<Data<Vec<Tag>>> {
    Ok(Data::new(ctx.service.tags(&ctx.caller, query.limit.unwrap_or(100)).await?))
}
