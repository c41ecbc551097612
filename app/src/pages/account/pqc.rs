//! One's signing keys: seen, made, tried, removed. Making and trying need the browser's module; the list and removing do not.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, PageResult},
    paths,
    ui::{Day, EmptyState, Icon, SignedForm, TextField, Time},
};
use aivalid_model::{
    Error, Lang,
    id::UserId,
    identity::{IdentityError, PqcKeyView, Requirement},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the page is; other pages lead here where somebody has no key.
pub const PATH: &str = "/account/pqc";

/// What the page's forms send to the page itself.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The key to remove.
    remove: String,
    name: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("name", tr!(lang, "pqc.name").into_owned())]
    }
}

/// `GET /account/pqc`.
pub async fn show(Member(ctx): Member) -> PageResult {
    page(&ctx).await
}

/// `POST /account/pqc`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let user = ctx.caller.signed_in()?.id;
    let id = fields.remove.parse().map_err(|_| Error::NotFound)?;
    ctx.service.pqc_key_remove(&ctx.caller, user, id).await?;
    Ok(Done::to(PATH).flash("pqc_key_removed").into_response())
}

/// How far somebody is from making a key.
enum Ready {
    Yes,
    /// It must be confirmed first that it is them.
    Confirm,
    /// There is no second factor to confirm it with.
    NeedsSecondFactor,
}

async fn readiness(ctx: &Ctx) -> PageResult<Ready> {
    Ok(match ctx.caller.require(Requirement::SUDO_WITH_TWO, ctx.now) {
        Ok(_) => Ready::Yes,
        Err(Error::Identity(IdentityError::SudoRequired | IdentityError::AssuranceRequired)) => {
            let needs = ctx.service.sudo_needs(&ctx.caller).await?;
            if needs.can_show_two() { Ready::Confirm } else { Ready::NeedsSecondFactor }
        }
        Err(error) => return Err(error.into()),
    })
}

async fn page(ctx: &Ctx) -> PageResult {
    let lang = ctx.lang();
    let user = ctx.caller.signed_in()?.id;
    let keys = ctx.service.pqc_keys(&ctx.caller, user).await?;
    let any = !keys.is_empty();
    let list = if any {
        let rows = keys.into_iter().map(|key| row(ctx, key)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    } else {
        view! { <EmptyState icon="file-pen" title=tr!(lang, "pqc.empty") words=tr!(lang, "pqc.empty_lead")/> }.into_any()
    };
    let body = view! {
        <section class="panel" data-signing-list=any.then(|| api(user)) data-user=user.to_string()>
            <header><h2>{tr!(lang, "pqc.title")}</h2></header>
            <p>{tr!(lang, "pqc.lead")}</p>
            {list}
        </section>
        {any.then(|| attempt(ctx, user))}
        {add(ctx, user, &readiness(ctx).await?)}
    };
    Ok(section(ctx, PATH, tr!(lang, "pqc.title").into_owned(), body).signing())
}

fn api(user: UserId) -> String {
    format!("/api/v1/users/{user}/pqc-keys")
}

/// The form that makes a key, or what must come before it.
fn add(ctx: &Ctx, user: UserId, ready: &Ready) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let next = match ready {
        Ready::Yes => {
            let state = FormState::fresh(Fields::default());
            let hint = tr!(lang, "pqc.name_hint").into_owned();
            let name =
                view! { <TextField ctx state=&state name="name" value=String::new() maxlength="60" hint autocomplete="off"/> }.into_any();
            let request = format!("POST {}", api(user));
            view! { <SignedForm ctx request done=PATH here=PATH words=tr!(lang, "pqc.add") makes=true fields=name/> }.into_any()
        }
        Ready::Confirm => view! {
            <p>{tr!(lang, "pqc.confirm_first")}</p>
            <div class="cluster"><a class="btn btn-primary" href=paths::sudo_with_two(PATH)>{tr!(lang, "pqc.confirm")}</a></div>
        }
        .into_any(),
        Ready::NeedsSecondFactor => view! {
            <p>{tr!(lang, "pqc.second_first")}</p>
            <div class="cluster">
                <a class="btn btn-primary" href="/account/two-factor">{tr!(lang, "two_factor.title")}</a>
                <a class="btn" href="/account/passkeys">{tr!(lang, "passkeys.title")}</a>
            </div>
        }
        .into_any(),
    };
    view! { <section class="panel"><header><h2>{tr!(lang, "pqc.add_title")}</h2></header><p class="small">{tr!(lang, "pqc.add_lead")}</p>{next}</section> }
}

/// The form that signs a request for nothing but to see that it works.
fn attempt(ctx: &Ctx, user: UserId) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let result = view! {
        <p><span class="badge"><Icon name="circle-check"/>{tr!(lang, "pqc.verified")}</span>" "<b data-value="keyName" dir="auto"></b></p>
        <p class="small">{tr!(lang, "pqc.signed_text")}</p>
        <pre class="hash" data-value="signedText" tabindex="0"></pre>
    }
    .into_any();
    let request = format!("POST {}/{{key}}/check", api(user));
    view! {
        <section class="panel">
            <header><h2>{tr!(lang, "pqc.try_title")}</h2></header>
            <p class="small">{tr!(lang, "pqc.try_lead")}</p>
            <SignedForm ctx request here=PATH words=tr!(lang, "pqc.try") class="btn" result/>
        </section>
    }
}

fn row(ctx: &Ctx, key: PqcKeyView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let used = match key.last_used_at {
        Some(at) => view! { {tr!(lang, "pqc.used")}" "<Time ctx at=at/> }.into_any(),
        None => tr!(lang, "pqc.never_used").into_any(),
    };
    let change = tr!(lang, "pqc.remove_named", name = key.name);
    let short = key.id.get(..16).unwrap_or_default().to_owned();
    let (id, title) = (key.id.clone(), key.id.clone());
    view! {
        <li class="row" data-key=id>
            <div class="row-lead"><Icon name="file-pen"/></div>
            <div class="row-main">
                <h3 class="row-title" dir="auto">{key.name}</h3>
                <p class="row-meta">
                    <span class="badge" data-here hidden><Icon name="laptop"/>{tr!(lang, "pqc.here")}</span>
                    <span class="badge" data-elsewhere hidden>{tr!(lang, "pqc.elsewhere")}</span>
                    <span>{tr!(lang, "pqc.made")}" "<Day ctx at=key.created_at/></span>
                    <span>{used}</span>
                    <span class="hash" title=title>{short}"…"</span>
                </p>
                <details class="fold">
                    <summary class="btn btn-sm btn-ghost" aria-label=change>{tr!(lang, "pqc.remove_ask")}</summary>
                    <form class="form" method="post" action=PATH>
                        <p class="small">{tr!(lang, "pqc.remove_lead")}</p>
                        <button class="btn btn-sm btn-danger" name="remove" value=key.id>{tr!(lang, "pqc.remove")}</button>
                    </form>
                </details>
            </div>
        </li>
    }
}
