//! The case log as a timeline: who did what, with the hashes that prove it.

use crate::{
    context::Ctx,
    ui::{Chip, Event, Html, Money, Timeline, UserLink, shortened},
};
use aivalid_model::{
    Lang,
    cases::{CaseLog, CaseLogEntry},
    id::CaseId,
    money::Rupiah,
};
use leptos::prelude::*;
use std::borrow::Cow;

/// The panel with the log.
pub fn panel(ctx: &Ctx, id: CaseId, log: CaseLog) -> Html {
    let lang = ctx.lang();
    let (kind, icon, words) = if log.verified {
        ("success", "shield-check", tr!(lang, "log.verified"))
    } else {
        ("danger", "triangle-alert", tr!(lang, "log.broken"))
    };
    let head = log.entries.last().map(|entry| {
        let title = format!("SHA-256 {}", entry.hash);
        view! { " · "{tr!(lang, "log.head")}" "<code class="hash" title=title>{shortened(&entry.hash)}</code> }
    });
    let events = log.entries.into_iter().map(|entry| event(lang, entry)).collect();
    Html::of(view! {
        <section class="panel" aria-labelledby="h-log">
            <header><h2 id="h-log">{tr!(lang, "log.title")}</h2><Chip kind icon words=words.into_owned()/></header>
            <div><Timeline ctx events/></div>
            <footer>{tr!(lang, "log.explained")}" "<a href=format!("/api/validation-cases/{id}/case-log")>"JSON"</a>{head}</footer>
        </section>
    })
}

fn event(lang: Lang, entry: CaseLogEntry) -> Event {
    let (icon, words, key) = deed(lang, &entry.action);
    let actor = match &entry.actor {
        Some(card) => Html::of(view! { <b><UserLink lang card/></b> }),
        None => Html::of(view! { <b>{tr!(lang, "log.system")}</b> }),
    };
    let more = entry.details.as_ref().and_then(|details| detail(&entry.action, details));
    let words = Html::of(view! { {actor}" "{words}{more} });
    Event { icon, words, at: entry.at, hash: Some((entry.seq, entry.hash)), key }
}

/// Icon and words of what was done, and whether money moved or a state ended.
fn deed(lang: Lang, action: &str) -> (&'static str, Cow<'static, str>, bool) {
    match action {
        "created" => ("circle-dot", tr!(lang, "log.created"), false),
        "edited" => ("pencil", tr!(lang, "log.edited"), false),
        "tag_added" => ("tag", tr!(lang, "log.tag_added"), false),
        "tag_removed" => ("tag", tr!(lang, "log.tag_removed"), false),
        "cancelled" => ("circle-slash", tr!(lang, "log.cancelled"), true),
        "deleted" => ("trash-2", tr!(lang, "log.deleted"), true),
        other => ("circle", Cow::Owned(other.to_owned()), false),
    }
}

/// What the parties see besides.
fn detail(action: &str, details: &serde_json::Value) -> Option<Html> {
    match action {
        "created" | "edited" => {
            let amount = Rupiah(details.get("bountyAmount")?.as_i64()?);
            Some(Html::of(view! { ": "<Money amount/> }))
        }
        "tag_added" | "tag_removed" => {
            let tag = details.get("tag")?.as_str()?.to_owned();
            Some(Html::of(view! { " "<span class="tag">{tag}</span> }))
        }
        "cancelled" => {
            let reason = details.get("reason")?.as_str().filter(|reason| !reason.is_empty())?.to_owned();
            Some(Html::of(view! { ": "<q dir="auto">{reason}</q> }))
        }
        _ => None,
    }
}
