//! One's data: taking it along, and taking the account away.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    paths, session,
    ui::{ErrorSummary, TextField},
};
use aivalid_model::{Error, Lang, Result, check::Problem, identity::Requirement};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

const PATH: &str = "/account/data";

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    username: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("username", tr!(lang, "data.type_username").into_owned())]
    }
}

/// `GET /account/data`.
pub async fn show(Member(ctx): Member) -> Page {
    page(&ctx, &FormState::fresh(Fields::default()))
}

/// `POST /account/data`: takes the account away.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    ctx.caller.require(Requirement::SUDO, ctx.now)?;
    match delete(&ctx, &fields).await {
        Ok(()) => Ok(Done::to("/").flash("account_deleted").cookies(session::cleared(ctx.origin())).into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).into_response()),
    }
}

/// The username is typed so that nobody deletes an account by a slip.
async fn delete(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let own = ctx.caller.signed_in()?.username.as_str();
    if fields.username.trim().to_lowercase() != own {
        return Err(Error::field("username", if fields.username.is_empty() { Problem::Required } else { Problem::UnknownValue }));
    }
    ctx.service.account_delete(&ctx.caller).await
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let elevated = ctx.caller.require(Requirement::SUDO, ctx.now).is_ok();
    let (export, delete) = if elevated {
        let username = ctx.caller.user.as_ref().map(|user| user.username.clone()).unwrap_or_default();
        let hint = tr!(lang, "data.username_hint", username = username).into_owned();
        let export = view! { <a class="btn" href="/api/account/export" download>{tr!(lang, "data.export")}</a> }.into_any();
        let delete = view! {
            <form class="form" method="post" action=PATH novalidate>
                <ErrorSummary ctx state/>
                <TextField ctx state name="username" value=state.values.username.clone() autocomplete="off" hint/>
                <button class="btn btn-danger">{tr!(lang, "data.delete")}</button>
            </form>
        }
        .into_any();
        (export, delete)
    } else {
        let first = |words: String, class: &'static str| view! { <a class=class href=paths::sudo(PATH)>{words}</a> }.into_any();
        (first(tr!(lang, "data.export").into_owned(), "btn"), first(tr!(lang, "data.delete").into_owned(), "btn btn-danger"))
    };
    let body = view! {
        <section class="panel">
            <header><h2>{tr!(lang, "data.export_title")}</h2></header>
            <p>{tr!(lang, "data.export_lead")}</p>
            <div class="cluster">{export}</div>
        </section>
        <section class="panel">
            <header><h2>{tr!(lang, "data.delete_title")}</h2></header>
            <p>{tr!(lang, "data.delete_lead")}</p>
            {delete}
        </section>
    };
    section(ctx, PATH, tr!(lang, "data.title").into_owned(), body).of_form(state)
}
