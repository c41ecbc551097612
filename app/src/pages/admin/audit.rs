//! The audit log: searched, read, exported.

use super::{section, users};
use crate::{
    context::Ctx,
    form::Posted,
    member::Member,
    page::{Done, PageResult},
    paths::{self, query_value},
    query::Asks,
    ui::{Chip, EmptyState, Html, Icon, Time, event_icon, event_words, shortened},
};
use aivalid_model::{
    Error, Lang,
    audit::{AuditEntry, AuditFilterInput, AuditPerson, Outcome},
    check::CheckAll,
    identity::IdentityError,
};
use aivalid_service::admin::ExportForm;
use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use leptos::{either::Either, prelude::*};
use serde::Deserialize;
use std::fmt::Write;

/// Where the page is.
pub const PATH: &str = "/admin/audit";
const EXPORT: &str = "/admin/audit/export";
/// How many at a time.
const STRETCH: u32 = 50;

/// What the address may ask for, and what the export's form sends. Forms send empty texts for what was not filled in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    user: String,
    event: String,
    outcome: String,
    target: String,
    ip: String,
    request: String,
    since: String,
    until: String,
    cursor: Option<String>,
    /// `csv` or `ndjson`, when exporting.
    form: String,
}

impl Asked {
    fn fields(&self) -> [(&'static str, &String); 8] {
        [
            ("user", &self.user),
            ("event", &self.event),
            ("outcome", &self.outcome),
            ("target", &self.target),
            ("ip", &self.ip),
            ("request", &self.request),
            ("since", &self.since),
            ("until", &self.until),
        ]
    }

    fn input(&self) -> AuditFilterInput {
        let some = |text: &String| Some(text.clone());
        AuditFilterInput {
            user: some(&self.user),
            event: some(&self.event),
            outcome: some(&self.outcome),
            target: some(&self.target),
            ip: some(&self.ip),
            request: some(&self.request),
            since: some(&self.since),
            until: some(&self.until),
        }
    }

    /// The same search: `/admin/audit?event=login.failed&`.
    fn base(&self) -> String {
        let mut href = format!("{PATH}?");
        for (name, value) in self.fields().into_iter().filter(|(_, value)| !value.is_empty()) {
            // Writing to a string can't fail.
            let _ = write!(href, "{name}={}&", query_value(value));
        }
        href
    }
}

/// `GET /admin/audit`.
pub async fn show(Member(ctx): Member, Asks(asked): Asks<Asked>) -> PageResult {
    let lang = ctx.lang();
    let filter = asked.input().check_all()?;
    let found = ctx.service.admin_audit(&ctx.caller, &filter, asked.cursor.as_deref(), STRETCH).await?;
    let more = found.next.as_deref().map(|next| {
        let href = format!("{}cursor={}", asked.base(), query_value(next));
        view! { <p><a class="btn" rel="next" href=href>{tr!(lang, "security.older")}</a></p> }
    });
    let list = if found.items.is_empty() {
        Either::Left(view! { <EmptyState icon="history" title=tr!(lang, "admin.no_entries") words=tr!(lang, "admin.no_entries_words")/> })
    } else {
        let rows = found.items.into_iter().map(|entry| row(&ctx, entry, None)).collect_view();
        Either::Right(view! { <ul class="rows">{rows}</ul> })
    };
    let body = view! { {form(lang, &asked)}{export(lang, &asked)}{list}{more} };
    Ok(section(&ctx, PATH, tr!(lang, "admin.audit").into_owned(), body))
}

fn form(lang: Lang, asked: &Asked) -> impl IntoView + use<> {
    let field = |name: &'static str, value: &str, words: String, kind: &'static str| {
        let value = value.to_owned();
        view! { <input class="input" type=kind name=name maxlength="100" value=value aria-label=words.clone() title=words.clone() placeholder=words/> }
    };
    let outcomes = [(Outcome::Done, tr!(lang, "admin.done")), (Outcome::Failed, tr!(lang, "audit.failed"))]
        .map(|(outcome, words)| view! { <option value=outcome.as_str() selected=asked.outcome == outcome.as_str()>{words}</option> });
    view! {
        <form class="filters" action=PATH role="search">
            {field("event", &asked.event, tr!(lang, "admin.event").into_owned(), "text")}
            {field("user", &asked.user, tr!(lang, "admin.user_number").into_owned(), "text")}
            {field("ip", &asked.ip, tr!(lang, "admin.ip").into_owned(), "text")}
            {field("target", &asked.target, tr!(lang, "admin.target").into_owned(), "text")}
            {field("request", &asked.request, tr!(lang, "admin.request").into_owned(), "text")}
            {field("since", &asked.since, tr!(lang, "admin.since").into_owned(), "date")}
            {field("until", &asked.until, tr!(lang, "admin.until").into_owned(), "date")}
            <select class="select" name="outcome" aria-label=tr!(lang, "admin.outcome")><option value="">{tr!(lang, "admin.all_outcomes")}</option>{outcomes}</select>
            <button class="btn btn-primary"><Icon name="search"/>{tr!(lang, "admin.search")}</button>
        </form>
    }
}

fn export(lang: Lang, asked: &Asked) -> impl IntoView + use<> {
    let hidden = asked
        .fields()
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
        .collect_view();
    view! {
        <form class="cluster" method="post" action=EXPORT>
            {hidden}
            <span class="small muted">{tr!(lang, "admin.export_hint")}</span>
            <button class="btn btn-sm" name="form" value="csv"><Icon name="download"/>"CSV"</button>
            <button class="btn btn-sm" name="form" value="ndjson"><Icon name="download"/>"NDJSON"</button>
        </form>
    }
}

/// `POST /admin/audit/export`: the entries that were searched for, as a file.
pub async fn download(ctx: Ctx, Posted(asked): Posted<Asked>) -> PageResult<Response> {
    let form: ExportForm = asked.form.parse().map_err(|()| Error::NotFound)?;
    let filter = asked.input().check_all()?;
    match ctx.service.admin_audit_export(&ctx.caller, filter, form).await {
        Ok(chunks) => {
            let file = format!("attachment; filename=\"audit.{}\"", form.as_str());
            let headers = [(header::CONTENT_TYPE, form.media_type().to_owned()), (header::CONTENT_DISPOSITION, file)];
            Ok((headers, Body::from_stream(chunks)).into_response())
        }
        // Back to the search, from where the file is asked for once more: a file is no page to return to.
        Err(Error::Identity(IdentityError::SudoRequired)) => Ok(Done::to(paths::sudo(&asked.base())).into_response()),
        Err(Error::Identity(IdentityError::AssuranceRequired)) if ctx.service.sudo_needs(&ctx.caller).await?.can_show_two() => {
            Ok(Done::to(paths::sudo_with_two(&asked.base())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// An entry in a list; `undo` is the form that takes back what it tells of.
pub(super) fn row(ctx: &Ctx, entry: AuditEntry, undo: Option<String>) -> Html {
    let lang = ctx.lang();
    let undo = undo.map(|href| view! { <a class="btn btn-sm" href=href><Icon name="history"/>{tr!(lang, "admin.undo")}</a> });
    let details = &entry.details;
    let name = ["name", "to"].iter().find_map(|key| details.get(key)?.as_str());
    let words = event_words(lang, &entry.event, name);
    let failed = (entry.outcome == Outcome::Failed).then(|| {
        let kind = if entry.event.starts_with("alert.") { "danger" } else { "warning" };
        view! { " "<Chip kind icon="circle-x" words=tr!(lang, "audit.failed").into_owned()/> }
    });
    let actor = match &entry.actor {
        Some(actor) => Either::Left(person(actor)),
        None => Either::Right(view! { <span>{tr!(lang, "admin.nobody_known")}</span> }),
    };
    let subject = entry.subject.as_ref().filter(|subject| entry.actor.as_ref() != Some(*subject)).map(|subject| {
        view! { <span><Icon name="arrow-right"/>{person(subject)}</span> }
    });
    let reason = details.get("reason").and_then(serde_json::Value::as_str).map(str::to_owned);
    let reason = reason.map(|reason| view! { <p class="row-text" dir="auto">{reason}</p> });
    let target = entry.target.as_ref().map(|target| fact(lang, "admin.target", format!("{} {}", target.kind, target.id)));
    let session = entry.session.map(|session| fact(lang, "admin.session", session.to_string()));
    let seal = match &entry.seal {
        Some(seal) => {
            let short = format!("#{} {}", seal.seq, shortened(&seal.hash));
            Either::Left(view! { <code class="hash" title=format!("SHA-256 {}", seal.hash)>{short}</code> })
        }
        None => Either::Right(tr!(lang, "admin.unsealed")),
    };
    Html::of(view! {
        <li class="row">
            <div class="row-lead"><Icon name=event_icon(&entry.event)/></div>
            <div class="row-main">
                <h3 class="row-title">{words}{failed}</h3>
                <p class="row-meta"><code>{entry.event.clone()}</code><span>{actor}</span>{subject}<span class="num">{entry.ip.clone()}</span></p>
                {reason}
                <details class="small">
                    <summary>{tr!(lang, "admin.details")}</summary>
                    <dl class="facts">
                        {fact(lang, "admin.request", entry.request_id.clone())}
                        {fact(lang, "admin.browser", entry.user_agent.clone())}
                        {target}
                        {session}
                        {fact(lang, "admin.data", entry.details.to_string())}
                        <div><dt>{tr!(lang, "admin.seal")}</dt><dd>{seal}</dd></div>
                    </dl>
                </details>
            </div>
            <div class="row-end"><span class="muted"><Time ctx at=entry.at/></span>{undo}</div>
        </li>
    })
}

fn fact(lang: Lang, key: &'static str, value: String) -> Html {
    Html::of(view! { <div><dt>{tr!(lang, key)}</dt><dd dir="auto">{value}</dd></div> })
}

fn person(person: &AuditPerson) -> Html {
    let href = format!("{}/{}", users::PATH, person.id);
    let words = person.username.clone().unwrap_or_else(|| person.id.to_string());
    Html::of(view! { <a href=href>{words}</a> })
}
