//! Stopping a recovery: with the link of a mail, which only shows a button because programs that look into mails follow links too; or
//! from any session, by the notice on every page.

use super::super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    query::Asks,
    ui::{ErrorSummary, Html, Icon, full},
};
use aivalid_model::{
    Error, Lang, Result,
    check::Check,
    identity::{IdentityError, Token},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the page is.
pub const PATH: &str = "/recovery/stop";

/// The form's fields; the address may say the token as well. Without one the session decides.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    token: String,
}

impl Form for Fields {
    fn labels(_: Lang) -> Vec<(&'static str, String)> {
        vec![]
    }
}

/// `GET /recovery/stop`.
pub async fn show(ctx: Ctx, Asks(fields): Asks<Fields>) -> Page {
    page(&ctx, &FormState::fresh(fields))
}

/// `POST /recovery/stop`.
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
    let token = Token::check(fields.token.clone()).map_err(|_| IdentityError::InvalidToken)?;
    ctx.service.recovery_stop_by_link(&ctx.caller, &token).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let body = view! {
        <form class="card form" method="post" action=PATH>
            <ErrorSummary ctx state kept=false/>
            <p>{tr!(lang, "recovery.stop_lead")}</p>
            <p>{tr!(lang, "recovery.stop_then")}</p>
            <input type="hidden" name="token" value=state.values.token.clone()/>
            <button class="btn btn-danger btn-lg btn-block"><Icon name="ban"/>{tr!(lang, "recovery.stop")}</button>
        </form>
    };
    let foot = view! { <p class="auth-foot"><a href="/">{tr!(lang, "recovery.was_me")}</a></p> };
    card(tr!(lang, "recovery.stop_title").into_owned(), body, foot).of_form(state)
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
