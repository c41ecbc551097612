//! Finishing a recovery with the link of a mail. The link only shows a button: programs that look into mails follow links too.

use super::super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    query::Asks,
    session,
    ui::{ErrorSummary, Icon},
};
use aivalid_model::{
    Lang, Result,
    check::Check,
    identity::{IdentityError, Token},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the page is.
pub const PATH: &str = "/recovery/finish";

/// The form's fields; the address may say the token as well.
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
    let token = Token::check(fields.token.clone()).map_err(|_| IdentityError::InvalidToken)?;
    ctx.service.recovery_finish(&ctx.caller, &token).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let body = view! {
        <form class="card form" method="post" action=PATH>
            <ErrorSummary ctx state kept=false/>
            <p>{tr!(lang, "recovery.finish_lead")}</p>
            <div class="prose">
                <ul>
                    <li>{tr!(lang, "recovery.finish_factors")}</li>
                    <li>{tr!(lang, "recovery.finish_sessions")}</li>
                    <li>{tr!(lang, "recovery.finish_money")}</li>
                </ul>
            </div>
            <input type="hidden" name="token" value=state.values.token.clone()/>
            <button class="btn btn-primary btn-lg btn-block"><Icon name="lock-open"/>{tr!(lang, "recovery.finish")}</button>
        </form>
    };
    card(tr!(lang, "recovery.finish_title").into_owned(), body, ()).of_form(state)
}
