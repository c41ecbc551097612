//! Pages that need someone who is signed in.

use crate::{context::Ctx, page::Done, paths};
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};

/// The context of a signed-in user's request; others are sent to sign in first, and come back afterwards. For reading pages:
/// handlers of forms take [`Ctx`] and let the service refuse, so that what was typed is kept.
pub struct Member(pub Ctx);

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let ctx = Ctx::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        if ctx.caller.user.is_some() {
            return Ok(Self(ctx));
        }
        Err(Done::to(paths::login(&ctx.path)).into_response())
    }
}
