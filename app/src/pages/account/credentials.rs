//! Password and e-mail address.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    paths,
    ui::{ErrorSummary, NewPasswordField, TextField},
};
use aivalid_model::{
    Lang, Result,
    check::{CheckAll, FieldError},
    identity::{AddressInput, ChangePasswordInput, Me, Requirement},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

const PATH: &str = "/account/credentials";

/// Both forms' fields; which was sent is known by `action`. Passwords are never written back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// `email` or `password`.
    action: String,
    email: String,
    new_password: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("email", tr!(lang, "credentials.new_email").into_owned()), ("new_password", tr!(lang, "password.new").into_owned())]
    }
}

/// `GET /account/credentials`.
pub async fn show(Member(ctx): Member) -> PageResult {
    let me = ctx.service.me(&ctx.caller).await?;
    Ok(page(&ctx, &me, &FormState::fresh(Fields::default())))
}

/// `POST /account/credentials`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    // Who is not elevated any more comes back here once they are.
    ctx.caller.require(Requirement::SUDO, ctx.now)?;
    let (result, flash) = if fields.action == "email" {
        (change_email(&ctx, &fields).await, "email_link_sent")
    } else {
        (change_password(&ctx, &fields).await, "password_changed")
    };
    match result {
        Ok(()) => Ok(Done::to(PATH).flash(flash).into_response()),
        Err(error) => {
            let me = ctx.service.me(&ctx.caller).await?;
            let kept = Fields { new_password: String::new(), ..fields };
            Ok(page(&ctx, &me, &FormState::failed(kept, error)).into_response())
        }
    }
}

async fn change_email(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let email = AddressInput { email: fields.email.clone() }.check_all()?;
    ctx.service.change_email(&ctx.caller, &email).await
}

async fn change_password(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let new = ChangePasswordInput { new_password: fields.new_password.clone() }.check_all()?;
    ctx.service.change_password(&ctx.caller, &new).await
}

fn page(ctx: &Ctx, me: &Me, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let elevated = ctx.caller.require(Requirement::SUDO, ctx.now).is_ok();
    let forms = if elevated { forms(ctx, state).into_any() } else { first(lang).into_any() };
    let confirmed = if me.email_verified { tr!(lang, "account.email_verified") } else { tr!(lang, "account.email_unverified") };
    let body = view! {
        <section class="panel">
            <header><h2>{tr!(lang, "credentials.title")}</h2></header>
            <p>{tr!(lang, "account.email", email = me.email)}" "<span class="badge">{confirmed}</span></p>
            {forms}
        </section>
    };
    section(ctx, PATH, tr!(lang, "credentials.title").into_owned(), body).of_form(state)
}

fn first(lang: Lang) -> impl IntoView {
    view! {
        <p class="muted">{tr!(lang, "sudo.first")}</p>
        <div class="cluster"><a class="btn btn-primary" href=paths::sudo(PATH)>{tr!(lang, "credentials.change")}</a></div>
    }
}

/// Each form has its own summary: only the one that was sent shows what was wrong.
fn forms(ctx: &Ctx, state: &FormState<Fields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let of_email = state.values.action == "email";
    let (email, password) = (only(state, of_email, "email"), only(state, !of_email, "new_password"));
    let hint = tr!(lang, "auth.password_hint").into_owned();
    let email_hint = tr!(lang, "credentials.email_hint").into_owned();
    view! {
        <form class="form" method="post" action=PATH novalidate>
            <ErrorSummary ctx state=&email/>
            <TextField ctx state=&email name="email" kind="email" value=state.values.email.clone() autocomplete="email" hint=email_hint/>
            <button class="btn btn-primary" name="action" value="email">{tr!(lang, "credentials.change_email")}</button>
        </form>
        <form class="form" method="post" action=PATH novalidate>
            <ErrorSummary ctx state=&password kept=false/>
            <NewPasswordField ctx state=&password name="new_password" hint/>
            <button class="btn btn-primary" name="action" value="password">{tr!(lang, "credentials.change_password")}</button>
        </form>
    }
}

/// The state of one of the two forms.
fn only(state: &FormState<Fields>, sent: bool, field: &str) -> FormState<Fields> {
    let fields: Vec<FieldError> = state.fields.iter().filter(|error| error.field == field).cloned().collect();
    FormState { values: Fields::default(), fields, problem: state.problem.clone().filter(|_| sent) }
}
