//! Signing out.

use crate::{
    context::Ctx,
    page::{Done, PageResult},
    session,
};
use aivalid_model::Error;

/// `POST /logout`: ends the session, if it has not ended yet, and forgets it in this browser.
pub async fn submit(ctx: Ctx) -> PageResult<Done> {
    match ctx.service.logout(&ctx.caller).await {
        Ok(()) | Err(Error::Unauthenticated) => Ok(Done::to("/").flash("signed_out").cookies(session::cleared(ctx.origin()))),
        Err(error) => Err(error.into()),
    }
}
