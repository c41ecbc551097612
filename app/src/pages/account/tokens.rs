//! Personal API tokens: made, seen once, revoked.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    paths,
    ui::{Check, Checks, Choice, Day, EmptyState, ErrorSummary, Icon, SelectField, TextField, Time},
};
use aivalid_model::{
    Error, Lang, Result,
    check::CheckAll,
    identity::{ApiTokenInput, ApiTokenMade, ApiTokenView, Requirement, Scope},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the page is.
pub const PATH: &str = "/account/tokens";

/// What the page's forms send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    name: String,
    read: String,
    write: String,
    finance: String,
    admin: String,
    expires_in_days: String,
    /// The token to revoke.
    revoke: String,
}

impl Fields {
    fn ticked(&self, scope: Scope) -> bool {
        let sent = match scope {
            Scope::Read => &self.read,
            Scope::Write => &self.write,
            Scope::Finance => &self.finance,
            Scope::Admin => &self.admin,
        };
        !sent.is_empty()
    }
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("name", tr!(lang, "tokens.name").into_owned()),
            ("scopes", tr!(lang, "tokens.scopes").into_owned()),
            ("expires_in_days", tr!(lang, "tokens.life").into_owned()),
        ]
    }
}

/// `GET /account/tokens`.
pub async fn show(Member(ctx): Member) -> PageResult {
    let fresh = Fields { read: "on".to_owned(), expires_in_days: "30".to_owned(), ..Fields::default() };
    page(&ctx, &FormState::fresh(fresh)).await
}

/// `POST /account/tokens`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    if !fields.revoke.is_empty() {
        ctx.service.api_token_revoke(&ctx.caller, fields.revoke.parse().map_err(|_| Error::NotFound)?).await?;
        return Ok(Done::to(PATH).flash("token_revoked").into_response());
    }
    ctx.caller.require(Requirement::SUDO, ctx.now)?;
    match make(&ctx, &fields).await {
        Ok(made) => Ok(made_page(&ctx, &made).into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).await?.into_response()),
    }
}

async fn make(ctx: &Ctx, fields: &Fields) -> Result<ApiTokenMade> {
    let ticked = Scope::ALL.into_iter().filter(|scope| fields.ticked(*scope));
    let input = ApiTokenInput {
        name: fields.name.clone(),
        scopes: ticked.map(|scope| scope.as_str().to_owned()).collect(),
        // What is no number is out of range.
        expires_in_days: Some(fields.expires_in_days.parse().unwrap_or(0)),
    };
    ctx.service.api_token_make(&ctx.caller, input.check_all()?).await
}

