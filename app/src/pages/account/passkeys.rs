//! One's passkeys: seen, made, renamed, removed.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    paths,
    ui::{Day, EmptyState, ErrorSummary, Icon, PasskeyForm, PasskeysAwake, TextField, Time},
};
use aivalid_model::{
    Error, Lang, Result,
    check::CheckAll,
    identity::{PasskeyInput, PasskeyList, PasskeyNameInput, PasskeySignals, PasskeyView},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

const PATH: &str = "/account/passkeys";

/// What the page's forms send: a new passkey, or a change of one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    session_id: String,
    credential: String,
    name: String,
    /// The passkey to rename.
    rename: String,
    /// The passkey to remove.
    remove: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("name", tr!(lang, "passkeys.name").into_owned())]
    }
}

/// `GET /account/passkeys`.
pub async fn show(Member(ctx): Member) -> PageResult {
    page(&ctx, &FormState::fresh(Fields::default())).await
}

/// `POST /account/passkeys`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match change(&ctx, &fields).await {
        Ok(flash) => Ok(Done::to(PATH).flash(flash).into_response()),
        Err(error @ (Error::Validation { .. } | Error::Identity(_))) if !needs_sudo(&error) => {
            Ok(page(&ctx, &FormState::failed(Fields { name: fields.name, ..Fields::default() }, error)).await?.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn needs_sudo(error: &Error) -> bool {
    error.code() == "SUDO_REQUIRED"
}

async fn change(ctx: &Ctx, fields: &Fields) -> Result<&'static str> {
    let id = |text: &str| text.parse().map_err(|_| Error::NotFound);
    if !fields.remove.is_empty() {
        ctx.service.passkey_delete(&ctx.caller, id(&fields.remove)?).await?;
        return Ok("passkey_removed");
    }
    if !fields.rename.is_empty() {
        let name = PasskeyNameInput { name: fields.name.clone() }.check_all()?;
        ctx.service.passkey_rename(&ctx.caller, id(&fields.rename)?, name).await?;
        return Ok("passkey_renamed");
    }
    add(ctx, fields.session_id.clone(), &fields.credential, Some(fields.name.clone())).await?;
    Ok("passkey_added")
}

/// Adds the passkey that a form brought.
pub(super) async fn add(ctx: &Ctx, session_id: String, credential: &str, name: Option<String>) -> Result<()> {
    // What is not JSON is no answer of a browser, and is refused as such.
    let credential = serde_json::from_str(credential).unwrap_or(Value::Null);
    let draft = PasskeyInput { session_id, credential, name }.check_all()?;
    ctx.service.passkey_register_finish(&ctx.caller, draft).await.map(drop)
}

async fn page(ctx: &Ctx, state: &FormState<Fields>) -> PageResult<Page> {
    let lang = ctx.lang();
    let PasskeyList { passkeys, signals } = ctx.service.passkeys(&ctx.caller).await?;
    let list = if passkeys.is_empty() {
        view! { <EmptyState icon="key-round" title=tr!(lang, "passkeys.empty") words=tr!(lang, "passkeys.empty_lead")/> }.into_any()
    } else {
        let rows = passkeys.into_iter().map(|passkey| row(ctx, passkey)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let add = ctx.service.passkeys_available().then(|| {
        let words = tr!(lang, "passkeys.add");
        let without_scripts = tr!(lang, "passkeys.needs_scripts");
        let hint = tr!(lang, "passkeys.name_hint").into_owned();
        let name = view! { <TextField ctx state name="name" value=state.values.name.clone() required=false maxlength="60" hint autocomplete="off"/> };
        view! {
            <PasskeyForm ctx verb="create" action=PATH begin="/api/auth/passkeys/register/begin" sudo=paths::sudo(PATH) words without_scripts
                class="btn btn-primary" fields=name.into_any()/>
        }
    });
    let body = view! {
        <ErrorSummary ctx state/>
        <section class="panel">
            <header><h2>{tr!(lang, "passkeys.title")}</h2></header>
            <p>{tr!(lang, "passkeys.lead")}</p>
            {list}
        </section>
        <section class="panel"><header><h2>{tr!(lang, "passkeys.add_title")}</h2></header>{add}</section>
        <PasskeysAwake signals=signals.map(told).unwrap_or_default()/>
    };
    Ok(section(ctx, PATH, tr!(lang, "passkeys.title").into_owned(), body).of_form(state))
}

/// What the browser is told whenever its owner looks at the list.
fn told(signals: PasskeySignals) -> Vec<(String, String)> {
    let all = serde_json::to_string(&signals.all_accepted_credentials);
    let details = serde_json::to_string(&signals.current_user_details);
    [("signalAllAcceptedCredentials", all), ("signalCurrentUserDetails", details)]
        .into_iter()
        .filter_map(|(method, json)| Some((method.to_owned(), json.ok()?)))
        .collect()
}

fn row(ctx: &Ctx, passkey: PasskeyView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let id = passkey.id.to_string();
    let (icon, kept) =
        if passkey.synced { ("refresh-cw", tr!(lang, "passkeys.synced")) } else { ("smartphone", tr!(lang, "passkeys.bound")) };
    let provider = passkey.provider.filter(|provider| *provider != passkey.name).map(|provider| view! { <span>{provider}</span> });
    let used = match passkey.last_used_at {
        Some(at) => view! { {tr!(lang, "passkeys.used")}" "<Time ctx at=at/> }.into_any(),
        None => tr!(lang, "passkeys.never_used").into_any(),
    };
    let field = format!("name-{id}");
    let change = tr!(lang, "passkeys.change_named", name = passkey.name);
    view! {
        <li class="row">
            <div class="row-lead"><Icon name="key-round"/></div>
            <div class="row-main">
                <h3 class="row-title" dir="auto">{passkey.name.clone()}</h3>
                <p class="row-meta">
                    <span class="badge"><Icon name=icon/>{kept}</span>
                    {provider}
                    <span>{tr!(lang, "passkeys.made")}" "<Day ctx at=passkey.created_at/></span>
                    <span>{used}</span>
                </p>
                <details class="fold">
                    <summary class="btn btn-sm btn-ghost" aria-label=change>{tr!(lang, "passkeys.change")}</summary>
                    <form class="form" method="post" action=PATH>
                        <div class="field">
                            <label for=field.clone()>{tr!(lang, "passkeys.name")}</label>
                            <input class="input" id=field name="name" value=passkey.name required maxlength="60" dir="auto" autocomplete="off"/>
                        </div>
                        <button class="btn btn-sm" name="rename" value=id.clone()>{tr!(lang, "passkeys.rename")}</button>
                    </form>
                    <form class="form" method="post" action=PATH>
                        <p class="small">{tr!(lang, "passkeys.remove_lead")}</p>
                        <button class="btn btn-sm btn-danger" name="remove" value=id>{tr!(lang, "passkeys.remove")}</button>
                    </form>
                </details>
            </div>
        </li>
    }
}
