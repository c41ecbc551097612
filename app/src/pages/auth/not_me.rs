//! "This wasn't me": the link of a letter about an account undoes what was done to it.

use super::mailed_link::{self, Fields, MailedLink};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    page::{Done, Page, PageResult},
    query::Asks,
    session,
};
use aivalid_model::Result;
use axum::response::{IntoResponse, Response};

/// `GET /not-me`.
pub async fn show(ctx: Ctx, Asks(fields): Asks<Fields>) -> Page {
    page(&ctx, &FormState::fresh(fields))
}

/// `POST /not-me`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match undo(&ctx, &fields).await {
        // Whoever undoes it is signed out here, too.
        Ok(()) => Ok(Done::to("/forgot?sent").flash("all_undone").cookies(session::cleared(ctx.origin())).into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).into_response()),
    }
}

async fn undo(ctx: &Ctx, fields: &Fields) -> Result<()> {
    ctx.service.not_me(&ctx.caller, &fields.read()?).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let link = MailedLink {
        action: "/not-me",
        title: tr!(lang, "not_me.title"),
        lead: vec![tr!(lang, "not_me.lead")],
        steps: vec![
            tr!(lang, "not_me.sessions"),
            tr!(lang, "not_me.password"),
            tr!(lang, "not_me.address"),
            tr!(lang, "not_me.added"),
            tr!(lang, "not_me.phone"),
        ],
        button: ("btn-danger", "lock", tr!(lang, "not_me.undo")),
        otherwise: Some(tr!(lang, "not_me.was_me")),
    };
    mailed_link::page(ctx, state, link)
}
