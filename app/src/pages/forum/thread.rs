//! Reading a thread.

use crate::{
    context::Ctx,
    i18n::plural,
    page::{Moved, Page, PageResult},
    pages::discussion::{self, Asked},
    paths,
    query::Asks,
    ui::{Avatar, Badge, Breadcrumb, Icon, Raw, ReactionBar, ReactionForm, TagLink, Time, UserLink},
};
use aivalid_model::{
    Error,
    community::{Category, Thread},
    id::ThreadId,
    slug::id_of,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde_json::json;

/// `GET /threads/{id}-{slug}`.
pub async fn show(ctx: Ctx, Path(segment): Path<String>, Asks(asked): Asks<Asked>) -> PageResult<Response> {
    let id = ThreadId(id_of(&segment).ok_or(Error::NotFound)?);
    if let Some(reply) = asked.at {
        let page = discussion::page_of(&ctx, id.into(), reply, &asked).await?;
        return Ok(Moved::to(format!("/threads/{segment}{page}")).for_now().into_response());
    }
    let (thread, replies) = ctx.service.thread_reading(&ctx.caller, id, asked.page()).await?;
    let path = paths::thread(id, &thread.row.title);
    if !path.ends_with(&format!("/{segment}")) {
        return Ok(Moved::to(format!("{path}{}", asked.query())).into_response());
    }
    let lang = ctx.lang();
    let categories = ctx.service.categories(&ctx.caller).await?;
    let category = categories.iter().find(|category| category.id == thread.row.category_id);
    let discussion = discussion::Section {
        ctx: &ctx,
        path: &path,
        target: id.into(),
        replies_path: format!("/threads/{id}/replies"),
        owner: thread.row.author.id,
        owner_words: tr!(lang, "thread.author").into_owned(),
        locked: thread.row.locked,
        asked: &asked,
        count: thread.row.reply_count,
    };
    let body = view! {
        <div class="main-read stack">
            {head(&ctx, &thread, category)}
            {post(&ctx, &thread, &path)}
            {discussion.view(replies)}
        </div>
        <ReactionForm ctx=&ctx/>
    };
    let data = structured(&ctx, &thread, &path);
    let canonical = asked.canonical(&path);
    let section = category.map(paths::category);
    Ok(Page::new(thread.row.title, body)
        .description(thread.row.summary)
        .canonical(canonical)
        .within(section)
        .article()
        .json_ld(data)
        .into_response())
}

fn head(ctx: &Ctx, thread: &Thread, category: Option<&Category>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let mut trail = vec![(tr!(lang, "forum.title").into_owned(), "/forum".to_owned())];
    trail.extend(category.map(|category| (category.name(lang).to_owned(), paths::category(category))));
    let row = &thread.row;
    let pinned = row.pinned.then(|| view! { <span><Icon name="pin"/>" "{tr!(lang, "ui.pinned")}</span> });
    let locked = row.locked.then(|| view! { <span><Icon name="lock"/>" "{tr!(lang, "ui.locked")}</span> });
    let tags = row.tags.iter().map(|slug| view! { <TagLink slug=slug.clone()/> }).collect::<Vec<_>>();
    view! {
        <Breadcrumb lang trail/>
        <header class="case-head"><h1 dir="auto">{row.title.clone()}</h1><p class="meta">{pinned}{locked}<span>{plural(lang, "ui.replies", row.reply_count)}</span>{tags}</p></header>
    }
}

fn post(ctx: &Ctx, thread: &Thread, path: &str) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let row = &thread.row;
    let badge = row.author.badge.as_ref().map(|badge| view! { <Badge lang badge/> });
    let edited = thread.edited_at.map(|at| view! { <span>{tr!(lang, "reply.edited")}" "<Time ctx at/></span> });
    let open = ctx.caller.user.is_some() && !row.locked;
    let reply = open.then(|| view! { <a class="act" href="#composer"><Icon name="reply"/>{tr!(lang, "reply.reply")}</a> });
    let edit = thread
        .mine
        .then(|| view! { <a class="act" href=format!("/threads/{}/edit", row.id)><Icon name="pencil"/>{tr!(lang, "reply.edit")}</a> });
    let footer = (open || thread.mine || row.reactions.total() > 0).then(|| {
        view! { <footer><ReactionBar lang target=row.id.into() counts=row.reactions mine=thread.my_reaction picker=open/>{reply}{edit}</footer> }
    });
    view! {
        <article class="card card-lg post">
            <header><Avatar card=&row.author/><UserLink lang card=&row.author class="by"/>{badge}<a href=path.to_owned()><Time ctx at=row.created_at/></a>{edited}</header>
            <div class="prose" dir="auto"><Raw html=thread.content_html.clone()/></div>
            {footer}
        </article>
    }
}

/// The thread for search engines (schema.org), without its replies, which stand on the page.
fn structured(ctx: &Ctx, thread: &Thread, path: &str) -> serde_json::Value {
    let (row, origin) = (&thread.row, ctx.origin());
    let interaction = |kind: &str, count: u64| json!({ "@type": "InteractionCounter", "interactionType": format!("https://schema.org/{kind}"), "userInteractionCount": count });
    json!({
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": row.title,
        "text": row.summary,
        "url": format!("{origin}{path}"),
        "author": { "@type": "Person", "name": row.author.username, "url": format!("{origin}{}", paths::user(&row.author.username)) },
        "datePublished": row.created_at,
        "dateModified": thread.edited_at.unwrap_or(row.created_at),
        "keywords": row.tags,
        "commentCount": row.reply_count,
        "interactionStatistic": [interaction("CommentAction", row.reply_count), interaction("LikeAction", row.reactions.total().into())],
    })
}
