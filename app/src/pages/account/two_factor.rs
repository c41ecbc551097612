//! Two-step sign-in: an authenticator app and its backup codes.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    i18n::plural,
    member::Member,
    page::{Done, Page, PageResult},
    paths,
    ui::{ErrorSummary, Icon, TextField, Time},
};
use aivalid_model::{
    Lang, Result,
    check::CheckAll,
    identity::{BackupCodes, CodeInput, Requirement, TotpSetup, TotpStatus},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

const PATH: &str = "/account/two-factor";

/// What the page's forms send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// `begin`, `enable`, `renew` or `disable`.
    action: String,
    code: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("code", tr!(lang, "second.code").into_owned())]
    }
}

/// `GET /account/two-factor`.
pub async fn show(Member(ctx): Member) -> PageResult {
    page(&ctx, &FormState::fresh(Fields::default())).await
}

/// `POST /account/two-factor`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match fields.action.as_str() {
        "begin" => {
            ctx.service.totp_setup(&ctx.caller).await?;
            Ok(Done::to(PATH).into_response())
        }
        "enable" => match enable(&ctx, &fields).await {
            Ok(codes) => Ok(codes_page(&ctx, &codes, true).into_response()),
            Err(error) => {
                // Only what belongs to the form comes back in it: proving who one is, for one, happens elsewhere.
                ctx.caller.require(Requirement::SUDO, ctx.now)?;
                Ok(page(&ctx, &FormState::failed(Fields::default(), error)).await?.into_response())
            }
        },
        "renew" => Ok(codes_page(&ctx, &ctx.service.backup_codes_renew(&ctx.caller).await?, false).into_response()),
        "disable" => {
            ctx.service.totp_disable(&ctx.caller).await?;
            Ok(Done::to(PATH).flash("two_factor_off").into_response())
        }
        _ => Ok(Done::to(PATH).into_response()),
    }
}

async fn enable(ctx: &Ctx, fields: &Fields) -> Result<BackupCodes> {
    let code = CodeInput { code: fields.code.clone() }.check_all()?;
    ctx.service.totp_enable(&ctx.caller, &code).await
}

async fn page(ctx: &Ctx, state: &FormState<Fields>) -> PageResult {
    let lang = ctx.lang();
    let status = ctx.service.totp_status(&ctx.caller).await?;
    let elevated = ctx.caller.require(Requirement::SUDO, ctx.now).is_ok();
    let body = if status.enabled {
        on(ctx, &status, elevated).into_any()
    } else {
        let setup = if elevated { ctx.service.totp_setup_again(&ctx.caller).await? } else { None };
        match setup {
            Some(setup) => begun(ctx, state, setup).into_any(),
            None => off(lang, elevated).into_any(),
        }
    };
    // A setup that was begun shows its secret.
    Ok(section(ctx, PATH, tr!(lang, "two_factor.title").into_owned(), body).secret().of_form(state))
}

/// A button that needs proof first leads there.
fn button(lang: Lang, elevated: bool, action: &'static str, words: String, class: &'static str) -> impl IntoView + use<> {
    if elevated {
        view! { <form method="post" action=PATH><button class=class name="action" value=action>{words}</button></form> }.into_any()
    } else {
        let title = tr!(lang, "sudo.first").into_owned();
        view! { <a class=class href=paths::sudo(PATH) title=title>{words}</a> }.into_any()
    }
}

fn off(lang: Lang, elevated: bool) -> impl IntoView + use<> {
    view! {
        <section class="panel">
            <header><h2>{tr!(lang, "two_factor.title")}</h2><span class="badge">{tr!(lang, "two_factor.off")}</span></header>
            <p>{tr!(lang, "two_factor.lead")}</p>
            <div class="cluster">{button(lang, elevated, "begin", tr!(lang, "two_factor.begin").into_owned(), "btn btn-primary")}</div>
        </section>
    }
}

fn begun(ctx: &Ctx, state: &FormState<Fields>, setup: TotpSetup) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let groups: Vec<String> = setup.secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    view! {
        <section class="panel">
            <header><h2>{tr!(lang, "two_factor.set_up")}</h2></header>
            <ErrorSummary ctx state kept=false/>
            <div class="prose">
                <ol>
                    <li>{tr!(lang, "two_factor.step_scan")}</li>
                    <li>{tr!(lang, "two_factor.step_code")}</li>
                </ol>
            </div>
            <div class="qr" role="img" aria-label=tr!(lang, "two_factor.qr").into_owned() inner_html=setup.qr_svg></div>
            <p class="small">{tr!(lang, "two_factor.secret")}" "<code class="secret">{groups.join(" ")}</code></p>
            <p class="small"><a href=setup.uri>{tr!(lang, "two_factor.open_app")}</a></p>
            <form class="form" method="post" action=PATH novalidate>
                <TextField ctx state name="code" value="" autocomplete="one-time-code" inputmode="numeric" maxlength="10" autofocus=true/>
                <div class="cluster">
                    <button class="btn btn-primary" name="action" value="enable">{tr!(lang, "two_factor.enable")}</button>
                    <button class="btn" name="action" value="begin">{tr!(lang, "two_factor.other_secret")}</button>
                </div>
            </form>
        </section>
    }
}

fn on(ctx: &Ctx, status: &TotpStatus, elevated: bool) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let since = status.enabled_at.map(|at| view! { <p class="muted">{tr!(lang, "two_factor.since")}" "<Time ctx at/></p> });
    let few = (status.backup_codes_left < 3).then(|| {
        view! { <div class="flash flash-warning" role="status"><Icon name="triangle-alert"/><p>{tr!(lang, "two_factor.few_codes")}</p></div> }
    });
    view! {
        <section class="panel">
            <header><h2>{tr!(lang, "two_factor.title")}</h2><span class="badge"><Icon name="check"/>{tr!(lang, "two_factor.on")}</span></header>
            {since}
            {few}
            <p>{plural(lang, "two_factor.codes_left", status.backup_codes_left)}</p>
            <div class="cluster">
                {button(lang, elevated, "renew", tr!(lang, "two_factor.renew").into_owned(), "btn")}
                {button(lang, elevated, "disable", tr!(lang, "two_factor.disable").into_owned(), "btn btn-danger")}
            </div>
        </section>
    }
}

fn codes_page(ctx: &Ctx, codes: &BackupCodes, first: bool) -> Page {
    let lang = ctx.lang();
    let title = if first { tr!(lang, "two_factor.enabled_title") } else { tr!(lang, "two_factor.codes_title") };
    let items = codes.backup_codes.iter().map(|code| view! { <li><code class="secret">{code.clone()}</code></li> }).collect_view();
    let others = first.then(|| {
        view! {
            <form class="panel stack" method="post" action="/account/sessions">
                <p>{tr!(lang, "two_factor.others_lead")}</p>
                <div><button class="btn" name="end" value="others">{tr!(lang, "account.end_others_now")}</button></div>
            </form>
        }
    });
    let body = view! {
        <section class="panel">
            <header><h2>{title.clone()}</h2></header>
            <p>{tr!(lang, "two_factor.codes_lead")}</p>
            <ul class="codes">{items}</ul>
            <div class="cluster"><a class="btn btn-primary" href=PATH>{tr!(lang, "two_factor.codes_kept")}</a></div>
        </section>
        {others}
    };
    section(ctx, PATH, title.into_owned(), body).secret()
}
