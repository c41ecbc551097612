//! Asking for a link that sets a new password.

use super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    page::{Done, Page, PageResult},
    query::Asks,
    ui::{ErrorSummary, TextField},
};
use aivalid_model::{Lang, Result, check::CheckAll, identity::AddressInput};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    email: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("email", tr!(lang, "auth.email").into_owned())]
    }
}

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Just asked.
    sent: Option<String>,
}

/// `GET /forgot`.
pub async fn show(ctx: Ctx, Asks(asked): Asks<Asked>) -> Page {
    if asked.sent.is_some() { sent(&ctx) } else { page(&ctx, &FormState::fresh(Fields::default())) }
}

/// `POST /forgot`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match ask(&ctx, &fields).await {
        Ok(()) => Ok(Done::to("/forgot?sent").into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).into_response()),
    }
}

async fn ask(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let email = AddressInput { email: fields.email.clone() }.check_all()?;
    ctx.service.forgot_password(&ctx.caller, &email).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let body = view! {
        <form class="card form" method="post" action="/forgot" novalidate>
            <ErrorSummary ctx state/>
            <p>{tr!(lang, "password.forgot_lead")}</p>
            <TextField ctx state name="email" kind="email" value=state.values.email.clone() autocomplete="username" autofocus=true/>
            <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "password.send_link")}</button>
        </form>
    };
    let foot = view! { <p class="auth-foot"><a href="/login">{tr!(lang, "password.back_to_login")}</a></p> };
    card(tr!(lang, "password.forgot_title").into_owned(), body, foot).of_form(state)
}

/// The same for every address.
fn sent(ctx: &Ctx) -> Page {
    let lang = ctx.lang();
    let mailbox = ctx.development.then(|| view! { <p class="auth-foot"><a href="/dev/mailbox">{tr!(lang, "auth.mailbox")}</a></p> });
    let body = view! {
        <div class="card stack">
            <p>{tr!(lang, "password.sent")}</p>
            <p class="small muted">{tr!(lang, "auth.sent_spam")}</p>
            <a class="btn btn-block" href="/forgot">{tr!(lang, "password.again")}</a>
        </div>
    };
    card(tr!(lang, "auth.sent_title").into_owned(), body, mailbox)
}
