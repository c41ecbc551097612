//! What happened to one's own account.

use super::{
    envelope::Stretched,
    error::{ApiResult, ErrorBody},
    extract::{Asked, CursorQuery},
};
use aivalid_app::context::Ctx;
use aivalid_model::audit::SecurityEvent;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(security_events))
}

/// What happened to one's own account: sign-ins and failures, changes of credentials, what staff did. Newest first.
#[utoipa::path(get, path = "/api/auth/security-events", tag = "identity", params(CursorQuery), security(("bearer" = []), ("session" = [])),
    responses((status = 200, body = Stretched<SecurityEvent>), (status = 401, body = ErrorBody)))]
async fn security_events(ctx: Ctx, Asked(page): Asked<CursorQuery>) -> ApiResult<Stretched<SecurityEvent>> {
    let events = ctx.service.security_events(&ctx.caller, page.cursor.as_deref(), page.limit()).await?;
    Ok(Stretched::new(events, page.limit()))
}
