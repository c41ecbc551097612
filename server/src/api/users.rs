//! Profiles and one's own account.

use super::{
    envelope::{Data, Message, Paged},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, Id, PageQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    cases::{CaseFilter, CaseRow},
    community::{Sort, ThreadFilter, ThreadRow},
    identity::{AccountInput, BadgeGrant, Me, Profile},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(change))
        .routes(routes!(delete))
        .routes(routes!(profile))
        .routes(routes!(badges))
        .routes(routes!(threads))
        .routes(routes!(cases))
}

/// The signed-in account.
#[utoipa::path(get, path = "/api/user/me", tag = "identity", operation_id = "user_me", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Me>), (status = 401, body = ErrorBody)))]
async fn me(ctx: Ctx) -> ApiResult<Data<Me>> {
    Ok(Data::new(ctx.service.me(&ctx.caller).await?))
}

/// Changes one's account: what is left out stays as it is.
#[utoipa::path(put, path = "/api/account", tag = "identity", operation_id = "user_change", request_body = AccountInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<Me>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn change(ctx: Ctx, Checked(change): Checked<AccountInput>) -> ApiResult<Data<Me>> {
    Ok(Data::with(ctx.service.account_change(&ctx.caller, change).await?, "Saved."))
}

/// Takes one's account away: personal data is deleted, posts stay without a name. Needs sudo.
#[utoipa::path(delete, path = "/api/account", tag = "identity", operation_id = "user_delete", security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Message), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn delete(ctx: Ctx) -> ApiResult<Message> {
    ctx.service.account_delete(&ctx.caller).await?;
    Ok(Message { message: "The account is deleted." })
}

/// A profile. A name that was given up finds the account under its present name.
#[utoipa::path(get, path = "/api/user/{username}", tag = "identity", operation_id = "user_profile", params(("username" = String, Path, description = "The username")),
    responses((status = 200, body = Data<Profile>), (status = 404, body = ErrorBody)))]
async fn profile(ctx: Ctx, Id(username): Id<String>) -> ApiResult<Data<Profile>> {
    Ok(Data::new(ctx.service.profile(&ctx.caller, &username).await?))
}

/// Someone's badges, newest first.
#[utoipa::path(get, path = "/api/user/{username}/badges", tag = "identity", operation_id = "user_badges", params(("username" = String, Path, description = "The username")),
    responses((status = 200, body = Data<Vec<BadgeGrant>>), (status = 404, body = ErrorBody)))]
async fn badges(ctx: Ctx, Id(username): Id<String>) -> ApiResult<Data<Vec<BadgeGrant>>> {
    Ok(Data::new(ctx.service.badges(&ctx.caller, &username).await?))
}

/// Someone's threads, newest first.
#[utoipa::path(get, path = "/api/user/{username}/threads", tag = "identity", operation_id = "user_threads", params(("username" = String, Path, description = "The username"), PageQuery),
    responses((status = 200, body = Paged<ThreadRow>), (status = 404, body = ErrorBody)))]
async fn threads(ctx: Ctx, Id(username): Id<String>, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<ThreadRow>> {
    let filter = ctx.service.thread_filter(&ctx.caller, None, Some(&username)).await?;
    let filter = ThreadFilter { sort: Sort::Newest, ..filter };
    Ok(ctx.service.threads(&ctx.caller, &filter, page.request(), page.cursor.as_deref()).await?.into())
}

/// Someone's cases, newest first.
#[utoipa::path(get, path = "/api/user/{username}/validation-cases", tag = "identity", operation_id = "user_cases", params(("username" = String, Path, description = "The username"), PageQuery),
    responses((status = 200, body = Paged<CaseRow>), (status = 404, body = ErrorBody)))]
async fn cases(ctx: Ctx, Id(username): Id<String>, Asked(page): Asked<PageQuery>) -> ApiResult<Paged<CaseRow>> {
    let filter = ctx.service.case_filter(&ctx.caller, None, Some(&username)).await?;
    let filter = CaseFilter { sort: Sort::Newest, ..filter };
    Ok(ctx.service.cases(&ctx.caller, &filter, page.request(), page.cursor.as_deref()).await?.into())
}
