//! The services that one's account is connected with.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    pages::auth::federated::icon,
    paths,
    ui::{Day, ErrorSummary, Icon, Time},
};
use aivalid_model::{
    Error, Lang, Result,
    identity::{ConnectionView, Connections, IdentityError, ProviderView, Requirement},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// The page's path.
pub const PATH: &str = "/account/connections";

/// What the page's forms send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The service to disconnect.
    disconnect: String,
}

impl Form for Fields {
    fn labels(_: Lang) -> Vec<(&'static str, String)> {
        vec![]
    }
}

/// `GET /account/connections`.
pub async fn show(Member(ctx): Member) -> PageResult {
    page(&ctx, &FormState::fresh(Fields::default())).await
}

/// `POST /account/connections`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match ctx.service.federated_unlink(&ctx.caller, &fields.disconnect).await {
        Ok(()) => Ok(Done::to(PATH).flash("provider_disconnected").into_response()),
        Err(error @ Error::Identity(IdentityError::LastWayIn)) => {
            Ok(page(&ctx, &FormState::failed(Fields::default(), error)).await?.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(ctx: &Ctx, state: &FormState<Fields>) -> PageResult<Page> {
    let lang = ctx.lang();
    let Connections { providers, connections } = ctx.service.connections(&ctx.caller).await?;
    let mut rows = Vec::new();
    for known in &providers {
        rows.push(match connections.iter().find(|connection| connection.provider == known.provider) {
            Some(connection) => connected(ctx, connection).into_any(),
            None => unconnected(ctx, known)?.into_any(),
        });
    }
    // A service that is not offered any more can still be let go.
    let old = connections.iter().filter(|connection| providers.iter().all(|known| known.provider != connection.provider));
    rows.extend(old.map(|connection| connected(ctx, connection).into_any()));
    let body = view! {
        <ErrorSummary ctx state kept=false/>
        <section class="panel">
            <header><h2>{tr!(lang, "connections.title")}</h2></header>
            <p>{tr!(lang, "connections.lead")}</p>
            <ul class="rows">{rows}</ul>
        </section>
    };
    Ok(section(ctx, PATH, tr!(lang, "connections.title").into_owned(), body).of_form(state))
}

fn connected(ctx: &Ctx, connection: &ConnectionView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let used = match connection.last_used_at {
        Some(at) => view! { {tr!(lang, "connections.used")}" "<Time ctx at=at/> }.into_any(),
        None => tr!(lang, "connections.never_used").into_any(),
    };
    let email = connection.email.clone().map(|email| view! { <span dir="auto">{email}</span> });
    let label = tr!(lang, "connections.disconnect_named", name = connection.label);
    view! {
        <li class="row">
            <div class="row-lead"><Icon name=icon(&connection.provider)/></div>
            <div class="row-main">
                <h3 class="row-title">{connection.label.clone()}</h3>
                <p class="row-meta">
                    <span class="badge"><Icon name="check"/>{tr!(lang, "connections.connected")}</span>
                    {email}
                    <span>{tr!(lang, "connections.since")}" "<Day ctx at=connection.linked_at/></span>
                    <span>{used}</span>
                </p>
            </div>
            <div class="row-end">
                <form method="post" action=PATH>
                    <button class="btn btn-sm btn-danger" name="disconnect" value=connection.provider.clone() aria-label=label>{tr!(lang, "connections.disconnect")}</button>
                </form>
            </div>
        </li>
    }
}

/// The link carries a token that only this session's pages know; who is not elevated confirms first and comes back here.
fn unconnected(ctx: &Ctx, known: &ProviderView) -> Result<impl IntoView + use<>> {
    let lang = ctx.lang();
    let elevated = ctx.caller.require(Requirement::SUDO, ctx.now).is_ok();
    let href = if elevated {
        let token = ctx.service.connect_token(&ctx.caller, &known.provider)?;
        format!("{}?connect={token}", paths::federated(&known.provider, "/"))
    } else {
        paths::sudo(PATH)
    };
    let label = tr!(lang, "connections.connect", name = known.label);
    Ok(view! {
        <li class="row">
            <div class="row-lead"><Icon name=icon(&known.provider)/></div>
            <div class="row-main">
                <h3 class="row-title">{known.label.clone()}</h3>
                <p class="row-meta"><span>{tr!(lang, "connections.not_connected")}</span></p>
            </div>
            <div class="row-end"><a class="btn btn-sm" rel="nofollow" href=href aria-label=label>{tr!(lang, "connections.connect_short")}</a></div>
        </li>
    })
}
