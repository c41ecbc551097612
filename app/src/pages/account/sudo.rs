//! Proving once more who one is, before something that matters. The way leads back to where it was asked for.

use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Layout, Page, PageResult, is_own_path},
    pages::auth::{federated::icon, passkey::Answer},
    paths,
    query::Asks,
    session,
    ui::{ErrorSummary, Icon, PasskeyForm, PasskeysAwake, TextField},
};
use aivalid_model::{
    Lang, Result,
    check::CheckAll,
    identity::{Proof, SudoInput},
};
use aivalid_service::identity::SudoNeeds;
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    password: String,
    code: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("password", tr!(lang, "auth.password").into_owned()), ("code", tr!(lang, "second.code").into_owned())]
    }
}

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Where to go afterwards.
    next: String,
    /// Present where one factor is not enough.
    two: Option<String>,
}

impl Asked {
    fn action(&self) -> String {
        if self.two.is_some() { paths::sudo_with_two(self.next()) } else { paths::sudo(self.next()) }
    }

    /// Where a passkey's answer goes: to the same wishes.
    fn by_passkey(&self) -> String {
        self.action().replacen("/account/sudo", "/account/sudo/passkey", 1)
    }

    fn next(&self) -> &str {
        if is_own_path(&self.next) && !self.next.starts_with("/account/sudo") { &self.next } else { "/account/security" }
    }
}

/// `GET /account/sudo`.
pub async fn show(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    page(&ctx, &FormState::fresh(Fields::default()), &asked).await
}

/// `POST /account/sudo`.
pub async fn submit(ctx: Ctx, Asks(asked): Asks<Asked>, headers: HeaderMap, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match elevate(&ctx, fields).await {
        Ok(()) => Ok(Done::to(asked.next()).cookies(session::renewed(&ctx, &headers).await).into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(Fields::default(), error), &asked).await?.into_response()),
    }
}

/// A code of six digits is the app's; whatever else is typed there is a backup code.
async fn elevate(ctx: &Ctx, fields: Fields) -> Result<()> {
    let digits = fields.code.chars().filter(|c| !c.is_whitespace()).all(|c| c.is_ascii_digit());
    let (code, backup_code) = if digits { (Some(fields.code), None) } else { (None, Some(fields.code)) };
    let proof = SudoInput { password: Some(fields.password), code, backup_code, passkey: None }.check_all().map_err(as_code)?;
    ctx.service.sudo(&ctx.caller, &proof).await
}

/// The page has one field for both kinds of code.
fn as_code(error: aivalid_model::Error) -> aivalid_model::Error {
    match error {
        aivalid_model::Error::Validation { mut fields } => {
            for field in fields.iter_mut().filter(|field| field.field == "backup_code") {
                "code".clone_into(&mut field.field);
            }
            aivalid_model::Error::Validation { fields }
        }
        other => other,
    }
}

/// `GET /account/sudo/passkey`: where a reload leads.
pub async fn back(Asks(asked): Asks<Asked>) -> Response {
    Done::to(asked.action()).into_response()
}

/// `POST /account/sudo/passkey`.
pub async fn by_passkey(ctx: Ctx, Asks(asked): Asks<Asked>, headers: HeaderMap, Posted(answer): Posted<Answer>) -> PageResult<Response> {
    let elevated = async {
        let proof = Proof { passkey: Some(answer.end()?), password: None, second: None };
        ctx.service.sudo(&ctx.caller, &proof).await
    };
    match elevated.await {
        Ok(()) => Ok(Done::to(asked.next()).cookies(session::renewed(&ctx, &headers).await).into_response()),
        Err(error) => Ok(page(&ctx, &FormState::failed(Fields::default(), error), &asked).await?.into_response()),
    }
}