async fn page(ctx: &Ctx, state: &FormState<Fields>) -> PageResult<Page> {
    let lang = ctx.lang();
    let tokens = ctx.service.api_tokens(&ctx.caller).await?;
    let list = if tokens.is_empty() {
        view! { <EmptyState icon="code" title=tr!(lang, "tokens.empty") words=tr!(lang, "tokens.empty_lead")/> }.into_any()
    } else {
        let rows = tokens.into_iter().map(|token| row(ctx, token)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let elevated = ctx.caller.require(Requirement::SUDO, ctx.now).is_ok();
    let new = if elevated {
        form(ctx, state).into_any()
    } else {
        view! { <div class="cluster"><a class="btn btn-primary" href=paths::sudo(PATH)>{tr!(lang, "tokens.new")}</a></div> }.into_any()
    };
    let body = view! {
        <section class="panel">
            <header><h2>{tr!(lang, "tokens.title")}</h2><a href="/api/docs/">{tr!(lang, "tokens.docs")}</a></header>
            <p>{tr!(lang, "tokens.lead")}</p>
            {list}
        </section>
        <section class="panel"><header><h2>{tr!(lang, "tokens.new")}</h2></header>{new}</section>
    };
    Ok(section(ctx, PATH, tr!(lang, "tokens.title").into_owned(), body).of_form(state))
}

fn scope_words(lang: Lang, scope: Scope) -> (String, String) {
    let (words, hint) = match scope {
        Scope::Read => (tr!(lang, "tokens.scope.read"), tr!(lang, "tokens.scope_hint.read")),
        Scope::Write => (tr!(lang, "tokens.scope.write"), tr!(lang, "tokens.scope_hint.write")),
        Scope::Finance => (tr!(lang, "tokens.scope.finance"), tr!(lang, "tokens.scope_hint.finance")),
        Scope::Admin => (tr!(lang, "tokens.scope.admin"), tr!(lang, "tokens.scope_hint.admin")),
    };
    (words.into_owned(), hint.into_owned())
}

fn form(ctx: &Ctx, state: &FormState<Fields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let staff = ctx.caller.user.as_ref().is_some_and(|user| !user.permissions.names().is_empty());
    let offered = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Admin || staff);
    let checks = offered
        .map(|scope| {
            let (words, hint) = scope_words(lang, scope);
            Check { name: scope.as_str(), checked: state.values.ticked(scope), words, hint }
        })
        .collect();
    let days = vec![
        Choice::new("7", tr!(lang, "tokens.days.7")),
        Choice::new("30", tr!(lang, "tokens.days.30")),
        Choice::new("90", tr!(lang, "tokens.days.90")),
        Choice::new("365", tr!(lang, "tokens.days.365")),
    ];
    let hint = tr!(lang, "tokens.name_hint").into_owned();
    view! {
        <form class="form" method="post" action=PATH novalidate>
            <ErrorSummary ctx state/>
            <TextField ctx state name="name" value=state.values.name.clone() maxlength="60" autocomplete="off" hint/>
            <Checks ctx state name="scopes" checks/>
            <SelectField ctx state name="expires_in_days" value=state.values.expires_in_days.clone() choices=days/>
            <button class="btn btn-primary">{tr!(lang, "tokens.make")}</button>
        </form>
    }
}

/// The only page that ever shows the token: it is the answer itself, since nothing keeps the token for a page after it.
fn made_page(ctx: &Ctx, made: &ApiTokenMade) -> Page {
    let lang = ctx.lang();
    let title = tr!(lang, "tokens.made_title");
    let body = view! {
        <section class="panel">
            <header><h2>{title.clone()}</h2></header>
            <div class="flash flash-warning" role="status"><Icon name="triangle-alert"/><p>{tr!(lang, "tokens.made_lead")}</p></div>
            <p>{tr!(lang, "tokens.made_label", name = made.view.name)}<br/><code class="secret break-all">{made.token.clone()}</code></p>
            <div class="cluster"><a class="btn btn-primary" href=PATH>{tr!(lang, "tokens.kept")}</a></div>
        </section>
    };
    section(ctx, PATH, title.into_owned(), body).secret()
}

fn row(ctx: &Ctx, token: ApiTokenView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let scopes = token.scopes.iter().map(|scope| view! { <span class="badge">{scope_words(lang, *scope).0}</span> }).collect_view();
    let end = if token.expired {
        view! { <span class="badge"><Icon name="clock"/>{tr!(lang, "tokens.ended")}</span> }.into_any()
    } else {
        view! { <span>{tr!(lang, "tokens.ends")}" "<Time ctx at=token.expires_at/></span> }.into_any()
    };
    let used = match token.last_used_at {
        Some(at) => {
            let from = token.last_used_ip.map(|ip| tr!(lang, "tokens.used_from", ip = ip).into_owned()).unwrap_or_default();
            view! { <span>{tr!(lang, "tokens.used")}" "<Time ctx at=at/>" "{from}</span> }.into_any()
        }
        None => view! { <span>{tr!(lang, "tokens.never_used")}</span> }.into_any(),
    };
    let revoke = tr!(lang, "tokens.revoke_named", name = token.name);
    view! {
        <li class="row">
            <div class="row-lead"><Icon name="code"/></div>
            <div class="row-main">
                <h3 class="row-title" dir="auto">{token.name.clone()}</h3>
                <p class="row-meta">
                    <code>"…"{token.hint}</code>
                    {scopes}
                    <span>{tr!(lang, "tokens.made")}" "<Day ctx at=token.created_at/></span>
                    {end}
                    {used}
                </p>
                <details class="fold">
                    <summary class="btn btn-sm btn-ghost" aria-label=revoke>{tr!(lang, "tokens.revoke")}</summary>
                    <form class="form" method="post" action=PATH>
                        <p class="small">{tr!(lang, "tokens.revoke_lead")}</p>
                        <button class="btn btn-sm btn-danger" name="revoke" value=token.id.to_string()>{tr!(lang, "tokens.revoke")}</button>
                    </form>
                </details>
            </div>
        </li>
    }
}
