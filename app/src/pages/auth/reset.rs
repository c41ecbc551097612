//! Setting a new password with the link from a mail.

use super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    paths::query_value,
    query::Asks,
    ui::{ErrorSummary, NewPasswordField},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{CheckAll, FieldError},
    identity::{IdentityError, ResetInput},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields. The password is never written back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    token: String,
    password: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("password", tr!(lang, "password.new").into_owned())]
    }
}

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The token of the mail.
    token: String,
}

/// `GET /reset`.
pub async fn show(ctx: Ctx, Asks(asked): Asks<Asked>) -> Response {
    if asked.token.is_empty() {
        return Done::to("/forgot").into_response();
    }
    page(&ctx, &FormState::fresh(Fields { token: asked.token, password: String::new() })).into_response()
}

/// `POST /reset`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let Fields { token, password } = fields;
    match reset(&ctx, token.clone(), password).await {
        Ok(()) => Ok(Done::to("/login").flash("password_set").into_response()),
        Err(error) => {
            let state = FormState::failed(Fields { token, password: String::new() }, whole_link(error));
            Ok(page(&ctx, &state).into_response())
        }
    }
}

async fn reset(ctx: &Ctx, token: String, password: String) -> Result<()> {
    let reset = ResetInput { token, password }.check_all()?;
    ctx.service.reset_password(&ctx.caller, &reset).await
}

/// The token is no field that somebody typed: where it is bad, so is the link.
fn whole_link(error: Error) -> Error {
    match error {
        Error::Validation { fields } if fields.iter().any(|FieldError { field, .. }| field == "token") => {
            IdentityError::InvalidToken.into()
        }
        other => other,
    }
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let hint = tr!(lang, "auth.password_hint").into_owned();
    let action = format!("/reset?token={}", query_value(&state.values.token));
    let again = matches!(state.problem, Some(Error::Identity(IdentityError::InvalidToken)))
        .then(|| view! { <p class="auth-foot"><a href="/forgot">{tr!(lang, "password.again")}</a></p> });
    let body = view! {
        <form class="card form" method="post" action=action novalidate>
            <ErrorSummary ctx state kept=false/>
            <p>{tr!(lang, "password.reset_lead")}</p>
            <input type="hidden" name="token" value=state.values.token.clone()/>
            <NewPasswordField ctx state name="password" hint=hint autofocus=true/>
            <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "password.set")}</button>
        </form>
    };
    card(tr!(lang, "password.reset_title").into_owned(), body, again).of_form(state)
}
