//! Finishing a recovery with the link of a letter.

use super::super::mailed_link::{self, Fields, MailedLink};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    page::{Done, Page, PageResult},
    query::Asks,
    session,
};
use aivalid_model::Result;
use axum::response::{IntoResponse, Response};

/// Where the page is.
pub const PATH: &str = "/recovery/finish";

/// `GET /recovery/finish`.
pub async fn show(ctx: Ctx, Asks(fields): Asks<Fields>) -> Response {
    if fields.token.is_empty() {
        return Done::to(super::PATH).into_response();
    }
    page(&ctx, &FormState::fresh(fields)).into_response()
}

/// `POST /recovery/finish`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match finish(&ctx, &fields).await {
        // All of the account's sessions have ended, one in this browser too.
        Ok(()) => Ok(Done::to("/login").flash("recovery_done").cookies(session::cleared(ctx.origin())).into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).into_response()),
    }
}

async fn finish(ctx: &Ctx, fields: &Fields) -> Result<()> {
    ctx.service.recovery_finish(&ctx.caller, &fields.read()?).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let link = MailedLink {
        action: PATH,
        title: tr!(lang, "recovery.finish_title"),
        lead: vec![tr!(lang, "recovery.finish_lead")],
        steps: vec![tr!(lang, "recovery.finish_factors"), tr!(lang, "recovery.finish_sessions"), tr!(lang, "recovery.finish_money")],
        button: ("btn-primary", "lock-open", tr!(lang, "recovery.finish")),
        otherwise: None,
    };
    mailed_link::page(ctx, state, link)
}
