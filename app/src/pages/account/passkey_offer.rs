//! A passkey is offered after a sign-in with a password: to accounts that have none, on devices that can keep one, and not again for a
//! while once somebody said "later". Where the browser can make one by itself, it does.

use super::passkeys::add;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Layout, Page, PageResult, is_own_path},
    paths,
    query::Asks,
    session,
    ui::{ErrorSummary, Icon, PasskeyForm, PasskeysAwake},
};
use aivalid_model::Lang;
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

const PATH: &str = "/account/passkeys/offer";

/// What the page's forms send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    session_id: String,
    credential: String,
    later: String,
}

impl Form for Fields {
    fn labels(_: Lang) -> Vec<(&'static str, String)> {
        vec![]
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
    fn next(&self) -> &str {
        if is_own_path(&self.next) && !self.next.starts_with(PATH) { &self.next } else { "/" }
    }
}

/// Where a sign-in with a password leads on a device that could keep a passkey.
pub(in crate::pages) fn before(next: &str) -> String {
    format!("{PATH}?next={}", paths::query_value(next))
}

/// `GET /account/passkeys/offer`. Who has a passkey, or said "later", is not asked.
pub async fn show(Member(ctx): Member, Asks(asked): Asks<Asked>, headers: HeaderMap) -> PageResult<Response> {
    let status = ctx.service.passkey_status(&ctx.caller).await?;
    let is_later = session::cookie(&headers, session::PASSKEY_LATER).is_some();
    if !status.available || status.enabled || is_later {
        return Ok(Done::to(asked.next()).flash("signed_in").into_response());
    }
    Ok(page(&ctx, &FormState::fresh(Fields::default()), &asked).into_response())
}

/// `POST /account/passkeys/offer`.
pub async fn submit(ctx: Ctx, Asks(asked): Asks<Asked>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    if !fields.later.is_empty() {
        return Ok(Done::to(asked.next()).cookies(session::passkey_later(ctx.origin())).into_response());
    }
    match add(&ctx, fields.session_id, &fields.credential, None).await {
        Ok(()) => Ok(Done::to(asked.next()).flash("passkey_added").into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(Fields::default(), error), &asked).into_response()),
    }
}

fn page(ctx: &Ctx, state: &FormState<Fields>, asked: &Asked) -> Page {
    let lang = ctx.lang();
    let action = before(asked.next());
    let points = [("fingerprint", tr!(lang, "passkeys.offer_fast")), ("shield-check", tr!(lang, "passkeys.offer_safe"))];
    let points = points.map(|(icon, words)| view! { <li><Icon name=icon/><span>{words}</span></li> }).collect_view();
    let title = tr!(lang, "passkeys.offer_title").into_owned();
    let heading = title.clone();
    let body = view! {
        <h1 class="auth-title">{heading}</h1>
        <div class="card stack">
            <ErrorSummary ctx state kept=false/>
            <p>{tr!(lang, "passkeys.offer_lead")}</p>
            <ul class="consequence">{points}</ul>
            <PasskeyForm ctx verb="create" action=action.clone() begin="/api/auth/passkeys/register/begin" ask=r#"{"after_sign_in":true}"#
                auto=r#"{"after_sign_in":true,"mediation":"conditional"}"# sudo=paths::sudo(&action) words=tr!(lang, "passkeys.offer_make")
                class="btn btn-primary btn-lg btn-block" without_scripts=tr!(lang, "passkeys.needs_scripts")/>
            <form method="post" action=action><button class="btn btn-ghost btn-block" name="later" value="1">{tr!(lang, "passkeys.offer_later")}</button></form>
        </div>
        <PasskeysAwake/>
    };
    Page::new(title, body).layout(Layout::Card).of_form(state)
}