async fn page(ctx: &Ctx, state: &FormState<Fields>, asked: &Asked) -> PageResult {
    let needs: SudoNeeds = ctx.service.sudo_needs(&ctx.caller).await?;
    let lang = ctx.lang();
    let action = asked.action();
    let code = needs.second_factor.then(|| {
        let hint = tr!(lang, "second.code_hint").into_owned();
        view! { <TextField ctx state name="code" value="" autocomplete="one-time-code" hint=hint/> }
    });
    let body = if asked.two.is_some() && needs.passkey && !needs.second_factor {
        view! { <div class="card stack"><ErrorSummary ctx state kept=false/><p>{tr!(lang, "sudo.two")}</p></div> }.into_any()
    } else if needs.password {
        view! {
            <form class="card form" method="post" action=action novalidate>
                <ErrorSummary ctx state kept=false/>
                <p>{tr!(lang, "sudo.lead")}</p>
                // Password managers need to know whose password it is.
                <input type="text" class="visually-hidden" autocomplete="username" value=ctx.caller.user.as_ref().map(|user| user.username.clone()) readonly tabindex="-1" aria-hidden="true"/>
                <TextField ctx state name="password" kind="password" value="" autocomplete="current-password" autofocus=true/>
                {code}
                <button class="btn btn-primary btn-lg btn-block">{tr!(lang, "sudo.confirm")}</button>
            </form>
        }
        .into_any()
    } else if needs.passkey {
        view! { <div class="card stack"><ErrorSummary ctx state kept=false/><p>{tr!(lang, "sudo.lead")}</p></div> }.into_any()
    } else if needs.phone_only {
        // The way leads back to where a password can be set, not to where this page was asked for.
        let again = format!("/login/otp?again&next={}", paths::query_value("/account/credentials"));
        view! {
            <div class="card stack">
                <p>{tr!(lang, "sudo.phone_only")}</p>
                <a class="btn btn-primary btn-lg btn-block" href=again><Icon name="smartphone"/>{tr!(lang, "sudo.phone_again")}</a>
            </div>
        }
        .into_any()
    } else {
        by_provider(ctx, asked.next()).await?.into_any()
    };
    let by_passkey = needs.passkey.then(|| passkey_form(ctx, asked.by_passkey()));
    let title = tr!(lang, "sudo.title").into_owned();
    let heading = title.clone();
    Ok(Page::new(title, view! { <h1 class="auth-title">{heading}</h1>{body}{by_passkey} }).layout(Layout::Card).of_form(state))
}

/// Where the account has nothing of its own: the services that can vouch for its owner now, and the way by mail.
async fn by_provider(ctx: &Ctx, next: &str) -> PageResult<impl IntoView + use<>> {
    let lang = ctx.lang();
    let proofs = ctx.service.federated_proofs(&ctx.caller).await?;
    let vouching: Vec<_> = proofs.iter().filter_map(|proof| Some((proof, proof.token.as_deref()?))).collect();
    let silent = proofs.iter().filter(|proof| proof.token.is_none()).map(|proof| {
        view! { <p class="small">{tr!(lang, "sudo.provider_silent", name = proof.label)}</p> }
    });
    let silent = silent.collect_view();
    let lead = (!vouching.is_empty()).then(|| view! { <p>{tr!(lang, "sudo.provider_lead")}</p> });
    let links = vouching.into_iter().map(|(proof, token)| {
        let href = format!("/api/auth/oauth/{}/start?sudo={token}&next={}", proof.provider, paths::query_value(next));
        let words = tr!(lang, "sudo.by_provider", name = proof.label);
        view! { <a class="btn btn-primary btn-lg btn-block" rel="nofollow" href=href><Icon name=icon(&proof.provider)/>{words}</a> }
    });
    let links = links.collect_view();
    Ok(view! {
        <div class="card stack">
            {lead}{links}{silent}
            <p>{tr!(lang, "sudo.no_password")}" "<a href="/forgot">{tr!(lang, "sudo.set_password")}</a></p>
        </div>
    })
}

/// The other way, where the account has a passkey.
fn passkey_form(ctx: &Ctx, action: String) -> impl IntoView + use<> {
    let lang = ctx.lang();
    view! {
        <div class="auth-other">
            <PasskeyForm ctx verb="get" action begin="/api/auth/sudo/passkey/begin"
                words=tr!(lang, "passkeys.confirm") without_scripts=tr!(lang, "passkeys.confirm_needs_scripts")/>
        </div>
        <PasskeysAwake/>
    }
}
