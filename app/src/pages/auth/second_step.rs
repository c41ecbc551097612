//! The second step of signing in: a code of the authenticator app, or a backup code; or a passkey, beside a password that was set with a
//! mailed link.

use super::{card, finish, passkey::Answer, recovery};
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult, is_own_path},
    paths,
    query::Asks,
    session,
    ui::{ErrorSummary, PasskeyForm, PasskeysAwake, TextField},
};
use aivalid_model::{
    Error, Lang, Result,
    check::Check,
    identity::{IdentityError, Method, SecondStepInput, Token},
};
use aivalid_service::identity::SignedInNow;
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields: a code, or what the browser answered for a passkey.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    code: String,
    session_id: String,
    credential: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("code", tr!(lang, "second.code").into_owned())]
    }
}

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Where to go afterwards.
    next: String,
    /// With a backup code rather than the app.
    backup: Option<String>,
}

/// `GET /login/2fa`.
pub async fn show(ctx: Ctx, Asks(asked): Asks<Asked>, headers: HeaderMap) -> PageResult<Response> {
    let pending = session::pending_sign_in(ctx.origin(), &headers).filter(|_| ctx.caller.user.is_none());
    let Some(token) = pending else { return Ok(Done::to(paths::login(&asked.next)).into_response()) };
    again(&ctx, token, &FormState::fresh(Fields::default()), &asked).await
}

/// `POST /login/2fa`.
pub async fn submit(ctx: Ctx, Asks(asked): Asks<Asked>, headers: HeaderMap, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let Some(token) = session::pending_sign_in(ctx.origin(), &headers) else { return Ok(lapsed(&asked)) };
    match show_factor(&ctx, token.clone(), fields, asked.backup.is_some()).await {
        Ok(signed_in) => Ok(finish(&ctx, signed_in, &asked.next)),
        Err(Error::Identity(IdentityError::SignInLapsed)) => Ok(lapsed(&asked)),
        // What was typed is of no use a second time.
        Err(error) => again(&ctx, token, &FormState::failed(Fields::default(), error), &asked).await,
    }
}

fn lapsed(asked: &Asked) -> Response {
    Done::to(paths::login(&asked.next)).flash("sign_in_lapsed").into_response()
}

/// The page for what this sign-in waits for.
async fn again(ctx: &Ctx, token: String, state: &FormState<Fields>, asked: &Asked) -> PageResult<Response> {
    let needs = async { ctx.service.second_needs(&ctx.caller, &waiting(token)?).await };
    match needs.await {
        Ok(methods) if methods.contains(&Method::Passkey) => Ok(passkey_page(ctx, state, asked).into_response()),
        Ok(_) => Ok(page(ctx, state, asked).into_response()),
        Err(Error::Identity(IdentityError::SignInLapsed)) => Ok(lapsed(asked)),
        Err(error) => Err(error.into()),
    }
}

fn waiting(token: String) -> Result<Token> {
    Token::check(token).map_err(|_| IdentityError::SignInLapsed.into())
}

async fn show_factor(ctx: &Ctx, mfa_token: String, fields: Fields, backup: bool) -> Result<SignedInNow> {
    let Fields { code, session_id, credential } = fields;
    if !credential.is_empty() {
        let end = Answer { session_id, credential }.end()?;
        return ctx.service.passkey_second_finish(&ctx.caller, &waiting(mfa_token)?, end).await;
    }
    let input = SecondStepInput { mfa_token, code };
    let (token, factor) = if backup { input.backup()? } else { input.totp()? };
    ctx.service.login_second(&ctx.caller, &token, &factor).await
}

/// The page's own address, with its wishes.
fn address(next: &str, backup: bool) -> String {
    let next = if is_own_path(next) && next != "/" { format!("next={}", paths::query_value(next)) } else { String::new() };
    let parts: Vec<String> =
        [backup.then(|| "backup".to_owned()), Some(next)].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "/login/2fa".to_owned() } else { format!("/login/2fa?{}", parts.join("&")) }
}

fn page(ctx: &Ctx, state: &FormState<Fields>, asked: &Asked) -> Page {
    let lang = ctx.lang();
    let backup = asked.backup.is_some();
    let action = address(&asked.next, backup);
    let other = address(&asked.next, !backup);
    let (lead, switch) = if backup {
        (tr!(lang, "second.backup_lead"), tr!(lang, "second.use_app"))
    } else {
        (tr!(lang, "second.app_lead"), tr!(lang, "second.use_backup"))
    };
    let field = if backup {
        view! { <TextField ctx state name="code" value="" autocomplete="off" autofocus=true maxlength="40"/> }.into_any()
    } else {
        view! { <TextField ctx state name="code" value="" autocomplete="one-time-code" inputmode="numeric" autofocus=true maxlength="10"/> }
            .into_any()
    };
    let form = view! {
        <form class="card form" method="post" action=action novalidate>
            <ErrorSummary ctx state kept=false/>
            <p>{lead}</p>
            {field}
            <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "second.confirm")}</button>
        </form>
    };
    let foot = view! {
        <p class="auth-foot"><a href=other>{switch}</a></p>
        <p class="auth-foot"><a href=recovery::PATH>{tr!(lang, "recovery.lost")}</a></p>
    };
    card(tr!(lang, "second.title").into_owned(), form, foot).of_form(state)
}

/// For a password that was set with a mailed link. Who has no passkey any more, or a browser without scripts, is led on.
fn passkey_page(ctx: &Ctx, state: &FormState<Fields>, asked: &Asked) -> Page {
    let lang = ctx.lang();
    let body = view! {
        <div class="card stack">
            <ErrorSummary ctx state kept=false/>
            <p>{tr!(lang, "second.passkey_lead")}</p>
            <PasskeyForm ctx verb="get" action=address(&asked.next, false) begin="/api/auth/login/passkey/begin"
                words=tr!(lang, "second.passkey_show") class="btn btn-primary btn-lg btn-block"
                without_scripts=tr!(lang, "second.passkey_needs_scripts")/>
        </div>
        <PasskeysAwake/>
    };
    let foot = view! { <p class="auth-foot"><a href=recovery::PATH>{tr!(lang, "second.passkey_lost")}</a></p> };
    card(tr!(lang, "second.passkey_title").into_owned(), body, foot).of_form(state)
}
