//! Making an account after signing in with another service.

use super::{card, go_on};
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    pages::{account::connect, auth::federated::back},
    session,
    ui::{Checkbox, ErrorSummary, TextField},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{Check, CheckAll},
    identity::{FederatedRegisterInput, IdentityError, Token},
};
use aivalid_service::identity::{FederatedGoal, PendingIdentity, Registered};
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The page's path.
pub const PATH: &str = "/register/federated";

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    email: String,
    username: String,
    accept_terms: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("email", tr!(lang, "auth.email").into_owned()),
            ("username", tr!(lang, "auth.username").into_owned()),
            ("accept_terms", tr!(lang, "auth.terms").into_owned()),
        ]
    }
}

/// The token of this browser's cookie; what is none is like one that lapsed.
pub(in crate::pages) fn waiting(ctx: &Ctx, headers: &HeaderMap) -> Result<Token> {
    let token = session::waiting_identity(ctx.origin(), headers).and_then(|token| Token::check(token).ok());
    token.ok_or_else(|| IdentityError::FederatedExpired.into())
}

/// `GET /register/federated`.
pub async fn show(ctx: Ctx, headers: HeaderMap) -> PageResult<Response> {
    let pending = async { ctx.service.federated_pending(&waiting(&ctx, &headers)?).await };
    match pending.await {
        Ok(pending) if pending.owner_exists => Ok(Done::to(connect::PATH).into_response()),
        Ok(pending) => {
            let fields = Fields {
                email: pending.email.clone().unwrap_or_default(),
                username: pending.username.clone(),
                accept_terms: String::new(),
            };
            Ok(page(&ctx, &FormState::fresh(fields), &pending).into_response())
        }
        Err(error) => Ok(back(&error, FederatedGoal::SignIn, "/")),
    }
}

/// `POST /register/federated`. Where the address is to be confirmed, the answer is the same whether or not it has an account.
pub async fn submit(ctx: Ctx, headers: HeaderMap, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let token = match waiting(&ctx, &headers) {
        Ok(token) => token,
        Err(error) => return Ok(back(&error, FederatedGoal::SignIn, "/")),
    };
    let input = FederatedRegisterInput {
        email: fields.email.clone(),
        username: fields.username.clone(),
        accept_terms: !fields.accept_terms.is_empty(),
    };
    let made = async { ctx.service.federated_register(&ctx.caller, &token, input.check_all()?).await };
    match made.await {
        Ok(Registered::SignedIn(sign_in, next)) => Ok(forgotten(&ctx, go_on(&ctx, *sign_in, &next))),
        Ok(Registered::LetterSent) => Ok(forgotten(&ctx, Done::to("/verify?sent").flash("registered").into_response())),
        Ok(Registered::OwnerExists) => Ok(Done::to(connect::PATH).into_response()),
        Err(error @ Error::Identity(IdentityError::FederatedExpired)) => Ok(back(&error, FederatedGoal::SignIn, "/")),
        Err(error) => match ctx.service.federated_pending(&token).await {
            Ok(pending) => Ok(page(&ctx, &FormState::failed(fields, error), &pending).into_response()),
            Err(error) => Ok(back(&error, FederatedGoal::SignIn, "/")),
        },
    }
}

/// What waited is done.
pub(in crate::pages) fn forgotten(ctx: &Ctx, mut response: Response) -> Response {
    let cookie = session::waiting_cleared(ctx.origin());
    response.headers_mut().extend(cookie.map(|cookie| (axum::http::header::SET_COOKIE, cookie)));
    response
}

fn page(ctx: &Ctx, state: &FormState<Fields>, pending: &PendingIdentity) -> Page {
    let lang = ctx.lang();
    let values = &state.values;
    let hint = match (&pending.email, pending.email_verified) {
        (Some(_), true) => tr!(lang, "connections.email_vouched", name = pending.label),
        (Some(_), false) => tr!(lang, "connections.email_to_confirm"),
        (None, _) => tr!(lang, "connections.email_wanted", name = pending.label),
    }
    .into_owned();
    let form = view! {
        <form class="card form" method="post" action=PATH novalidate>
            <ErrorSummary ctx state/>
            <p>{tr!(lang, "connections.register_lead", name = pending.label)}</p>
            <TextField ctx state name="email" kind="email" value=values.email.clone() autocomplete="email" hint/>
            <TextField ctx state name="username" value=values.username.clone() autocomplete="username" required=false
                hint=tr!(lang, "auth.username_hint").into_owned() maxlength="20"/>
            <Checkbox ctx state name="accept_terms" checked=!values.accept_terms.is_empty()>
                {tr!(lang, "auth.accept_before")}" "<a href="/terms">{tr!(lang, "auth.accept_terms")}</a>
                " "{tr!(lang, "auth.accept_and")}" "<a href="/privacy">{tr!(lang, "auth.accept_privacy")}</a>
            </Checkbox>
            <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "auth.register")}</button>
        </form>
    };
    let foot = view! { <p class="auth-foot">{tr!(lang, "connections.have_account")}" "<a href="/login">{tr!(lang, "connections.other_way")}</a></p> };
    card(tr!(lang, "auth.register_title").into_owned(), form, foot).of_form(state)
}
