//! Stopping a recovery: with the link of a letter; or from any session, by the notice on every page.

use super::super::mailed_link::{self, Fields, MailedLink};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    page::{Done, Page, PageResult},
    query::Asks,
    ui::{Html, full},
};
use aivalid_model::{Error, Result};
use axum::response::{IntoResponse, Response};

/// Where the page is.
pub const PATH: &str = "/recovery/stop";

/// `GET /recovery/stop`.
pub async fn show(ctx: Ctx, Asks(fields): Asks<Fields>) -> Page {
    page(&ctx, &FormState::fresh(fields))
}

/// `POST /recovery/stop`. Without a token the session decides.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    if fields.token.is_empty() {
        return match ctx.service.recovery_stop(&ctx.caller).await {
            Ok(()) => Ok(Done::to("/account/credentials").flash("recovery_stopped").into_response()),
            Err(Error::NotFound) => Ok(Done::to("/account/security").flash("recovery_over").into_response()),
            Err(error) => Err(error.into()),
        };
    }
    match by_link(&ctx, &fields).await {
        Ok(()) => Ok(Done::to("/forgot").flash("recovery_stopped").into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).into_response()),
    }
}

async fn by_link(ctx: &Ctx, fields: &Fields) -> Result<()> {
    ctx.service.recovery_stop_by_link(&ctx.caller, &fields.read()?).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let link = MailedLink {
        action: PATH,
        title: tr!(lang, "recovery.stop_title"),
        lead: vec![tr!(lang, "recovery.stop_lead"), tr!(lang, "recovery.stop_then")],
        steps: vec![],
        button: ("btn-danger", "ban", tr!(lang, "recovery.stop")),
        otherwise: Some(tr!(lang, "recovery.was_me")),
    };
    mailed_link::page(ctx, state, link)
}

/// The notice on every page of an account that somebody wants to recover.
pub fn write_notice(html: &mut Html, ctx: &Ctx) {
    let Some(until) = ctx.caller.user.as_ref().and_then(|user| user.recovery) else { return };
    let lang = ctx.lang();
    html.raw("<div class=\"flash flash-danger\" role=\"alert\">").icon("triangle-alert").raw("<div class=\"stack\"><p>");
    html.text(&tr!(lang, "recovery.notice", time = full(lang, until, ctx.zone())));
    html.raw("</p><form method=\"post\" action=\"").raw(PATH).raw("\"><button class=\"btn btn-sm btn-danger\">");
    html.text(&tr!(lang, "recovery.stop")).raw("</button></form></div></div>");
}
