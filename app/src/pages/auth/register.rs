//! Making an account.

use super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    ui::{Checkbox, ErrorSummary, NewPasswordField, TextField},
};
use aivalid_model::{Lang, Result, check::CheckAll, identity::RegisterInput};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    email: String,
    username: String,
    password: String,
    accept_terms: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("email", tr!(lang, "auth.email").into_owned()),
            ("username", tr!(lang, "auth.username").into_owned()),
            ("password", tr!(lang, "auth.password").into_owned()),
            ("accept_terms", tr!(lang, "auth.terms").into_owned()),
        ]
    }
}

/// `GET /register`.
pub async fn show(ctx: Ctx) -> Response {
    if ctx.caller.user.is_some() {
        return Done::to("/").into_response();
    }
    page(&ctx, &FormState::fresh(Fields::default())).into_response()
}

/// `POST /register`. The answer is the same whether the address has an account already or not.
pub async fn submit(ctx: Ctx, Posted(mut fields): Posted<Fields>) -> PageResult<Response> {
    match register(&ctx, &mut fields).await {
        Ok(()) => Ok(Done::to("/verify?sent").flash("registered").into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).into_response()),
    }
}

async fn register(ctx: &Ctx, fields: &mut Fields) -> Result<()> {
    let input = RegisterInput {
        email: fields.email.clone(),
        password: std::mem::take(&mut fields.password),
        username: Some(fields.username.clone()),
        accept_terms: !fields.accept_terms.is_empty(),
    };
    ctx.service.register(&ctx.caller, input.check_all()?).await.map(drop)
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let values = &state.values;
    let form = view! {
        <form class="card form" method="post" action="/register" novalidate>
            <ErrorSummary ctx state kept=false/>
            <TextField ctx state name="email" kind="email" value=values.email.clone() autocomplete="email" autofocus=true/>
            <TextField ctx state name="username" value=values.username.clone() autocomplete="username" required=false
                hint=tr!(lang, "auth.username_hint").into_owned() maxlength="20"/>
            <NewPasswordField ctx state name="password" hint=tr!(lang, "auth.password_hint")/>
            <Checkbox ctx state name="accept_terms" checked=!values.accept_terms.is_empty()>
                {tr!(lang, "auth.accept_before")}" "<a href="/terms">{tr!(lang, "auth.accept_terms")}</a>
                " "{tr!(lang, "auth.accept_and")}" "<a href="/privacy">{tr!(lang, "auth.accept_privacy")}</a>
            </Checkbox>
            <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "auth.register")}</button>
        </form>
    };
    let foot = view! { <p class="auth-foot">{tr!(lang, "auth.have_account")}" "<a href="/login">{tr!(lang, "auth.login")}</a></p> };
    card(tr!(lang, "auth.register_title").into_owned(), form, foot).of_form(state)
}
