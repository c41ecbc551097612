//! Reading a thread.

use crate::{
    context::Ctx,
    i18n::plural,
    page::PageResult,
    pages::{
        discussion::{self, Asked},
        reading::{self, About, Address},
    },
    paths,
    query::Asks,
    ui::{Avatar, Badge, Breadcrumb, Html, Icon, Raw, ReactionBar, TagLink, Time, UserLink},
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

/// `GET /threads/{id}-{slug}`.
pub async fn show(ctx: Ctx, Path(segment): Path<String>, Asks(asked): Asks<Asked>) -> PageResult<Response> {
    let id = ThreadId(id_of(&segment).ok_or(Error::NotFound)?);
    let address = Address { root: "/threads", segment: &segment, asked: &asked };
    if let Some(elsewhere) = address.of_reply(&ctx, id.into()).await? {
        return Ok(elsewhere.into_response());
    }
    let (thread, replies) = ctx.service.thread_reading(&ctx.caller, id, asked.page()).await?;
    let path = paths::thread(id, &thread.row.title);
    if let Some(present) = address.outdated(&path) {
        return Ok(present.into_response());
    }
    let lang = ctx.lang();
    let category = reading::category(&ctx, thread.row.category_id).await?;
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
            {head(&ctx, &thread, category.as_ref())}
            {post(&ctx, &thread, &path)}
            {discussion.view(replies)}
        </div>
    };
    let row = &thread.row;
    let about = About {
        path: &path,
        title: &row.title,
        summary: &row.summary,
        tags: &row.tags,
        author: &row.author,
        created_at: row.created_at,
        edited_at: thread.edited_at,
        replies: row.reply_count,
        reactions: row.reactions,
    };
    Ok(about.page(&ctx, &asked, category.as_ref(), body).into_response())
}

fn head(ctx: &Ctx, thread: &Thread, category: Option<&Category>) -> Html {
    let lang = ctx.lang();
    let trail = reading::trail(ctx, tr!(lang, "forum.title").into_owned(), "/forum", category);
    let row = &thread.row;
    let pinned = row.pinned.then(|| view! { <span><Icon name="pin"/>" "{tr!(lang, "ui.pinned")}</span> });
    let locked = row.locked.then(|| view! { <span><Icon name="lock"/>" "{tr!(lang, "ui.locked")}</span> });
    let tags = row.tags.iter().map(|slug| view! { <TagLink slug=slug.clone()/> }).collect::<Vec<_>>();
    Html::of(view! {
        <Breadcrumb lang trail/>
        <header class="case-head"><h1 dir="auto">{row.title.clone()}</h1><p class="meta">{pinned}{locked}<span>{plural(lang, "ui.replies", row.reply_count)}</span>{tags}</p></header>
    })
}

fn post(ctx: &Ctx, thread: &Thread, path: &str) -> Html {
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
    Html::of(view! {
        <article class="card card-lg post">
            <header><Avatar card=&row.author/><UserLink lang card=&row.author class="by"/>{badge}<a href=path.to_owned()><Time ctx at=row.created_at/></a>{edited}</header>
            <div class="prose" dir="auto"><Raw html=thread.content_html.clone()/></div>
            {footer}
        </article>
    })
}
