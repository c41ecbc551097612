//! The record of a case: where it stands, what can be done, what was asked, what was said, and the log that proves it.

use super::{actions, log};
use crate::{
    context::Ctx,
    page::PageResult,
    pages::{
        discussion::{self, Asked},
        reading::{self, About, Address},
    },
    paths,
    query::Asks,
    ui::{Badge, Breadcrumb, Day, Html, Icon, Money, Raw, ReactionBar, StatusChip, Steps, TagLink, Time, UserLink, date},
};
use aivalid_model::{
    Error,
    cases::{Case, CaseLog, CaseStatus},
    community::Category,
    id::CaseId,
    slug::id_of,
};
use aivalid_service::community::CaseReading;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

/// `GET /validation-cases/{id}-{slug}`.
pub async fn show(ctx: Ctx, Path(segment): Path<String>, Asks(asked): Asks<Asked>) -> PageResult<Response> {
    let id = CaseId(id_of(&segment).ok_or(Error::NotFound)?);
    let address = Address { root: "/validation-cases", segment: &segment, asked: &asked };
    if let Some(elsewhere) = address.of_reply(&ctx, id.into()).await? {
        return Ok(elsewhere.into_response());
    }
    let CaseReading { case, replies, log: case_log } = ctx.service.case_reading(&ctx.caller, id, asked.page()).await?;
    let path = paths::case(id, &case.row.title);
    if let Some(present) = address.outdated(&path) {
        return Ok(present.into_response());
    }
    let lang = ctx.lang();
    let category = reading::category(&ctx, case.row.category_id).await?;
    let discussion = discussion::Section {
        ctx: &ctx,
        path: &path,
        target: id.into(),
        replies_path: format!("/validation-cases/{id}/replies"),
        owner: case.row.owner.id,
        owner_words: tr!(lang, "case.owner").into_owned(),
        locked: false,
        asked: &asked,
        count: case.row.reply_count,
    };
    let body = view! {
        {head(&ctx, &case, category.as_ref())}
        <div class="stack">
            {step_line(&ctx, &case, &case_log)}
            <div class="split">
                <aside class="stack" aria-label=tr!(lang, "case.protocol")>{actions::panel(&ctx, &case)}{facts(&ctx, &case)}</aside>
                <div class="stack stack-lg">
                    {content(&ctx, &case)}
                    {log::panel(&ctx, id, case_log)}
                    {discussion.view(replies)}
                </div>
            </div>
        </div>
    };
    let row = &case.row;
    let about = About {
        path: &path,
        title: &row.title,
        summary: &row.summary,
        tags: &row.tags,
        author: &row.owner,
        created_at: row.created_at,
        edited_at: case.edited_at,
        replies: row.reply_count,
        reactions: row.reactions,
    };
    Ok(about.page(&ctx, &asked, category.as_ref(), body).into_response())
}

fn head(ctx: &Ctx, case: &Case, category: Option<&Category>) -> Html {
    let lang = ctx.lang();
    let trail = reading::trail(ctx, tr!(lang, "case.title").into_owned(), "/validation-cases", category);
    let row = &case.row;
    let badge = row.owner.badge.as_ref().map(|badge| view! { <Badge lang badge/> });
    let tags = row.tags.iter().map(|slug| view! { <TagLink slug=slug.clone()/> }).collect::<Vec<_>>();
    Html::of(view! {
        <Breadcrumb lang trail/>
        <header class="case-head">
            <h1 dir="auto">{row.title.clone()}</h1>
            <p class="meta">
                <span><StatusChip lang status=row.status/></span>
                <span>{tr!(lang, "ui.by")}" "<UserLink lang card=&row.owner/></span>
                {badge}
                <span>{tr!(lang, "case.opened")}" "<Time ctx at=row.created_at/></span>
                {tags}
            </p>
        </header>
    })
}

fn step_line(ctx: &Ctx, case: &Case, log: &CaseLog) -> Html {
    let (lang, zone, opened) = (ctx.lang(), ctx.zone(), case.row.created_at);
    let cancelled = log.entries.iter().rev().find(|entry| entry.action == "cancelled").map(|entry| entry.at);
    let note = move |step: CaseStatus| match step {
        CaseStatus::Open => Some(date(lang, opened, zone)),
        CaseStatus::Cancelled => cancelled.map(|at| date(lang, at, zone)),
        _ => None,
    };
    Html::of(view! { <Steps lang status=case.row.status note/> })
}

fn facts(ctx: &Ctx, case: &Case) -> Html {
    let lang = ctx.lang();
    let row = &case.row;
    let deadline = row.deadline.map(|at| view! { <div><dt>{tr!(lang, "case.deadline")}</dt><dd><Day ctx at/></dd></div> });
    let edited = case.edited_at.map(|at| view! { <div><dt>{tr!(lang, "case.edited")}</dt><dd><Time ctx at/></dd></div> });
    Html::of(view! {
        <section class="panel">
            <h2>{tr!(lang, "case.facts")}</h2>
            <div><dl class="facts">
                <div><dt>{tr!(lang, "case.bounty")}</dt><dd><Money amount=row.bounty_amount/></dd></div>
                {deadline}
                <div><dt>{tr!(lang, "case.activity")}</dt><dd><Time ctx at=row.last_activity_at/></dd></div>
                {edited}
            </dl></div>
            <footer>{tr!(lang, "case.bounty_words")}</footer>
        </section>
    })
}

fn content(ctx: &Ctx, case: &Case) -> Html {
    let lang = ctx.lang();
    let open = ctx.caller.user.is_some();
    let reply = open.then(|| view! { <a class="act" href="#composer"><Icon name="reply"/>{tr!(lang, "reply.reply")}</a> });
    let footer = (open || case.row.reactions.total() > 0).then(|| {
        view! { <footer><ReactionBar lang target=case.row.id.into() counts=case.row.reactions mine=case.my_reaction picker=open/>{reply}</footer> }
    });
    Html::of(view! {
        <article class="card post">
            <div class="prose" dir="auto"><Raw html=case.content_html.clone()/></div>
            {footer}
        </article>
    })
}
