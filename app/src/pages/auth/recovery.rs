//! For those who lost every second factor: asking for recovery after the first step of signing in, and what happens then.

pub mod finish;
pub mod stop;

use super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    session,
    ui::{ErrorSummary, TextArea, full},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{Check, CheckAll},
    identity::{IdentityError, RecoveryAnswer, RecoveryInput, RecoveryNeeds, RecoveryState, Token},
};
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the page is.
pub const PATH: &str = "/recovery";

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    statement: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("statement", tr!(lang, "recovery.statement").into_owned())]
    }
}

/// `GET /recovery`.
pub async fn show(ctx: Ctx, headers: HeaderMap) -> PageResult {
    match needs(&ctx, &headers).await {
        Ok(RecoveryNeeds { open: Some(open), .. }) => Ok(asked(&ctx, &open)),
        Ok(needs) => Ok(page(&ctx, &FormState::fresh(Fields::default()), needs.statement)),
        Err(error) if begins_elsewhere(&error) => Ok(first(&ctx)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /recovery`.
pub async fn submit(ctx: Ctx, headers: HeaderMap, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match ask(&ctx, &headers, &fields).await {
        Ok(_) => Ok(Done::to(PATH).into_response()),
        Err(error) if begins_elsewhere(&error) => Ok(Done::to("/login").flash("sign_in_lapsed").into_response()),
        Err(error) => {
            let needed = needs(&ctx, &headers).await.is_ok_and(|needs| needs.statement);
            Ok(page(&ctx, &FormState::failed(fields, error), needed).into_response())
        }
    }
}

/// Whether somebody must first show a first factor, for an account that has a second one.
const fn begins_elsewhere(error: &Error) -> bool {
    matches!(error, Error::Identity(IdentityError::SignInLapsed | IdentityError::NothingToRecover))
}

/// The token of the sign-in that waits for its second factor in this browser.
fn pending(ctx: &Ctx, headers: &HeaderMap) -> Result<String> {
    session::pending_sign_in(ctx.origin(), headers).ok_or_else(|| IdentityError::SignInLapsed.into())
}

async fn needs(ctx: &Ctx, headers: &HeaderMap) -> Result<RecoveryNeeds> {
    let token = Token::check(pending(ctx, headers)?).map_err(|_| IdentityError::SignInLapsed)?;
    ctx.service.recovery_needs(&ctx.caller, &token).await
}

async fn ask(ctx: &Ctx, headers: &HeaderMap, fields: &Fields) -> Result<RecoveryAnswer> {
    let mfa_token = pending(ctx, headers)?;
    let request = RecoveryInput { mfa_token, statement: Some(fields.statement.clone()) }.check_all();
    ctx.service.recovery_ask(&ctx.caller, request?).await
}

fn found(lang: Lang) -> impl IntoView {
    view! { <p class="auth-foot">{tr!(lang, "recovery.found")}" "<a href="/login/2fa">{tr!(lang, "recovery.found_link")}</a></p> }
}

fn page(ctx: &Ctx, state: &FormState<Fields>, needed: bool) -> Page {
    let lang = ctx.lang();
    let hint = if needed { tr!(lang, "recovery.statement_read") } else { tr!(lang, "recovery.statement_hint") }.into_owned();
    let then = if needed { tr!(lang, "recovery.then_review") } else { tr!(lang, "recovery.then_link") };
    let body = view! {
        <form class="card form" method="post" action=PATH novalidate>
            <ErrorSummary ctx state/>
            <p>{tr!(lang, "recovery.lead")}</p>
            <div class="prose">
                <ul>
                    <li>{tr!(lang, "recovery.waits")}</li>
                    <li>{tr!(lang, "recovery.told")}</li>
                    <li>{then}</li>
                    <li>{tr!(lang, "recovery.removes")}</li>
                </ul>
            </div>
            <TextArea ctx state name="statement" value=state.values.statement.clone() required=needed maxlength="2000" hint/>
            <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "recovery.ask")}</button>
        </form>
    };
    card(tr!(lang, "recovery.title").into_owned(), body, found(lang)).of_form(state)
}

/// What happens next.
fn asked(ctx: &Ctx, open: &RecoveryAnswer) -> Page {
    let lang = ctx.lang();
    let then = match (open.state, open.reviewed) {
        (RecoveryState::Waiting, false) => tr!(lang, "recovery.then_link"),
        (RecoveryState::Waiting, true) => tr!(lang, "recovery.then_review"),
        (RecoveryState::Review, _) => tr!(lang, "recovery.in_review"),
        _ => tr!(lang, "recovery.link_sent"),
    };
    let body = view! {
        <div class="card stack">
            <div><dl class="facts">
                <div><dt>{tr!(lang, "recovery.asked_at")}</dt><dd>{full(lang, open.asked_at, ctx.zone())}</dd></div>
                <div><dt>{tr!(lang, "recovery.waits_until")}</dt><dd>{full(lang, open.waits_until, ctx.zone())}</dd></div>
            </dl></div>
            <p>{then}</p>
            <p class="small muted">{tr!(lang, "recovery.told")}</p>
        </div>
    };
    card(tr!(lang, "recovery.asked_title").into_owned(), body, found(lang))
}

/// For those who come without a sign-in that waits.
fn first(ctx: &Ctx) -> Page {
    let lang = ctx.lang();
    let body = view! {
        <div class="card stack">
            <p>{tr!(lang, "recovery.lead")}</p>
            <p>{tr!(lang, "recovery.first")}</p>
            <a class="btn btn-primary btn-lg btn-block" href="/login">{tr!(lang, "auth.login")}</a>
        </div>
    };
    let foot = view! { <p class="auth-foot"><a href="/forgot">{tr!(lang, "password.forgot")}</a></p> };
    card(tr!(lang, "recovery.title").into_owned(), body, foot)
}
