//! Accounts: finding them, roles, suspensions, sessions, profiles, badges.

use crate::api::{
    envelope::{Data, Stretched},
    error::{ApiResult, ErrorBody},
    extract::{Asked, Checked, CursorQuery, Id},
};
use aivalid_app::context::Ctx;
use aivalid_model::{
    admin::{AccountFile, AccountRow, BadgeGrantInput, ProfileFixInput, ReasonInput, RoleInput, SuspendInput, UserFilterInput},
    check::CheckAll,
    id::{BadgeId, SessionId, UserId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one, fix))
        .routes(routes!(role))
        .routes(routes!(suspend))
        .routes(routes!(unsuspend))
        .routes(routes!(unlock))
        .routes(routes!(session_end))
        .routes(routes!(badge_grant))
        .routes(routes!(badge_revoke))
}

/// Accounts, newest first.
#[utoipa::path(get, path = "/api/v1/admin/users", tag = "admin", operation_id = "admin_users", params(UserFilterInput, CursorQuery),
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Stretched<AccountRow>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
async fn list(ctx: Ctx, Asked(filter): Asked<UserFilterInput>, Asked(page): Asked<CursorQuery>) -> ApiResult<Stretched<AccountRow>> {
    let users = ctx.service.admin_users(&ctx.caller, &filter.check_all()?, page.cursor.as_deref(), page.limit()).await?;
    Ok(Stretched::new(users, page.limit()))
}

/// One account with its badges and sessions.
#[utoipa::path(get, path = "/api/v1/admin/users/{id}", tag = "admin", operation_id = "admin_user", params(("id" = i64, Path, description = "The account")),
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn one(ctx: Ctx, Id(id): Id<UserId>) -> ApiResult<Data<AccountFile>> {
    file(&ctx, id).await
}

/// The account as it stands now.
async fn file(ctx: &Ctx, id: UserId) -> ApiResult<Data<AccountFile>> {
    Ok(Data::new(ctx.service.admin_user(&ctx.caller, id).await?))
}

/// Corrects a profile: what is left out stays as it is. Needs sudo with two factors.
#[utoipa::path(put, path = "/api/v1/admin/users/{id}", tag = "admin", operation_id = "admin_user_fix", params(("id" = i64, Path, description = "The account")),
    request_body = ProfileFixInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn fix(ctx: Ctx, Id(id): Id<UserId>, Checked(input): Checked<ProfileFixInput>) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_fix(&ctx.caller, id, &input).await?;
    file(&ctx, id).await
}

/// Gives a role. Needs sudo with two factors; not for one's own account. The last administrator stays, and a new one has a second factor already.
#[utoipa::path(put, path = "/api/v1/admin/users/{id}/role", tag = "admin", operation_id = "admin_user_role", params(("id" = i64, Path, description = "The account")),
    request_body = RoleInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn role(ctx: Ctx, Id(id): Id<UserId>, Checked(input): Checked<RoleInput>) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_role(&ctx.caller, id, &input).await?;
    file(&ctx, id).await
}

/// Suspends an account: its sessions end at once and it can't sign in. Needs sudo with two factors; not for one's own account.
#[utoipa::path(post, path = "/api/v1/admin/users/{id}/suspend", tag = "admin", operation_id = "admin_user_suspend", params(("id" = i64, Path, description = "The account")),
    request_body = SuspendInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn suspend(ctx: Ctx, Id(id): Id<UserId>, Checked(input): Checked<SuspendInput>) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_suspend(&ctx.caller, id, &input).await?;
    file(&ctx, id).await
}

/// Lifts a suspension. Needs sudo with two factors.
#[utoipa::path(post, path = "/api/v1/admin/users/{id}/unsuspend", tag = "admin", operation_id = "admin_user_unsuspend", params(("id" = i64, Path, description = "The account")),
    request_body = ReasonInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn unsuspend(ctx: Ctx, Id(id): Id<UserId>, Checked(input): Checked<ReasonInput>) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_unsuspend(&ctx.caller, id, &input).await?;
    file(&ctx, id).await
}

/// Forgets an account's wrong passwords, so that the right one is accepted again. Needs sudo with two factors.
#[utoipa::path(post, path = "/api/v1/admin/users/{id}/unlock", tag = "admin", operation_id = "admin_user_unlock", params(("id" = i64, Path, description = "The account")),
    request_body = ReasonInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn unlock(ctx: Ctx, Id(id): Id<UserId>, Checked(input): Checked<ReasonInput>) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_unlock(&ctx.caller, id, &input).await?;
    file(&ctx, id).await
}

/// Ends one of somebody's sessions. Needs sudo with two factors.
#[utoipa::path(delete, path = "/api/v1/admin/users/{id}/sessions/{sessionId}", tag = "admin", operation_id = "admin_user_session_end",
    params(("id" = i64, Path, description = "The account"), ("sessionId" = i64, Path, description = "The session"), ReasonInput),
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn session_end(
    ctx: Ctx,
    Id((id, session)): Id<(UserId, SessionId)>,
    Asked(input): Asked<ReasonInput>,
) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_session_end(&ctx.caller, id, session, &input.check_all()?).await?;
    file(&ctx, id).await
}

/// Grants a badge. Needs sudo with two factors.
#[utoipa::path(post, path = "/api/v1/admin/users/{id}/badges", tag = "admin", operation_id = "admin_user_badge_grant", params(("id" = i64, Path, description = "The account")),
    request_body = BadgeGrantInput, security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
async fn badge_grant(ctx: Ctx, Id(id): Id<UserId>, Checked(input): Checked<BadgeGrantInput>) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_badge_grant(&ctx.caller, id, &input).await?;
    file(&ctx, id).await
}

/// Takes a badge away. Needs sudo with two factors.
#[utoipa::path(delete, path = "/api/v1/admin/users/{id}/badges/{badgeId}", tag = "admin", operation_id = "admin_user_badge_revoke",
    params(("id" = i64, Path, description = "The account"), ("badgeId" = i64, Path, description = "The badge"), ReasonInput),
    security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Data<AccountFile>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn badge_revoke(ctx: Ctx, Id((id, badge)): Id<(UserId, BadgeId)>, Asked(input): Asked<ReasonInput>) -> ApiResult<Data<AccountFile>> {
    ctx.service.admin_badge_revoke(&ctx.caller, id, badge, &input.check_all()?).await?;
    file(&ctx, id).await
}
