//! Confirming an e-mail address. The link in the mail only shows a button: programs that look into mails follow links too.

use super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    query::Asks,
    ui::{ErrorSummary, TextField},
};
use aivalid_model::{
    Error, Lang, Result,
    check::Check,
    identity::{Email, Token},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The token of the mail.
    token: String,
    /// Just registered.
    sent: Option<String>,
}

/// The form's fields: a token to confirm, or an address that wants a new mail.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    token: String,
    email: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("email", tr!(lang, "auth.email").into_owned())]
    }
}

/// `GET /verify`. An account without an address is led to where it can get one.
pub async fn show(ctx: Ctx, Asks(asked): Asks<Asked>) -> PageResult<Response> {
    if !asked.token.is_empty() {
        return Ok(confirm_page(&ctx, asked.token).into_response());
    }
    if ctx.caller.user.is_some() && ctx.service.me(&ctx.caller).await?.email.is_none() {
        return Ok(Done::to("/account/credentials").into_response());
    }
    Ok(ask_page(&ctx, &FormState::fresh(Fields::default()), asked.sent.is_some()).into_response())
}

/// `POST /verify`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let confirms = !fields.token.is_empty();
    let result = if confirms { confirm(&ctx, &fields).await } else { ask(&ctx, &fields).await.map(|()| false) };
    let done = match result {
        Err(error) => return Ok(ask_page(&ctx, &FormState::failed(fields, error), false).into_response()),
        Ok(_) if !confirms => Done::to("/verify?sent").flash("verification_sent"),
        Ok(true) if ctx.caller.user.is_some() => Done::to("/").flash("email_changed"),
        Ok(_) if ctx.caller.user.is_some() => Done::to("/").flash("email_verified"),
        Ok(_) => Done::to("/login").flash("email_verified"),
    };
    Ok(done.into_response())
}

/// Whether the account has another address now.
async fn confirm(ctx: &Ctx, fields: &Fields) -> Result<bool> {
    let invalid = |_| Error::from(aivalid_model::identity::IdentityError::InvalidToken);
    ctx.service.verify_confirm(&ctx.caller, &Token::check(fields.token.clone()).map_err(invalid)?).await
}

async fn ask(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let email = Email::check(fields.email.clone()).map_err(|problem| Error::field("email", problem))?;
    ctx.service.verify_request(&ctx.caller, &email).await
}

fn confirm_page(ctx: &Ctx, token: String) -> Page {
    let lang = ctx.lang();
    let body = view! {
        <form class="card form" method="post" action="/verify">
            <p>{tr!(lang, "auth.confirm_lead")}</p>
            <input type="hidden" name="token" value=token/>
            <button class="btn btn-primary btn-lg btn-block" autofocus>{tr!(lang, "auth.confirm")}</button>
        </form>
    };
    card(tr!(lang, "auth.verify_title").into_owned(), body, ())
}

fn ask_page(ctx: &Ctx, state: &FormState<Fields>, sent: bool) -> Page {
    let lang = ctx.lang();
    let (title, lead) = if sent {
        (tr!(lang, "auth.sent_title"), tr!(lang, "auth.sent"))
    } else {
        (tr!(lang, "auth.verify_title"), tr!(lang, "auth.ask_lead"))
    };
    let spam = sent.then(|| view! { <p class="small muted">{tr!(lang, "auth.sent_spam")}</p> });
    let mailbox = ctx.development.then(|| view! { <p class="auth-foot"><a href="/dev/mailbox">{tr!(lang, "auth.mailbox")}</a></p> });
    let kind = if sent { "btn btn-lg btn-block" } else { "btn btn-primary btn-lg btn-block" };
    let body = view! {
        <form class="card form" method="post" action="/verify" novalidate>
            <ErrorSummary ctx state/>
            <p>{lead}</p>
            {spam}
            <TextField ctx state name="email" kind="email" value=state.values.email.clone() autocomplete="email"/>
            <button class=kind>{tr!(lang, "auth.ask")}</button>
        </form>
    };
    card(title.into_owned(), body, mailbox).of_form(state)
}
