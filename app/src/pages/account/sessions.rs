//! Where one is signed in.

use super::section;
use crate::{
    context::Ctx,
    form::Posted,
    member::Member,
    page::{Done, PageResult},
    ui::{Icon, Time},
};
use aivalid_model::{Error, identity::SessionView};
use leptos::prelude::*;
use serde::Deserialize;

/// What the page's buttons send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// A session's number, or `others`.
    end: String,
}

/// `GET /account/sessions`.
pub async fn show(Member(ctx): Member) -> PageResult {
    let sessions = ctx.service.sessions(&ctx.caller).await?;
    let lang = ctx.lang();
    let others = sessions.iter().any(|session| !session.current).then(|| {
        view! { <form method="post" action="/account/sessions"><button class="btn btn-sm btn-danger" name="end" value="others">{tr!(lang, "account.end_others")}</button></form> }
    });
    let rows = sessions.into_iter().map(|session| row(&ctx, session)).collect_view();
    let body = view! {
        <section class="panel">
            <header><h2>{tr!(lang, "account.active_sessions")}</h2>{others}</header>
            <ul class="rows">{rows}</ul>
            <p class="small muted">{tr!(lang, "account.sessions_hint")}</p>
        </section>
    };
    Ok(section(&ctx, "/account/sessions", tr!(lang, "account.active_sessions").into_owned(), body))
}

/// `POST /account/sessions`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Done> {
    let flash = if fields.end == "others" {
        ctx.service.session_end_all(&ctx.caller, true).await?;
        "sessions_ended"
    } else {
        let id = fields.end.parse().map_err(|_| Error::NotFound)?;
        ctx.service.session_end(&ctx.caller, id).await?;
        "session_ended"
    };
    Ok(Done::to("/account/sessions").flash(flash))
}

fn row(ctx: &Ctx, session: SessionView) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let phone = ["Android", "iPhone", "iPad"].iter().any(|name| session.device.contains(name));
    let icon = if phone { "smartphone" } else { "laptop" };
    let device = if session.device.is_empty() { tr!(lang, "account.unknown_device").into_owned() } else { session.device };
    let mark = session.current.then(|| view! { " "<span class="badge"><Icon name="check"/>{tr!(lang, "account.this_session")}</span> });
    let end = (!session.current).then(|| {
        view! {
            <form method="post" action="/account/sessions">
                <button class="btn btn-sm" name="end" value=session.id.to_string() aria-label=tr!(lang, "account.end_named", device = device)>{tr!(lang, "account.end")}</button>
            </form>
        }
    });
    let service = ctx.service.federated_providers().into_iter().find(|known| known.provider == session.login_method);
    let method = match (service, session.login_method.as_str()) {
        (Some(known), _) => Some(known.label),
        (None, "password") => Some(tr!(lang, "account.method_password").into_owned()),
        (None, "sms") => Some(tr!(lang, "account.method_sms").into_owned()),
        _ => None,
    };
    let method = method.map(|words| view! { <span>{words}</span> });
    view! {
        <li class="row">
            <div class="row-lead"><Icon name=icon/></div>
            <div class="row-main">
                <h3 class="row-title">{device.clone()}{mark}</h3>
                <p class="row-meta">
                    <span class="num">{session.ip}</span>
                    {session.place.map(|place| view! { <span>{place}</span> })}
                    {method}
                    <span>{tr!(lang, "account.since")}" "<Time ctx at=session.created_at/></span>
                </p>
            </div>
            <div class="row-end"><span class="muted">{tr!(lang, "account.last_active")}" "<Time ctx at=session.last_active_at/></span>{end}</div>
        </li>
    }
}
