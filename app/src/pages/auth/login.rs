//! Signing in.

use super::{card, federated, go_on, passkey};
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult, is_own_path},
    pages::account::passkey_offer,
    paths,
    query::Asks,
    ui::{ErrorSummary, Icon, PasskeysAwake, TextField},
};
use aivalid_model::{Lang, Result, check::CheckAll, identity::LoginInput};
use aivalid_service::identity::SignIn;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    email: String,
    password: String,
    /// Whether the device can keep a passkey; scripts say so.
    passkeys: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("email", tr!(lang, "auth.email").into_owned()), ("password", tr!(lang, "auth.password").into_owned())]
    }
}

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Where to go afterwards.
    next: String,
}

impl Asked {
    /// Where to go afterwards: a path of ours, never back to this page.
    pub(super) fn next(&self) -> &str {
        if is_own_path(&self.next) && !self.next.starts_with("/login") { &self.next } else { "/" }
    }
}

/// `GET /login`.
pub async fn show(ctx: Ctx, Asks(asked): Asks<Asked>) -> Response {
    if ctx.caller.user.is_some() {
        return Done::to(asked.next()).into_response();
    }
    page(&ctx, &FormState::fresh(Fields::default()), &asked, vec![]).into_response()
}

/// `POST /login`.
pub async fn submit(ctx: Ctx, Asks(asked): Asks<Asked>, Posted(mut fields): Posted<Fields>) -> PageResult<Response> {
    let password = std::mem::take(&mut fields.password);
    match sign_in(&ctx, fields.email.clone(), password).await {
        Ok(sign_in) => {
            let offered = !fields.passkeys.is_empty() && ctx.service.passkeys_available();
            let next = if offered { passkey_offer::before(asked.next()) } else { asked.next().to_owned() };
            Ok(go_on(&ctx, sign_in, &next))
        }
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error), &asked, vec![]).into_response()),
    }
}

async fn sign_in(ctx: &Ctx, email: String, password: String) -> Result<SignIn> {
    ctx.service.login(&ctx.caller, LoginInput { email, password }.check_all()?).await
}

/// The page; `signals` is what the browser is to be told of its passkeys.
pub(super) fn page(ctx: &Ctx, state: &FormState<Fields>, asked: &Asked, signals: Vec<(String, String)>) -> Page {
    let lang = ctx.lang();
    let next = asked.next();
    let action = if next == "/" { "/login".to_owned() } else { paths::login(next) };
    let form = view! {
        <form class="card form" method="post" action=action novalidate>
            <ErrorSummary ctx state kept=false/>
            <TextField ctx state name="email" kind="email" value=state.values.email.clone() autocomplete="username webauthn" autofocus=true/>
            <TextField ctx state name="password" kind="password" value="" autocomplete="current-password"/>
            <input type="hidden" name="passkeys"/>
            <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "auth.login")}</button>
        </form>
        {passkey::button(ctx, next)}
        {federated::buttons(ctx, next)}
        {by_phone(ctx, next)}
        <PasskeysAwake signals/>
    };
    let foot = view! { <p class="auth-foot"><a href="/forgot">{tr!(lang, "password.forgot")}</a></p><p class="auth-foot">{tr!(lang, "auth.no_account")}" "<a href="/register">{tr!(lang, "auth.register")}</a></p> };
    let page = card(tr!(lang, "auth.login_title").into_owned(), form, foot).of_form(state);
    page.canonical("/login").description(tr!(lang, "auth.login_description"))
}

/// The way in with a code by SMS, where SMS are sent.
fn by_phone(ctx: &Ctx, next: &str) -> Option<impl IntoView + use<>> {
    let lang = ctx.lang();
    let href = if next == "/" { "/login/otp".to_owned() } else { format!("/login/otp?next={}", paths::query_value(next)) };
    ctx.service.otp_available().then(|| {
        view! { <div class="auth-other"><a class="btn btn-lg btn-block" href=href><Icon name="smartphone"/>{tr!(lang, "otp.link")}</a></div> }
    })
}
