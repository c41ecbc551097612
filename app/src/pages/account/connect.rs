//! An account has the address that another service vouches for: its owner signs in as they always did, and then connects the two.

use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    pages::auth::{
        card,
        federated::back,
        federated_register::{self, forgotten, waiting},
    },
    paths,
    ui::{ErrorSummary, Icon},
};
use aivalid_model::{
    Error, Lang,
    identity::{IdentityError, Token},
};
use aivalid_service::identity::{FederatedGoal, PendingIdentity};
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The page's path.
pub const PATH: &str = "/account/connect";

/// The form has nothing to fill in.
#[derive(Default, Deserialize)]
pub struct Fields {}

impl Form for Fields {
    fn labels(_: Lang) -> Vec<(&'static str, String)> {
        vec![]
    }
}

/// `GET /account/connect`.
pub async fn show(ctx: Ctx, headers: HeaderMap) -> PageResult<Response> {
    let token = match waiting(&ctx, &headers) {
        Ok(token) => token,
        Err(error) => return Ok(back(&error, FederatedGoal::SignIn, "/")),
    };
    shown(&ctx, &token, &FormState::fresh(Fields {})).await
}

/// `POST /account/connect`.
pub async fn submit(ctx: Ctx, headers: HeaderMap, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let token = match waiting(&ctx, &headers) {
        Ok(token) => token,
        Err(error) => return Ok(back(&error, FederatedGoal::SignIn, "/")),
    };
    match ctx.service.federated_connect(&ctx.caller, &token).await {
        Ok(next) => Ok(forgotten(&ctx, Done::to(next).flash("provider_connected").into_response())),
        Err(error @ Error::Identity(IdentityError::FederatedExpired)) => Ok(back(&error, FederatedGoal::SignIn, "/")),
        Err(error @ Error::Identity(IdentityError::SudoRequired)) => Err(error.into()),
        Err(error) => shown(&ctx, &token, &FormState::failed(fields, error)).await,
    }
}

async fn shown(ctx: &Ctx, token: &Token, state: &FormState<Fields>) -> PageResult<Response> {
    match ctx.service.federated_pending(token).await {
        Ok(pending) if pending.owner_exists => Ok(page(ctx, state, &pending).into_response()),
        Ok(_) => Ok(Done::to(federated_register::PATH).into_response()),
        Err(error) => Ok(back(&error, FederatedGoal::SignIn, "/")),
    }
}

fn page(ctx: &Ctx, state: &FormState<Fields>, pending: &PendingIdentity) -> Page {
    let lang = ctx.lang();
    let email = pending.email.clone().unwrap_or_default();
    let lead = tr!(lang, "connections.known_lead", name = pending.label, email = email);
    let what = match &ctx.caller.user {
        None => view! {
            <p>{tr!(lang, "connections.known_sign_in", name = pending.label)}</p>
            <a class="btn btn-primary btn-lg btn-block" href=paths::login(PATH)><Icon name="log-in"/>{tr!(lang, "auth.login")}</a>
        }
        .into_any(),
        Some(user) => view! {
            <p>{tr!(lang, "connections.known_confirm", name = pending.label, username = user.username)}</p>
            <button class="btn btn-primary btn-lg btn-block"><Icon name="link"/>{tr!(lang, "connections.connect", name = pending.label)}</button>
        }
        .into_any(),
    };
    let form = view! { <form class="card form" method="post" action=PATH><ErrorSummary ctx state kept=false/><p>{lead}</p>{what}</form> };
    let foot = view! { <p class="auth-foot"><a href=pending.next.clone()>{tr!(lang, "connections.not_now")}</a></p> };
    card(tr!(lang, "connections.known_title").into_owned(), form, foot).of_form(state)
}
