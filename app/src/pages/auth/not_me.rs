//! "This wasn't me": the link in a letter only shows a button, because programs that look into mails follow links too.

use super::card;
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
    let token = Token::check(fields.token.clone()).map_err(|_| IdentityError::InvalidToken)?;
    ctx.service.not_me(&ctx.caller, &token).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let body = view! {
        <form class="card form" method="post" action="/not-me">
            <ErrorSummary ctx state kept=false/>
            <p>{tr!(lang, "not_me.lead")}</p>
            <div class="prose">
                <ul>
                    <li>{tr!(lang, "not_me.sessions")}</li>
                    <li>{tr!(lang, "not_me.password")}</li>
                    <li>{tr!(lang, "not_me.address")}</li>
                    <li>{tr!(lang, "not_me.phone")}</li>
                </ul>
            </div>
            <input type="hidden" name="token" value=state.values.token.clone()/>
            <button class="btn btn-danger btn-lg btn-block"><Icon name="lock"/>{tr!(lang, "not_me.undo")}</button>
        </form>
    };
    let foot = view! { <p class="auth-foot"><a href="/">{tr!(lang, "not_me.was_me")}</a></p> };
    card(tr!(lang, "not_me.title").into_owned(), body, foot).of_form(state)
}
